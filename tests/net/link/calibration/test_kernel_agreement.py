"""Agreement of the TCP model with the kernel, measured with the game's own TCP plugin.

Needs Linux and root. It judges real time: on a machine that other programs use, it is skipped.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from net.link.kernel.forwarder import ForwarderStats
from net.link.lateness import LatenessStats
from tests.disturbance import OtherLoad, OtherLoadMeter, skip_if_loaded
from tests.net.link.calibration.channels import Channels, delays_ms, simulated, stalls_a_minute
from tests.net.link.calibration.kernel_case import KernelCase
from tests.net.link.kernel.requirements import skip_without_kernel_link

# The programs run for half a minute, and the model for as long again.
pytestmark = [pytest.mark.timing, pytest.mark.timeout(240)]

PROGRAM = Path(__file__).with_name("kernel_case.py")
ROOT = Path(__file__).parents[4]

# 100 connections for 25 s are 42 connection-minutes. With less, the stalls are noise.
GAME = KernelCase(
    connections=100,
    delay_s=0.025,
    loss_ratio=0.0,
    settle_s=4.0,
    measured_s=25.0,
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

# A link or a program that is late would measure this machine, not TCP.
LINK_LATE_P99_S = 0.001
PROGRAM_LATE_P99_S = 0.005

PROGRAM_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """Samples of the channels of one case, with statistics of the link and the program."""

    channels: Channels
    link: ForwarderStats
    late: LatenessStats


@pytest.fixture(scope="module", autouse=True)
def _root_and_tun() -> None:
    skip_without_kernel_link()


def case_with(loss_ratio: float) -> KernelCase:
    return KernelCase(**asdict(GAME) | {"loss_ratio": loss_ratio})


@dataclass(frozen=True, slots=True)
class ProgramRuns:
    """Exit codes and outputs of the programs, with the load by others meanwhile."""

    exit_codes: list[int]
    outputs: dict[float, bytes]
    load: OtherLoad


@pytest.fixture(scope="module")
def runs() -> ProgramRuns:
    """Measure all cases over kernel links, side by side."""
    meter = OtherLoadMeter()
    programs = {
        loss_ratio: subprocess.Popen(
            [sys.executable, str(PROGRAM), json.dumps(asdict(case_with(loss_ratio)))],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for loss_ratio in LOSSES
    }
    try:
        outputs = {
            loss_ratio: program.communicate(timeout=PROGRAM_TIMEOUT_S)[0]
            for loss_ratio, program in programs.items()
        }
    finally:
        for program in programs.values():
            program.kill()
            program.wait()
    return ProgramRuns([program.returncode for program in programs.values()], outputs, meter.read())


# Not of the module: pytest would run a fixture that skips again for each test.
@pytest.fixture
def measured(runs: ProgramRuns) -> dict[float, Measurement]:
    """Return what was measured; skip on a disturbed machine, where connections may be lost too."""
    print(f"\n{runs.load}")
    skip_if_loaded(runs.load)
    assert runs.exit_codes == [0] * len(LOSSES)
    return {loss_ratio: _parse(json.loads(text)) for loss_ratio, text in runs.outputs.items()}


def _parse(output: dict[str, Any]) -> Measurement:
    link = output.pop("link")
    stats = ForwarderStats(late=LatenessStats(**link.pop("late")), **link)
    late = LatenessStats(**output.pop("late"))
    return Measurement(output, stats, late)


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
    link, program = measured[loss_ratio].link.late, measured[loss_ratio].late
    print(f"\n{loss_ratio:.0%}: link {link}")
    # The program has an ordinary priority: what else happens on the machine delays it first.
    if program.p99_s > PROGRAM_LATE_P99_S:
        pytest.skip(f"the machine is disturbed: the program's timers were late by {program}")
    assert link.p99_s < LINK_LATE_P99_S


@pytest.mark.parametrize("loss_ratio", LOSSES)
def test_link_loses_the_ratio_of_its_profile(
    loss_ratio: float, measured: dict[float, Measurement]
) -> None:
    link = measured[loss_ratio].link
    # No loss before the connections have settled. The link drains with loss.
    lossy_ratio = GAME.measured_s / (GAME.measured_s + GAME.settle_s)
    assert link.lost / link.sent == pytest.approx(loss_ratio * lossy_ratio, rel=0.1)
