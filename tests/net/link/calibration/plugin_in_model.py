"""The game's TCP plugin played through the modelled path, in virtual time.

As ``kernel_cell.py`` plays it over a real link: the same rates, sizes and settling, and what the
channel does when the kernel takes no more, with the channel's own outbox. So the difference between
the two is the model's alone.
"""

from collections import deque
from random import Random

from net.link.loss import flow_seed
from net.link.profile import Link, LinkProfile
from net.link.tcp.congestion import Reno
from net.link.tcp.endpoint import Side
from net.link.tcp.path import ReadableBytes, TcpPath
from net.link.tcp.sender import Sender, Transmit
from net.stream.framing import FRAME_HEADER_BYTES
from net.stream.outbox import Outbox
from net.system.sockets import STREAM_UNSENT_BYTES
from net.transport import LANE_STATE, Delivery
from tests.net.link.calibration.kernel_case import DRAIN_S, KernelCase, Stamps

# The kernel says that a stream can be written to again when half of what may be unsent has left.
WRITABLE_UNSENT_BYTES = STREAM_UNSENT_BYTES // 2


class VirtualChannel:
    """One end of a channel: writes messages to the path until that takes no more, like asyncio."""

    def __init__(self, path: TcpPath, side: Side, sender: Sender, size: int) -> None:
        self.stamps: Stamps = []
        self._path = path
        self._side = side
        self._sender = sender
        self._size = size
        # What asyncio holds when the kernel has refused it; then messages wait in the outbox.
        self._held: bytes | None = None
        self._outbox = Outbox()
        # When the messages in the stream were sent, and where in the stream each ends.
        self._under_way: deque[tuple[float, int]] = deque()
        self._written = self._read = 0

    @property
    def is_blocked(self) -> bool:
        """Whether the stream takes no more just now."""
        return self._held is not None

    def send(self, now: float) -> None:
        """Send a message; what stands for it in outbox and hold is its time."""
        message = str(now).encode()
        if self.is_blocked:
            self._outbox.put(message, Delivery.LATEST, LANE_STATE)
        elif self._unsent_bytes() >= STREAM_UNSENT_BYTES:
            self._held = message
        else:
            self._write(now, message)

    def unblock(self, now: float) -> None:
        """Write what waited, if the stream takes it again."""
        if self._held is None or self._unsent_bytes() >= WRITABLE_UNSENT_BYTES:
            return
        self._write(now, self._held)
        self._held = None
        while self._outbox and not self.is_blocked:
            message = self._outbox.pop()
            if self._unsent_bytes() >= STREAM_UNSENT_BYTES:
                self._held = message
            else:
                self._write(now, message)

    def arrived(self, arrival: ReadableBytes) -> None:
        """Take bytes that the other end can read, and note the messages that are complete."""
        self._read += arrival.n_bytes
        while self._under_way and self._under_way[0][1] <= self._read:
            self.stamps.append((self._under_way.popleft()[0], arrival.at))

    def _write(self, now: float, message: bytes) -> None:
        n_bytes = self._size + FRAME_HEADER_BYTES
        self._written += n_bytes
        self._under_way.append((float(message), self._written))
        self._path.write(now, self._side, n_bytes)

    def _unsent_bytes(self) -> int:
        return self._sender.written - self._sender.board.next_seq


def play_connection(cell: KernelCase, number: int) -> tuple[Stamps, Stamps]:
    """Play one connection of a cell; return the stamps of its messages up, and down."""
    senders: list[Sender] = []

    def make_sender(transmit: Transmit, congestion: Reno, nagle: bool) -> Sender:
        senders.append(Sender(transmit, congestion, nagle))
        return senders[-1]

    clear = LinkProfile(delay_s=cell.delay_s)
    lossy = LinkProfile(delay_s=cell.delay_s, loss_ratio=cell.loss_ratio)
    seed = flow_seed(cell.seed, number)
    path = TcpPath(Link(clear, clear), seed, make_sender=make_sender)
    up = VirtualChannel(path, Side.CLIENT, senders[Side.CLIENT], cell.up_bytes)
    down = VirtualChannel(path, Side.SERVER, senders[Side.SERVER], cell.down_bytes)
    armed = False
    for at, channel in _sendings(cell, Random(seed), up, down):
        if at >= cell.settle_s and not armed:
            armed = True
            path.set_link(cell.settle_s, Link(lossy, lossy))
        _run_to(at, path, up, down)
        channel.send(at)
    _run_to(cell.settle_s + cell.measured_s + DRAIN_S, path, up, down)
    return up.stamps, down.stamps


def _sendings(
    cell: KernelCase, rng: Random, up: VirtualChannel, down: VirtualChannel
) -> list[tuple[float, VirtualChannel]]:
    """Return when which end sends, in order; the two ends are not in step."""
    until = cell.settle_s + cell.measured_s
    sendings = []
    for channel, hz in ((up, cell.up_hz), (down, cell.down_hz)):
        first = 2 * cell.delay_s + rng.random() / hz
        count = int((until - first) * hz)
        sendings += [(first + number / hz, channel) for number in range(count)]
    return sorted(sendings, key=lambda sending: sending[0])


def _run_to(now: float, path: TcpPath, up: VirtualChannel, down: VirtualChannel) -> None:
    """Bring the path to ``now``: at one go, or event by event while a channel waits for room."""
    while True:
        waiting = up.is_blocked or down.is_blocked
        at = min(now, path.next_event_at()) if waiting else now
        for arrival in path.advance(at):
            (up if arrival.to == Side.SERVER else down).arrived(arrival)
        up.unblock(at)
        down.unblock(at)
        if at >= now:
            return
