"""Servers under load, each in a process of its own: the game server, and bare loops to compare.

A bare loop runs the same ticks, counts inputs and sends snapshots whose content never changes. It
shows the cost of sockets, event loop and Python without sessions and a game. For WebSocket it is
the server of the ``websockets`` library with its ``broadcast``.
"""

import asyncio
import multiprocessing
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from multiprocessing.connection import Connection
from time import perf_counter, process_time

import websockets.asyncio.server as websockets_server
from crowd import BARE_INPUT, BARE_SNAPSHOT, BARE_SNAPSHOT_BYTES, LOOPBACK
from machine import go_before_others, pin_to_core
from websockets.exceptions import ConnectionClosed

from game.match.physics import TICK_HZ
from game.runtime.ticker import EARLY_S, ticks
from game.server.room import RoomLimits
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.datagram.udp_socket import enlarge_receive_buffer
from net.registry import load_transport
from net.security.aead import require_available
from net.stream.channel import RECEIVE_BUFFER_BYTES
from net.stream.framing import FRAME_HEADER_BYTES, encode_frame
from net.system import event_loop

SNAPSHOT_HZ = 30
_DRAIN_LIMIT = 256
_DATAGRAM_BYTES = 2048


class Host(ABC):
    """Server under load, with its port, its number of inputs and the lateness of its ticks."""

    def __init__(self) -> None:
        self.lateness_s: list[float] = []
        self.inputs = 0
        self.port = 0

    @abstractmethod
    async def run(self, ready: asyncio.Event) -> None:
        """Listen, set ``ready``, and serve until cancelled."""

    def inputs_received(self) -> int:
        """Return how many input messages have been received."""
        return self.inputs

    def timings(self) -> list:
        """Return the lateness of each tick, in seconds."""
        return list(self.lateness_s)

    def forget(self) -> None:
        """Reset the lateness of ticks."""
        self.lateness_s.clear()


class GameHost(Host):
    """Game server with one transport, and a password or none."""

    def __init__(self, name: str, password: str = "") -> None:
        super().__init__()
        if password:
            # As ``jitterball serve`` does.
            require_available()
        # More rooms than a class needs, so that the limit of rooms does not end the search.
        settings = ServerSettings(
            LOOPBACK, 0, SNAPSHOT_HZ, password=password, room_limits=RoomLimits(rooms=1000)
        )
        self.server = GameServer([load_transport(name)], settings)

    async def run(self, ready: asyncio.Event) -> None:
        async with self.server:
            self.port = self.server.listeners[0].addresses[0].port
            self.lateness_s = self.server.lateness_s
            ready.set()
            await self.server.run()

    def inputs_received(self) -> int:
        rooms = self.server.rooms.values()
        return sum(member.inputs.received for room in rooms for member in room.members)


class BareHost(Host):
    """Bare loop that sends a snapshot to half of its peers at each tick."""

    def __init__(self) -> None:
        super().__init__()
        self.peers: list = []

    async def run(self, ready: asyncio.Event) -> None:
        await self.listen()
        ready.set()
        padding = bytes(BARE_SNAPSHOT_BYTES - BARE_SNAPSHOT.size)
        every = TICK_HZ // SNAPSHOT_HZ
        tick = 0
        async with aclosing(ticks(1 / TICK_HZ, EARLY_S)) as deadlines:
            async for deadline in deadlines:
                self.lateness_s.append(perf_counter() - deadline)
                tick += 1
                self.send(self.peers[tick % every :: every], BARE_SNAPSHOT.pack(deadline) + padding)

    @abstractmethod
    async def listen(self) -> None:
        """Listen, and append each new peer to ``peers``."""

    @abstractmethod
    def send(self, peers: list, snapshot: bytes) -> None:
        """Send a snapshot to each of the peers."""


class BareUdp(BareHost):
    """Bare loop over one UDP socket, which is drained whenever it is readable."""

    async def listen(self) -> None:
        self._known: set = set()
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        enlarge_receive_buffer(self._sock)
        self._sock.setblocking(False)
        self._sock.bind((LOOPBACK, 0))
        self.port = self._sock.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._sock, self._read)

    def send(self, peers: list, snapshot: bytes) -> None:
        sendto = self._sock.sendto
        for address in peers:
            try:
                sendto(snapshot, address)
            except BlockingIOError:
                return

    def _read(self) -> None:
        recvfrom, known = self._sock.recvfrom, self._known
        for _ in range(_DRAIN_LIMIT):
            try:
                _, address = recvfrom(_DATAGRAM_BYTES)
            except BlockingIOError:
                return
            self.inputs += 1
            if address not in known:
                known.add(address)
                self.peers.append(address)


class BareTcp(BareHost):
    """Bare loop with a ``BufferedProtocol`` for each peer; all inputs have one length."""

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _BareStream(self), LOOPBACK, 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]

    def send(self, peers: list, snapshot: bytes) -> None:
        frame = encode_frame(snapshot)
        for stream in peers:
            stream.write(frame)


class _BareStream(asyncio.BufferedProtocol):
    def __init__(self, host: BareTcp) -> None:
        self._host = host
        self._buffer = memoryview(bytearray(RECEIVE_BUFFER_BYTES))
        self._rest = 0

    def connection_made(self, transport) -> None:
        self._host.peers.append(transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        count, self._rest = divmod(self._rest + nbytes, FRAME_HEADER_BYTES + len(BARE_INPUT))
        self._host.inputs += count


class BareWebSocket(BareHost):
    """Bare loop over the server of the ``websockets`` library."""

    async def listen(self) -> None:
        server = await websockets_server.serve(
            self._serve, LOOPBACK, 0, compression=None, ping_interval=None, backlog=1024
        )
        self.port = server.sockets[0].getsockname()[1]

    def send(self, peers: list, snapshot: bytes) -> None:
        websockets_server.broadcast(peers, snapshot)

    async def _serve(self, connection) -> None:
        if hasattr(connection.transport, "max_size"):
            connection.transport.max_size = RECEIVE_BUFFER_BYTES
        self.peers.append(connection)
        # The crowd closes its sockets without a WebSocket close.
        with suppress(ConnectionClosed):
            async for _ in connection:
                self.inputs += 1


BARE_HOSTS: dict[str, type[BareHost]] = {
    "udp": BareUdp,
    "tcp": BareTcp,
    "websocket": BareWebSocket,
}


class HostProcess:
    """Control of a host in another process."""

    def __init__(self, pipe: Connection, pid: int) -> None:
        self._pipe = pipe
        self.pid = pid
        self.port: int = pipe.recv()

    def forget(self) -> int:
        """Reset the lateness of ticks; return the inputs received since the start."""
        self._pipe.send("forget")
        return self._pipe.recv()

    def figures(self) -> tuple[int, list[float], float]:
        """Return inputs received since the start, seconds late by tick, and CPU seconds used."""
        self._pipe.send("tell")
        return self._pipe.recv()


@contextmanager
def host_process(
    new_host: Callable[[], Host], is_first: bool = False, profile: str = ""
) -> Iterator[HostProcess]:
    """Run a host beside the block."""
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(target=_run, args=(far_end, new_host, is_first, profile))
    process.start()
    # If the host dies, its end of the pipe must be the last one, or ``recv`` would wait for ever.
    far_end.close()
    try:
        yield HostProcess(pipe, process.pid)
        pipe.send("end")
        process.join(10.0)
    finally:
        process.kill()
        process.join()


def _run(pipe: Connection, new_host: Callable[[], Host], is_first: bool, profile: str) -> None:
    pin_to_core(0)
    if is_first:
        go_before_others()
    if not profile:
        event_loop.run(_serve(pipe, new_host()))
        return
    # The profiler slows the host down, so the figures of this run are not valid.
    from cProfile import Profile

    profiler = Profile()
    profiler.runcall(event_loop.run, _serve(pipe, new_host()))
    profiler.dump_stats(profile)


async def _serve(pipe: Connection, host: Host) -> None:
    loop = asyncio.get_running_loop()
    ready, ended = asyncio.Event(), asyncio.Event()

    def obey() -> None:
        try:
            order = pipe.recv()
        except EOFError:
            # The parent process has ended.
            order = "end"
        if order == "end":
            ended.set()
        elif order == "forget":
            host.forget()
            pipe.send(host.inputs_received())
        else:
            pipe.send((host.inputs_received(), host.timings(), process_time()))

    running = loop.create_task(host.run(ready))
    await ready.wait()
    loop.add_reader(pipe.fileno(), obey)
    pipe.send(host.port)
    await ended.wait()
    loop.remove_reader(pipe.fileno())
    running.cancel()
    await asyncio.wait([running])
