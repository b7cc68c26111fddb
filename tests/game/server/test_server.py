"""A server and its clients, over every transport at once."""

import asyncio
import gc
import logging
import socket
import weakref
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import pairwise

import pytest

from game.client.client import Client
from game.client.connector import Connector
from game.client.frame import Status
from game.client.observer import ClientObserver
from game.client.scene_builder import SceneBuilder
from game.client.settings import ClientSettings
from game.match.controls import Controls
from game.match.formation import MAX_PLAYERS
from game.protocol.encoding import decode_event
from game.protocol.messages import JoinRequest, Kicked, PlayerJoined, PlayerLeft
from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.codec import MSGPACK
from net.errors import AddressInUse, AddressNotAvailable
from net.registry import load_transport
from net.security.certificates import fingerprint_of, make_self_signed
from net.security.options import SecurityOptions
from net.session.messages import RefusalReason
from net.transport import Address, Delivery, SocketOptions, TlsConfig
from tests.game.support import (
    LOOPBACK,
    TRANSPORTS,
    everyone_playing,
    playing,
    running,
    serving,
    until,
)

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


def players_of(server, room="main"):
    return server.rooms[room].match.roster() if room in server.rooms else {}


async def test_one_match_has_players_on_all_transports():
    async with serving() as server, everyone_playing(server.base_port) as players:
        await until(lambda: len(players[0].look().scene.players) == len(TRANSPORTS))
        entries = server.rooms["main"].roster().entries
        assert {entry.name: entry.transport for entry in entries} == {n: n for n in TRANSPORTS}
        assert len({player.look().own_id for player in players}) == len(TRANSPORTS)


@every_transport
async def test_controls_move_the_player(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        body = server.rooms["main"].match.world.players[player.look().own_id]
        before = body.y
        player.client.set_controls(Controls(0, 127, False))
        await until(lambda: body.y > before + 40.0)


@every_transport
async def test_a_client_that_leaves_is_removed_at_once(transport):
    async with serving() as server, playing(server.base_port) as observer:
        async with playing(server.base_port, transport, JoinRequest("Ben", "main")):
            await until(lambda: len(players_of(server)) == 2)
        await until(lambda: len(players_of(server)) == 1)
        await until(
            lambda: observer.look() and any(isinstance(e, PlayerLeft) for e in observer.events)
        )
        assert [e.name for e in observer.events if isinstance(e, PlayerJoined)][-1] == "Ben"


@every_transport
async def test_a_client_that_loses_its_channel_resumes_as_the_same_player(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        own_id = player.look().own_id
        lost = player.client.connection
        lost.channel.abort()
        await until(lambda: player.client.connection not in (None, lost))
        await until(lambda: player.is_playing)
        assert player.look().own_id == own_id
        assert len(players_of(server)) == 1


@every_transport
async def test_a_closed_connection_is_freed_without_garbage_collection(transport, caplog):
    # At a finer level the captured log records would hold references.
    caplog.set_level(logging.WARNING, "game")
    async with serving() as server:
        gc.disable()
        try:
            async with playing(server.base_port, transport):
                connections = weakref.WeakSet(server.connections)
                channels = weakref.WeakSet(connection.channel for connection in server.connections)
                assert len(connections) == len(channels) == 1
            await until(lambda: not connections and not channels)
        finally:
            gc.enable()


@pytest.mark.parametrize("codec", ["msgpack", "json"])
async def test_both_codecs_play_in_one_match(codec):
    async with serving() as server, playing(server.base_port, "udp", codec=codec) as player:
        body = server.rooms["main"].match.world.players[player.look().own_id]
        before = body.x
        player.client.set_controls(Controls(-127, 0, False))
        await until(lambda: abs(body.x - before) > 20.0)


async def test_fifty_switches_lose_or_double_no_player():
    settings = ServerSettings(port=0, room=RoomSettings(bots=3))
    async with serving(settings) as server, playing(server.base_port) as player:
        own_id = player.look().own_id
        for number in range(50):
            name = list(TRANSPORTS)[(number + 1) % len(TRANSPORTS)]
            player.client.switch(name)
            await until(lambda name=name: player.client.transport == name)
        await until(lambda: player.is_playing)
        assert player.look().own_id == own_id
        assert len(players_of(server)) == 4
        await until(lambda: len(server.connections) == 1)
        assert [e.name for e in player.events if isinstance(e, PlayerJoined)] == ["Ana"]


async def test_requests_in_quick_succession_end_with_the_last_one():
    async with serving() as server, playing(server.base_port) as player:
        client = player.client
        for name in ("udp", "websocket", "udp", "tcp", "websocket"):
            client.switch(name)
        client.request = replace(client.request, unreliable_events=True)
        await until(lambda: client.transport == "websocket" and player.look().switching_to is None)
        (slot,) = server.lobby.slots_in(server.rooms["main"])
        assert slot.owner.unreliable_events


async def test_after_a_switch_the_statistics_start_anew(monkeypatch):
    async with serving() as server, playing(server.base_port) as player:
        client = player.client
        await until(lambda: player.look().network.columns)
        resets = []
        monkeypatch.setattr(SceneBuilder, "reset_stats", lambda _self, now: resets.append(now))
        # Another request opens a new channel too, but of the same transport.
        connection = client.connection
        client.request = replace(client.request, unreliable_events=True)
        await until(lambda: client.connection is not connection)
        assert not resets
        client.switch("udp")
        await until(lambda: client.transport == "udp")
        assert len(resets) == 1


class StatusRecorder(ClientObserver):
    """Record of every status of a client."""

    def __init__(self):
        self.statuses = []

    def status_changed(self, status, text, at):
        self.statuses.append(status)


async def test_a_switch_whose_old_channel_ends_first_does_not_count_as_lost(monkeypatch):
    async with serving() as server, playing(server.base_port) as player:
        client, own_id = player.client, player.look().own_id
        recorder = StatusRecorder()
        client.observers.append(recorder)
        open_connection = Connector.open

        async def open_too_late(connector, name):
            old = client.connection
            old.channel.abort()
            await old.closed
            return await open_connection(connector, name)

        monkeypatch.setattr(Connector, "open", open_too_late)
        client.switch("udp")
        await until(lambda: client.transport == "udp")
        assert recorder.statuses == [Status.PLAYING]
        await until(lambda: player.look().own_id == own_id)
        assert len(players_of(server)) == 1


async def test_all_clients_join_a_restarted_server():
    async with serving() as server:
        port = server.base_port
        async with everyone_playing(port) as players:
            # As if the process were killed: no close messages, the sockets just close.
            for connection in list(server.connections):
                connection.channel.abort()
            for listener in server.listeners:
                await listener.close()
            async with serving(ServerSettings(port=port)) as successor:
                await until(lambda: len(players_of(successor)) == len(players))
                await until(lambda: all(player.is_playing for player in players))


async def test_a_server_that_closes_sends_the_reason_to_all_clients():
    async with serving() as server, everyone_playing(server.base_port) as players:
        await server.__aexit__(None, None, None)
        await until(lambda: all(p.client.status is Status.CLOSED for p in players))
        # While nobody listens any more: the goodbye stays, since it is the reason.
        await asyncio.sleep(1.5)
        said = {(player.client.status, player.client.status_text) for player in players}
        assert said == {(Status.CLOSED, "the server was closed: trying again")}


@every_transport
async def test_a_tls_error_is_not_retried(transport):
    async with serving() as server:
        security = SecurityOptions(tls=TlsConfig(fingerprint=bytes(32)))
        address = Address(LOOPBACK, server.base_port)
        settings = ClientSettings(address, JoinRequest("Ana", "main"), security=security)
        client = Client(TRANSPORTS, transport, settings)
        await asyncio.wait_for(client.run(), 10)
        assert client.refusal.reason == RefusalReason.NO_TLS


async def test_a_switch_from_tls_to_a_transport_without_it_is_refused():
    tls = make_self_signed()
    sockets = SocketOptions(tls=tls)
    security = SecurityOptions(tls=TlsConfig(fingerprint=fingerprint_of(tls.certificate_pem)))
    async with (
        serving(ServerSettings(port=0, sockets=sockets)) as server,
        playing(server.base_port, "tcp", security=security) as player,
    ):
        player.client.switch("udp")
        await until(lambda: player.look() and any("has no TLS" in str(e) for e in player.events))
        assert player.client.transport == "tcp"


async def test_a_full_match_refuses_players_and_accepts_spectators():
    async with serving() as server:
        room = JoinRequest("Ana", "main")
        async with playing(server.base_port, "tcp", room):
            for number in range(MAX_PLAYERS - 1):
                server.rooms["main"].join(f"p{number}", "tcp")
            late = Client(
                TRANSPORTS, "udp", ClientSettings(Address(LOOPBACK, server.base_port), room)
            )
            await late.run()
            assert late.status is Status.REFUSED
            assert late.refusal.reason == RefusalReason.ROOM_FULL
            watch = replace(room, watch=True, snapshot_hz=60)
            async with playing(server.base_port, "udp", watch) as watcher:
                assert watcher.look().own_id is None
                assert len(watcher.look().scene.players) == MAX_PLAYERS


async def test_a_spectator_gets_snapshots_at_the_requested_rate():
    ticks = []

    class Counter(ClientObserver):
        def snapshot_received(self, own, snapshot, received_at):
            ticks.append(snapshot.tick)

    async with serving() as server:
        watch = JoinRequest("Eva", "main", watch=True, snapshot_hz=60)
        async with playing(server.base_port, "tcp", watch) as watcher:
            watcher.client.observers.append(Counter())
            await until(lambda: len(ticks) > 30)
    gaps = [later - earlier for earlier, later in pairwise(ticks)]
    assert sorted(gaps)[len(gaps) // 2] == 1


@every_transport
async def test_invalid_bytes_close_that_channel_only(transport):
    class ClosedReceiver:
        def __init__(self):
            self.is_over = asyncio.Event()

        def message_received(self, channel, message, received_at):
            """Ignore a message."""

        def channel_closed(self, channel, error):
            self.is_over.set()

    async with serving() as server, playing(server.base_port) as player:
        plugin = TRANSPORTS[transport]
        receiver = ClosedReceiver()
        address = Address(LOOPBACK, server.base_port + plugin.port_offset)
        async with await plugin.connect(address, receiver) as channel:
            channel.send(b"\xff" * 100, Delivery.RELIABLE)
            await receiver.is_over.wait()
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)


async def test_a_port_in_use_and_a_foreign_host_are_listen_errors():
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse):
            async with serving(ServerSettings(port=port)):
                pytest.fail("listened on a taken port")
    server = GameServer([load_transport("tcp")], ServerSettings(host="192.0.2.1", port=0))
    with pytest.raises(AddressNotAvailable):
        async with server:
            pytest.fail("listened on a foreign address")


async def test_a_client_without_a_server_shows_the_address_and_keeps_trying():
    client = Client(
        TRANSPORTS,
        "udp",
        ClientSettings(Address(LOOPBACK, 9), JoinRequest("Ana", "main")),
    )
    async with running(client.run()):
        await until(lambda: client.status_text)
        assert client.status is Status.CONNECTING
        assert f"{LOOPBACK}:9" in client.status_text


async def test_a_blocked_transport_is_distinguished_from_a_missing_server():
    """A firewall that lets only TCP through."""
    async with serving() as server:
        udp = next(one for one in server.listeners if one.transport.name == "udp")
        await udp.close()
        address = Address(LOOPBACK, server.base_port)
        client = Client(TRANSPORTS, "udp", ClientSettings(address, JoinRequest("Ana", "main")))
        async with running(client.run()):
            await until(lambda: "answer" in client.status_text)
            assert "tcp" in client.status_text


async def test_nagle_is_set_at_both_ends_and_the_player_stays_the_same():
    async with serving() as server, playing(server.base_port, "tcp") as player:
        own_id = player.look().own_id
        player.client.request = replace(player.client.request, nagle=True)

        def sockets():
            connections = [
                connection for connection in server.connections if not connection.channel.closed
            ]
            channels = [
                player.client.connection.channel,
                *(connection.channel for connection in connections),
            ]
            return [channel.sock for channel in channels]

        def nodelay():
            return {
                sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for sock in sockets()
            }

        await until(lambda: player.client.connection and nodelay() == {False})
        assert player.look().own_id == own_id
        player.client.request = replace(player.client.request, nagle=False)
        await until(lambda: player.client.connection and nodelay() == {True})


@every_transport
async def test_unreliable_events_are_not_logged_and_the_score_still_follows(transport):
    request = JoinRequest("Ana", "main", unreliable_events=True)
    settings = ServerSettings(port=0, room=RoomSettings(bots=4))
    async with serving(settings) as server, playing(server.base_port, transport, request) as player:
        await until(lambda: player.look() and any(isinstance(e, Kicked) for e in player.events))
        slot = server.lobby.slots_in(server.rooms["main"])[0]
        logged = [decode_event(event.body, MSGPACK) for event in slot.events.since(0)]
        assert not any(isinstance(event, Kicked) for event in logged)
        assert player.look().scene.score == server.rooms["main"].match.score


async def test_a_room_whose_name_looks_like_another_is_that_one():
    async with serving() as server:
        latin, cyrillic = JoinRequest("Ana", "main"), JoinRequest("Eva", "m\u0430in\u200b")
        async with (
            playing(server.base_port, "tcp", latin),
            playing(server.base_port, "udp", cyrillic),
        ):
            assert list(server.rooms) == ["main"]
            assert len(players_of(server)) == 2


async def test_a_crowded_room_sends_who_names_no_room_to_the_next_one():
    settings = ServerSettings(port=0, room=RoomSettings(size=1))
    anywhere = JoinRequest("Ana", "")
    async with serving(settings) as server:
        async with (
            playing(server.base_port, "tcp", anywhere),
            playing(server.base_port, "udp", JoinRequest("Eva", "", watch=True)),
            playing(server.base_port, "udp", anywhere),
            playing(server.base_port, "tcp", JoinRequest("Leo", "main")),
        ):
            people = {name: room.player_count for name, room in server.rooms.items()}
            assert people == {"main": 2, "main 2": 1}
        await until(lambda: not server.rooms)


async def test_fixed_rooms_are_filled_in_turn_and_then_the_first():
    settings = ServerSettings(port=0, room=RoomSettings(size=1), rooms=("red", "blue"))
    async with serving(settings) as server, AsyncExitStack() as stack:
        for name in ("Ana", "Eva", "Leo"):
            request = JoinRequest(name, "")
            await stack.enter_async_context(playing(server.base_port, "tcp", request))
        people = {name: room.player_count for name, room in server.rooms.items()}
        assert people == {"red": 2, "blue": 1}
