"""Proportional rate reduction (PRR): the window during a recovery.  [pure]

Allows about ``ssthresh / window`` packets for each that arrives. Without it, the sender would be
silent until half a window has arrived, and then send a burst.
RFC 6937; Linux ``tcp_cwnd_reduction`` in ``net/ipv4/tcp_input.c``.
"""

__all__ = ["ProportionalRateReduction"]


class ProportionalRateReduction:
    """Packets of one recovery: delivered (``prr_delivered``) and sent (``prr_out``)."""

    __slots__ = ("delivered", "sent", "window_before")

    def __init__(self, window_before: int) -> None:
        self.window_before = window_before
        self.delivered = 0
        self.sent = 0

    def allow(self, delivered: int, in_flight: int, ssthresh: int, slow_start: bool) -> int:
        """Return how many packets may be sent, now that ``delivered`` more have arrived.

        ``slow_start`` adds one packet: the acknowledgement made progress and showed no other loss.
        """
        self.delivered += delivered
        room = ssthresh - in_flight
        if room < 0:
            # More in flight than the target: send in proportion, rounded up.
            share = -(-ssthresh * self.delivered // self.window_before)
            may_send = share - self.sent
        else:
            # Many were lost: grow back to the target, but not in one burst (PRR-SSRB).
            may_send = max(self.delivered - self.sent, delivered) + slow_start
            may_send = min(room, may_send)
        if not self.sent:
            # The first retransmission must not wait for more acknowledgements.
            may_send = max(may_send, 1)
        return may_send
