"""Proportional rate reduction: the window while a recovery lasts (RFC 6937).  [pure]

Lets out about ssthresh / window packets for each one that arrives, instead of falling silent until
half of them have. Knows only counts.
"""


class ProportionalRateReduction:
    """The account of one recovery: packets that arrived, and packets that were let out."""

    __slots__ = ("delivered", "sent", "window_before")

    def __init__(self, window_before: int) -> None:
        self.window_before = window_before
        self.delivered = 0
        self.sent = 0

    def allow(self, delivered: int, in_flight: int, ssthresh: int, slow_start: bool) -> int:
        """Return how many packets may be sent, now that `delivered` more have arrived.

        `slow_start` adds one: the acknowledgement made progress and showed no further loss.
        """
        self.delivered += delivered
        room = ssthresh - in_flight
        if room < 0:
            share = -(-ssthresh * self.delivered // self.window_before)
            may_send = share - self.sent
        else:
            may_send = max(self.delivered - self.sent, delivered) + slow_start
            may_send = min(room, may_send)
        if not self.sent:
            may_send = max(may_send, 1)  # the first retransmission must not wait
        return may_send
