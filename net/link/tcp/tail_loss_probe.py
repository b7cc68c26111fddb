"""Tail loss probe: a packet that draws an acknowledgement before the timeout.  [pure]

When the last packets of a flight are lost, no later packet can show it. So after two round trips of
silence the sender sends one more. Its acknowledgement shows what is missing.
RFC 8985, section 7; Linux ``tcp_send_loss_probe``, ``tcp_process_tlp_ack``.
"""

from net.link.tcp.retransmission_timeout import RTO_INITIAL_S, RTO_MIN_S, RttEstimator
from net.link.tcp.scoreboard import AckResult
from net.link.tcp_segment import Block, Packet

__all__ = ["TIMER_SLACK_S", "TailLossProbe", "probe_timeout_s"]

# Added to the probe and reordering timers (Linux's ``TCP_TIMEOUT_MIN_US``).
TIMER_SLACK_S = 0.002


def probe_timeout_s(rtt: RttEstimator, segments_out: int) -> float:
    """Return the time to wait before a probe, in seconds: two round trips.

    For a single packet 200 ms more, because its acknowledgement may be delayed.
    """
    if not rtt.smoothed_s:
        return RTO_INITIAL_S
    return 2 * rtt.smoothed_s + (RTO_MIN_S if segments_out == 1 else TIMER_SLACK_S)


class TailLossProbe:
    """State of the one probe that may be out.

    ``end`` is the end of the data sent so far at its sending (``tlp_high_seq``), None without one.
    ``was_resent`` tells whether it repeated old data, because there was no new.
    """

    __slots__ = ("end", "was_resent")

    def __init__(self) -> None:
        self.end: int | None = None
        self.was_resent = False

    def note_sent(self, end: int, was_resent: bool) -> None:
        """Remember a probe that was sent."""
        self.end = end
        self.was_resent = was_resent

    def close(self) -> None:
        """Stop waiting for an answer."""
        self.end = None

    def resent_out(self) -> int:
        """Return the number of probes out that are retransmissions: 0 or 1."""
        return int(self.end is not None and self.was_resent)

    def is_doubled_by(self, duplicate: Block) -> bool:
        """Tell whether a DSACK reports that the original of the probe had arrived."""
        return self.was_resent and duplicate[1] == self.end

    def repaired_loss(self, packet: Packet, result: AckResult) -> bool:
        """Apply an acknowledgement; return whether it shows that the probe repaired a loss.

        RFC 8985, section 7.4.2.
        """
        if self.end is None or packet.ack < self.end:
            return False
        doubled = packet.duplicate is not None and self.is_doubled_by(packet.duplicate)
        # Progress beyond the probe without a DSACK: the receiver got this data only once.
        repaired = self.was_resent and not doubled and packet.ack > self.end
        # A repeated ACK is the answer to the second copy, so the original had arrived.
        is_repeated = not (result.advanced or result.sacked or packet.end > packet.start)
        if not self.was_resent or doubled or repaired or is_repeated:
            self.close()
        return repaired
