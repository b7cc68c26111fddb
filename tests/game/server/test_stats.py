"""Statistics of a server: sums, ratios, and those of a server with players."""

import pytest

from game.server.server import GameServer
from game.server.settings import ServerSettings
from game.server.stats import ServerStats, TransportTraffic, loss_ratio
from net.session.messages import RefusalReason
from net.transport import ChannelStats
from tests.game.support import TRANSPORTS, everyone_playing, serving, until


def test_a_server_that_has_not_ticked_yet_has_no_lateness():
    stats = GameServer([], ServerSettings(port=0)).stats()
    assert (stats.lateness_p50_s, stats.lateness_p99_s, stats.duration_p99_s) == (0, 0, 0)


def test_lateness_has_the_quantiles_of_the_last_ticks():
    server = GameServer([], ServerSettings(port=0))
    server.lateness_s.extend([0.004, 0.001, 0.003, 0.002])
    server.durations_s.append(0.005)
    stats = server.stats()
    assert stats.lateness_p50_s == pytest.approx(0.0025)
    assert stats.lateness_p99_s == pytest.approx(0.00397)
    assert stats.duration_p99_s == 0.005


def test_loss_is_a_share_of_the_expected_datagrams():
    assert loss_ratio(ChannelStats()) is None
    assert loss_ratio(ChannelStats(received=19, lost=1)) == pytest.approx(0.05)


def test_traffic_adds_up():
    wire = ChannelStats(sent=1, received=2, wire_bytes_sent=30, wire_bytes_received=40)
    assert TransportTraffic() + wire + wire == TransportTraffic(2, 4, 60, 80)


def test_the_text_has_clients_and_tick_lateness():
    stats = ServerStats(clients_by_transport={"tcp": 2, "udp": 0}, lateness_p99_s=0.0015)
    assert str(stats) == "0 in 0 rooms (2 tcp), ticks late 0.00 ms p50, 1.50 ms p99"


async def test_a_server_has_statistics_of_players_and_traffic():
    async with serving(ServerSettings(port=0)) as server:
        ticks = []
        server.on_tick = lambda lateness_s, duration_s: ticks.append((lateness_s, duration_s))
        async with everyone_playing(server.base_port):
            await until(lambda: all(each.rtt_s for each in server.stats().players))
            stats = server.stats()
            assert {each.name: each.transport for each in stats.players} == {
                n: n for n in TRANSPORTS
            }
            assert stats.clients_by_transport == dict.fromkeys(TRANSPORTS, 1)
            assert stats.rooms == 1
            assert [each.loss_ratio is None for each in stats.players if each.name == "tcp"] == [
                True
            ]
            assert stats.duration_p99_s > 0.0
        before = stats.traffic_by_transport
        await until(lambda: not server.connections)
        after = server.stats().traffic_by_transport
        assert all(after[name].bytes_sent >= before[name].bytes_sent > 0 for name in TRANSPORTS)
        assert server.stats().players == ()
        server.rejections.record(RefusalReason.ROOM_FULL, "no room")
        assert server.stats().rejections_by_reason == {RefusalReason.ROOM_FULL: 1}
        assert all(duration_s >= 0.0 for _, duration_s in ticks)
        assert len(ticks) > 1
