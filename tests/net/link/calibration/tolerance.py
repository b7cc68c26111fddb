"""Tolerances between the TCP model and measurements of a kernel.  [pure]

The measurements come as rows of the tables in ``data/``, whose README has the tolerances too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from tests.net.link.calibration.experiment import DelayStats, ExperimentCase

# The time that the measured link adds to its delay, one way: two network stacks and the forwarder.
# It is the kernel's median without loss, minus half the round trip.
RIG_LATENCY_S = 0.00014

# From this loss on, the wide tolerances apply.
HEAVY_LOSS_RATIO = 0.1

_DIRECTIONS = {"client_to_server": Side.CLIENT, "server_to_client": Side.SERVER}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KernelMeasurement:
    """Measurement of a kernel: the messages of ``sender``, averaged over all repetitions."""

    name: str
    case: ExperimentCase
    sender: Side
    stats: DelayStats

    @property
    def loss_ratio(self) -> float:
        """The loss ratio of the case."""
        return self.case.link.up.loss_ratio

    @property
    def send_interval_s(self) -> float:
        """The time between two messages."""
        return 1 / (self.case.up_hz if self.sender == Side.CLIENT else self.case.down_hz)


@dataclass(frozen=True, slots=True)
class ToleranceCheck:
    """One value of the model and the kernel, and the allowed difference."""

    metric: str
    model: float
    kernel: float
    allowed: float

    @property
    def passes(self) -> bool:
        """True if the model is within the tolerance."""
        return abs(self.model - self.kernel) <= self.allowed


def compare(model: DelayStats, measured: KernelMeasurement) -> list[ToleranceCheck]:
    """Return the checks of the five values of a direction: seconds, and stalls a minute."""
    kernel = measured.stats
    allowed = (
        _heavy_tolerances(kernel)
        if measured.loss_ratio >= HEAVY_LOSS_RATIO
        else _light_tolerances(kernel, measured.send_interval_s)
    )
    return [
        ToleranceCheck(name, getattr(model, name), getattr(kernel, name), tolerance)
        for name, tolerance in allowed.items()
    ]


def _light_tolerances(kernel: DelayStats, send_interval_s: float) -> dict[str, float]:
    return {
        "mean_s": 0.07 * kernel.mean_s,
        "p50_s": max(0.06 * kernel.p50_s, 0.001),
        "p90_s": max(0.10 * kernel.p90_s, send_interval_s),
        "p99_s": 0.20 * kernel.p99_s,
        "stalls_per_min": max(0.25 * kernel.stalls_per_min, 3.0),
    }


def _heavy_tolerances(kernel: DelayStats) -> dict[str, float]:
    return {
        "mean_s": 0.15 * kernel.mean_s,
        "p50_s": 0.13 * kernel.p50_s,
        "p90_s": 0.15 * kernel.p90_s,
        "p99_s": 0.30 * kernel.p99_s,
        "stalls_per_min": 0.15 * kernel.stalls_per_min,
    }


def read_measurements(grid: Iterable[Row], variants: Iterable[Row]) -> list[KernelMeasurement]:
    """Return the measurements of both tables, averaged over repetitions.

    The README in ``data/`` explains the columns.
    """
    groups: dict[tuple[str, ExperimentCase, Side], list[Row]] = {}
    rows = [("", row) for row in grid] + [(row["variant"], row) for row in variants]
    rates = _rates(rows)
    for variant, row in rows:
        name = _case_name(variant, row)
        up_hz, down_hz = (rates.get((name, side), 0) for side in Side)
        case = ExperimentCase(_link(row, nagle=variant == "Nagle on"), up_hz, down_hz)
        groups.setdefault((name, case, _DIRECTIONS[row["direction"]]), []).append(row)
    return [KernelMeasurement(*key, _average(found)) for key, found in groups.items()]


def _rates(rows: list[tuple[str, Row]]) -> dict[tuple[str, Side], int]:
    """Return the rate of each side of each case. A side without a row does not send."""
    return {
        (_case_name(variant, row), _DIRECTIONS[row["direction"]]): int(row["send_hz"])
        for variant, row in rows
    }


def _case_name(variant: str, row: Row) -> str:
    name = f"RTT {row['rtt_ms']} ms, loss {float(row['loss']):.0%}"
    return f"{name}, {variant}" if variant else name


def _link(row: Row, nagle: bool) -> Link:
    delay_s = float(row["rtt_ms"]) / 2000 + RIG_LATENCY_S
    profile = LinkProfile(delay_s=delay_s, loss_ratio=float(row["loss"]), nagle=nagle)
    return Link.symmetric(profile)


def _average(rows: list[Row]) -> DelayStats:
    def mean(column: str) -> float:
        return fmean(float(row[column]) for row in rows)

    return DelayStats(
        mean_s=mean("mean_ms") / 1000,
        p50_s=mean("p50_ms") / 1000,
        p90_s=mean("p90_ms") / 1000,
        p99_s=mean("p99_ms") / 1000,
        stalls_per_min=mean("stalls_over_125ms_per_min"),
    )
