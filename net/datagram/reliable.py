"""Messages made reliable over datagrams: resent, put in order, cut up and joined.  [pure]

A message becomes one *segment*, or several that each fit a datagram; segments are numbered, and
as many as fit share a datagram. The layer below numbers the datagrams and tells which of them
arrived, so a segment is resent in a new datagram under its own old number, every acknowledgement
belongs to one sending, and Karn's ambiguity of round-trip samples does not arise (as in QUIC,
RFC 9002).

A body is a row of segments:

    offset  size  field
    0       2     segment number, wrapping
    2       2     bit 15: the message goes on in the next segment; bits 0-14: length n
    4       n     the bytes

How fast: at most ``CONGESTION_WINDOW_MAX`` datagrams are under way, fewer after a loss (additive
increase, multiplicative decrease). Knows no socket and no header of datagrams; ``now`` is an
argument.
"""

from collections import deque
from struct import Struct

from net.datagram.sequence import NUMBER_MASK, unwrap
from net.errors import ProtocolError, SendQueueOverflow
from net.transport import MESSAGE_LIMIT_BYTES, RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES

SEGMENT_HEADER = Struct(">HH")
_MORE_FOLLOWS = 0x8000
_LENGTH_MASK = 0x7FFF

# How far a sender may be ahead of the first segment that is missing. The receiver must be ready
# to keep that many: with full segments 600 KB for a peer.
WINDOW_SEGMENTS = 512

# Datagrams under way. The most fits a default socket buffer (208 KiB on Linux, which counts 2304
# bytes for a full datagram) twice, and one acknowledgement speaks of all of them.
CONGESTION_WINDOW_MAX = 32
CONGESTION_WINDOW_START = 16
CONGESTION_WINDOW_MIN = 4

# A datagram is lost when this many later ones were confirmed before it (RFC 9002, 6.1.1), and ...
REORDER_THRESHOLD = 3
# ... it has been under way this many round trips (RFC 9002, 6.1.2): jitter reorders bursts.
REORDER_ROUND_TRIPS = 9 / 8

# Retransmission timeout. The start is a guess until there is a sample. The least leaves room for
# a peer's delayed acknowledgement and a coarse clock (Windows: 15.6 ms); the most lets a link that
# was gone be found again within a second.
TIMEOUT_START_S = 0.3
TIMEOUT_MIN_S = 0.05
TIMEOUT_MAX_S = 1.0

NEVER = float("inf")

Segment = tuple[int, bytes]


class RttEstimator:
    """The round-trip time as measured, and the retransmission timeout it gives (RFC 6298, 2)."""

    __slots__ = ("smoothed_s", "timeout_s", "variation_s")

    def __init__(self) -> None:
        self.smoothed_s = 0.0
        self.variation_s = 0.0
        self.timeout_s = TIMEOUT_START_S

    def sample(self, rtt_s: float) -> None:
        """Take one measurement into account."""
        if not self.smoothed_s:
            self.smoothed_s = rtt_s
            self.variation_s = rtt_s / 2
        deviation_s = rtt_s - self.smoothed_s
        self.smoothed_s += deviation_s / 8
        self.variation_s += (abs(deviation_s) - self.variation_s) / 4
        timeout_s = self.smoothed_s + 4 * self.variation_s
        if timeout_s < TIMEOUT_MIN_S:
            timeout_s = TIMEOUT_MIN_S
        self.timeout_s = timeout_s if timeout_s < TIMEOUT_MAX_S else TIMEOUT_MAX_S


class ReliableSender:
    """Keeps messages until the peer has them.

    The caller asks ``pack`` for bodies until it gets none, whenever it has put a message or an
    acknowledgement or a timer may have made room, and calls ``on_timer`` at ``deadline``.
    """

    __slots__ = (
        "_congestion_window",
        "_first_missing",
        "_next_number",
        "_recovered_at",
        "_unconfirmed_bytes",
        "in_flight",
        "retransmitted",
        "round_trip",
        "timeout_s",
        "unconfirmed",
        "waiting",
    )

    def __init__(self) -> None:
        self.round_trip = RttEstimator()
        self.retransmitted = 0
        self._next_number = 0
        self._first_missing = 0
        # Segments to send, those to be sent again first.
        self.waiting: deque[Segment] = deque()
        # Every segment that the peer has not confirmed, waiting ones too, and its size.
        self.unconfirmed: dict[int, int] = {}
        self._unconfirmed_bytes = 0
        # By datagram number, in the order of sending.
        self.in_flight: dict[int, tuple[float, list[Segment]]] = {}
        self._congestion_window = float(CONGESTION_WINDOW_START)
        self._recovered_at = 0
        # How long to wait now for an acknowledgement: doubled by every wait in vain.
        self.timeout_s = TIMEOUT_START_S

    @property
    def idle(self) -> bool:
        """Whether the peer has confirmed everything."""
        return not self.unconfirmed

    @property
    def deadline(self) -> float:
        """When the oldest datagram under way times out; ``NEVER`` without one."""
        for sent_at, _ in self.in_flight.values():
            return sent_at + self.timeout_s
        return NEVER

    def enqueue(self, message: bytes, room_bytes: int) -> None:
        """Take a message to deliver, cut up for bodies of ``room_bytes``.

        Raises ``SendQueueOverflow`` when more waits for the peer than may.
        """
        room_bytes -= SEGMENT_HEADER.size
        if len(message) <= room_bytes:
            self._put_segment(message, len(message))
        else:
            last = (len(message) - 1) // room_bytes * room_bytes
            for start in range(0, last, room_bytes):
                part = message[start : start + room_bytes]
                self._put_segment(part, room_bytes | _MORE_FOLLOWS)
            self._put_segment(message[last:], len(message) - last)
        if (
            len(self.unconfirmed) > RELIABLE_LIMIT_MESSAGES
            or self._unconfirmed_bytes > RELIABLE_LIMIT_BYTES
        ):
            raise SendQueueOverflow(
                f"{len(self.unconfirmed)} reliable messages ({self._unconfirmed_bytes} "
                "bytes) wait for a peer that does not confirm them"
            )

    def build_payload(self, datagram: int, room_bytes: int, now: float) -> bytes:
        """Return the body of the datagram with the number ``datagram``, to be sent at once.

        Empty when nothing is ``waiting``, or nothing of it may leave yet.
        """
        if len(self.in_flight) >= self._congestion_window:
            return b""
        segments: list[Segment] = []
        while self.waiting:
            number, encoded = self.waiting[0]
            room_bytes -= len(encoded)
            beyond_window = number - self._first_missing >= WINDOW_SEGMENTS
            if room_bytes < 0 or (beyond_window and not self._window_reaches(number)):
                break
            segments.append(self.waiting.popleft())
        if not segments:
            return b""
        self.in_flight[datagram] = (now, segments)
        if len(segments) == 1:
            return segments[0][1]
        return b"".join([encoded for _, encoded in segments])

    def acknowledge(self, datagram: int, now: float, is_newest: bool) -> None:
        """Learn that a datagram arrived.

        ``is_newest``: no later one was confirmed with it; only those measure the round trip, the
        acknowledgement of an older one may itself have been lost once.
        """
        sent = self.in_flight.pop(datagram, None)
        if sent is None:
            return
        sent_at, segments = sent
        if is_newest:
            self.round_trip.sample(now - sent_at)
        unconfirmed = self.unconfirmed
        for number, _ in segments:
            self._unconfirmed_bytes -= unconfirmed.pop(number, 0)
        self.timeout_s = self.round_trip.timeout_s
        if self._congestion_window < CONGESTION_WINDOW_MAX:
            opened = self._congestion_window + 1 / self._congestion_window
            self._congestion_window = min(opened, CONGESTION_WINDOW_MAX)

    def detect_losses(self, newest_confirmed: int, now: float) -> None:
        """Give up datagrams that later ones have overtaken; their segments will be resent."""
        late_before = now - self.round_trip.smoothed_s * REORDER_ROUND_TRIPS
        lost = []
        for datagram, (sent_at, _) in self.in_flight.items():
            if datagram + REORDER_THRESHOLD > newest_confirmed or sent_at > late_before:
                break
            lost.append(datagram)
        if lost:
            self._give_up(lost)

    def on_timer(self, now: float) -> None:
        """Give up datagrams that have timed out."""
        lost = []
        for datagram, (sent_at, _) in self.in_flight.items():
            # Added up as in `deadline`: rounded otherwise, the timer could come a hair early.
            if sent_at + self.timeout_s > now:
                break
            lost.append(datagram)
        if lost:
            self._give_up(lost)
            self._congestion_window = CONGESTION_WINDOW_MIN
            self.timeout_s = min(2 * self.timeout_s, TIMEOUT_MAX_S)

    def _put_segment(self, part: bytes, length_field: int) -> None:
        number = self._next_number
        self._next_number = number + 1
        encoded = SEGMENT_HEADER.pack(number & NUMBER_MASK, length_field) + part
        self.waiting.append((number, encoded))
        self.unconfirmed[number] = len(part)
        self._unconfirmed_bytes += len(part)

    def _window_reaches(self, number: int) -> bool:
        """Whether a waiting segment may leave, now that earlier ones may have been confirmed."""
        while self._first_missing not in self.unconfirmed:
            self._first_missing += 1
        return number - self._first_missing < WINDOW_SEGMENTS

    def _give_up(self, datagrams: list[int]) -> None:
        again = [
            segment
            for datagram in datagrams
            for segment in self.in_flight.pop(datagram)[1]
            if segment[0] in self.unconfirmed
        ]
        self.retransmitted += len(again)
        self.waiting.extendleft(reversed(again))
        # Losses of one window are one sign of congestion (RFC 6582): halve once for all of them.
        if datagrams[-1] > self._recovered_at:
            self._recovered_at = next(reversed(self.in_flight), datagrams[-1])
            halved = self._congestion_window / 2
            self._congestion_window = max(halved, CONGESTION_WINDOW_MIN)


class ReliableReceiver:
    """Puts segments in order and joins them to messages.

    ``error`` is set when the peer's message grows over the limit: it cannot be left out, since
    what follows must not overtake it, so the conversation has to end.
    """

    __slots__ = ("_early", "_expected", "_parts", "_parts_bytes", "error")

    def __init__(self) -> None:
        self.error: ProtocolError | None = None
        self._expected = 0
        self._early: dict[int, tuple[bytes, bool]] = {}
        self._parts: list[bytes] = []
        self._parts_bytes = 0

    def receive(self, body: bytes) -> list[bytes]:
        """Return the messages that a body completes, in order.

        Raises ``ProtocolError``, and has changed nothing then, for a body that no sender of ours
        sends.
        """
        size = len(body) - SEGMENT_HEADER.size
        if size >= 0 and not self._early and not self._parts:
            # One whole message, and the one expected: most are, and need no more than this.
            wrapped, length_field = SEGMENT_HEADER.unpack_from(body)
            if length_field == size and wrapped == self._expected & NUMBER_MASK:
                self._expected += 1
                return [body[SEGMENT_HEADER.size :]]
        segments = self._parse(body)
        messages: list[bytes] = []
        for number, part, more_follow in segments:
            if number == self._expected:
                self._append(part, more_follow, messages)
            elif number > self._expected:
                self._early[number] = (part, more_follow)
        while self._early and (early := self._early.pop(self._expected, None)) is not None:
            self._append(*early, messages)
        return messages

    def _parse(self, body: bytes) -> list[tuple[int, bytes, bool]]:
        """Return the segments of a body: number, bytes, whether the message goes on."""
        segments = []
        offset, end = 0, len(body)
        window_end = self._expected + WINDOW_SEGMENTS
        while offset + SEGMENT_HEADER.size <= end:
            wrapped, length_field = SEGMENT_HEADER.unpack_from(body, offset)
            number = unwrap(wrapped, self._expected)
            start = offset + SEGMENT_HEADER.size
            offset = start + (length_field & _LENGTH_MASK)
            if number >= window_end:
                raise ProtocolError(f"segment {number} is beyond the window")
            segments.append((number, body[start:offset], length_field >= _MORE_FOLLOWS))
        if offset != end or not segments:
            raise ProtocolError("segments do not fill their datagram")
        return segments

    def _append(self, part: bytes, more_follow: bool, messages: list[bytes]) -> None:
        self._expected += 1
        if not more_follow and not self._parts:
            messages.append(part)
            return
        self._parts.append(part)
        self._parts_bytes += len(part)
        if self._parts_bytes > MESSAGE_LIMIT_BYTES:
            self.error = ProtocolError(f"a message of more than {MESSAGE_LIMIT_BYTES} bytes")
            self._parts.clear()
        elif not more_follow:
            messages.append(b"".join(self._parts))
            self._parts.clear()
            self._parts_bytes = 0
