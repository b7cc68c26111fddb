"""Clients side by side over real sockets, through relays and without."""

from time import perf_counter

from game.client.frame import Status
from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.server.room import RoomSettings
from game.server.settings import ServerSettings
from net.link.profile import Link, LinkProfile
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, running, serving, until

NAMES = ("tcp", "udp", "websocket")


def group_at(port, **settings):
    return ClientGroup(TRANSPORTS, ClientGroupSettings(Address(LOOPBACK, port), NAMES, **settings))


def are_playing(group):
    return all(client.status is Status.PLAYING for client in group.clients.values())


def errors_now(group):
    frames = {name: client.frame(perf_counter()) for name, client in group.clients.items()}
    return [group.visual_error(name, frame) for name, frame in frames.items()]


async def test_every_transport_gets_a_player_in_the_same_match():
    async with serving(ServerSettings(port=0, room=RoomSettings(bots=2))) as server:
        with group_at(server.base_port, has_reference=False) as group:
            async with running(group.run()):
                await until(lambda: are_playing(group))
                (room,) = server.rooms.values()
                entries = [entry for entry in room.roster().entries if entry.transport]
                assert sorted(entry.transport for entry in entries) == sorted(NAMES)
                assert group.link_stats() == {}


async def test_the_reference_is_known_at_every_clients_render_time():
    async with serving(ServerSettings(port=0, room=RoomSettings(bots=2))) as server:
        with group_at(server.base_port, has_reference=True) as group:
            async with running(group.run()):
                await until(lambda: None not in errors_now(group))
                errors = errors_now(group)
    assert not group.reference_is_delayed
    # On loopback the picture coincides with its ghost but for what 30 Hz cannot show of 60.
    assert max(errors) < 10


async def test_without_a_spectator_the_reference_comes_from_the_clients():
    async with serving(ServerSettings(port=0, room=RoomSettings(bots=2))) as server:
        with group_at(server.base_port, has_reference=False) as group:
            async with running(group.run()):
                await until(lambda: are_playing(group))
                await until(lambda: group.reference_scene(perf_counter() - 0.1) is not None)
                assert group.reference_is_delayed
                assert group.reference_scene(perf_counter() + 1.0) is None


async def test_each_client_has_a_relay_with_the_same_losses():
    slow = Link(LinkProfile(delay_s=0.01), LinkProfile(delay_s=0.01))
    async with serving() as server:
        with group_at(server.base_port, has_reference=False, link=slow, seed=7) as group:
            async with running(group.run()):
                await until(lambda: are_playing(group))
                await until(lambda: len(group.link_stats()) == len(NAMES))
                figures = group.link_stats()
                assert [f.number for f in figures.values()] == [0, 0, 0]
                group.set_link(Link(LinkProfile(loss_ratio=1.0), LinkProfile(loss_ratio=1.0)))
                await until(lambda: all(f.down.lost for f in group.link_stats().values()))
