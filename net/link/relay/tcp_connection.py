"""One connection through a TCP relay: two sockets, and the modelled path between them.

Bytes read from one socket are buffered here. The model sees only their count, and tells when how
many have arrived. Then the other socket gets them. The end of a stream passes through the model
after the last byte, a reset as one packet.
"""

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf

from net.errors import ConnectError
from net.link.lateness import LatenessHistogram
from net.link.tcp.endpoint import Side
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp.tcp_model import TcpPath

__all__ = ["OpenUpstream", "TcpConnection"]

# The bytes that the receiving application may leave unread before the relay stops reading. This is
# TCP's receive window, which the model does not have.
RECEIVE_WINDOW_BYTES = 64 * 1024

# The bytes that may wait unsent in the model. Enough to keep a fast link busy. More data waits in
# the application's own kernel. Its buffer may be small on purpose (``TCP_NOTSENT_LOWAT``,
# ``SO_SNDBUF``), and the application must notice when it is full.
UNSENT_LIMIT_BYTES = 4 * 1024

# Reading resumes with room for two full segments, not for a few bytes (silly window avoidance, RFC
# 9293, section 3.8.6.2.2).
READ_RESUME_BYTES = 2 * 1448

# The event loop reports no reset of a socket that it does not read, so it must be polled.
RESET_POLL_INTERVAL_S = 0.05

# After a lost reset, the other end sends again and gets another one. That takes about as long as
# TCP's least retransmission timeout.
RESET_RETRY_S = 0.2

# ``SO_LINGER`` with 0 seconds: closing sends a reset. The fields are shorts on Windows.
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

OpenUpstream = Callable[[], Awaitable[socket.socket]]


class Direction:
    """One direction: bytes read from ``source`` that wait for their arrival at ``target``.

    Of the ``buffered`` bytes, the first ``deliverable_bytes`` have arrived by the model.
    """

    __slots__ = (
        "buffered",
        "deliverable_bytes",
        "end_is_due",
        "end_passed",
        "end_was_read",
        "is_reading",
        "is_writing",
        "side",
        "source",
        "target",
    )

    def __init__(self, side: Side) -> None:
        self.side = side
        self.source: socket.socket | None = None
        self.target: socket.socket | None = None
        self.buffered = bytearray()
        self.deliverable_bytes = 0
        self.end_was_read = self.end_is_due = self.end_passed = False
        self.is_reading = self.is_writing = False


class TcpConnection:
    """Relay of one connection until both directions have ended, or one end is reset.

    It owns both sockets. ``open_upstream`` connects to the server. It is awaited when the model's
    handshake is complete at the server, and raises ``ConnectError``. Its task is in ``openings``
    while it runs. ``on_end`` is called once, after both sockets are closed.
    ``sent_bytes`` gives the log of ``path`` its payloads; None without a log.
    """

    def __init__(
        self,
        client: socket.socket,
        path: TcpPath,
        buffer: memoryview,
        lateness: LatenessHistogram,
        *,
        open_upstream: OpenUpstream,
        openings: set[asyncio.Task[None]],
        on_end: Callable[["TcpConnection"], None],
        sent_bytes: SentBytes | None = None,
    ) -> None:
        self.path = path
        self._loop = asyncio.get_running_loop()
        self._buffer = buffer
        self._lateness = lateness
        self._on_end = on_end
        self._sent_bytes = sent_bytes
        self._is_open = True
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = inf
        self._reset_poll: asyncio.TimerHandle | None = None
        self._reset_timer: asyncio.TimerHandle | None = None
        self._sockets: list[socket.socket | None] = [client, None]
        self._directions = (Direction(Side.CLIENT), Direction(Side.SERVER))
        self._attach(Side.CLIENT, client)
        self._open_upstream = open_upstream
        self._openings = openings
        self._opening: asyncio.Task[None] | None = None
        self._arm()

    def close(self) -> None:
        """Reset both ends now."""
        self._end(reset=True)

    def _begin_opening(self) -> None:
        self._opening = self._loop.create_task(self._open())
        self._openings.add(self._opening)
        self._opening.add_done_callback(self._openings.discard)

    async def _open(self) -> None:
        try:
            upstream = await self._open_upstream()
        except ConnectError:
            self._abort_from(Side.SERVER)
            return
        self._attach(Side.SERVER, upstream)
        self._deliver(self._directions[Side.CLIENT])

    def _attach(self, side: Side, sock: socket.socket) -> None:
        self._sockets[side] = sock
        self._directions[side].source = sock
        self._directions[1 - side].target = sock
        self._start_reading(self._directions[side])

    # Events: a socket is readable or writable, or the model's timer fires.

    def _readable(self, direction: Direction) -> None:
        assert direction.source is not None
        room = min(self._room_bytes(direction), len(self._buffer))
        if not room:
            self._stop_reading(direction)
            return
        try:
            size = direction.source.recv_into(self._buffer, room)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._abort_from(direction.side)
            return
        now = self._loop.time()
        if size:
            direction.buffered += self._buffer[:size]
            if self._sent_bytes is not None:
                self._sent_bytes.append(direction.side, self._buffer[:size])
            self.path.write(now, direction.side, size)
        else:
            direction.end_was_read = True
            self._stop_reading(direction)
            self.path.finish(now, direction.side)
        # Writing delivers nothing at once, so the model need not be advanced here.
        self._arm()

    def _writable(self, direction: Direction) -> None:
        self._stop_writing(direction)
        self._deliver(direction)
        self._resume_reading(direction)

    def _wake(self) -> None:
        self._timer, self._timer_at = None, inf
        self._serve()

    def _serve(self) -> None:
        """Advance the model to the present and deliver what has arrived."""
        now = self._loop.time()
        for arrival in self.path.advance(now):
            self._lateness.add(now - arrival.at)
            direction = self._directions[1 - arrival.to]
            direction.deliverable_bytes += arrival.n_bytes
            direction.end_is_due |= arrival.is_end
            self._deliver(direction)
        if self._opening is None and self.path.is_open(Side.SERVER):
            self._begin_opening()
        if self._is_open:
            for direction in self._directions:
                self._resume_reading(direction)
            self._arm()

    def _arm(self) -> None:
        """Set the timer to the model's next event.

        An earlier timer is kept, because replacing it for each write costs more than one wake-up.
        """
        at = self.path.next_event_at()
        if at >= self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_at(at, self._wake)

    # From the model to the target.

    def _deliver(self, direction: Direction) -> None:
        """Send arrived bytes to the target, as far as it accepts them, and then the end."""
        target = direction.target
        if target is None or direction.is_writing:
            return
        if direction.deliverable_bytes:
            try:
                taken = target.send(direction.buffered[: direction.deliverable_bytes])
            except (BlockingIOError, InterruptedError):
                taken = 0
            except OSError:
                self._abort_from(direction.side.other)
                return
            del direction.buffered[:taken]
            direction.deliverable_bytes -= taken
            if direction.deliverable_bytes:
                self._start_writing(direction)
                return
        if direction.end_is_due and not direction.end_passed:
            direction.end_passed = True
            # After a reset the socket is not connected any more. The next read reports that.
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)
            if all(each.end_passed for each in self._directions):
                self._end(reset=False)

    # From the source to the model.

    def _room_bytes(self, direction: Direction) -> int:
        """Return how many bytes may be read: what fits the send buffer and the window."""
        path, side = self.path, direction.side
        unsent_bytes = UNSENT_LIMIT_BYTES - path.unsent_bytes(side)
        window_bytes = RECEIVE_WINDOW_BYTES - direction.deliverable_bytes
        return max(0, min(path.send_space_bytes(side), unsent_bytes, window_bytes))

    def _resume_reading(self, direction: Direction) -> None:
        """Read again when there is room. Not reading is the back-pressure."""
        if direction.is_reading or direction.end_was_read:
            return
        if self._room_bytes(direction) >= READ_RESUME_BYTES:
            self._start_reading(direction)

    def _start_reading(self, direction: Direction) -> None:
        if direction.source is not None:
            direction.is_reading = True
            self._loop.add_reader(direction.source, self._readable, direction)

    def _stop_reading(self, direction: Direction) -> None:
        if direction.is_reading and direction.source is not None:
            direction.is_reading = False
            self._loop.remove_reader(direction.source)
            self._schedule_reset_poll()

    def _start_writing(self, direction: Direction) -> None:
        assert direction.target is not None
        direction.is_writing = True
        self._loop.add_writer(direction.target, self._writable, direction)

    def _stop_writing(self, direction: Direction) -> None:
        if direction.is_writing and direction.target is not None:
            direction.is_writing = False
            self._loop.remove_writer(direction.target)

    # Resets.

    def _schedule_reset_poll(self) -> None:
        if self._reset_poll is None:
            self._reset_poll = self._loop.call_later(RESET_POLL_INTERVAL_S, self._poll_for_resets)

    def _poll_for_resets(self) -> None:
        """Check the sockets that are not being read for a reset by the application."""
        self._reset_poll = None
        for direction in self._directions:
            source = direction.source
            if source is None or direction.is_reading:
                continue
            if source.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._abort_from(direction.side)
            else:
                self._schedule_reset_poll()

    def _abort_from(self, side: Side) -> None:
        """Send a reset from ``side``, whose application is gone, through the model."""
        self._detach(side, reset=True)
        if self._sockets[side.other] is None:
            self._end(reset=True)
        else:
            self._send_reset(side)

    def _send_reset(self, side: Side) -> None:
        now = self._loop.time()
        arrivals = self.path.send_reset(now, side)
        if arrivals:
            self._reset_timer = self._loop.call_at(arrivals[0], self._reset_arrives)
        else:
            self._reset_timer = self._loop.call_at(now + RESET_RETRY_S, self._send_reset, side)

    def _reset_arrives(self) -> None:
        # Data that arrived before the reset is delivered before it.
        self._serve()
        self._end(reset=True)

    # The end.

    def _detach(self, side: Side, reset: bool) -> None:
        sock = self._sockets[side]
        if sock is None:
            return
        self._stop_reading(self._directions[side])
        self._stop_writing(self._directions[side.other])
        self._directions[side].source = self._directions[side.other].target = None
        self._sockets[side] = None
        if reset:
            # A socket with an error may refuse options.
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        sock.close()

    def _end(self, reset: bool) -> None:
        if not self._is_open:
            return
        self._is_open = False
        if self._opening is not None:
            self._opening.cancel()
        self._detach(Side.CLIENT, reset)
        self._detach(Side.SERVER, reset)
        for timer in (self._timer, self._reset_poll, self._reset_timer):
            if timer is not None:
                timer.cancel()
        self._on_end(self)
