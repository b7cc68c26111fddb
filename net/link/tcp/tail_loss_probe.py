"""The tail loss probe: asking for an acknowledgement before the timeout (RFC 8985, 7).  [pure]

When the last packets of a flight are lost, nothing that was sent later can show it. So after two
round trips of silence something is sent to draw an answer, which shows what is missing.
"""

from net.link.tcp.packet import Block, Packet
from net.link.tcp.rtt import RTO_INITIAL_S, RTO_MIN_S, RttEstimator
from net.link.tcp.scoreboard import AckResult

# Added to the probe and reordering timers (Linux's TCP_TIMEOUT_MIN_US).
TIMER_SLACK_S = 0.002


def probe_timeout_s(rtt: RttEstimator, segments_out: int) -> float:
    """Return how long to wait for an answer: two round trips, and for a lone packet's longer.

    Its acknowledgement may be a delayed one.
    """
    if not rtt.smoothed_s:
        return RTO_INITIAL_S
    return 2 * rtt.smoothed_s + (RTO_MIN_S if segments_out == 1 else TIMER_SLACK_S)


class TailLossProbe:
    """The one probe that may be out: `end` is where the stream stood when it was sent, else None.

    `was_resent` tells whether it repeated old data, for want of new.
    """

    __slots__ = ("end", "was_resent")

    def __init__(self) -> None:
        self.end: int | None = None
        self.was_resent = False

    def note_sent(self, end: int, was_resent: bool) -> None:
        """Note a probe."""
        self.end = end
        self.was_resent = was_resent

    def close(self) -> None:
        """Expect no answer any more."""
        self.end = None

    def resent_out(self) -> int:
        """Return how many retransmissions are out as probes: 0 or 1."""
        return int(self.end is not None and self.was_resent)

    def is_doubled_by(self, duplicate: Block) -> bool:
        """Tell whether a DSACK says that what the probe repeated had arrived before."""
        return self.was_resent and duplicate[1] == self.end

    def repaired_loss(self, packet: Packet, news: AckResult) -> bool:
        """Take an acknowledgement; return whether the probe turns out to have repaired a loss."""
        if self.end is None or packet.ack < self.end:
            return False
        doubled = packet.duplicate is not None and self.is_doubled_by(packet.duplicate)
        repaired = self.was_resent and not doubled and packet.ack > self.end
        says_nothing_else = not (news.advanced or news.sacked or packet.end > packet.start)
        if not self.was_resent or doubled or repaired or says_nothing_else:
            self.close()
        return repaired
