"""Delta snapshots between a real server and real clients, over every transport."""

from collections import deque
from dataclasses import replace

import pytest

from game.protocol.delta_snapshots import SnapshotEncoder
from game.protocol.messages import JoinRequest, MessageKind
from game.server.room import RoomSettings
from game.server.settings import ServerSettings
from tests.game.support import TRANSPORTS, playing, serving, until

every_transport = pytest.mark.parametrize("transport", TRANSPORTS)
WITH_BOTS = ServerSettings(port=0, room=RoomSettings(bots=4))


class SentKinds:
    """The kinds of the latest snapshots of the server, and the states of a client."""

    def __init__(self, monkeypatch) -> None:
        self.latest: deque[MessageKind] = deque(maxlen=10)
        encode = SnapshotEncoder.encode

        def recorded(encoder, codec, baseline_tick):
            shared = encode(encoder, codec, baseline_tick)
            self.latest.append(shared.kind)
            return shared

        monkeypatch.setattr(SnapshotEncoder, "encode", recorded)

    async def until_all_are(self, kind: MessageKind) -> None:
        self.latest.clear()
        await until(lambda: len(self.latest) == 10 and set(self.latest) == {kind})


@pytest.fixture
def sent(monkeypatch):
    return SentKinds(monkeypatch)


@every_transport
@pytest.mark.parametrize("codec", ["msgpack", "json"])
async def test_a_client_receives_deltas_and_switches_them_off_and_on(sent, transport, codec):
    async with (
        serving(WITH_BOTS) as server,
        playing(server.base_port, transport, codec=codec) as player,
    ):
        client = player.client
        await sent.until_all_are(MessageKind.DELTA)
        client.netcode = replace(client.netcode, deltas=False)
        await sent.until_all_are(MessageKind.SNAPSHOT)
        client.netcode = replace(client.netcode, deltas=True)
        await sent.until_all_are(MessageKind.DELTA)
        newest = client.newest_time_s
        await until(lambda: client.newest_time_s > newest + 0.1)
        assert not server.rejections.counts


@every_transport
async def test_a_spectator_receives_deltas_and_switches_them_off(sent, transport):
    watch = JoinRequest("Eva", "main", watch=True)
    async with (
        serving(WITH_BOTS) as server,
        playing(server.base_port, transport, watch) as player,
    ):
        await sent.until_all_are(MessageKind.DELTA)
        player.client.netcode = replace(player.client.netcode, deltas=False)
        await sent.until_all_are(MessageKind.SNAPSHOT)
        assert not server.rejections.counts


async def test_deltas_go_on_after_switches_of_transport(sent):
    async with serving(WITH_BOTS) as server, playing(server.base_port, "tcp") as player:
        for transport in ("udp", "websocket", "tcp"):
            await sent.until_all_are(MessageKind.DELTA)
            player.client.switch(transport)
            await until(lambda wanted=transport: player.client.transport == wanted)
        await sent.until_all_are(MessageKind.DELTA)
        own_id = player.look().own_id
        assert own_id in server.rooms["main"].match.world.players
