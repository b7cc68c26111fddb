"""A server and clients in the test's own event loop, over real sockets on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from queue import SimpleQueue
from time import perf_counter

from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.messages import GameEvent, JoinRequest
from game.runtime.network_thread import NetworkThread
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.errors import MissingLibrary, UnknownTransport
from net.registry import load_transport
from net.transport import Address, Transport

LOOPBACK = "127.0.0.1"
TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}
# With QUIC, which is an extra.
INSTALLED = dict(TRANSPORTS)
with suppress(MissingLibrary, UnknownTransport):
    INSTALLED["quic"] = load_transport("quic")


@asynccontextmanager
async def running(task) -> AsyncIterator[asyncio.Task]:
    """Run a coroutine beside the block and cancel it after; the block raises its errors."""
    running_task = asyncio.get_running_loop().create_task(task)
    try:
        yield running_task
    finally:
        running_task.cancel()
        with suppress(asyncio.CancelledError):
            await running_task


@asynccontextmanager
async def serving(
    settings: ServerSettings | None = None, transports: Mapping[str, Transport] = TRANSPORTS
) -> AsyncIterator[GameServer]:
    """Run a server on free loopback ports."""
    wanted = settings or ServerSettings(port=0)
    settings = replace(wanted, host=LOOPBACK)
    async with GameServer(list(transports.values()), settings) as server, running(server.run()):
        yield server


@contextmanager
def serving_in_thread(settings: ServerSettings | None = None) -> Iterator[str]:
    """Run a server beside the block, whose commands block; yield its host and port.

    A ``LocalServer`` starts an interpreter: it takes ten times the processor time.
    """
    ports: SimpleQueue[int] = SimpleQueue()

    async def serve() -> None:
        async with serving(settings) as server:
            ports.put(server.base_port)
            await asyncio.Event().wait()

    with NetworkThread(serve):
        yield f"{LOOPBACK}:{ports.get(timeout=60.0)}"


class Player:
    """A client and all events that its frames have had."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.events: list[GameEvent] = []

    def look(self):
        frame = self.client.frame(perf_counter())
        self.events += frame.events
        return frame

    @property
    def is_playing(self) -> bool:
        return self.client.status is Status.PLAYING and self.look().scene is not None


@asynccontextmanager
async def playing(
    port: int, transport: str = "tcp", request: JoinRequest | None = None, **settings
) -> AsyncIterator[Player]:
    """Run a client, which has joined inside the block."""
    join = request or JoinRequest("Ana", "main")
    transports = {**TRANSPORTS, transport: INSTALLED[transport]}
    client = Client(
        transports, transport, ClientSettings(Address(LOOPBACK, port), join, **settings)
    )
    async with running(client.run()):
        player = Player(client)
        await until(lambda: player.is_playing)
        yield player


@asynccontextmanager
async def everyone_playing(port: int, names=tuple(TRANSPORTS)) -> AsyncIterator[list[Player]]:
    """Run a client over each transport."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(playing(port, name, JoinRequest(name, "main")))
            for name in names
        ]


async def until(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait for a condition of the real network, by polling."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
