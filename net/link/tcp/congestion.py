"""Congestion control: Cubic (RFC 9438) with HyStart, and Reno (RFC 5681).  [pure]

Windows are counted in packets, as in Linux, not in bytes.
Linux ``net/ipv4/tcp_cubic.c`` and ``tcp_cong.c``.
"""

from dataclasses import dataclass
from math import inf
from sys import maxsize

__all__ = ["CONGESTION_CONTROLS", "INITIAL_WINDOW", "AckSample", "Cubic", "Reno"]

# RFC 6928. An idle or application-limited sender falls back to it too.
INITIAL_WINDOW = 10

# RFC 5681, equation 4, in packets.
MIN_SSTHRESH = 2


@dataclass(frozen=True, slots=True)
class AckSample:
    """Measurements of one acknowledgement; times in seconds, ``packets`` acknowledged."""

    now: float
    packets: int
    rtt_s: float | None
    min_rtt_s: float
    una: int
    next_seq: int


class Reno:
    """Reno: plus one packet a round trip, half at a loss (RFC 5681).

    ``limited`` tells whether the window limited the sender at its last peak of use.
    """

    __slots__ = (
        "_fraction",
        "_peak_flight",
        "_usage_end",
        "_used",
        "_used_since",
        "cwnd",
        "limited",
        "ssthresh",
    )

    def __init__(self) -> None:
        self.cwnd = INITIAL_WINDOW
        self.ssthresh: float = inf
        self.limited = False
        self._fraction = 0  # packets acknowledged towards the next increase by one
        self._peak_flight = 0
        self._usage_end = 0
        self._used = 0
        self._used_since = 0.0

    def in_slow_start(self) -> bool:
        """Tell whether the window grows by each acknowledged packet."""
        return self.cwnd < self.ssthresh

    def is_limiting(self) -> bool:
        """Tell whether the window, not the application, limits the sender.

        A game sends less than its window allows. A window that is not used says nothing about the
        network, so it does not grow (RFC 7661; Linux's ``tcp_is_cwnd_limited``).
        """
        if self.limited:
            return True
        return self.in_slow_start() and self.cwnd < 2 * self._peak_flight

    def acknowledge(self, sample: AckSample) -> None:
        """Grow the window for the packets of ``sample``, if the window limits the sender."""
        if not self.is_limiting():
            return
        packets = sample.packets
        if self.in_slow_start():
            grown = int(min(self.cwnd + packets, self.ssthresh))
            packets -= grown - self.cwnd
            self.cwnd = grown
        if packets:
            self._add(self._acks_per_packet(sample, packets), packets)

    def _add(self, acks_per_packet: int, packets: int) -> None:
        """Grow by one packet per ``acks_per_packet`` (Linux's ``tcp_cong_avoid_ai``)."""
        if self._fraction >= acks_per_packet:
            self._fraction = 0
            self.cwnd += 1
        self._fraction += packets
        if self._fraction >= acks_per_packet:
            grown = self._fraction // acks_per_packet
            self._fraction -= grown * acks_per_packet
            self.cwnd += grown

    def _acks_per_packet(self, sample: AckSample, packets: int) -> int:
        return self.cwnd

    def _reduced_threshold(self) -> int:
        """Return the slow-start threshold that a loss seen now leaves, in packets."""
        return max(self.cwnd // 2, MIN_SSTHRESH)

    def set_window(self, cwnd: int, now: float) -> None:
        """Set the window. The use of the old one says nothing about the new."""
        self.cwnd = cwnd
        self._used_since = now

    def reduce(self) -> None:
        """Lower the threshold for a loss. The recovery sets the window."""
        self.ssthresh = self._reduced_threshold()
        self._fraction = 0

    def collapse(self, cwnd: int, now: float) -> None:
        """Fall to ``cwnd`` at a retransmission timeout, and reset the growth."""
        self.set_window(cwnd, now)
        self._fraction = 0

    def restart(self, now: float, idle_s: float, rto_s: float) -> None:
        """Halve the window for each timeout of silence, down to the initial window.

        RFC 2861; Linux's ``tcp_cwnd_restart``.
        """
        self.ssthresh = self.remembered_threshold()
        floor = min(INITIAL_WINDOW, self.cwnd)
        halvings = int(idle_s / rto_s)
        self.set_window(max(self.cwnd >> halvings, floor), now)

    def resume(self, idle_s: float) -> None:
        """Note that nothing was in flight for ``idle_s``. Reno's growth does not depend on time."""

    def note_use(self, now: float, in_flight: int, una: int, next_seq: int, limited: bool) -> bool:
        """Note how much of the window was used; return whether the application limits.

        The peak of one round trip counts, not the moment (Linux's ``tcp_cwnd_validate``).
        """
        new_round = una >= self._usage_end
        if new_round or limited or (not self.limited and in_flight > self._peak_flight):
            self.limited = limited
            self._peak_flight = in_flight
            self._usage_end = next_seq
        if self.is_limiting():
            self._used = 0
            self._used_since = now
            return False
        self._used = max(self._used, in_flight)
        return True

    def decay(self, now: float, rto_s: float) -> None:
        """Move halfway to the used window, once per timeout that the application limits.

        RFC 7661; Linux's ``tcp_cwnd_application_limited``.
        """
        if now - self._used_since < rto_s:
            return
        used = max(self._used, INITIAL_WINDOW)
        if used < self.cwnd:
            self.ssthresh = self.remembered_threshold()
            self.cwnd = (self.cwnd + used) // 2
        self._used = 0
        self._used_since = now

    def remembered_threshold(self) -> float:
        """Return a threshold with which slow start comes back to three quarters of the window.

        Linux's ``tcp_current_ssthresh``.
        """
        return max(self.ssthresh, 3 * self.cwnd // 4)


# Linux's defaults for HyStart. Below 16 packets there is nothing to leave early. Acknowledgements
# less than 2 ms apart are one train. The first second of a growth says nothing.
HYSTART_LOW_WINDOW = 16
HYSTART_MIN_SAMPLES = 8
HYSTART_ACK_GAP_S = 0.002
HYSTART_SETTLING_S = 1.0

# RFC 9438's C, and its 0.7 in Linux's binary fraction.
CUBIC_SCALE = 0.4
CUBIC_BETA = 717 / 1024

# The curve is not computed again within this time for the same window (Linux's ``HZ / 32``).
CUBIC_RECOMPUTE_S = 1 / 32

# Without an earlier maximum to aim at, grow by at least one packet per 20 acknowledged.
CUBIC_CAUTIOUS_ACKS = 20


class Cubic(Reno):
    """The window as a cubic function of the time since the last loss (RFC 9438)."""

    __slots__ = (
        "_acked",
        "_acks",
        "_computed_at",
        "_computed_for",
        "_epoch",
        "_found",
        "_last_ack",
        "_last_max",
        "_origin",
        "_plateau_s",
        "_reno_cwnd",
        "_round_end",
        "_round_rtt_s",
        "_round_samples",
        "_round_start",
    )

    def __init__(self) -> None:
        super().__init__()
        self._epoch: float | None = None  # the time at which this growth began
        self._last_max = 0
        self._origin = 0
        self._acks = 0
        self._computed_for = 0
        self._computed_at = 0.0
        self._plateau_s = 0.0
        self._acked = 0
        self._reno_cwnd = 0
        self._found = False
        self._round_end = -1
        self._round_start = 0.0
        self._last_ack = 0.0
        self._round_rtt_s = inf
        self._round_samples = 0

    def _reduced_threshold(self) -> int:
        """Return 0.7 of the window, and remember the window as the plateau to come back to.

        RFC 9438, section 4.6.
        """
        self._epoch = None
        # Fast convergence (section 4.7): a window below the last plateau has lost bandwidth to new
        # flows, so it aims lower still.
        fast_convergence = self.cwnd < self._last_max
        self._last_max = int(self.cwnd * (1 + CUBIC_BETA) / 2) if fast_convergence else self.cwnd
        return max(int(self.cwnd * CUBIC_BETA), MIN_SSTHRESH)

    def collapse(self, cwnd: int, now: float) -> None:
        """Fall to ``cwnd``, and reset the plateau and HyStart (``bictcp_reset``)."""
        super().collapse(cwnd, now)
        self._epoch = None
        self._last_max = 0
        self._computed_for = 0
        self._found = False
        self._round_end = -1

    def resume(self, idle_s: float) -> None:
        """Shift the curve by the idle time, or the window would jump (``cubictcp_cwnd_event``)."""
        if self._epoch is not None:
            self._epoch += idle_s

    def acknowledge(self, sample: AckSample) -> None:
        """Check the round trips for HyStart, then grow."""
        watches = self.cwnd >= HYSTART_LOW_WINDOW and self.in_slow_start() and not self._found
        is_settled = self._epoch is None or sample.now - self._epoch >= HYSTART_SETTLING_S
        if watches and is_settled and sample.rtt_s is not None:
            self._watch_slow_start(sample, sample.rtt_s)
        super().acknowledge(sample)

    def _watch_slow_start(self, sample: AckSample, rtt_s: float) -> None:
        """Leave slow start when the delay rises, or a train of ACKs fills half a round trip.

        Both show a queue before it overflows (Ha and Rhee 2011; Linux's ``hystart_update``).
        """
        now = sample.now
        if sample.una > self._round_end:
            self._round_start = self._last_ack = now
            self._round_end = sample.next_seq
            self._round_rtt_s = inf
            self._round_samples = 0
        if now - self._last_ack <= HYSTART_ACK_GAP_S:
            self._last_ack = now
            self._found = now - self._round_start > sample.min_rtt_s / 2
        self._round_rtt_s = min(self._round_rtt_s, rtt_s)
        self._round_samples += 1
        if self._round_samples > HYSTART_MIN_SAMPLES:
            slack_s = min(max(sample.min_rtt_s / 8, 0.004), 0.016)
            self._found |= self._round_rtt_s > sample.min_rtt_s + slack_s
        if self._found:
            self.ssthresh = self.cwnd

    def _acks_per_packet(self, sample: AckSample, packets: int) -> int:
        """Return how many acknowledged packets the next increase by one takes.

        Linux's ``bictcp_update``, in whole packets as there. The windows of a game are so small
        that the rounding shapes the growth.
        """
        self._acked += packets
        now, cwnd = sample.now, self.cwnd
        if cwnd == self._computed_for and now - self._computed_at <= CUBIC_RECOMPUTE_S:
            return self._acks
        self._computed_for, self._computed_at = cwnd, now
        if self._epoch is None:
            self._epoch = now
            self._begin_epoch(packets)
        # The window is needed one round trip from now (RFC 9438, section 4.2).
        age_s = now - self._epoch + sample.min_rtt_s
        distance = int(CUBIC_SCALE * abs(age_s - self._plateau_s) ** 3)
        target = self._origin + (distance if age_s > self._plateau_s else -distance)
        acks = cwnd // (target - cwnd) if target > cwnd else 100 * cwnd
        if self._last_max == 0:
            acks = min(acks, CUBIC_CAUTIOUS_ACKS)
        self._acks = max(min(acks, self._reno_acks()), 2)
        return self._acks

    def _begin_epoch(self, packets: int) -> None:
        self._acked = packets
        self._reno_cwnd = self.cwnd
        self._origin = max(self._last_max, self.cwnd)
        self._plateau_s = ((self._origin - self.cwnd) / CUBIC_SCALE) ** (1 / 3)

    def _reno_acks(self) -> int:
        """Return the acknowledgements per packet with which Reno would grow from the same losses.

        Cubic is never slower than that (RFC 9438, section 4.3).
        """
        per_packet = max(self.cwnd * 15 // 8, 1)
        while self._acked > per_packet:
            self._acked -= per_packet
            self._reno_cwnd += 1
        if self._reno_cwnd > self.cwnd:
            return self.cwnd // (self._reno_cwnd - self.cwnd)
        return maxsize


CONGESTION_CONTROLS: dict[str, type[Reno]] = {"cubic": Cubic, "reno": Reno}
