"""Measurement of what this machine adds to the time of a test.

A test that judges real time is only right on a machine that wakes it up in time.
``skip_if_disturbed`` measures that beside the test.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# On a quiet machine 99 of 100 timers are late by a few tenths of a millisecond at most.
# With other programs on all cores it is two milliseconds and more.
LATE_P99_LIMIT_S = 0.0015

# One pause longer than this spoils a maximum, and holds back several packets at once.
LATE_MAX_LIMIT_S = 0.05

# The share of processor time that the hypervisor gave to other virtual machines.
STOLEN_LIMIT_RATIO = 0.02

# A process of its own: a thread here would wait for the interpreter lock of the code under test.
_WATCHER = """
import json, sys, threading, time
late_s = []
def watch():
    while True:
        due = time.perf_counter() + 0.001
        time.sleep(0.001)
        late_s.append(time.perf_counter() - due)
threading.Thread(target=watch, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
ordered = sorted(late_s) or [0.0]
print(json.dumps([ordered[int(len(ordered) * 0.99)], ordered[-1]]))
"""

# With more than this, other programs keep those of the test waiting for a core. So do the kernel's
# own threads.
OTHERS_LIMIT_RATIO = 0.10


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Lateness of timers, in seconds, and the share of processor time that was stolen."""

    late_p99_s: float
    late_max_s: float
    stolen_ratio: float

    def __str__(self) -> str:
        return (
            f"timers late by {self.late_p99_s * 1000:.1f} ms (p99), "
            f"{self.late_max_s * 1000:.1f} ms (max), {self.stolen_ratio:.1%} steal time"
        )


@contextmanager
def skip_if_disturbed(
    late_p99_s: float = LATE_P99_LIMIT_S,
    late_max_s: float = LATE_MAX_LIMIT_S,
    stolen_ratio: float = STOLEN_LIMIT_RATIO,
) -> Iterator[None]:
    """Skip the test, with the figures, if the machine disturbed the block beyond a limit.

    The assertions belong into the block. On a quiet machine they fail as usual. On a disturbed one
    neither a failure nor a success counts.
    """
    watcher = DisturbanceWatcher()
    failure: AssertionError | TimeoutError | None = None
    try:
        yield
    except (AssertionError, TimeoutError) as error:
        failure = error
    finally:
        found = watcher.stop()
    is_disturbed = (
        found.late_p99_s > late_p99_s
        or found.late_max_s > late_max_s
        or found.stolen_ratio > stolen_ratio
    )
    if is_disturbed:
        pytest.skip(f"the machine is disturbed: {found}")
    if failure is not None:
        raise failure


class DisturbanceWatcher:
    """A process that measures how late its own timers are, from now until ``stop``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _WATCHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self._ticks_before = processor_ticks()

    def stop(self) -> Disturbance:
        """End the process and return what it measured."""
        said, _ = self._process.communicate()
        late_p99_s, late_max_s = json.loads(said)
        return Disturbance(late_p99_s, late_max_s, stolen_ratio_since(self._ticks_before))


@dataclass(frozen=True, slots=True)
class OtherLoad:
    """Shares of the machine's processor time that others used, from 0 to 1 of all cores."""

    others_ratio: float
    stolen_ratio: float

    def __str__(self) -> str:
        return (
            f"other programs used {self.others_ratio:.1%} of the processors, "
            f"{self.stolen_ratio:.1%} steal time"
        )


class OtherLoadMeter:
    """Meter of the processor time that others use from now on (Linux; zeros elsewhere).

    For tests whose programs have a real-time priority: timers beside them are late because of the
    test itself. Children count as the test's own after it has waited for them.
    """

    def __init__(self) -> None:
        self._ticks = processor_ticks()
        self._programs_s = _programs_s()
        self._own_s = _own_s()

    def read(self) -> OtherLoad:
        """Return the load by others since the meter was made."""
        _, all_ticks = (
            now - then for now, then in zip(processor_ticks(), self._ticks, strict=True)
        )
        if not all_ticks:
            return OtherLoad(0.0, 0.0)
        total_s = all_ticks / os.sysconf("SC_CLK_TCK")
        others_s = _programs_s() - self._programs_s - (_own_s() - self._own_s)
        return OtherLoad(max(others_s, 0.0) / total_s, stolen_ratio_since(self._ticks))


def skip_if_loaded(load: OtherLoad) -> None:
    """Skip the test, with the figures, if others used too much processor time beside it."""
    if load.others_ratio > OTHERS_LIMIT_RATIO or load.stolen_ratio > STOLEN_LIMIT_RATIO:
        pytest.skip(f"the machine is disturbed: {load}")


def _own_s() -> float:
    """Return the processor time of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _programs_s() -> float:
    """Return the processor time of all programs since boot, without interrupts; 0 without Linux."""
    try:
        fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:4]
    except OSError:
        return 0.0
    # user, nice, system (proc(5)).
    return sum(map(int, fields)) / os.sysconf("SC_CLK_TCK")


def processor_ticks() -> tuple[int, int]:
    """Return stolen and all processor ticks since boot; zeros without Linux."""
    try:
        fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    except OSError:
        return 0, 0
    # user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
    ticks = [int(field) for field in fields]
    return ticks[7], sum(ticks)


def stolen_ratio_since(before: tuple[int, int]) -> float:
    """Return the share of processor time stolen since ``processor_ticks`` returned ``before``."""
    stolen, total = (now - then for now, then in zip(processor_ticks(), before, strict=True))
    return stolen / total if total else 0.0
