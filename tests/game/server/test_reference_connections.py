"""References: they get what a room's players get, and are counted nowhere."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest, RoomAction, RoomRequest
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.security.options import SecurityOptions
from net.transport import Address
from tests.game.support import (
    LOOPBACK,
    TRANSPORTS,
    Player,
    everyone_playing,
    playing,
    running,
    serving,
    until,
)
from tests.ports import free_base_port

WEBSOCKET = TRANSPORTS["websocket"]
PASSWORD = SecurityOptions("señal")


@asynccontextmanager
async def reference_server(**settings: object) -> AsyncIterator[tuple[GameServer, int]]:
    """Run a server that listens for references; yield it, and the base port of these."""
    async with serving(ServerSettings(port=0, **settings)) as server:
        address = Address(LOOPBACK, free_base_port())
        await server.listen_for_references(WEBSOCKET, address)
        assert server.reference_port == address.port
        yield server, address.port - WEBSOCKET.port_offset


def reference(port: int, room: str = "main", **settings: object):
    """Run a client that only reads, as a page does for its ghosts."""
    return playing(port, "websocket", JoinRequest("Ana", room, watch=True), **settings)


def client_of(port: int, room: str, **settings: object) -> Client:
    join = JoinRequest("Ana", room, watch=True)
    return Client(
        TRANSPORTS, "websocket", ClientSettings(Address(LOOPBACK, port), join, **settings)
    )


async def test_it_sees_the_room_and_is_counted_nowhere() -> None:
    async with reference_server() as (server, port), everyone_playing(server.base_port):
        async with reference(port) as seeing:
            scene = seeing.look().scene
            assert {each.name for each in scene.players} == {"tcp", "udp", "websocket"}
            assert not any(each.is_own for each in scene.players)
            assert len(server.connections) == 4
            assert len(server.stats().players) == len(server.lobby.slots) == 3
            (room,) = server.rooms.values()
            assert len(room.members) == room.player_count == 3
            assert sum(server.stats().clients_by_transport.values()) == 3
            # A teacher's action is for students.
            server.classroom.say("hello")
            await until(lambda: seeing.look().scene.tick > scene.tick)
            assert seeing.events == []
        await until(lambda: len(server.connections) == 3)


async def test_it_can_send_nothing() -> None:
    async with (
        reference_server() as (server, port),
        playing(server.base_port),
        reference(port) as seeing,
    ):
        seeing.client.ask_room(RoomRequest(RoomAction.PLAY_SKY))
        await until(lambda: server.rejections.counts)
        (room,) = server.rooms.values()
        assert room.player_count == 1


async def test_it_opens_no_room() -> None:
    async with reference_server() as (server, port):
        client = client_of(port, "blue")
        async with running(client.run()):
            await until(lambda: client.status is Status.REFUSED)
        assert not server.rooms


async def test_it_ends_with_its_room() -> None:
    async with reference_server() as (server, port), AsyncExitStack() as reading:
        async with playing(server.base_port):
            await reading.enter_async_context(reference(port))
        await until(lambda: not server.connections)
        assert not server.rooms


async def test_a_player_who_comes_back_finds_its_ghosts_in_the_new_room() -> None:
    """A room of the same name is another one: its references begin again."""
    async with reference_server() as (server, port):
        async with playing(server.base_port):
            pass
        async with playing(server.base_port), reference(port) as seeing:
            assert isinstance(seeing, Player)
            (room,) = server.rooms.values()
            assert len(server.references.slots_in(room)) == 1


@pytest.mark.parametrize(
    ("security", "status"), [(PASSWORD, Status.PLAYING), (SecurityOptions(), Status.REFUSED)]
)
async def test_a_server_with_a_password_asks_for_it_here_too(security, status) -> None:
    async with (
        reference_server(password="señal") as (server, port),
        playing(server.base_port, security=PASSWORD),
    ):
        client = client_of(port, "main", security=security)
        async with running(client.run()):
            await until(lambda: client.status is status)


async def test_limits_count_a_reference_by_its_own_address() -> None:
    async with reference_server() as (server, port), playing(server.base_port):
        before = server.connection_limiter.active
        async with reference(port):
            assert server.connection_limiter.active == before + 1
        await until(lambda: server.connection_limiter.active == before)
