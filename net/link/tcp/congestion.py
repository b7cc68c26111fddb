"""The congestion window: how many packets may be in flight, and how that number moves.  [pure]

Cubic (RFC 9438) as Linux has it, with HyStart, and Reno (RFC 5681) beside it. Counts packets, as
Linux does, not bytes. Does not know segments: the sender says what was acknowledged and lost.
"""

from dataclasses import dataclass
from math import inf
from sys import maxsize

# RFC 6928; also what an idle or application-limited sender falls back to.
INITIAL_WINDOW = 10

MIN_SSTHRESH = 2


@dataclass(frozen=True, slots=True)
class AckSample:
    """What one acknowledgement tells the congestion control; times in seconds."""

    now: float
    packets: int
    rtt_s: float | None
    min_rtt_s: float
    una: int
    next_seq: int


class Reno:
    """Additive increase, multiplicative decrease: one packet a round trip, half at a loss."""

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
        """Tell whether the window grows by what is acknowledged."""
        return self.cwnd < self.ssthresh

    def is_limiting(self) -> bool:
        """Tell whether the window, not the application, limits the sender (RFC 7661's concern).

        A game sends less than its window allows, and a window that is not used says nothing about
        the network: it does not grow. Linux's `tcp_is_cwnd_limited`.
        """
        if self.limited:
            return True
        return self.in_slow_start() and self.cwnd < 2 * self._peak_flight

    def acknowledge(self, sample: AckSample) -> None:
        """Grow the window for what `sample` acknowledges, if the window is what limits."""
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
        """Set the window from outside; what was used of the old one says nothing of the new."""
        self.cwnd = cwnd
        self._used_since = now

    def reduce(self) -> None:
        """Lower the threshold for a loss; the window follows as recovery says."""
        self.ssthresh = self._reduced_threshold()
        self._fraction = 0

    def collapse(self, cwnd: int, now: float) -> None:
        """Fall to `cwnd` at a retransmission timeout, and forget the past."""
        self.set_window(cwnd, now)
        self._fraction = 0

    def restart(self, now: float, idle_s: float, rto_s: float) -> None:
        """Halve the window for each timeout of silence, down to the initial one."""
        self.ssthresh = self.remembered_threshold()
        floor = min(INITIAL_WINDOW, self.cwnd)
        halvings = int(idle_s / rto_s)
        self.set_window(max(self.cwnd >> halvings, floor), now)

    def resume(self, idle_s: float) -> None:
        """Note that nothing was in flight for `idle_s`, so that a curve in time does not jump."""

    def note_use(self, now: float, in_flight: int, una: int, next_seq: int, limited: bool) -> bool:
        """Note how much of the window was used; return whether the application limits.

        Linux's `tcp_cwnd_validate`: the peak of one round trip of data counts, not the moment.
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
        """Halve the way to what was really used, once per timeout without use (RFC 7661)."""
        if now - self._used_since < rto_s:
            return
        used = max(self._used, INITIAL_WINDOW)
        if used < self.cwnd:
            self.ssthresh = self.remembered_threshold()
            self.cwnd = (self.cwnd + used) // 2
        self._used = 0
        self._used_since = now

    def remembered_threshold(self) -> float:
        """Return a threshold that lets slow start come back to three quarters of the window."""
        return max(self.ssthresh, 3 * self.cwnd // 4)


# Linux's defaults for HyStart: below 16 packets there is nothing to leave early, acknowledgements
# less than 2 ms apart are one train, and the second after a recovery says nothing.
HYSTART_LOW_WINDOW = 16
HYSTART_MIN_SAMPLES = 8
HYSTART_ACK_GAP_S = 0.002
HYSTART_SETTLING_S = 1.0

# RFC 9438's C, and its 0.7 in Linux's binary fraction.
CUBIC_SCALE = 0.4
CUBIC_BETA = 717 / 1024

# The curve is not reckoned anew within this time for the same window (Linux's HZ / 32).
CUBIC_RECOMPUTE_S = 1 / 32

# With no earlier maximum to aim at, grow by at least one packet per 20 acknowledged.
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
        self._epoch: float | None = None  # when this growth began
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
        """Return 0.7 of the window, and remember the window as the plateau to come back to."""
        self._epoch = None
        fast_convergence = self.cwnd < self._last_max
        self._last_max = int(self.cwnd * (1 + CUBIC_BETA) / 2) if fast_convergence else self.cwnd
        return max(int(self.cwnd * CUBIC_BETA), MIN_SSTHRESH)

    def collapse(self, cwnd: int, now: float) -> None:
        """Fall to `cwnd`, and forget the plateau and what HyStart found."""
        super().collapse(cwnd, now)
        self._epoch = None
        self._last_max = 0
        self._computed_for = 0
        self._found = False
        self._round_end = -1

    def resume(self, idle_s: float) -> None:
        """Shift the curve by the idle time."""
        if self._epoch is not None:
            self._epoch += idle_s

    def acknowledge(self, sample: AckSample) -> None:
        """Watch the round trips for HyStart, then grow."""
        watches = self.cwnd >= HYSTART_LOW_WINDOW and self.in_slow_start() and not self._found
        is_settled = self._epoch is None or sample.now - self._epoch >= HYSTART_SETTLING_S
        if watches and is_settled and sample.rtt_s is not None:
            self._watch_slow_start(sample, sample.rtt_s)
        super().acknowledge(sample)

    def _watch_slow_start(self, sample: AckSample, rtt_s: float) -> None:
        """Leave slow start when the delay rises, or one train of ACKs fills half a round trip."""
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

        In whole packets as the kernel reckons: with a window of three, rounding is the curve.
        """
        self._acked += packets
        now, cwnd = sample.now, self.cwnd
        if cwnd == self._computed_for and now - self._computed_at <= CUBIC_RECOMPUTE_S:
            return self._acks
        self._computed_for, self._computed_at = cwnd, now
        if self._epoch is None:
            self._epoch = now
            self._begin_epoch(packets)
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
        """Never grow more slowly than Reno would from the same losses (RFC 9438, section 4.3)."""
        per_packet = max(self.cwnd * 15 // 8, 1)
        while self._acked > per_packet:
            self._acked -= per_packet
            self._reno_cwnd += 1
        if self._reno_cwnd > self.cwnd:
            return self.cwnd // (self._reno_cwnd - self.cwnd)
        return maxsize


CONGESTION_CONTROLS: dict[str, type[Reno]] = {"cubic": Cubic, "reno": Reno}
