"""Reliable, ordered delivery over datagrams: segments, retransmission, congestion control.  [pure]

A message becomes one *segment*, or several that each fit into a datagram. Segments are numbered,
and as many as fit share a datagram. ``net/datagram/wire_format.py`` has the layout.

The connection numbers the datagrams and learns which of them arrived. A lost segment is sent again
in a *new* datagram, with a new sequence number, under its old segment number. So every
acknowledgement belongs to exactly one transmission (as in QUIC, RFC 9002, section 4.2). Round-trip
samples cannot be ambiguous, which Karn's algorithm must avoid in TCP.

A datagram that was declared lost may still be acknowledged: the path has become slower than the
timeout. Such a late acknowledgement confirms its segments, and the timeout grows beyond its time.
So the next acknowledgement comes in time, and the spurious retransmissions end. (TCP needs
timestamps to detect them: the Eifel algorithm, RFC 3522 and RFC 4015.)

Congestion control: at most ``CONGESTION_WINDOW_MAX`` datagrams are in flight, fewer after a loss
(additive increase, multiplicative decrease).
"""

from collections import deque

from net.datagram.sequence import NUMBER_MASK, unwrap
from net.datagram.wire_format import SEGMENT_HEADER
from net.errors import ProtocolError, SendQueueOverflow
from net.transport import MESSAGE_LIMIT_BYTES, RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES

_MORE_FOLLOWS = 0x8000
_LENGTH_MASK = 0x7FFF

# How far a sender may be ahead of the first segment that is missing. The receiver must be able to
# buffer that many: 600 KB for a peer with full segments.
WINDOW_SEGMENTS = 512

# Datagrams in flight. One ack bitfield covers the maximum. It also fits twice into a default socket
# buffer: Linux has 208 KiB, and counts 2304 bytes for a full datagram.
CONGESTION_WINDOW_MAX = 32
CONGESTION_WINDOW_START = 16
CONGESTION_WINDOW_MIN = 4

# A datagram counts as lost when one sent this many numbers later was acknowledged (RFC 9002,
# section 6.1.1), and ...
REORDER_THRESHOLD = 3
# ... it was sent this many round-trip times ago (RFC 9002, section 6.1.2). Both are required,
# because jitter reorders whole bursts.
REORDER_ROUND_TRIPS = 9 / 8

# Retransmission timeout. The start value is used until there is a sample. The minimum leaves room
# for a peer's delayed acknowledgement and a coarse clock (Windows: 15.6 ms). The maximum leaves
# room for a round trip of 4 s with jitter, and ends before the peer counts as gone after 10 s.
TIMEOUT_START_S = 0.3
TIMEOUT_MIN_S = 0.05
TIMEOUT_MAX_S = 8.0
# Backing off stops here, unless the round-trip time alone requires more. So a link that was
# interrupted is in use again within a second.
BACKOFF_MAX_S = 1.0

# The timeout after an acknowledgement that is no sample, compared with the time that it took.
UNSAMPLED_TIMEOUT_RATIO = 1.25

# How many datagrams that were declared lost are remembered, for a late acknowledgement. At a
# round-trip time of 4 s and full windows, fewer than this are sent until the first one is
# acknowledged.
LATE_LIMIT_DATAGRAMS = 256

NEVER = float("inf")

# Segment number, and the segment as it is on the wire.
Segment = tuple[int, bytes]


class RttEstimator:
    """The smoothed round-trip time and the retransmission timeout (RFC 6298, section 2)."""

    __slots__ = ("smoothed_s", "timeout_s", "variation_s")

    def __init__(self) -> None:
        self.smoothed_s = 0.0
        self.variation_s = 0.0
        self.timeout_s = TIMEOUT_START_S

    def sample(self, rtt_s: float) -> None:
        """Add one measurement."""
        if not self.smoothed_s:
            self.smoothed_s = rtt_s
            self.variation_s = rtt_s / 2
        # The gains 1/8 and 1/4, and the factor 4, are those of RFC 6298.
        deviation_s = rtt_s - self.smoothed_s
        self.smoothed_s += deviation_s / 8
        self.variation_s += (abs(deviation_s) - self.variation_s) / 4
        timeout_s = self.smoothed_s + 4 * self.variation_s
        # Comparisons instead of ``min`` and ``max``: this runs for every acknowledgement.
        if timeout_s < TIMEOUT_MIN_S:
            timeout_s = TIMEOUT_MIN_S
        self.timeout_s = timeout_s if timeout_s < TIMEOUT_MAX_S else TIMEOUT_MAX_S


class ReliableSender:
    """The sending half: keeps segments until the peer has acknowledged them.

    After ``enqueue``, ``acknowledge``, ``detect_losses`` and ``on_timer`` the caller sends what
    ``build_payload`` returns, until that is empty. It calls ``on_timer`` at ``deadline``.

    ``waiting``: segments to send, retransmissions first.
    ``unconfirmed``: the sizes of all segments that the peer has not acknowledged, by number.
    ``in_flight``: by datagram number in the order of sending, the time of sending and the segments.
    ``timeout_s``: the present retransmission timeout.
    """

    __slots__ = (
        "_congestion_window",
        "_declared_lost",
        "_first_missing",
        "_next_number",
        "_recovery_end",
        "_unconfirmed_bytes",
        "_window_before_timeout",
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
        self.waiting: deque[Segment] = deque()
        self.unconfirmed: dict[int, int] = {}
        self._unconfirmed_bytes = 0
        self.in_flight: dict[int, tuple[float, list[Segment]]] = {}
        # By datagram number in the order of loss, the time of sending and the segment numbers.
        self._declared_lost: dict[int, tuple[float, list[int]]] = {}
        self._congestion_window = float(CONGESTION_WINDOW_START)
        # The congestion window before the first of the latest timeouts; 0 if it is not restored.
        self._window_before_timeout = 0.0
        # The last datagram in flight at the latest loss; losses up to it are the same congestion.
        self._recovery_end = 0
        # Doubled by every timeout, and set afresh by every acknowledgement.
        self.timeout_s = TIMEOUT_START_S

    @property
    def idle(self) -> bool:
        """True if the peer has acknowledged everything."""
        return not self.unconfirmed

    @property
    def awaits_acks(self) -> bool:
        """True if anything is sent that is not yet acknowledged."""
        return bool(self.in_flight or self.unconfirmed)

    @property
    def deadline(self) -> float:
        """Time at which the oldest datagram in flight times out; ``NEVER`` if there is none."""
        for sent_at, _ in self.in_flight.values():
            return sent_at + self.timeout_s
        return NEVER

    def enqueue(self, message: bytes, room_bytes: int) -> None:
        """Queue a message, split into segments for bodies of ``room_bytes``.

        Raises ``SendQueueOverflow`` if too much waits for the peer.
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
                "bytes) wait for a peer that does not acknowledge them"
            )

    def build_payload(self, datagram: int, room_bytes: int, now: float) -> bytes:
        """Return the body of datagram number ``datagram``, to be sent at once.

        Empty if nothing is ``waiting``, or if a window is full.
        """
        if len(self.in_flight) >= self._congestion_window:
            return b""
        segments: list[Segment] = []
        while self.waiting:
            number, encoded = self.waiting[0]
            if number not in self.unconfirmed:
                # To be sent again, but a late acknowledgement has confirmed it meanwhile.
                self.waiting.popleft()
                continue
            room_bytes -= len(encoded)
            # The receiver buffers ``WINDOW_SEGMENTS``. ``_first_missing`` may be out of date; it is
            # only computed again when it seems too far behind, which is seldom.
            beyond_window = number - self._first_missing >= WINDOW_SEGMENTS
            if room_bytes < 0 or (beyond_window and not self._window_reaches(number)):
                break
            segments.append(self.waiting.popleft())
        if not segments:
            return b""
        self.in_flight[datagram] = (now, segments)
        if len(segments) == 1:
            # The usual case in a game: one small message. No copy.
            return segments[0][1]
        return b"".join([encoded for _, encoded in segments])

    def acknowledge(self, datagram: int, now: float, is_first: bool) -> None:
        """Process the acknowledgement of a datagram.

        ``is_first``: no newer datagram was acknowledged before. Only then is the round-trip time
        measured (as in RFC 9002, section 5.1). An older datagram may have been acknowledged before,
        in a datagram that was lost. All that one acknowledgement is the first to cover are
        measured. An event and the snapshot behind it arrive together, and the event is the older.
        """
        sent = self.in_flight.pop(datagram, None)
        if sent is None:
            if self._declared_lost:
                self._acknowledge_late(datagram, now)
            return
        sent_at, segments = sent
        if is_first:
            self.round_trip.sample(now - sent_at)
            self.timeout_s = self.round_trip.timeout_s
        else:
            self._set_unsampled_timeout(now - sent_at)
        self._confirm([number for number, _ in segments])
        self._window_before_timeout = 0.0
        # Additive increase: one datagram more for each full window that is acknowledged.
        if self._congestion_window < CONGESTION_WINDOW_MAX:
            opened = self._congestion_window + 1 / self._congestion_window
            self._congestion_window = min(opened, CONGESTION_WINDOW_MAX)

    def detect_losses(self, newest_confirmed: int, now: float) -> None:
        """Declare datagrams lost that later ones have overtaken; queue their segments again."""
        late_before = now - self.round_trip.smoothed_s * REORDER_ROUND_TRIPS
        lost = []
        for datagram, (sent_at, _) in self.in_flight.items():
            # In the order of sending: if this one is not lost, none after it is.
            if datagram + REORDER_THRESHOLD > newest_confirmed or sent_at > late_before:
                break
            lost.append(datagram)
        if lost:
            self._declare_lost(lost)

    def on_timer(self, now: float) -> None:
        """Declare datagrams lost that have timed out; queue their segments again."""
        lost = []
        for datagram, (sent_at, _) in self.in_flight.items():
            # The same sum as in ``deadline``. Computed otherwise it could be rounded otherwise, and
            # the timer would find nothing due.
            if sent_at + self.timeout_s > now:
                break
            lost.append(datagram)
        if lost:
            self._window_before_timeout = self._window_before_timeout or self._congestion_window
            self._declare_lost(lost)
            # Nothing came back for a whole timeout: the link may be down, so start small again and
            # back off (RFC 6298, section 5.5).
            self._congestion_window = CONGESTION_WINDOW_MIN
            backed_off_s = min(2 * self.timeout_s, BACKOFF_MAX_S)
            self.timeout_s = max(backed_off_s, self.round_trip.timeout_s)

    def _acknowledge_late(self, datagram: int, now: float) -> None:
        """Process the acknowledgement of a datagram that was declared lost, and was not."""
        sent = self._declared_lost.pop(datagram, None)
        if sent is None:
            return
        sent_at, numbers = sent
        # No sample: with much loss it may have arrived long ago, and only the acknowledgements
        # before this one were lost.
        self._set_unsampled_timeout(now - sent_at)
        self._confirm(numbers)
        # The timeout was no sign of congestion, so its effect is undone (RFC 4015, section 3.2).
        self._congestion_window = max(self._congestion_window, self._window_before_timeout)
        self._window_before_timeout = 0.0

    def _set_unsampled_timeout(self, took_s: float) -> None:
        """Set the timeout after an acknowledgement that took so long, until there is a sample."""
        # At most doubled, because the delay may not be the path's. Earlier acknowledgements of a
        # peer that had nothing to send may have been lost.
        timeout_s = min(UNSAMPLED_TIMEOUT_RATIO * took_s, 2 * self.timeout_s, TIMEOUT_MAX_S)
        self.timeout_s = max(timeout_s, self.round_trip.timeout_s)

    def _confirm(self, numbers: list[int]) -> None:
        """Forget segments that have arrived."""
        # A segment may have been acknowledged already, through an earlier or later transmission.
        for number in numbers:
            self._unconfirmed_bytes -= self.unconfirmed.pop(number, 0)

    def _put_segment(self, part: bytes, length_field: int) -> None:
        number = self._next_number
        self._next_number = number + 1
        encoded = SEGMENT_HEADER.pack(number & NUMBER_MASK, length_field) + part
        self.waiting.append((number, encoded))
        self.unconfirmed[number] = len(part)
        self._unconfirmed_bytes += len(part)

    def _window_reaches(self, number: int) -> bool:
        """Compute the first missing segment; return whether the receiver can buffer ``number``."""
        while self._first_missing not in self.unconfirmed:
            self._first_missing += 1
        return number - self._first_missing < WINDOW_SEGMENTS

    def _declare_lost(self, datagrams: list[int]) -> None:
        again: list[Segment] = []
        for datagram in datagrams:
            sent_at, segments = self.in_flight.pop(datagram)
            self._declared_lost[datagram] = (sent_at, [number for number, _ in segments])
            # Segments that were acknowledged meanwhile, in another datagram, are not sent again.
            again += [segment for segment in segments if segment[0] in self.unconfirmed]
        while len(self._declared_lost) > LATE_LIMIT_DATAGRAMS:
            del self._declared_lost[next(iter(self._declared_lost))]
        self.retransmitted += len(again)
        self.waiting.extendleft(reversed(again))
        # Multiplicative decrease, once for all losses of one window. They are one sign of
        # congestion (RFC 6582, and the recovery period of RFC 9002, section 7.3.2).
        if datagrams[-1] > self._recovery_end:
            self._recovery_end = next(reversed(self.in_flight), datagrams[-1])
            halved = self._congestion_window / 2
            self._congestion_window = max(halved, CONGESTION_WINDOW_MIN)


class ReliableReceiver:
    """The receiving half: puts segments in order and joins them to messages.

    ``error`` is set if a message of the peer grows over the limit. It cannot be skipped, because
    later messages must not overtake it, so the connection has to end.
    """

    __slots__ = ("_early", "_expected", "_parts", "_parts_bytes", "error")

    def __init__(self) -> None:
        self.error: ProtocolError | None = None
        self._expected = 0
        # Segments that arrived before an earlier one, by number: the part, and whether the message
        # continues in the next segment.
        self._early: dict[int, tuple[bytes, bool]] = {}
        self._parts: list[bytes] = []
        self._parts_bytes = 0

    def receive(self, body: bytes) -> list[bytes]:
        """Return the messages that a body completes, in order.

        Raises ``ProtocolError``, and has changed nothing, if the body breaks the format.
        """
        size = len(body) - SEGMENT_HEADER.size
        if size >= 0 and not self._early and not self._parts:
            # The usual case: one whole message, and the one that is expected.
            wrapped, length_field = SEGMENT_HEADER.unpack_from(body)
            if length_field == size and wrapped == self._expected & NUMBER_MASK:
                self._expected += 1
                return [body[SEGMENT_HEADER.size :]]
        # All of the body is parsed before any of it is used, so that an error changes nothing.
        segments = self._parse(body)
        messages: list[bytes] = []
        for number, part, continues in segments:
            if number == self._expected:
                self._append(part, continues, messages)
            elif number > self._expected:
                self._early[number] = (part, continues)
        while self._early and (early := self._early.pop(self._expected, None)) is not None:
            self._append(*early, messages)
        return messages

    def _parse(self, body: bytes) -> list[tuple[int, bytes, bool]]:
        """Return a body's segments: number, part, whether the message continues in the next."""
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

    def _append(self, part: bytes, continues: bool, messages: list[bytes]) -> None:
        self._expected += 1
        if not continues and not self._parts:
            messages.append(part)
            return
        self._parts.append(part)
        self._parts_bytes += len(part)
        if self._parts_bytes > MESSAGE_LIMIT_BYTES:
            self.error = ProtocolError(f"a message of more than {MESSAGE_LIMIT_BYTES} bytes")
            self._parts.clear()
        elif not continues:
            messages.append(b"".join(self._parts))
            self._parts.clear()
            self._parts_bytes = 0
