"""Round-trip time over a ``Channel``, compared with the least that asyncio needs.

``python tests/bench/rtt.py`` prints JSON. Exit code 1 if a ratio is over its bar.

A message of 64 bytes is echoed over each channel and over a bare counterpart. That is an asyncio
``Protocol`` for TCP and UDP, and the ``websockets`` library for WebSocket. The bare ones have
receive buffers as small as those of the channels: with asyncio's default of 256 KiB the comparison
would favour the channels. Both processes share one core, which is steadier than two. The
contestants take turns, so that other load on the machine affects all of them alike.
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter

from machine import describe, pin_to_core
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from net.registry import load_transport
from net.stream.channel import RECEIVE_BUFFER_BYTES
from net.system import event_loop
from net.transport import Address, Channel, Delivery

LOOPBACK = "127.0.0.1"
MESSAGE = bytes(range(64))
# The UDP socket of the transport reads no more than this.
DATAGRAM_BUFFER_BYTES = 2048
NAMES = ("tcp", "udp", "websocket", "quic")
# A channel, its bare counterpart, and the largest allowed ratio of their medians.
BARS = {
    ("udp latest", "bare udp"): 1.3,
    ("udp reliable", "bare udp"): 1.6,
    ("tcp reliable", "bare tcp"): 1.2,
    ("websocket reliable", "bare websocket"): 0.6,
}
# The first round trips fill caches, and the UDP socket learns how many datagrams come at a time.
WARM_UP = 200

# Sends that many messages, each after the echo of the one before. Returns each round trip in
# seconds.
PingPong = Callable[[int], Awaitable[list[float]]]


class Echo:
    """Receiver that echoes every message with one delivery."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def message_received(self, channel, message, received_at) -> None:
        channel.send(message, self._delivery)

    def channel_closed(self, channel, error) -> None:
        """Do nothing: no state is kept."""


class BareStream(asyncio.BufferedProtocol):
    """Bare stream protocol that treats the bytes of one read as one message."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(RECEIVE_BUFFER_BYTES))

    def connection_made(self, transport) -> None:
        self.transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.received(bytes(self._buffer[:nbytes]))

    def received(self, message: bytes) -> None:
        self.transport.write(message)


class BareDatagrams(asyncio.DatagramProtocol):
    """Bare datagram protocol that echoes."""

    def connection_made(self, transport) -> None:
        self.transport = transport
        # Undocumented, so a later Python may not have it.
        if hasattr(transport, "max_size"):
            transport.max_size = DATAGRAM_BUFFER_BYTES

    def datagram_received(self, data: bytes, addr) -> None:
        self.transport.sendto(data, addr)


async def echo_websocket(connection: ServerConnection) -> None:
    """Echo every message through the interface of the library."""
    shrink_buffer(connection)
    async for message in connection:
        await connection.send(message)


def shrink_buffer(connection: ServerConnection | ClientConnection) -> None:
    """Let asyncio receive into a small buffer."""
    if hasattr(connection.transport, "max_size"):
        connection.transport.max_size = RECEIVE_BUFFER_BYTES


class Rally:
    """Counter of round trips: ``send`` is called again as soon as an answer has come."""

    def __init__(self) -> None:
        self._send: Callable[[], None]
        self._times: list[float] = []
        self._left = 0
        self._done: asyncio.Future[None]

    async def play(self, send: Callable[[], None], count: int) -> list[float]:
        """Return the seconds that each of ``count`` round trips took."""
        self._send, self._left, self._times = send, count, []
        self._done = asyncio.get_running_loop().create_future()
        self._sent_at = perf_counter()
        send()
        await self._done
        return self._times

    def answered(self) -> None:
        """Record the round trip of an echo that arrived, and send the next message."""
        now = perf_counter()
        self._times.append(now - self._sent_at)
        self._left -= 1
        if self._left:
            self._sent_at = now
            self._send()
        else:
            self._done.set_result(None)


class ChannelRally(Rally):
    """Ping-pong over a channel."""

    def message_received(self, channel, message, received_at) -> None:
        self.answered()

    def channel_closed(self, channel, error) -> None:
        """Do nothing: only the end of the bench closes the channel."""


class StreamRally(Rally, BareStream):
    """Ping-pong over a bare stream."""

    def __init__(self) -> None:
        Rally.__init__(self)
        BareStream.__init__(self)

    def received(self, message: bytes) -> None:
        self.answered()


class DatagramRally(Rally, BareDatagrams):
    """Ping-pong over bare datagrams."""

    def datagram_received(self, data: bytes, addr) -> None:
        self.answered()


async def play_websocket(connection: ClientConnection, count: int) -> list[float]:
    """Run the ping-pong through the interface of the ``websockets`` library."""
    times = []
    for _ in range(count):
        sent_at = perf_counter()
        await connection.send(MESSAGE)
        await connection.recv()
        times.append(perf_counter() - sent_at)
    return times


async def echo_everything(pipe: Connection) -> None:
    """Run all echo servers, send their ports, and end when the pipe is closed."""
    loop = asyncio.get_running_loop()
    ports: dict[str, int] = {}
    async with AsyncExitStack() as stack:
        for name in NAMES:
            for delivery in Delivery:
                transport = load_transport(name)
                echo = Echo(delivery)
                listener = await transport.listen(Address(LOOPBACK, 0), lambda _, echo=echo: echo)
                await stack.enter_async_context(listener)
                ports[f"{name} {delivery.value}"] = listener.addresses[0].port
        stream = await loop.create_server(BareStream, LOOPBACK, 0)
        ports["bare tcp"] = stream.sockets[0].getsockname()[1]
        datagrams, _ = await loop.create_datagram_endpoint(BareDatagrams, (LOOPBACK, 0))
        ports["bare udp"] = datagrams.get_extra_info("sockname")[1]
        library = serve(echo_websocket, LOOPBACK, 0, compression=None, ping_interval=None)
        server = await stack.enter_async_context(library)
        ports["bare websocket"] = server.sockets[0].getsockname()[1]
        pipe.send(ports)
        with suppress(EOFError):
            await loop.run_in_executor(None, pipe.recv)
        stream.close()
        datagrams.close()


def echo_process(pipe: Connection) -> None:
    """Run the echo servers in this process, on the core of the bench."""
    pin_to_core(0)
    gc.disable()
    event_loop.run(echo_everything(pipe))


async def contestants(ports: dict[str, int], stack: AsyncExitStack) -> dict[str, PingPong]:
    """Connect to all echo servers, and return a ping-pong for each by its name."""
    loop = asyncio.get_running_loop()
    players: dict[str, PingPong] = {}
    for name in NAMES:
        for delivery in Delivery:
            label = f"{name} {delivery.value}"
            rally = ChannelRally()
            channel: Channel = await load_transport(name).connect(
                Address(LOOPBACK, ports[label]), rally
            )
            await stack.enter_async_context(channel)
            players[label] = partial(rally.play, partial(channel.send, MESSAGE, delivery))
    pipe, stream = await loop.create_connection(StreamRally, LOOPBACK, ports["bare tcp"])
    stack.callback(pipe.close)
    players["bare tcp"] = partial(stream.play, partial(pipe.write, MESSAGE))
    socket, datagrams = await loop.create_datagram_endpoint(
        DatagramRally, remote_addr=(LOOPBACK, ports["bare udp"])
    )
    stack.callback(socket.close)
    players["bare udp"] = partial(datagrams.play, partial(socket.sendto, MESSAGE))
    connection = await stack.enter_async_context(
        connect(f"ws://{LOOPBACK}:{ports['bare websocket']}", compression=None, ping_interval=None)
    )
    shrink_buffer(connection)
    players["bare websocket"] = partial(play_websocket, connection)
    return players


async def measure(
    ports: dict[str, int], messages: int, repetitions: int
) -> dict[str, list[list[float]]]:
    """Run all in turn; return the seconds of each round trip, by repetition."""
    times: dict[str, list[list[float]]] = {}
    async with AsyncExitStack() as stack:
        players = await contestants(ports, stack)
        for play in players.values():
            await play(WARM_UP)
        for _ in range(repetitions):
            for name, play in players.items():
                times.setdefault(name, []).append(await play(messages))
    return times


def summary(times: dict[str, list[list[float]]]) -> dict[str, object]:
    """Return medians in microseconds, and the median ratio over the repetitions."""
    p50_us = {name: [median(one) * 1e6 for one in all_] for name, all_ in times.items()}
    ratios = {}
    for (ours, bare), bar in BARS.items():
        pairs = zip(p50_us[ours], p50_us[bare], strict=True)
        ratio = median(mine / its for mine, its in pairs)
        ratios[f"{ours} / {bare}"] = {
            "ratio": round(ratio, 3),
            "bar": bar,
            "passed": ratio <= bar,
        }
    return {
        "p50_us": {name: round(median(values), 1) for name, values in p50_us.items()},
        "ratios": ratios,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000, help="round trips in a repetition")
    parser.add_argument("--repetitions", type=int, default=15)
    args = parser.parse_args()
    machine = describe()
    pin_to_core(0)
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    echoes = context.Process(target=echo_process, args=(far_end,))
    echoes.start()
    # If the echo process dies, its end of the pipe must be the last one, or ``recv`` would not end.
    far_end.close()
    gc.disable()
    times = event_loop.run(measure(pipe.recv(), args.messages, args.repetitions))
    pipe.send("end")
    echoes.join()
    figures = {
        **machine,
        "message_bytes": len(MESSAGE),
        "messages": args.messages,
        "repetitions": args.repetitions,
        **summary(times),
    }
    print(json.dumps(figures, indent=2))
    sys.exit(0 if all(each["passed"] for each in figures["ratios"].values()) else 1)


if __name__ == "__main__":
    main()
