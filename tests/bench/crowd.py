"""Many light clients in one process, which replay the bytes of the protocol.

A real client predicts and interpolates. Many of them would need more cores than the server under
load. These clients connect and send their hello as the protocol demands, over blocking sockets and
with the pure modules of ``net``. Then they only send inputs, encoded once for all rooms, and
read from each snapshot when it was due. They send no pings: the load is 60 inputs a second up and
the snapshots down, as deltas against what they have acknowledged.
"""

import selectors
import socket
import struct
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from random import Random, SystemRandom
from time import perf_counter, process_time

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from game.match.controls import STICK_LIMIT, Controls
from game.match.physics import TICK_HZ
from game.protocol.encoding import encode_input, encode_join_request
from game.protocol.messages import (
    NO_SNAPSHOT,
    TIME_QUANTUM_S,
    InputMessage,
    JoinRequest,
    MessageKind,
)
from net.codec import MSGPACK
from net.datagram.client_handshake import ClientHandshake
from net.datagram.connection import DatagramConnection
from net.datagram.sequence import NUMBER_MASK
from net.datagram.wire_format import FROM_CLIENT, FROM_SERVER, HEADER_BYTES, LATEST, NUMBERED_HEADER
from net.session.client import ClientSession
from net.session.messages import Hello, MessageType
from net.stream.framing import FrameDecoder, encode_frame
from net.sync.clock_filter import ClockFilter
from net.transport import MESSAGE_LIMIT_BYTES, Address, SocketOptions

LOOPBACK = "127.0.0.1"
INPUT_HZ = 60
ROOM_SIZE = 10
# Parts in which the inputs of a tick are sent: people do not press keys at the same moment.
PORTIONS = 6
# Inputs in a message when snapshots arrive at 30 Hz and nothing is lost.
INPUTS_REPEATED = 4
OPEN_WITHIN_S = 10.0
READ_BYTES = 16 * 1024
# Behind the message kind: player id, last input used, inputs in the queue.
OWN_BYTES = 6
ALL_ARRIVED = 0xFFFF_FFFF
INPUT_PREFIX = bytes((MessageType.APPLICATION,))
SNAPSHOT_PREFIXES = tuple(
    bytes((MessageType.APPLICATION, kind)) for kind in (MessageKind.SNAPSHOT, MessageKind.DELTA)
)
BARE_SNAPSHOT = struct.Struct("!d")
# As long as a delta of ten players and an input are.
BARE_SNAPSHOT_BYTES = 75
BARE_INPUT = bytes(25)


class Replay(ABC):
    """Messages that the members of a crowd send, and the reading of those they receive."""

    @abstractmethod
    def greeting(self, number: int) -> bytes:
        """Return the first message of a member."""

    def is_welcome(self, answer: bytes) -> bool:
        """Return whether the first message to a member accepts it."""
        return True

    @abstractmethod
    def start_round(self, round_: int) -> None:
        """Prepare the messages of a tick."""

    @abstractmethod
    def input(self, number: int) -> bytes:
        """Return a member's message of this tick."""

    @abstractmethod
    def due_at(self, number: int, message: bytes) -> float | None:
        """Return when a snapshot to a member was due, by the server's clock; None for others."""


class GameReplay(Replay):
    """Inputs of ten players who change direction at random, one for each player of a room.

    They acknowledge the newest snapshot that has reached anybody in the room.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._held = [deque([Controls(0, 0, False)], INPUTS_REPEATED) for _ in range(ROOM_SIZE)]
        self._tails: list[bytes] = []
        # Of each room: the ticks of its snapshots and when they were due, and the newest, encoded.
        self._due_us: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._newest: defaultdict[int, bytes] = defaultdict(partial(MSGPACK.encode, NO_SNAPSHOT))

    def greeting(self, number: int) -> bytes:
        room = f"room {number // ROOM_SIZE}"
        request = encode_join_request(JoinRequest(f"p{number}", room, deltas=True))
        said: list[bytes] = []
        ClientSession(
            lambda message, *_: said.append(message),
            perf_counter,
            ClockFilter(),
            Hello(MSGPACK.name, request),
        )
        return said[0]

    def is_welcome(self, answer: bytes) -> bool:
        return answer[0] == MessageType.WELCOME

    def start_round(self, round_: int) -> None:
        rng, self._tails = self._rng, []
        for held in self._held:
            stick = held[-1]
            if rng.random() < 0.1:
                x, y = rng.choice((-1, 0, 1)), rng.choice((-1, 0, 1))
                stick = Controls(x * STICK_LIMIT, y * STICK_LIMIT, rng.random() < 0.3)
            held.append(stick)
            message = InputMessage(round_, tuple(held)[-round_:], NO_SNAPSHOT)
            self._tails.append(encode_input(message, MSGPACK))

    def input(self, number: int) -> bytes:
        # The tick is the first item of the array, and the rest is the same in all rooms.
        room, role = divmod(number, ROOM_SIZE)
        start = self._tails[role]
        return INPUT_PREFIX + start[:2] + self._newest[room] + start[3:]

    def due_at(self, number: int, message: bytes) -> float | None:
        if not message.startswith(SNAPSHOT_PREFIXES):
            return None
        # The rest is the same for all players of a room with the same baseline.
        values = _decoded(message[len(INPUT_PREFIX) + 1 + OWN_BYTES :])
        room, tick = number // ROOM_SIZE, values[0]
        due_us = self._due_us[room]
        if tick not in due_us:
            self._newest[room] = MSGPACK.encode(tick)
            if message[len(INPUT_PREFIX)] == MessageKind.SNAPSHOT:
                due_us[tick] = values[1]
            else:
                _, ticks, error_us, *_ = values
                due_us[tick] = due_us[tick - ticks] + ticks * 1_000_000 // TICK_HZ + error_us
        return due_us[tick] * TIME_QUANTUM_S


@lru_cache(maxsize=1024)
def _decoded(shared: bytes) -> list:
    return MSGPACK.decode(shared)


class BareReplay(Replay):
    """Messages without content, as long as those of the game."""

    def greeting(self, number: int) -> bytes:
        return BARE_INPUT

    def start_round(self, round_: int) -> None:
        """Do nothing: all messages are the same."""

    def input(self, number: int) -> bytes:
        return BARE_INPUT

    def due_at(self, number: int, message: bytes) -> float | None:
        if len(message) < BARE_SNAPSHOT.size:
            return None
        return BARE_SNAPSHOT.unpack_from(message)[0]


class SimulatedChannel(ABC):
    """Connection of one member."""

    def __init__(self, port: int, number: int) -> None:
        self.port = port
        self.number = number
        self.sock: socket.socket
        self.received = 0
        self._unsent = b""

    @staticmethod
    def shared(message: bytes) -> bytes:
        """Return the part of a message's bytes that is the same for every member."""
        return message

    @abstractmethod
    def open(self, greeting: bytes) -> None:
        """Connect and send the greeting; blocks."""

    def first_answer(self) -> bytes:
        """Wait for the first message, and return it."""
        messages: list[bytes] = []
        while not messages:
            messages = self.unpack(self.sock.recv(READ_BYTES))
        return messages[0]

    @abstractmethod
    def unpack(self, data: bytes) -> list[bytes]:
        """Return the messages in what was received."""

    def send(self, shared: bytes) -> None:
        """Send an input; it is lost if the send buffer is full."""
        data = self._unsent or shared
        try:
            self._unsent = data[self.sock.send(data) :]
        except BlockingIOError:
            return

    def receive(self) -> list[bytes]:
        """Return the messages that have arrived."""
        try:
            return self.unpack(self.sock.recv(READ_BYTES))
        except BlockingIOError:
            return []


class TcpWire(SimulatedChannel):
    """TCP connection with length-prefixed frames."""

    @staticmethod
    def shared(message: bytes) -> bytes:
        return encode_frame(message)

    def open(self, greeting: bytes) -> None:
        self.sock = _stream_to(self.port)
        self._decoder = FrameDecoder(MESSAGE_LIMIT_BYTES)
        self.sock.sendall(encode_frame(greeting))

    def unpack(self, data: bytes) -> list[bytes]:
        return self._decoder.feed(memoryview(data))


class WebSocketWire(SimulatedChannel):
    """WebSocket connection: masked frames up, unmasked frames down (RFC 6455, 5.3)."""

    _LONG = struct.Struct("!H")

    @staticmethod
    def shared(message: bytes) -> bytes:
        # A mask of zeros: masking is the work of a browser, not of these clients.
        return bytes((0x80 | Opcode.BINARY, 0x80 | len(message))) + bytes(4) + message

    def open(self, greeting: bytes) -> None:
        self.sock = _stream_to(self.port)
        self._rest = b""
        uri = WebSocketURI(False, LOOPBACK, self.port, "/", "")
        core = ClientProtocol(uri, subprotocols=[Subprotocol("jitterball")])
        core.send_request(core.connect())
        self.sock.sendall(b"".join(core.data_to_send()))
        while not core.events_received():
            core.receive_data(self.sock.recv(READ_BYTES))
        if core.handshake_exc is not None:
            raise core.handshake_exc
        self.sock.sendall(Frame(Opcode.BINARY, greeting).serialize(mask=True))

    def unpack(self, data: bytes) -> list[bytes]:
        data, messages, start = self._rest + data, [], 0
        while len(data) >= start + 4:
            size, begin = data[start + 1], start + 2
            if size == 126:
                (size,), begin = self._LONG.unpack_from(data, begin), begin + self._LONG.size
            if len(data) < begin + size:
                break
            start = begin + size
            messages.append(data[begin:start])
        self._rest = data[start:]
        return messages


class BareUdpWire(SimulatedChannel):
    """UDP socket with one message in a datagram."""

    def open(self, greeting: bytes) -> None:
        self.sock = _datagrams_to(self.port)
        self.sock.send(greeting)

    def unpack(self, data: bytes) -> list[bytes]:
        return [data]


class UdpWire(SimulatedChannel):
    """Connection of the UDP transport; it acknowledges all numbers, as if nothing were lost."""

    _KIND = FROM_SERVER | LATEST

    def open(self, greeting: bytes) -> None:
        self.sock = _datagrams_to(self.port)
        self._newest = 0
        self._connection = self._shake_hands()
        self._connection.send_reliable(greeting, perf_counter())
        self._connection.flush(perf_counter())
        self._put_out()

    def first_answer(self) -> bytes:
        connection = self._connection
        messages: Sequence[bytes] = ()
        while not messages:
            datagram = self.sock.recv(READ_BYTES)
            self.unpack(datagram)
            messages = connection.receive(datagram, perf_counter())
            self._put_out()
        self._number = connection.datagrams_sent
        self._id = connection.connection_id
        return messages[0]

    def send(self, shared: bytes) -> None:
        self._number += 1
        header = NUMBERED_HEADER.pack(
            FROM_CLIENT | LATEST, self._id, self._number & NUMBER_MASK, self._newest, ALL_ARRIVED
        )
        try:
            self.sock.send(header + shared)
        except BlockingIOError:
            return

    def unpack(self, data: bytes) -> list[bytes]:
        if len(data) < HEADER_BYTES:
            return []
        self._newest = data[9] << 8 | data[10]
        return [data[HEADER_BYTES:]] if data[0] == self._KIND else []

    def _put_out(self) -> None:
        for datagram in self._connection.outgoing:
            self.sock.send(datagram)
        self._connection.outgoing.clear()

    def _shake_hands(self) -> DatagramConnection:
        handshake = ClientHandshake(SystemRandom(), perf_counter())
        while True:
            for datagram in handshake.outgoing:
                self.sock.send(datagram)
            handshake.outgoing.clear()
            now = perf_counter()
            connection = handshake.receive(self.sock.recv(READ_BYTES), (), now)
            if connection is not None:
                return connection


class QuicWire(SimulatedChannel):
    """Connection of the QUIC transport, with the library's whole work at this end too."""

    def open(self, greeting: bytes) -> None:
        # Imported here: the library is an extra.
        from net.quic.aioquic_adapter import new_wire
        from net.quic.connection import MessageConnection
        from net.quic.credentials import client_configuration

        self.sock = _datagrams_to(self.port)
        self._server = self.sock.getpeername()
        wire = new_wire(client_configuration(Address(*self._server), SocketOptions()))
        wire.quic.connect(self._server, perf_counter())
        self._connection = MessageConnection(wire)
        self._put_out()
        while not self._connection.is_open:
            self.unpack(self.sock.recv(READ_BYTES))
        self._connection.send_reliable(greeting)
        self._put_out()

    def first_answer(self) -> bytes:
        messages: list[bytes] = []
        while not messages:
            messages = self.unpack(self.sock.recv(READ_BYTES))
        return messages[0]

    def send(self, shared: bytes) -> None:
        now = perf_counter()
        if self._connection.deadline <= now:
            self._connection.on_timer(now)
        self._connection.send_latest(shared, 0, now)
        self._put_out()

    def unpack(self, data: bytes) -> list[bytes]:
        messages = self._connection.receive(data, self._server, perf_counter())
        if self._connection.wants_flush or not self._connection.is_open:
            self._put_out()
        return messages

    def _put_out(self) -> None:
        self._connection.flush(perf_counter())
        for packet, _ in self._connection.outgoing:
            with suppress(BlockingIOError):
                self.sock.send(packet)
        self._connection.outgoing.clear()


WIRES: dict[str, type[SimulatedChannel]] = {
    "quic": QuicWire,
    "tcp": TcpWire,
    "udp": UdpWire,
    "websocket": WebSocketWire,
}
BARE_WIRES: dict[str, type[SimulatedChannel]] = {**WIRES, "udp": BareUdpWire}


@dataclass(slots=True)
class Observed:
    """Figures of a crowd over some seconds; ``own_lateness_s`` is how late it sent its inputs."""

    inputs: int = 0
    missing: int = 0
    lateness_s: list[float] = field(default_factory=list)
    own_lateness_s: list[float] = field(default_factory=list)
    cpu_ratio: float = 0.0


class Crowd:
    """Clients of one server over one transport; as a context manager it closes their sockets."""

    def __init__(
        self, replay: Replay, wire: type[SimulatedChannel], port: int, snapshot_hz: int
    ) -> None:
        self._replay = replay
        self._wire = wire
        self._port = port
        self._snapshot_hz = snapshot_hz
        self._members: list[SimulatedChannel] = []
        self._selector = selectors.DefaultSelector()
        self._round = 0
        self._seen = Observed()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for member in self._members:
            member.sock.close()

    def grow_to(self, count: int) -> None:
        """Let clients join up to a number; those who have joined play meanwhile."""
        while len(self._members) < count:
            member = self._wire(self._port, len(self._members))
            member.open(self._replay.greeting(len(self._members)))
            answer = member.first_answer()
            if not self._replay.is_welcome(answer):
                raise ConnectionRefusedError(f"the server says {answer!r}")
            member.sock.setblocking(False)
            self._selector.register(member.sock, selectors.EVENT_READ, member)
            self._members.append(member)
            # A silent member would be timed out, and its receive buffer would overflow.
            if len(self._members) % ROOM_SIZE == 0:
                self.play(1.5 / INPUT_HZ)

    def listen(self, seconds: float) -> None:
        """Read without sending, until everything in flight has arrived."""
        self._read_until(perf_counter() + seconds)

    def play(self, seconds: float) -> Observed:
        """Send inputs and read snapshots for some seconds, and return the figures."""
        seen = self._seen = Observed()
        for member in self._members:
            member.received = 0
        began, began_cpu_s = perf_counter(), process_time()
        rounds = round(seconds * INPUT_HZ)
        for number, portion in enumerate(self._portions(rounds)):
            due = began + number / (INPUT_HZ * PORTIONS)
            self._read_until(due)
            seen.own_lateness_s.append(perf_counter() - due)
            for member in portion:
                member.send(member.shared(self._replay.input(member.number)))
            seen.inputs += len(portion)
        self._read_until(began + seconds)
        seen.cpu_ratio = (process_time() - began_cpu_s) / (perf_counter() - began)
        # The first and the last may fall just outside the measured time.
        owed = int(seconds * self._snapshot_hz) - 2
        seen.missing = sum(max(0, owed - member.received) for member in self._members)
        return seen

    def _portions(self, rounds: int) -> Iterator[list[SimulatedChannel]]:
        for _ in range(rounds):
            self._round += 1
            self._replay.start_round(self._round)
            for start in range(PORTIONS):
                yield self._members[start::PORTIONS]

    def _read_until(self, due: float) -> None:
        while True:
            left = due - perf_counter()
            for key, _ in self._selector.select(max(0.0, left)):
                self._read(key.data)
            if left <= 0:
                return

    def _read(self, member: SimulatedChannel) -> None:
        messages = member.receive()
        now = perf_counter()
        for message in messages:
            due = self._replay.due_at(member.number, message)
            if due is not None:
                member.received += 1
                self._seen.lateness_s.append(now - due)


def _stream_to(port: int) -> socket.socket:
    sock = socket.create_connection((LOOPBACK, port), timeout=OPEN_WITHIN_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _datagrams_to(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(OPEN_WITHIN_S)
    sock.connect((LOOPBACK, port))
    return sock
