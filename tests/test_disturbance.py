"""Tests of the measurement that says whether a result of a timing test counts."""

import os
import subprocess
import sys
from math import inf
from time import perf_counter, sleep

import pytest

from tests.disturbance import (
    Disturbance,
    DisturbanceWatcher,
    OtherLoad,
    OtherLoadMeter,
    skip_if_disturbed,
    skip_if_loaded,
)


def test_quiet_machine_lets_a_test_pass_and_fail() -> None:
    with skip_if_disturbed(inf, inf, inf):
        pass
    with pytest.raises(AssertionError), skip_if_disturbed(inf, inf, inf):
        raise AssertionError


def test_disturbed_machine_skips_with_the_figures_whatever_the_outcome() -> None:
    def judge(outcome: Exception | None) -> None:
        with skip_if_disturbed(late_p99_s=-1.0):
            if outcome is not None:
                raise outcome

    for outcome in (None, AssertionError(), TimeoutError()):
        with pytest.raises(pytest.skip.Exception, match=r"late by .* ms .* steal time"):
            judge(outcome)


def test_other_errors_are_never_hidden() -> None:
    with pytest.raises(ValueError, match="a bug"), skip_if_disturbed(late_p99_s=-1.0):
        raise ValueError("a bug")


def test_watcher_measures_its_own_timers() -> None:
    found = DisturbanceWatcher().stop()
    assert 0.0 <= found.late_p99_s <= found.late_max_s
    assert 0.0 <= found.stolen_ratio <= 1.0


def test_figures_are_written_with_their_units() -> None:
    text = str(Disturbance(late_p99_s=0.0021, late_max_s=0.03, stolen_ratio=0.125))
    assert text == "timers late by 2.1 ms (p99), 30.0 ms (max), 12.5% steal time"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/stat")
def test_work_of_ended_children_is_no_load_by_others() -> None:
    busy = "import time; until = time.process_time() + 0.3\nwhile time.process_time() < until: pass"
    meter = OtherLoadMeter()
    began = perf_counter()
    subprocess.run([sys.executable, "-c", busy], check=True)
    own_ratio = 0.3 / ((perf_counter() - began) * (os.cpu_count() or 1))
    # The child alone used ``own_ratio``, so others can only have had the rest.
    assert meter.read().others_ratio <= 1.0 - own_ratio + 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/stat")
def test_work_of_a_running_program_is_load_by_others() -> None:
    meter = OtherLoadMeter()
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        sleep(0.5)
        load = meter.read()
        busy.kill()
    assert load.others_ratio > 0.0
    assert str(load).startswith("other programs used ")


def test_load_by_others_skips_with_the_figures() -> None:
    skip_if_loaded(OtherLoad(others_ratio=0.02, stolen_ratio=0.01))
    for load in (OtherLoad(others_ratio=0.5, stolen_ratio=0.0), OtherLoad(0.0, stolen_ratio=0.1)):
        with pytest.raises(pytest.skip.Exception, match=r"other programs used .* steal time"):
            skip_if_loaded(load)
