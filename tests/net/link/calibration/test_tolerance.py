"""The gate: the TCP model lands on a kernel's figures, and the models usual in games do not.

``data/`` holds what the kernel measured, and says where it is from. Every cell and direction is
held to the tolerances. A gate that a wrong model passes is no gate, so three wrong ones try.
"""

import csv
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from net.link.loss import PacketDrawStream
from net.link.profile import Link, LinkProfile
from net.link.tcp.congestion import Reno
from net.link.tcp.endpoint import Side
from net.link.tcp.path import ReadableBytes, TcpPath
from net.link.tcp.scoreboard import Scoreboard
from net.link.tcp.sender import Sender, Transmit
from tests.net.link.calibration.experiment import DelayStats, ExperimentCase, OpenPath, run_case
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

Both = tuple[DelayStats, DelayStats]


def seeds(cell: ExperimentCase) -> range:
    """Choose how many connections; losses are rare, and it takes many of them to settle p99."""
    return range(200 if cell.link.up.loss_ratio else 100)


@pytest.fixture(scope="module")
def model() -> Iterator[dict[ExperimentCase, "Future[Both]"]]:
    """Play all cells side by side, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        cells = dict.fromkeys(measured.case for measured in MEASURED)
        yield {cell: pool.submit(run_case, cell, seeds(cell)) for cell in cells}


def title(measured: KernelMeasurement) -> str:
    return f"{measured.name}, {measured.sender.name.lower()} sends"


def told(comparisons: list[ToleranceCheck]) -> str:
    return "; ".join(
        f"{each.metric} {each.model:.4f}, kernel {each.kernel:.4f} ± {each.allowed:.4f}"
        for each in comparisons
    )


def test_tables_hold_every_cell_and_direction() -> None:
    # Three round trips at four losses, both ways; four variants, one of them one way only.
    assert len(MEASURED) == 3 * 4 * 2 + 3 * 2 + 1
    assert all(measured.stats.mean_s > 0 for measured in MEASURED)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("measured", MEASURED, ids=title)
def test_model_lands_on_the_kernels_figures(
    measured: KernelMeasurement, model: dict[ExperimentCase, "Future[Both]"]
) -> None:
    figures = model[measured.case].result()[measured.sender]
    comparisons = compare(figures, measured)
    assert len(comparisons) == 5
    failed = [each for each in comparisons if not each.passes]
    assert not failed, told(failed)


# Decoys


class TimeoutForEveryLoss:
    """What emulators do that know little of TCP: a loss costs RTT + 200 ms, doubling, in order."""

    def __init__(self, link: Link, seed: int, now: float) -> None:
        self._link = link
        self._luck = (PacketDrawStream(seed, "up"), PacketDrawStream(seed, "down"))
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
        while self._luck[side].draw().loss < profile.loss_ratio:
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


DECOYS: dict[str, OpenPath] = {
    "timeout for every loss": TimeoutForEveryLoss,
    "no RACK": partial(TcpPath, make_sender=without_rack),
    "no congestion window": partial(TcpPath, make_sender=without_window),
}

DECOY_CONNECTIONS = 40


@pytest.mark.parametrize("decoy", DECOYS.values(), ids=DECOYS)
@pytest.mark.parametrize("cell", dict.fromkeys(each.case for each in GRID_AT_5_PERCENT))
def test_gate_refuses_decoys(cell: ExperimentCase, decoy: OpenPath) -> None:
    both = run_case(cell, range(DECOY_CONNECTIONS), decoy)
    for measured in GRID_AT_5_PERCENT:
        if measured.case == cell:
            comparisons = compare(both[measured.sender], measured)
            assert not all(each.passes for each in comparisons), title(measured)


# The gate's own rules


def measured_at(loss_ratio: float, figures: DelayStats) -> KernelMeasurement:
    profile = LinkProfile(delay_s=0.025, loss_ratio=loss_ratio)
    return KernelMeasurement(
        "a cell", ExperimentCase(Link.symmetric(profile), 50, 25), Side.CLIENT, figures
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
def test_tolerances(loss_ratio: float, allowed: tuple[float, ...]) -> None:
    comparisons = compare(KERNEL, measured_at(loss_ratio, KERNEL))
    assert tuple(each.allowed for each in comparisons) == pytest.approx(allowed)
    assert all(each.passes for each in comparisons)


def test_figure_outside_its_tolerance_is_refused_on_both_sides() -> None:
    for factor, passes in ((0.92, False), (0.94, True), (1.06, True), (1.08, False)):
        model = replace(KERNEL, mean_s=KERNEL.mean_s * factor)
        assert compare(model, measured_at(0.05, KERNEL))[0].passes == passes


def test_repetitions_are_averaged_and_silent_sides_known() -> None:
    first = rows("grid.csv")[0]
    louder = first | {"mean_ms": str(float(first["mean_ms"]) + 2), "repetition": "2"}
    (only,) = read_measurements([first, louder], [])
    assert only.stats.mean_s == pytest.approx(float(first["mean_ms"]) / 1000 + 0.001)
    assert (only.case.up_hz, only.case.down_hz) == (60, 0)
    assert only.send_interval_s == pytest.approx(1 / 60)
