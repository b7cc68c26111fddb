"""A class: a relay in front of the server, and what the teacher does, over real sockets."""

from contextlib import AsyncExitStack, asynccontextmanager

from game.protocol.messages import BlindStage, BlindTest, JoinRequest, LinkChanged, Notice
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.link.profile import Link
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, everyone_playing, playing, running, until

SEED = 7


@asynccontextmanager
async def class_server(**settings):
    """Run a server behind a relay; yield the server and the port that people type."""
    wanted = ServerSettings(host=LOOPBACK, port=0, wants_reports=True, **settings)
    routes = game_routes(transport.port_offset for transport in TRANSPORTS.values())
    async with GameServer(list(TRANSPORTS.values()), wanted) as server:
        target = Address(LOOPBACK, server.base_port)
        relay = RelaySettings(Link(), SEED, target, routes, announces_clients=True)
        with RelayProcess(relay) as process:
            server.classroom.relay = process
            async with running(server.run()):
                yield server, process, process.port


def addresses(server: GameServer) -> set[str]:
    return {player.address for player in server.stats().players}


async def test_the_server_knows_the_real_address_over_every_transport():
    async with class_server() as (server, process, port), everyone_playing(port) as players:
        shown = addresses(server)
        # Those of the relay's own sockets would be in its table, as ports of connections.
        peers = {str(connection.channel.peer) for connection in server.connections}
        assert len(shown) == len(players) == 3
        assert not shown & peers
        await until(lambda: len(process.connections()) == 3)
        clients = {str(each.client) for each in process.connections()}
        assert shown == clients


async def test_every_screen_shows_the_link_that_the_teacher_sets():
    async with class_server() as (server, _, port), everyone_playing(port) as players:
        await until(lambda: all(p.look().link_label == "LINK none" for p in players))
        server.classroom.set_link(parse_link("delay=40ms"))
        await until(lambda: all("40 ms" in p.look().link_label for p in players))
        slot_id = next(p.slot_id for p in server.stats().players if p.name == "udp")
        server.classroom.set_link(parse_link("delay=5ms"), slot_id)
        udp = next(p for p in players if p.client.transport == "udp")
        await until(lambda: "5 ms" in udp.look().link_label)
        others = [p.look().link_label for p in players if p is not udp]
        assert all("40 ms" in label for label in others)


async def test_the_link_of_the_class_delays_every_transport():
    async with class_server() as (server, _, port), everyone_playing(port) as players:
        server.classroom.set_link(parse_link("delay=40ms"))
        await until(lambda: all(_reported_rtt(server, p) >= 0.08 for p in players))


def _reported_rtt(server, player) -> float:
    # A frame is what makes the client measure.
    player.look()
    name = player.client.settings.join.name
    report = next(p.report for p in server.stats().players if p.name == name)
    # The clock filter keeps the round trips of before for a while.
    return (report.rtt_s or 0.0) if report else 0.0


async def test_a_link_of_ones_own_follows_to_another_transport():
    async with class_server() as (server, _, port), playing(port, "tcp") as player:
        (stats,) = server.stats().players
        server.classroom.set_link(parse_link("delay=20ms"), stats.slot_id)
        await until(lambda: "20 ms" in player.look().link_label)
        server.classroom.move("udp", stats.slot_id)
        await until(lambda: player.look().transport == "udp")
        assert server.classroom.link_of(stats.slot_id) == parse_link("delay=20ms")
        await until(lambda: (player.look().network.rtt_s or 0) >= 0.04)


async def test_reports_arrive_with_the_figures_of_the_frames():
    async with class_server() as (server, _, port), playing(port, "udp") as player:

        def report():
            player.look()
            (stats,) = server.stats().players
            return stats.report

        await until(lambda: report() and report().visual_error is not None)
        received = report()
        assert received.device == "window"
        assert set(received.transports) == set(TRANSPORTS)
        assert received.age_s is not None
        assert 0.0 <= received.frozen_ratio <= 1.0


async def test_a_vote_that_was_lost_in_a_switch_of_transport_is_sent_again():
    async with class_server() as (server, _, port), playing(port, "tcp") as player:
        server.classroom.blind_test.begin()
        await until(lambda: player.look().blind_choices)
        player.client.vote("udp")
        (slot,) = server.lobby.all_slots()
        await until(lambda: slot.owner.vote)
        # As if it had been under way on the old channel.
        slot.owner.vote = ""
        player.client.switch("websocket")
        await until(lambda: slot.owner.vote == "udp")


async def test_a_blind_test_hides_names_takes_votes_and_reveals():
    async with class_server() as (server, _, port), everyone_playing(port) as players:
        server.classroom.blind_test.begin()
        await until(lambda: all(p.look().blind_choices for p in players))
        assert all(
            not entry.transport for room in server.rooms.values() for entry in room.roster().entries
        )
        for player in players:
            player.client.vote("udp")
        await until(lambda: all(p.vote == "udp" for p in server.stats().players))
        # Who comes later is asked as well.
        async with playing(port, "tcp", JoinRequest("late", "main")) as late:
            await until(lambda: late.look().blind_choices)
        server.classroom.blind_test.reveal()
        await until(lambda: not any(p.look().blind_choices for p in players))
        events = [e for p in players for e in p.events if isinstance(e, BlindTest)]
        assert [e.stage for e in events].count(BlindStage.REVEALED) == 3


async def test_a_player_who_was_sent_out_is_refused_until_let_back_in():
    async with class_server() as (server, _, port), playing(port, "tcp") as player:
        (stats,) = server.stats().players
        server.classroom.send_out(stats.slot_id)
        await until(lambda: player.client.refusal is not None)
        assert player.client.refusal.reason == "sent-out"
        assert not server.stats().players
        server.classroom.let_back_in()
        async with playing(port, "tcp"):
            assert len(server.stats().players) == 1


async def test_a_line_of_text_reaches_everybody():
    async with class_server() as (server, _, port), everyone_playing(port) as players:
        server.classroom.say("vote\nnow")
        for player in players:
            await until(lambda p=player: p.look() and _notices(p))
            assert _notices(player) == ["vote now"]


def _notices(player):
    return [event.text for event in player.events if isinstance(event, Notice)]


async def test_without_a_relay_no_link_is_announced():
    settings = ServerSettings(host=LOOPBACK, port=0, wants_reports=True)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(GameServer(list(TRANSPORTS.values()), settings))
        await stack.enter_async_context(running(server.run()))
        player = await stack.enter_async_context(playing(server.base_port))
        server.classroom.set_link(parse_link("lossy"))
        server.classroom.say("end")
        await until(lambda: player.look() and _notices(player))
        assert not [event for event in player.events if isinstance(event, LinkChanged)]
        assert player.look().link_label == ""
