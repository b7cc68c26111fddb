"""SACK scoreboard of a sender: segments that are out, SACKed, lost or resent.  [pure]

RFC 2018 (SACK), RFC 6675 (packets in flight), RFC 8985 (loss detection). Linux
``net/ipv4/tcp_input.c``: ``tcp_sacktag_write_queue``, ``tcp_clean_rtx_queue``.
"""

from collections import deque
from sys import maxsize

from net.link.tcp.rack import Rack
from net.link.tcp_segment import MSS_BYTES, Block, Packet

__all__ = ["AckResult", "Scoreboard", "Segment"]


class Segment:
    """A segment that was sent and is not yet acknowledged cumulatively.

    ``lost`` stays set after a retransmission. ``in_flight_again`` marks that one is out.
    ``found_lost``: RACK has found the last transmission lost. It does not judge it again.
    ``sent_at`` is the time of the last transmission, in seconds.
    """

    __slots__ = (
        "end",
        "found_lost",
        "in_flight_again",
        "lost",
        "resent",
        "sacked",
        "sent_at",
        "start",
    )

    def __init__(self, start: int, end: int, sent_at: float) -> None:
        self.start = start
        self.end = end
        self.sent_at = sent_at
        self.resent = False
        self.sacked = False
        self.lost = False
        self.found_lost = False
        self.in_flight_again = False


class AckResult:
    """Changes of the scoreboard by one acknowledgement. Times are when segments were sent.

    ``advanced``: the acknowledged position rose (Linux's ``FLAG_SND_UNA_ADVANCED``).
    ``acked``: a whole segment was acknowledged (``FLAG_ACKED``). The front part of a merged segment
    is none. ``delivered`` counts packets. ``original_arrived``: a segment arrived that was sent
    once, and before the recovery's end.
    """

    # Defaults of the class, not set in ``__init__``: one object is made for each acknowledgement,
    # and most change only a few of them.
    advanced = False
    acked = False
    delivered = 0
    sacked = False
    resent_acked = False
    original_arrived = False
    first_acked_at: float | None = None
    last_acked_at: float | None = None
    first_sacked_at: float | None = None
    last_sacked_at: float | None = None
    lowest_original = maxsize

    def newest_sent_at(self) -> float | None:
        """Return when the newest reported segment that was sent once was sent."""
        return self.last_acked_at if self.last_sacked_at is None else self.last_sacked_at

    def note_original(self, segment: Segment, recovery_end: int) -> None:
        """Apply the arrival of a segment that was sent once."""
        self.lowest_original = min(self.lowest_original, segment.start)
        if segment.end <= recovery_end:
            self.original_arrived = True


class Scoreboard:
    """Segments that are out, in stream order, with their counts by state.

    ``una`` is the first byte not acknowledged, ``next_seq`` the first byte never sent.
    ``sacked_out``, ``lost_out`` and ``resent_out`` are Linux's counts of these names
    (``retrans_out`` for the last). ``lost_total`` only rises.
    """

    __slots__ = (
        "_last_sacks",
        "high_sacked",
        "lost_out",
        "lost_total",
        "next_seq",
        "rack",
        "resent_out",
        "sacked_out",
        "segments",
        "una",
    )

    def __init__(self) -> None:
        self.una = 0
        self.next_seq = 0
        self.segments: deque[Segment] = deque()
        self.sacked_out = 0
        self.lost_out = 0
        self.resent_out = 0
        self.lost_total = 0
        self.high_sacked = 0
        self.rack = Rack()
        self._last_sacks: tuple[Block, ...] = ()

    def in_flight(self) -> int:
        """Return the number of packets estimated to be on the way.

        ``pipe`` of RFC 6675 in packets; Linux's ``tcp_packets_in_flight``.
        """
        return len(self.segments) - self.sacked_out - self.lost_out + self.resent_out

    def has_resent(self) -> bool:
        """Tell whether a retransmission is out, or the head was ever sent again.

        Linux's ``tcp_any_retrans_done``.
        """
        return self.resent_out > 0 or (bool(self.segments) and self.segments[0].resent)

    def add(self, start: int, end: int, now: float) -> None:
        """Append a segment that is sent for the first time."""
        self.segments.append(Segment(start, end, now))
        self.next_seq = end

    def is_repeated_by(self, packet: Packet) -> bool:
        """Tell whether ``packet`` acknowledges nothing new and reports no duplicate."""
        return (
            packet.ack <= self.una and packet.sacks == self._last_sacks and packet.duplicate is None
        )

    def acknowledge(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float
    ) -> AckResult:
        """Apply the cumulative and selective acknowledgement of ``packet`` (RFC 2018).

        ``recovery_end`` is the position where the current or last recovery ends. F-RTO needs to
        know of originals from before it that arrive (RFC 5682).
        """
        result = AckResult()
        high_before = self.high_sacked
        # Most packets repeat the last SACK blocks, and each block costs a walk over the segments.
        if packet.sacks and packet.sacks != self._last_sacks:
            self._apply_sacks(packet, now, recovery_end, min_rtt_s, result)
        self._last_sacks = packet.sacks
        if packet.ack > self.una:
            self._advance_una(packet, now, recovery_end, min_rtt_s, result)
        # An original below what was SACKed before: the network has changed the order.
        if result.lowest_original < high_before:
            distance = self.high_sacked - result.lowest_original
            self.rack.note_reordering(distance, MSS_BYTES)
        return result

    def _apply_sacks(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float, result: AckResult
    ) -> None:
        # Segments and blocks are both sorted, so one walk serves all blocks.
        blocks = sorted(packet.sacks)
        for segment in self.segments:
            while blocks and blocks[0][1] < segment.end:
                del blocks[0]
            if not blocks:
                break
            if segment.start < blocks[0][0] or segment.sacked:
                continue
            if not segment.resent:
                result.note_original(segment, recovery_end)
                if result.first_sacked_at is None:
                    result.first_sacked_at = segment.sent_at
                result.last_sacked_at = segment.sent_at
            self._clear_marks(segment)
            segment.sacked = True
            self.sacked_out += 1
            self.high_sacked = max(self.high_sacked, segment.end)
            result.sacked = True
            result.delivered += 1
            self.rack.note_arrival(segment.sent_at, segment.end, segment.resent, now, min_rtt_s)

    def _advance_una(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float, result: AckResult
    ) -> None:
        result.advanced = True
        self.una = packet.ack
        segments = self.segments
        while segments and segments[0].end <= packet.ack:
            segment = segments.popleft()
            result.acked = True
            self._clear_marks(segment)
            if segment.resent:
                result.resent_acked = True
            elif not segment.sacked:
                result.note_original(segment, recovery_end)
                if result.first_acked_at is None:
                    result.first_acked_at = segment.sent_at
                result.last_acked_at = segment.sent_at
            if segment.sacked:
                self.sacked_out -= 1
                continue
            result.delivered += 1
            # An echo from before the retransmission answers the original. Its time says nothing
            # about the retransmission, which RACK would take it for.
            if not (segment.resent and packet.echo < segment.sent_at):
                self.rack.note_arrival(segment.sent_at, segment.end, segment.resent, now, min_rtt_s)

    def _clear_marks(self, segment: Segment) -> None:
        """Remove an arrived segment from the counts of lost and resent ones."""
        if segment.lost:
            segment.lost = False
            self.lost_out -= 1
        if segment.in_flight_again:
            segment.in_flight_again = False
            self.resent_out -= 1

    def mark_lost(self, segment: Segment) -> None:
        """Mark ``segment`` lost, or its retransmission if it is marked already.

        An undo removes the mark while a retransmission is out. Then the next mark is the first one
        again, and the retransmission still counts as out. RACK gives only one mark, so the segment
        waits for the timeout. The kernel behaves so too (``tcp_mark_skb_lost``).
        """
        if segment.sacked:
            return
        if not segment.lost:
            segment.lost = True
            self.lost_out += 1
        elif segment.in_flight_again:
            segment.in_flight_again = False
            self.resent_out -= 1
        else:
            return
        self.lost_total += 1

    def unmark_lost(self) -> None:
        """Remove all marks of loss, after a recovery that was spurious."""
        for segment in self.segments:
            segment.lost = False
        self.lost_out = 0

    def detect_losses(self, now: float, window_s: float) -> float:
        """Mark segments that RACK finds lost; return the seconds until it must check again.

        Zero if nothing is left to wait for.
        RFC 8985, section 6.2, step 5; Linux's ``tcp_rack_detect_loss``.
        """
        rack = self.rack
        rack.advanced = False
        wait_s = 0.0
        for segment in self.segments:
            if segment.found_lost or segment.sacked:
                continue
            if segment.lost and not segment.in_flight_again:
                continue
            if not rack.sent_before_newest(segment.sent_at, segment.end):
                if segment.resent:
                    continue
                # Never resent, so each one that follows was sent later. Linux walks its list in
                # order of sending (``tsorted_sent_queue``) and stops here too.
                break
            remaining_s = rack.rtt_s + window_s - (now - segment.sent_at)
            if remaining_s <= 0:
                self.mark_lost(segment)
                segment.found_lost = True
            else:
                wait_s = max(wait_s, remaining_s)
        return wait_s

    def mark_expired(self, now: float) -> None:
        """Mark the head lost after a timeout, and all older than RACK's round trip.

        RFC 8985, section 6.3: newer segments may still be on the way.
        """
        for position, segment in enumerate(self.segments):
            if position == 0 or self.rack.rtt_s - (now - segment.sent_at) <= 0:
                self.mark_lost(segment)

    def resend(self, segment: Segment, now: float) -> None:
        """Record that ``segment``, which is lost, is sent again."""
        self.resend_unmarked(segment, now)
        if not segment.in_flight_again:
            segment.in_flight_again = True
            self.resent_out += 1

    def resend_unmarked(self, segment: Segment, now: float) -> None:
        """Record that ``segment`` is sent again, merged with what follows up to the MSS.

        The following segments need not be lost (Linux's ``tcp_retrans_try_collapse``). So many
        small messages that were lost together are resent in one packet.
        """
        segment.resent = True
        segment.found_lost = False
        segment.sent_at = now
        segments = self.segments
        following = segments.index(segment) + 1
        while following < len(segments):
            swallowed = segments[following]
            if swallowed.sacked or swallowed.end - segment.start > MSS_BYTES:
                break
            self._clear_marks(swallowed)
            segment.end = swallowed.end
            del segments[following]
