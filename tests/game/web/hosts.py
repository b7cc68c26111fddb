"""A game server with its page, in the thread and event loop of its own that a test can leave."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import dataclass

from game.cli.options.class_mode import class_relay
from game.cli.options.web_page import WebPageOptions, page_transport
from game.match.physics import TICK_HZ
from game.server.room import RoomSettings
from game.server.server import GameServer, ServerSettings
from game.web.http_process import HttpProcess
from game.web.http_protocol import HttpSettings
from game.web.publisher import VERSION, Publisher
from game.web.teacher_actions import Action
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.registry import load_transport
from net.system import event_loop
from net.transport import Address, SocketOptions, TlsConfig
from tests.ports import free_base_port

LOOPBACK = "127.0.0.1"
WEBSOCKET_OFFSET, HTTP_OFFSET = 1, 3
PAGE = WebPageOptions(HTTP_OFFSET, is_chosen=True, is_required=True)
PUBLISH_EVERY_S = 0.1
TEACHER_SECRET = "a-secret-of-the-teacher"


@dataclass
class Host:
    """A running server: ``room()`` is its only room, read from the test's thread."""

    server: GameServer
    http: HttpProcess
    loops: list[asyncio.AbstractEventLoop]

    def call(self, action: Callable[..., object], *arguments: object) -> None:
        """Call an action of the server in its own thread, some time soon."""
        self.loops[0].call_soon_threadsafe(action, *arguments)

    @property
    def url(self) -> str:
        scheme = "https" if self.server.settings.sockets.tls else "http"
        return f"{scheme}://{LOOPBACK}:{self.http.port}/"

    def lateness_s(self, seconds: float) -> list[float]:
        """Return how late the ticks of the last ``seconds`` began."""
        return list(self.server.lateness_s)[-int(seconds * TICK_HZ) :]

    def room(self):
        (room,) = self.server.rooms.values()
        return room

    def body(self, name: str):
        """Return a player's disc."""
        match = self.room().match
        (number,) = [n for n, entry in match.roster().items() if entry.name == name]
        return match.world.players[number]


def relaying(host: Host, link: str = "none", port: int = 0) -> RelayProcess:
    """Return a relay that stands before the page and its transports."""
    target, listen = (
        Address(LOOPBACK, host.server.base_port),
        Address(LOOPBACK, port or free_base_port()),
    )
    routes = game_routes((WEBSOCKET_OFFSET, HTTP_OFFSET))
    return RelayProcess(RelaySettings(parse_link(link), 7, target, routes, listen))


def until(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait for a condition of a server that runs in its own thread, by polling."""
    deadline = time.perf_counter() + within_s
    while not condition():
        assert time.perf_counter() < deadline, "it did not happen"
        time.sleep(0.02)


@contextmanager
def hosting(
    *,
    port: int = 0,
    bots: int = 0,
    password: str = "",
    tls: TlsConfig | None = None,
    has_class: bool = False,
) -> Iterator[Host]:
    """Run a server and its HTTP process on loopback."""
    transports = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}
    for_page = page_transport(PAGE, is_encrypted=tls is not None)
    port = port or free_base_port()
    loops: list[asyncio.AbstractEventLoop] = []

    def perform(action: Action) -> None:
        loops[0].call_soon_threadsafe(action.perform, server.classroom)

    address = Address(LOOPBACK, port + HTTP_OFFSET)
    with HttpProcess(HttpSettings(address, VERSION, tls, TEACHER_SECRET), perform) as http:
        settings = ServerSettings(
            host=LOOPBACK,
            port=port,
            room=RoomSettings(bots),
            password=password,
            wants_reports=True,
            is_behind_relay=has_class,
            chat=not has_class,
            pause=not has_class,
            sockets=SocketOptions(page_offset=HTTP_OFFSET - WEBSOCKET_OFFSET, tls=tls),
        )
        server = GameServer([*transports.values(), *filter(None, [for_page])], settings)
        started, stopping = threading.Event(), threading.Event()
        relay = class_relay(server, transports, has_class, for_page)
        work = _serve(server, http, (loops, started, stopping), relay)
        thread = threading.Thread(target=event_loop.run, args=(work,), name="game server")
        thread.start()
        assert started.wait(10), "the server did not start"
        try:
            yield Host(server, http, loops)
        finally:
            stopping.set()
            thread.join()


async def _serve(
    server: GameServer,
    http: HttpProcess,
    control: tuple[list[asyncio.AbstractEventLoop], threading.Event, threading.Event],
    relay: AbstractAsyncContextManager[None],
) -> None:
    loops, started, stopping = control
    loops.append(asyncio.get_running_loop())
    async with server, relay:
        await _publish(server, http, started, stopping)


async def _publish(
    server: GameServer, http: HttpProcess, started: threading.Event, stopping: threading.Event
) -> None:
    publisher = Publisher(http, server, server.base_port + WEBSOCKET_OFFSET)
    server.on_tick = publisher.record_tick
    running = asyncio.get_running_loop().create_task(server.run())
    publisher.update(server.stats())
    started.set()
    while not stopping.is_set():
        await asyncio.sleep(PUBLISH_EVERY_S)
        publisher.update(server.stats())
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
