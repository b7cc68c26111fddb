"""Round-trip time estimate and retransmission timeout of a sender.  [pure]

Follows RFC 6298 with Linux's differences (``tcp_rtt_estimator`` in ``net/ipv4/tcp_input.c``).
"""

from math import inf

__all__ = ["RTO_INITIAL_S", "RTO_MAX_S", "RTO_MIN_S", "RttEstimator"]

# Linux's ``tcp_rto_min_us``. It is a floor of the variance term, not of the whole timeout as in RFC
# 6298, section 2.4. So the least timeout is RTT + 200 ms.
RTO_MIN_S = 0.2

# Linux's ``TCP_RTO_MAX``; RFC 6298, section 2.5, asks for at least 60 s.
RTO_MAX_S = 120.0

# The timeout before the first sample (RFC 6298, section 2.1).
RTO_INITIAL_S = 1.0


class RttEstimator:
    """Estimator of the round trip and the retransmission timeout, all in seconds.

    ``smoothed_s`` is SRTT. ``deviation_s`` is four mean deviations, Linux's unit (``mdev_us``).
    ``variance_s`` is what the timeout adds to SRTT: the largest deviation of the last round trip.
    It is never under ``RTO_MIN_S``. It falls by a quarter of the difference per round trip.
    """

    __slots__ = (
        "_peak_s",
        "_round_end",
        "deviation_s",
        "min_s",
        "rto_s",
        "smoothed_s",
        "variance_s",
    )

    def __init__(self) -> None:
        self.smoothed_s = 0.0
        self.deviation_s = 0.0
        self.variance_s = RTO_MIN_S
        self.rto_s = RTO_INITIAL_S
        self.min_s = inf
        self._peak_s = RTO_MIN_S
        self._round_end = 0

    def sample(self, rtt_s: float, una: int, next_seq: int) -> None:
        """Apply one measured round trip.

        ``una`` and ``next_seq`` are positions of the stream that show when a round trip ends.
        """
        if self.smoothed_s == 0.0:
            self.smoothed_s = rtt_s
            self.deviation_s = 2 * rtt_s
            self.variance_s = self._peak_s = max(self.deviation_s, RTO_MIN_S)
            self._round_end = next_seq
        else:
            self._smooth(rtt_s)
            if una > self._round_end:
                self._end_round(next_seq)
        self.rto_s = min(self.smoothed_s + self.variance_s, RTO_MAX_S)

    def _smooth(self, rtt_s: float) -> None:
        error_s = rtt_s - self.smoothed_s
        self.smoothed_s += error_s / 8
        change_s = abs(error_s) - self.deviation_s / 4
        if error_s < 0 and change_s > 0:
            # A falling round trip also deviates, but must not raise the timeout at full speed. This
            # differs from RFC 6298 (Eifel retransmission timer, Ludwig and Sklower 2000).
            change_s /= 8
        self.deviation_s += change_s
        if self.deviation_s > self._peak_s:
            self._peak_s = self.deviation_s
            self.variance_s = max(self.variance_s, self._peak_s)

    def _end_round(self, next_seq: int) -> None:
        if self._peak_s < self.variance_s:
            self.variance_s -= (self.variance_s - self._peak_s) / 4
        self._round_end = next_seq
        self._peak_s = RTO_MIN_S

    def back_off(self) -> None:
        """Double the timeout after an expiry (RFC 6298, section 5.5)."""
        self.rto_s = min(2 * self.rto_s, RTO_MAX_S)
