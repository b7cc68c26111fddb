"""The clock filter on simulated clocks and paths whose true offset is known."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.sync.clock_filter import ClockFilter

PING_S = 0.1


class Simulation:
    """A client with the reference clock, and a server whose clock has an offset and drifts."""

    def __init__(
        self,
        up_s: Callable[[], float],
        down_s: Callable[[], float],
        offset_s: float = 5.0,
        drift_ratio: float = 0.0,
    ) -> None:
        self.up_s, self.down_s = up_s, down_s
        self.offset_s, self.drift_ratio = offset_s, drift_ratio
        self.filter = ClockFilter()
        self.now = 1000.0

    def server_clock(self, now: float) -> float:
        return now + self.offset_s + self.drift_ratio * (now - 1000.0)

    def error_s(self, now: float) -> float:
        return self.filter.server_time(now) - self.server_clock(now)

    def ping(self) -> None:
        there = self.now + self.up_s()
        back = there + 0.001 + self.down_s()
        t2, t3 = self.server_clock(there), self.server_clock(there + 0.001)
        self.filter.add(self.now, t2, t3, back)
        self.now += PING_S

    def worst_error_s(self, seconds: float) -> float:
        """Ping for a while; return the greatest error, also just before the next ping."""
        worst = 0.0
        for _ in range(round(seconds / PING_S)):
            self.ping()
            worst = max(worst, abs(self.error_s(self.now)), abs(self.error_s(self.now + PING_S)))
        return worst


def constant(seconds: float) -> Callable[[], float]:
    return lambda: seconds


def jittery(rng: Random, min_delay_s: float, jitter_s: float) -> Callable[[], float]:
    return lambda: min_delay_s + rng.expovariate(1 / jitter_s)


def test_offset_and_delay_of_one_sample():
    clock = ClockFilter()
    clock.add(10.0, 110.3, 110.4, 10.5)
    assert clock.offset_s == pytest.approx(100.1)
    assert clock.delay_s == clock.rtt_s == pytest.approx(0.4)
    assert clock.error_bound_s == pytest.approx(0.2)
    assert clock.server_time(11.0) == pytest.approx(111.1)


def test_nothing_is_known_before_the_first_sample():
    clock = ClockFilter()
    assert not clock.ready
    for query in (lambda: clock.server_time(1.0), lambda: clock.rtt_s, lambda: clock.offset_s):
        with pytest.raises(LookupError):
            query()


@given(
    up_s=st.floats(0, 1),
    down_s=st.floats(0, 1),
    processing_s=st.floats(0, 1),
    offset_s=st.floats(-1e6, 1e6),
)
def test_the_error_of_a_sample_is_half_the_asymmetry(up_s, down_s, processing_s, offset_s):
    clock = ClockFilter()
    t2 = up_s + offset_s
    clock.add(0.0, t2, t2 + processing_s, up_s + processing_s + down_s)
    assert clock.offset_s - offset_s == pytest.approx((up_s - down_s) / 2, abs=1e-8)
    assert abs(clock.offset_s - offset_s) <= clock.error_bound_s + 1e-8


@pytest.mark.parametrize("drift_ratio", [-100e-6, 0.0, 100e-6])
@pytest.mark.parametrize("asymmetry_s", [-0.02, 0.0, 0.03])
def test_a_drifting_clock_on_a_constant_path(drift_ratio, asymmetry_s):
    simulation = Simulation(
        constant(0.05 + asymmetry_s), constant(0.05), offset_s=5.0, drift_ratio=drift_ratio
    )
    # 100 ppm over two ping intervals, before the drift is known, are 20 microseconds.
    assert simulation.worst_error_s(60.0) <= abs(asymmetry_s) / 2 + 25e-6
    assert simulation.filter.drift_ratio == pytest.approx(drift_ratio, abs=5e-6)


@pytest.mark.parametrize("seed", range(8))
def test_a_drifting_clock_on_a_jittery_path(seed):
    rng = Random(seed)
    simulation = Simulation(
        jittery(rng, 0.025, 0.005), jittery(rng, 0.025, 0.005), drift_ratio=100e-6
    )
    simulation.worst_error_s(10.0)
    # The fastest of a hundred samples has little jitter. 100 ppm over the window of ten seconds
    # would add a millisecond.
    assert simulation.worst_error_s(60.0) < 0.0012


@pytest.mark.parametrize("seed", range(4))
def test_a_stall_does_not_move_the_clock(seed):
    rng = Random(seed)
    simulation = Simulation(constant(0.025), jittery(rng, 0.025, 0.002))
    simulation.worst_error_s(20.0)
    before_s = simulation.filter.offset_s
    simulation.down_s = constant(0.9)
    simulation.worst_error_s(3.0)
    assert abs(simulation.filter.offset_s - before_s) < 0.0005
    assert simulation.filter.rtt_s == pytest.approx(0.925)
    assert simulation.filter.delay_s < 0.06


def test_a_clock_step_is_followed_at_once():
    simulation = Simulation(constant(0.02), constant(0.02))
    simulation.worst_error_s(20.0)
    simulation.offset_s -= 3600.0
    assert simulation.worst_error_s(20.0) < 25e-6


@pytest.mark.parametrize("seed", range(4))
def test_the_error_stays_within_its_bound_on_a_path_with_much_jitter(seed):
    rng = Random(seed)
    simulation = Simulation(jittery(rng, 0.0, 0.2), jittery(rng, 0.0, 0.2))
    for _ in range(600):
        simulation.ping()
        error_s = abs(simulation.error_s(simulation.now))
        # On such a path the drift stays unknown (100 ppm are expected), and the best sample may be
        # ten seconds old.
        assert error_s <= simulation.filter.error_bound_s + 0.001
    # A sample mistaken for a clock step would have removed the better ones.
    assert simulation.filter.delay_s < 0.1


def test_samples_outside_the_window_are_forgotten():
    simulation = Simulation(constant(0.01), constant(0.01))
    simulation.worst_error_s(5.0)
    simulation.up_s = simulation.down_s = constant(0.1)
    simulation.worst_error_s(12.0)
    assert simulation.filter.delay_s == pytest.approx(0.2)
