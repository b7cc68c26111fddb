"""Programs that measure cases over kernel links, side by side."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from net.link.lateness import LatenessStats
from tests.disturbance import OtherLoad, OtherLoadMeter, skip_if_loaded
from tests.net.link.calibration.kernel_case import KernelCase
from tests.source import ROOT

PROGRAM = Path(__file__).with_name("kernel_case.py")

PROGRAM_TIMEOUT_S = 120.0

# A program that is late would measure this machine, not TCP. The programs themselves are a load:
# where they need a whole core, the kernel stops all real-time programs for 50 ms in each second.
LATE_P99_LIMIT_S = 0.005


@dataclass(frozen=True, slots=True)
class ProgramRuns:
    """Exit codes and outputs of the programs by case, with the load by others meanwhile."""

    exit_codes: dict[str, int]
    outputs: dict[str, bytes]
    load: OtherLoad

    def measured(self) -> dict[str, Any]:
        """Return what each program printed.

        Skips the test on a disturbed or too slow machine, before anything is judged: connections
        may have been lost there too.
        """
        print(f"\n{self.load}")
        skip_if_loaded(self.load)
        assert set(self.exit_codes.values()) == {0}, self.exit_codes
        outputs = {name: json.loads(output) for name, output in self.outputs.items()}
        for output in outputs.values():
            late = LatenessStats(**output["late"])
            if late.p99_s > LATE_P99_LIMIT_S:
                pytest.skip(f"the machine is disturbed or too slow: the program's timers: {late}")
        return outputs


def run_side_by_side(cases: Mapping[str, KernelCase]) -> ProgramRuns:
    """Measure all cases at once, each with a program and a kernel link of its own."""
    meter = OtherLoadMeter()
    programs = {
        name: subprocess.Popen(
            [sys.executable, str(PROGRAM), json.dumps(asdict(case))],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for name, case in cases.items()
    }
    try:
        outputs = {
            name: program.communicate(timeout=PROGRAM_TIMEOUT_S)[0]
            for name, program in programs.items()
        }
    finally:
        for program in programs.values():
            program.kill()
            program.wait()
    exit_codes = {name: program.returncode for name, program in programs.items()}
    return ProgramRuns(exit_codes, outputs, meter.read())
