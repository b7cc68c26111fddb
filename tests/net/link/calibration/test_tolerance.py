"""Comparison of the TCP model with measurements of a kernel, case by case.

``data/`` holds the measurements. The model must be within the tolerances in each case and
direction. Three models that are common in games are tried too, and each must fail: tolerances that
a wrong model passes would be worthless.
"""

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from net.link.loss import PacketDrawStream
from net.link.profile import Link, LinkProfile
from net.link.tcp.congestion import Reno
from net.link.tcp.endpoint import Side
from net.link.tcp.scoreboard import Scoreboard
from net.link.tcp.sender import Sender, Transmit
from net.link.tcp.tcp_model import ReadableBytes, TcpPath
from tests.net.link.calibration.experiment import (
    DelayStats,
    ExperimentCase,
    OpenPath,
    run_case,
    run_connection,
    summarize,
)
from tests.net.link.calibration.tolerance import (
    KernelMeasurement,
    ToleranceCheck,
    compare,
    read_measurements,
)

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


MEASURED = read_measurements(rows("grid.csv"), rows("variants.csv"))
GRID_AT_5_PERCENT = [
    measured for measured in read_measurements(rows("grid.csv"), []) if measured.loss_ratio == 0.05
]

BothDirections = tuple[DelayStats, DelayStats]
RunModel = Callable[[ExperimentCase], BothDirections]


def connections(case: ExperimentCase) -> int:
    """Return the number of connections to simulate.

    Losses are rare, and p99 needs many of them. Without loss, connections differ only by the phase
    of their timers.
    """
    return 200 if case.link.up.loss_ratio else 4


def is_in_each_run(case: ExperimentCase) -> bool:
    """Return whether a case takes a second, and not many as those with losses do."""
    return not case.link.up.loss_ratio


@pytest.fixture(scope="module")
def run_model() -> Iterator[RunModel]:
    """Return a function that simulates a case once, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:

        @cache
        def run(case: ExperimentCase) -> BothDirections:
            seeds = range(connections(case))
            samples = pool.map(partial(run_connection, case), seeds, chunksize=10)
            to_server, to_client = zip(*samples, strict=True)
            return summarize(to_server), summarize(to_client)

        yield run


def title(measured: KernelMeasurement) -> str:
    return f"{measured.name}, {measured.sender.name.lower()} sends"


def describe(checks: list[ToleranceCheck]) -> str:
    return "; ".join(
        f"{each.metric} {each.model:.4f}, kernel {each.kernel:.4f} ± {each.allowed:.4f}"
        for each in checks
    )


def slow_unless_in_each_run(case: ExperimentCase) -> list[pytest.MarkDecorator]:
    return [] if is_in_each_run(case) else [pytest.mark.slow]


def test_tables_hold_each_case_and_direction() -> None:
    # Three round trips at four losses, both ways; four variants, one of them one way only.
    assert len(MEASURED) == 3 * 4 * 2 + 3 * 2 + 1
    assert all(measured.stats.mean_s > 0 for measured in MEASURED)


# One worker runs these tests, so that there is one pool of processes.
@pytest.mark.xdist_group("tolerances")
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=slow_unless_in_each_run(case))
        for name, case in {each.name: each.case for each in MEASURED}.items()
    ],
)
def test_model_is_within_the_tolerances(name: str, run_model: RunModel) -> None:
    """One test a case, with its directions, because one simulation gives both."""
    failures = []
    for measured in (each for each in MEASURED if each.name == name):
        checks = compare(run_model(measured.case)[measured.sender], measured)
        assert len(checks) == 5
        failed = [each for each in checks if not each.passes]
        if failed:
            failures.append(f"{title(measured)}: {describe(failed)}")
    assert not failures, "\n".join(failures)


def test_each_run_has_the_cases_without_loss() -> None:
    assert len({each.case for each in MEASURED if is_in_each_run(each.case)}) >= 3


# Wrong models


class TimeoutForEveryLoss:
    """Model of simple emulators: each loss costs RTT + 200 ms, doubling, and order is kept."""

    def __init__(self, link: Link, seed: int, now: float) -> None:
        self._link = link
        self._draws = (PacketDrawStream(seed, "up"), PacketDrawStream(seed, "down"))
        self._open_at = now + 2 * link.up.delay_s
        self._now = now
        self._last = [now, now]
        self._arrivals: list[ReadableBytes] = []

    def is_open(self, side: Side) -> bool:
        return self._now >= self._open_at

    def set_link(self, now: float, link: Link) -> None:
        self._link = link

    def write(self, now: float, side: Side, n_bytes: int) -> None:
        profile = (self._link.up, self._link.down)[side]
        at, timeout_s = now + profile.delay_s, 2 * profile.delay_s + 0.2
        while self._draws[side].draw()[0] < profile.loss_ratio:
            at += timeout_s
            timeout_s *= 2
        self._last[side] = max(self._last[side], at)
        self._arrivals.append(ReadableBytes(self._last[side], side.other, n_bytes))

    def next_event_at(self) -> float:
        return self._open_at

    def advance(self, now: float) -> list[ReadableBytes]:
        self._now = now
        due = sorted(each for each in self._arrivals if each.at <= now)
        self._arrivals = [each for each in self._arrivals if each.at > now]
        return due


class ThreeDuplicateAcks(Scoreboard):
    """Loss detection of RFC 5681: lost is what three later segments have overtaken, once."""

    def detect_losses(self, now: float, window_s: float) -> float:
        overtaken_by = self.sacked_out
        for segment in self.segments:
            overtaken_by -= segment.sacked
            if overtaken_by >= 3 and not (segment.sacked or segment.lost or segment.resent):
                self.mark_lost(segment)
        return 0.0


def without_rack(transmit: Transmit, congestion: Reno, nagle: bool) -> Sender:
    return Sender(transmit, congestion, nagle, ThreeDuplicateAcks())


class Unlimited(Reno):
    """No congestion window: everything is sent at once."""

    @property
    def cwnd(self) -> int:
        return 1_000_000

    @cwnd.setter
    def cwnd(self, packets: int) -> None:
        pass


def without_window(transmit: Transmit, congestion: Reno, nagle: bool) -> Sender:
    return Sender(transmit, Unlimited(), nagle)


WRONG_MODELS: dict[str, OpenPath] = {
    "timeout for every loss": TimeoutForEveryLoss,
    "no RACK": partial(TcpPath, make_sender=without_rack),
    "no congestion window": partial(TcpPath, make_sender=without_window),
}

WRONG_MODEL_CONNECTIONS = 40


@pytest.mark.slow
@pytest.mark.parametrize("wrong_model", WRONG_MODELS.values(), ids=WRONG_MODELS)
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=slow_unless_in_each_run(case))
        for case in dict.fromkeys(each.case for each in GRID_AT_5_PERCENT)
    ],
)
def test_wrong_models_are_out_of_tolerance(case: ExperimentCase, wrong_model: OpenPath) -> None:
    both = run_case(case, range(WRONG_MODEL_CONNECTIONS), wrong_model)
    measurements = [each for each in GRID_AT_5_PERCENT if each.case == case]
    assert len(measurements) == 2
    for measured in measurements:
        checks = compare(both[measured.sender], measured)
        assert not all(each.passes for each in checks), title(measured)


# The tolerances themselves


def measured_at(loss_ratio: float, stats: DelayStats) -> KernelMeasurement:
    profile = LinkProfile(delay_s=0.025, loss_ratio=loss_ratio)
    return KernelMeasurement(
        "a case", ExperimentCase(Link.symmetric(profile), 50, 25), Side.CLIENT, stats
    )


KERNEL = DelayStats(mean_s=0.1, p50_s=0.01, p90_s=0.1, p99_s=1.0, stalls_per_min=8.0)


@pytest.mark.parametrize(
    ("loss_ratio", "allowed"),
    [
        # p50: a millisecond at least; p90: an interval between messages; stalls: three.
        (0.05, (0.007, 0.001, 0.02, 0.2, 3.0)),
        (0.1, (0.015, 0.0013, 0.015, 0.3, 1.2)),
    ],
)
def test_tolerances_by_loss(loss_ratio: float, allowed: tuple[float, ...]) -> None:
    checks = compare(KERNEL, measured_at(loss_ratio, KERNEL))
    assert tuple(each.allowed for each in checks) == pytest.approx(allowed)
    assert all(each.passes for each in checks)


def test_value_outside_its_tolerance_fails_on_both_sides() -> None:
    for factor, passes in ((0.92, False), (0.94, True), (1.06, True), (1.08, False)):
        model = replace(KERNEL, mean_s=KERNEL.mean_s * factor)
        assert compare(model, measured_at(0.05, KERNEL))[0].passes == passes


def test_repetitions_are_averaged_and_silent_sides_are_found() -> None:
    first = rows("grid.csv")[0]
    louder = first | {"mean_ms": str(float(first["mean_ms"]) + 2), "repetition": "2"}
    (only,) = read_measurements([first, louder], [])
    assert only.stats.mean_s == pytest.approx(float(first["mean_ms"]) / 1000 + 0.001)
    assert (only.case.up_hz, only.case.down_hz) == (60, 0)
    assert only.send_interval_s == pytest.approx(1 / 60)
