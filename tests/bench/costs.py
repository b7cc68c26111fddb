"""Processor time of one input and of one snapshot in a server over UDP, by layers.

``python tests/bench/costs.py`` prints JSON, in microseconds.

Clients join a real server. Then its ticks and its socket are stopped, and the bench calls each
layer itself, for all clients in turn. It reads the thread's processor time, and only the fastest of
many rounds counts, so other load on the machine hardly matters. System calls are left out:
``capacity.py`` has the whole.

``--clients``: with many clients the caches of the processor hold less of each one's state.
"""

import argparse
import asyncio
import gc
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from time import perf_counter, thread_time

from crowd import ALL_ARRIVED, LOOPBACK, READ_BYTES, ROOM_SIZE, GameReplay, UdpWire
from machine import describe

from game.protocol.encoding import decode_input
from game.protocol.snapshot import snapshot_of
from game.server.broadcast import broadcast_snapshot
from game.server.room import RoomLimits
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.codec import MSGPACK
from net.datagram.channel import DatagramChannel
from net.datagram.listener import DatagramListener
from net.datagram.sequence import NUMBER_MASK
from net.datagram.wire_format import FROM_CLIENT, HEADER_BYTES, LATEST, NUMBERED_HEADER
from net.registry import load_transport
from net.system import event_loop

ROUNDS = 200
SNAPSHOT_TICKS = 2


class Bench:
    """A server whose layers are called by hand, and the clients that joined it."""

    def __init__(self, server: GameServer, members: Sequence[UdpWire], replay: GameReplay) -> None:
        listener = server.listeners[0]
        assert isinstance(listener, DatagramListener)
        self._server, self._members, self._replay = server, members, replay
        self._listener = listener
        self._udp_socket = listener._sockets.udp_sockets[0]
        # The bench alone passes datagrams and times in, and nothing goes out.
        asyncio.get_running_loop().remove_reader(self._udp_socket.sock)
        self._udp_socket.send = lambda datagram, address: None
        channels = {each.connection.connection_id: each for each in listener._channels.values()}
        self._channels: list[DatagramChannel] = [channels[each._id] for each in members]
        self._round = 0

    def next_inputs(self) -> list[bytes]:
        """Return the next datagram of each client: nothing was lost before it."""
        self._round = self._channels[0].receiver.slot.owner.member.inputs.newest + 1
        self._replay.start_round(self._round)
        datagrams = []
        for member, channel in zip(self._members, self._channels, strict=True):
            number = channel.connection._receive_window.newest + 1
            header = NUMBERED_HEADER.pack(
                FROM_CLIENT | LATEST,
                member._id,
                number & NUMBER_MASK,
                channel.connection.datagrams_sent & NUMBER_MASK,
                ALL_ARRIVED,
            )
            datagrams.append(header + self._replay.input(member.number))
        return datagrams

    def route(self, channel: DatagramChannel, datagram: bytes) -> None:
        """Process a datagram in all layers."""
        address = channel.connection.address
        self._listener.datagram_received(self._udp_socket, datagram, address, perf_counter())

    def connection(self, channel: DatagramChannel, datagram: bytes) -> None:
        """Process a datagram in its connection only."""
        channel.connection.receive(datagram, 0.0)

    def session(self, channel: DatagramChannel, datagram: bytes) -> None:
        """Process a message from the session upwards."""
        channel.receiver.message_received(channel, datagram[HEADER_BYTES:], 0.0)

    def decoding(self, channel: DatagramChannel, datagram: bytes) -> None:
        """Decode an input message."""
        decode_input(datagram[HEADER_BYTES + 1 :], MSGPACK, self._round - 1)

    def time_inputs(self, call: Callable[[DatagramChannel, bytes], None]) -> float:
        """Return the seconds for one input."""
        pairs = list(zip(self._channels, self.next_inputs(), strict=True))
        began = thread_time()
        for channel, datagram in pairs:
            call(channel, datagram)
        return (thread_time() - began) / len(pairs)

    def time_session(self) -> float:
        """Return the seconds for one input from the session upwards; a tick then uses it."""
        session_s = self.time_inputs(self.session)
        self.time_step()
        return session_s

    def time_step(self) -> float:
        """Return the seconds to play one tick, for each client."""
        began = thread_time()
        for room in self._server.rooms.values():
            room.step()
        return (thread_time() - began) / len(self._members)

    def time_snapshots(self) -> float:
        """Return the seconds for one snapshot to a client, whose baseline is four ticks old."""
        due = []
        for room in self._server.rooms.values():
            slots = [slot.owner for slot in self._server.lobby.slots_in(room)]
            for slot in slots:
                slot.baseline.acknowledge(max(1, room.match.world.tick - 2 * SNAPSHOT_TICKS))
            due.append((room, slots))
        began = thread_time()
        for room, slots in due:
            broadcast_snapshot(room, slots, snapshot_of(room.match, perf_counter(), 0.0))
        return (thread_time() - began) / len(self._members)


def keep_alive(member: UdpWire, replay: GameReplay) -> None:
    """Read and acknowledge, so that the server keeps the member until the last one has joined."""
    with suppress(BlockingIOError):
        while True:
            member.unpack(member.sock.recv(READ_BYTES))
    member.send(replay.input(member.number))


async def joined(port: int, replay: GameReplay, clients: int) -> list[UdpWire]:
    """Let the clients join, in another thread: they block."""

    def join() -> list[UdpWire]:
        members = []
        replay.start_round(1)
        for number in range(clients):
            member = UdpWire(port, number)
            member.open(replay.greeting(number))
            assert replay.is_welcome(member.first_answer())
            members.append(member)
            member.sock.setblocking(False)
            if number % ROOM_SIZE == 0:
                for each in members:
                    keep_alive(each, replay)
        return members

    return await asyncio.get_running_loop().run_in_executor(None, join)


async def measure(clients: int) -> dict[str, float]:
    """Return the microseconds of each part."""
    settings = ServerSettings(LOOPBACK, 0, room_limits=RoomLimits(rooms=clients))
    replay = GameReplay(seed=1)
    async with GameServer([load_transport("udp")], settings) as server:
        running = asyncio.ensure_future(server.run())
        members = await joined(server.base_port, replay, clients)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        bench = Bench(server, members, replay)
        parts: dict[str, Callable[[], float]] = {
            "input": partial(bench.time_inputs, bench.route),
            "tick of a player": bench.time_step,
            "input: datagram connection": partial(bench.time_inputs, bench.connection),
            "input: session, limits, decoding, queue": bench.time_session,
            "input: decoding": partial(bench.time_inputs, bench.decoding),
            "snapshot": bench.time_snapshots,
        }
        best_s = dict.fromkeys(parts, inf)
        gc.disable()
        for turn in range(ROUNDS):
            for name, time in parts.items():
                # A snapshot leaves in every second tick only.
                if name != "snapshot" or turn % SNAPSHOT_TICKS == 0:
                    best_s[name] = min(best_s[name], time())
        gc.enable()
        for member in members:
            member.sock.close()
    return {name: round(seconds * 1e6, 2) for name, seconds in best_s.items()}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=40)
    args = parser.parse_args()
    machine = describe()
    figures = event_loop.run(measure(args.clients))
    print(
        json.dumps(
            {**machine, "clients": args.clients, "room_size": ROOM_SIZE, "us": figures}, indent=2
        )
    )


if __name__ == "__main__":
    main()
