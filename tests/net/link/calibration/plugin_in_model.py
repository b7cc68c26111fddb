"""The TCP plugin over the modelled path, in virtual time.

It repeats ``kernel_case.py`` with the model, at the same rates and sizes. The channel's own outbox
keeps the messages that the kernel does not accept yet. So a difference between the two comes from
the model.
"""

from collections import deque
from random import Random

from net.link.loss import flow_seed
from net.link.tcp.congestion import Reno
from net.link.tcp.endpoint import Side
from net.link.tcp.sender import Sender, Transmit
from net.link.tcp.tcp_model import ReadableBytes, TcpPath
from net.link.tcp_segment import MSS_BYTES
from net.stream.framing import FRAME_HEADER_BYTES
from net.stream.outbox import Outbox
from net.system.sockets import STREAM_UNSENT_BYTES
from net.transport import LANE_STATE, Delivery
from tests.net.link.calibration.kernel_case import DRAIN_S, KernelCase, Stamps

# Linux's ``MAX_SKB_FRAGS``. Each write is a fragment of its own, because the measuring program
# writes to many connections by turns.
SEGMENT_FRAGMENTS = 17

# The kernel reports a stream as writable when half of the unsent limit is free
# (``sk_stream_is_writeable``).
WRITABLE_UNSENT_BYTES = STREAM_UNSENT_BYTES // 2


class VirtualChannel:
    """One end of a channel. It writes to the path until that is full, as asyncio does."""

    def __init__(self, path: TcpPath, side: Side, sender: Sender, size: int) -> None:
        self.stamps: Stamps = []
        self._path = path
        self._side = side
        self._sender = sender
        self._message_bytes = size + FRAME_HEADER_BYTES
        # The kernel looks at the limit only when it begins a segment (``tcp_sendmsg_locked``). So
        # it also fills the segment that crosses the limit.
        segment_bytes = min(MSS_BYTES, SEGMENT_FRAGMENTS * self._message_bytes)
        self._unsent_limit_bytes = -(-STREAM_UNSENT_BYTES // segment_bytes) * segment_bytes
        # The message that asyncio buffers when the kernel is full. Later ones wait in the outbox.
        self._buffered: bytes | None = None
        self._outbox = Outbox()
        # Of each message in the stream: when it was sent, and its end in the stream.
        self._in_stream: deque[tuple[float, int]] = deque()
        self._written = self._read = 0

    @property
    def is_blocked(self) -> bool:
        """True if the stream is full."""
        return self._buffered is not None

    def send(self, now: float) -> None:
        """Send a message. Its time stands for its content."""
        message = str(now).encode()
        if self.is_blocked:
            self._outbox.put(message, Delivery.LATEST, LANE_STATE)
        else:
            self._write_or_buffer(now, message)

    def unblock(self, now: float) -> None:
        """Write waiting messages, if the stream is writable again."""
        if self._buffered is None or self._unsent_bytes() >= WRITABLE_UNSENT_BYTES:
            return
        self._write(now, self._buffered)
        self._buffered = None
        while self._outbox and not self.is_blocked:
            self._write_or_buffer(now, self._outbox.pop())

    def note_arrival(self, arrival: ReadableBytes) -> None:
        """Note the messages that are complete with ``arrival``."""
        self._read += arrival.n_bytes
        while self._in_stream and self._in_stream[0][1] <= self._read:
            self.stamps.append((self._in_stream.popleft()[0], arrival.at))

    def _write_or_buffer(self, now: float, message: bytes) -> None:
        if self._unsent_bytes() + self._message_bytes > self._unsent_limit_bytes:
            self._buffered = message
        else:
            self._write(now, message)

    def _write(self, now: float, message: bytes) -> None:
        self._written += self._message_bytes
        self._in_stream.append((float(message), self._written))
        self._path.write(now, self._side, self._message_bytes)

    def _unsent_bytes(self) -> int:
        return self._sender.written - self._sender.board.next_seq


def run_connection(case: KernelCase, number: int) -> tuple[Stamps, Stamps]:
    """Simulate one connection; return the stamps of its messages up, and down."""
    senders: list[Sender] = []

    def make_sender(transmit: Transmit, congestion: Reno, nagle: bool) -> Sender:
        senders.append(Sender(transmit, congestion, nagle))
        return senders[-1]

    seed = flow_seed(case.seed, number)
    path = TcpPath(case.clear_link, seed, make_sender=make_sender)
    up = VirtualChannel(path, Side.CLIENT, senders[Side.CLIENT], case.up_bytes)
    down = VirtualChannel(path, Side.SERVER, senders[Side.SERVER], case.down_bytes)
    armed = False
    # The program sets the link a second before it measures: the position in a recording counts.
    arm_at = case.settle_s - (1.0 if case.recording else 0.0)
    for at, channel in _schedule(case, Random(seed), up, down):
        if at >= arm_at and not armed:
            armed = True
            path.set_link(arm_at, case.measured_link.playing(arm_at))
        _run_to(at, path, up, down)
        channel.send(at)
    _run_to(case.settle_s + case.measured_s + DRAIN_S, path, up, down)
    return up.stamps, down.stamps


def _schedule(
    case: KernelCase, rng: Random, up: VirtualChannel, down: VirtualChannel
) -> list[tuple[float, VirtualChannel]]:
    """Return the times of sending of both ends, in order. The two ends are not in step."""
    until = case.settle_s + case.measured_s
    schedule = []
    for channel, hz in ((up, case.up_hz), (down, case.down_hz)):
        first = 2 * case.delay_s + rng.random() / hz
        count = int((until - first) * hz)
        schedule += [(first + number / hz, channel) for number in range(count)]
    return sorted(schedule, key=lambda sending: sending[0])


def _run_to(now: float, path: TcpPath, up: VirtualChannel, down: VirtualChannel) -> None:
    """Bring the path to ``now``, event by event while a channel waits for space."""
    while True:
        waiting = up.is_blocked or down.is_blocked
        at = min(now, path.next_event_at()) if waiting else now
        for arrival in path.advance(at):
            (up if arrival.to == Side.SERVER else down).note_arrival(arrival)
        up.unblock(at)
        down.unblock(at)
        if at >= now:
            return
