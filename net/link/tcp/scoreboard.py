"""The sender's scoreboard: which segments are out, which arrived, which are thought lost.  [pure]

Applies acknowledgements with SACK (RFC 2018) and marks what RACK calls lost, as Linux's
`tcp_input.c` and `tcp_recovery.c` do. Does not send, and knows nothing of windows or timers.
"""

from collections import deque
from sys import maxsize

from net.link.tcp.packet import MSS_BYTES, Block, Packet
from net.link.tcp.rack import Rack


class Segment:
    """A segment that was sent and is not yet acknowledged cumulatively."""

    __slots__ = ("end", "in_flight_again", "lost", "resent", "sacked", "sent_at", "start")

    def __init__(self, start: int, end: int, sent_at: float) -> None:
        self.start = start
        self.end = end
        self.sent_at = sent_at
        self.resent = False
        self.sacked = False
        self.lost = False
        self.in_flight_again = False


class AckResult:
    """What one acknowledgement changed on the scoreboard; times are when segments were sent."""

    # Defaults of the class, because one is made for each acknowledgement, and most change little.
    advanced = False
    delivered = 0
    sacked = False
    resent_acked = False
    original_arrived = False  # something sent once, before the recovery's end
    first_acked_at: float | None = None
    last_acked_at: float | None = None
    first_sacked_at: float | None = None
    last_sacked_at: float | None = None
    lowest_original = maxsize

    def newest_sent_at(self) -> float | None:
        """Return when the newest segment that this reports, and that was sent once, was sent."""
        return self.last_acked_at if self.last_sacked_at is None else self.last_sacked_at

    def note_original(self, segment: Segment, recovery_end: int) -> None:
        """Note that a segment arrived that was never sent twice."""
        self.lowest_original = min(self.lowest_original, segment.start)
        if segment.end <= recovery_end:
            self.original_arrived = True


class Scoreboard:
    """Keep the segments that are out, in stream order, and count them by state."""

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
        """Return the packets thought to be on the way (RFC 6675's pipe, counted in packets)."""
        return len(self.segments) - self.sacked_out - self.lost_out + self.resent_out

    def add(self, start: int, end: int, now: float) -> None:
        """Note a segment sent for the first time."""
        self.segments.append(Segment(start, end, now))
        self.next_seq = end

    def acknowledge(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float
    ) -> AckResult:
        """Apply the cumulative and selective acknowledgement of `packet`.

        `recovery_end` is where the current or last recovery ends in the stream; an original that
        arrived from before it is what F-RTO looks for (RFC 5682).
        """
        news = AckResult()
        high_before = self.high_sacked
        if packet.sacks and packet.sacks != self._last_sacks:
            self._apply_sacks(packet, now, recovery_end, min_rtt_s, news)
        self._last_sacks = packet.sacks
        if packet.ack > self.una:
            self._advance_una(packet, now, recovery_end, min_rtt_s, news)
        if news.lowest_original < high_before:
            distance = self.high_sacked - news.lowest_original
            self.rack.note_reordering(distance, MSS_BYTES)
        return news

    def _apply_sacks(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float, news: AckResult
    ) -> None:
        blocks = sorted(packet.sacks)
        for segment in self.segments:
            while blocks and blocks[0][1] < segment.end:
                del blocks[0]
            if not blocks:
                break
            if segment.start < blocks[0][0] or segment.sacked:
                continue
            if not segment.resent:
                news.note_original(segment, recovery_end)
                if news.first_sacked_at is None:
                    news.first_sacked_at = segment.sent_at
                news.last_sacked_at = segment.sent_at
            self._clear_marks(segment)
            segment.sacked = True
            self.sacked_out += 1
            self.high_sacked = max(self.high_sacked, segment.end)
            news.sacked = True
            news.delivered += 1
            self.rack.note_arrival(segment.sent_at, segment.end, segment.resent, now, min_rtt_s)

    def _advance_una(
        self, packet: Packet, now: float, recovery_end: int, min_rtt_s: float, news: AckResult
    ) -> None:
        news.advanced = True
        self.una = packet.ack
        segments = self.segments
        while segments and segments[0].end <= packet.ack:
            segment = segments.popleft()
            self._clear_marks(segment)
            if segment.resent:
                news.resent_acked = True
            elif not segment.sacked:
                news.note_original(segment, recovery_end)
                if news.first_acked_at is None:
                    news.first_acked_at = segment.sent_at
                news.last_acked_at = segment.sent_at
            if segment.sacked:
                self.sacked_out -= 1
                continue
            news.delivered += 1
            # An echo from before the retransmission: the receiver had the original.
            if not (segment.resent and packet.echo < segment.sent_at):
                self.rack.note_arrival(segment.sent_at, segment.end, segment.resent, now, min_rtt_s)

    def _clear_marks(self, segment: Segment) -> None:
        """Take an arrived segment out of the lost and the resent."""
        if segment.lost:
            segment.lost = False
            self.lost_out -= 1
        if segment.in_flight_again:
            segment.in_flight_again = False
            self.resent_out -= 1

    def mark_lost(self, segment: Segment) -> None:
        """Call `segment` lost, or its retransmission."""
        if segment.sacked or (segment.lost and not segment.in_flight_again):
            return
        if segment.in_flight_again:
            segment.in_flight_again = False
            self.resent_out -= 1
        if not segment.lost:
            segment.lost = True
            self.lost_out += 1
        self.lost_total += 1

    def unmark_lost(self) -> None:
        """Call nothing lost: the recovery proved needless."""
        for segment in self.segments:
            segment.lost = False
        self.lost_out = 0

    def detect_losses(self, now: float, window_s: float) -> float:
        """Mark what RACK calls lost (step 5); return the seconds until it must look again.

        Zero when nothing is left to wait for.
        """
        rack = self.rack
        rack.advanced = False
        wait_s = 0.0
        for segment in self.segments:
            if segment.sacked or (segment.lost and not segment.in_flight_again):
                continue
            if not rack.sent_before_newest(segment.sent_at, segment.end):
                if segment.resent:
                    continue
                break  # never resent, so all that follow were sent later still, or resent
            remaining_s = rack.rtt_s + window_s - (now - segment.sent_at)
            if remaining_s <= 0:
                self.mark_lost(segment)
            else:
                wait_s = max(wait_s, remaining_s)
        return wait_s

    def mark_expired(self, now: float) -> None:
        """Mark the head lost after a timeout, and all older than RACK's round trip."""
        for position, segment in enumerate(self.segments):
            if position == 0 or self.rack.rtt_s - (now - segment.sent_at) <= 0:
                self.mark_lost(segment)

    def resend(self, segment: Segment, now: float) -> None:
        """Note that `segment` is sent again, as lost."""
        self.resend_unmarked(segment, now)
        if not segment.in_flight_again:
            segment.in_flight_again = True
            self.resent_out += 1

    def resend_unmarked(self, segment: Segment, now: float) -> None:
        """Note that `segment` is sent again, with what follows as far as it fits in one packet.

        Whether that was thought lost or not: Linux's `tcp_retrans_try_collapse`. Many small
        messages that were lost together come back in one packet.
        """
        segment.resent = True
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
