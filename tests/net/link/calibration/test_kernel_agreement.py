"""Agreement of the TCP model with the kernel, measured with the game's own TCP plugin.

Needs Linux and root. It judges real time: on a machine that other programs use, it is skipped.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from net.link.kernel.forwarder import ForwarderStats
from net.link.lateness import LatenessStats
from tests.net.link.calibration.channels import Channels, delays_ms, simulated, stalls_a_minute
from tests.net.link.calibration.kernel_case import KernelCase
from tests.net.link.calibration.programs import ProgramRuns, run_side_by_side
from tests.net.link.kernel.requirements import skip_without_kernel_link

# The programs run for a minute, and the model for half of one.
pytestmark = [pytest.mark.timing, pytest.mark.timeout(240)]

# 50 connections keep a core busy for two thirds of the time. For 50 s they are 42
# connection-minutes. So chance makes the two differ by a quarter of a tolerance at most: one
# standard deviation, found by drawing connections again and again.
GAME = KernelCase(
    connections=50,
    delay_s=0.025,
    loss_ratio=0.0,
    settle_s=4.0,
    measured_s=50.0,
    up_hz=60,
    up_bytes=40,
    down_hz=30,
    down_bytes=250,
    seed=7,
)
LOSSES = (0.05, 0.10)

# The tolerances of ``tolerance.py`` at 10% loss, for all losses. The stalls have those of 5%.
MEAN_WITHIN, P50_WITHIN, P90_WITHIN = 0.15, 0.13, 0.15
STALLS_WITHIN, STALLS_A_MINUTE_WITHIN = 0.25, 3.0

LINK_LATE_P99_S = 0.001


@dataclass(frozen=True, slots=True)
class Measurement:
    """Samples of the channels of one case, with statistics of the link."""

    channels: Channels
    link: ForwarderStats


@pytest.fixture(scope="module", autouse=True)
def _root_and_tun() -> None:
    skip_without_kernel_link()


def case_with(loss_ratio: float) -> KernelCase:
    return replace(GAME, loss_ratio=loss_ratio)


@pytest.fixture(scope="module")
def runs() -> ProgramRuns:
    """Measure all cases over kernel links."""
    return run_side_by_side({str(loss_ratio): case_with(loss_ratio) for loss_ratio in LOSSES})


# Not of the module: pytest would run a fixture that skips again for each test.
@pytest.fixture
def measured(runs: ProgramRuns) -> dict[float, Measurement]:
    """Return what was measured; skip on a disturbed machine."""
    outputs = runs.measured()
    return {loss_ratio: _parse(outputs[str(loss_ratio)]) for loss_ratio in LOSSES}


def _parse(output: dict[str, Any]) -> Measurement:
    link = output.pop("link")
    stats = ForwarderStats(late=LatenessStats(**link.pop("late")), **link)
    del output["late"]
    return Measurement(output, stats)


@cache
def modelled(loss_ratio: float) -> Channels:
    """Simulate a case, after the measurement, so that it has the cores for itself."""
    return simulated(case_with(loss_ratio))


@pytest.mark.parametrize("loss_ratio", LOSSES)
@pytest.mark.parametrize("direction", ["up", "down"])
def test_tcp_plugin_over_the_model_agrees_with_the_kernel(
    direction: str,
    loss_ratio: float,
    measured: dict[float, Measurement],
) -> None:
    kernel, model = measured[loss_ratio].channels[direction], modelled(loss_ratio)[direction]
    expected, found = delays_ms(kernel), delays_ms(model)
    expected_stalls, found_stalls = (
        stalls_a_minute(each, GAME.measured_s) for each in (kernel, model)
    )
    print(
        f"\n{direction} {loss_ratio:.0%}: kernel {expected}, {expected_stalls:.1f} stalls a minute"
    )
    print(f"{direction} {loss_ratio:.0%}: model  {found}, {found_stalls:.1f} stalls a minute")
    assert found.mean == pytest.approx(expected.mean, rel=MEAN_WITHIN)
    assert found.p50 == pytest.approx(expected.p50, rel=P50_WITHIN)
    assert found.p90 == pytest.approx(expected.p90, rel=P90_WITHIN)
    assert found_stalls == pytest.approx(
        expected_stalls, rel=STALLS_WITHIN, abs=STALLS_A_MINUTE_WITHIN
    )


@pytest.mark.parametrize("loss_ratio", LOSSES)
def test_link_is_punctual_on_a_quiet_machine(
    loss_ratio: float, measured: dict[float, Measurement]
) -> None:
    link = measured[loss_ratio].link.late
    print(f"\n{loss_ratio:.0%}: link {link}")
    assert link.p99_s < LINK_LATE_P99_S


@pytest.mark.parametrize("loss_ratio", LOSSES)
def test_link_loses_the_ratio_of_its_profile(
    loss_ratio: float, measured: dict[float, Measurement]
) -> None:
    link = measured[loss_ratio].link
    # No loss before the connections have settled. The link drains with loss.
    lossy_ratio = GAME.measured_s / (GAME.measured_s + GAME.settle_s)
    assert link.lost / link.sent == pytest.approx(loss_ratio * lossy_ratio, rel=0.1)
