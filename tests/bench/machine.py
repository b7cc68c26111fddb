"""Processor affinity, priority and memory of processes, for the benches.

Pinning and priorities work on Linux; elsewhere they do nothing.
"""

import os
import platform
import sys
import threading
from pathlib import Path


def pin_to_core(index: int) -> None:
    """Pin this process to one core; ``index`` counts from the last."""
    if hasattr(os, "sched_setaffinity"):
        # A process starts with the one core that its parent is pinned to.
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
        cores = sorted(os.sched_getaffinity(0), reverse=True)
        os.sched_setaffinity(0, {cores[index % len(cores)]})


def go_before_others(pid: int = 0) -> None:
    """Run a process or thread, this one by default, with real-time priority (Linux, root only).

    On a busy machine a process waits some milliseconds for a core when it wakes up. That delay
    could not be distinguished from the lateness of the program itself.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))


def thread_ids(name: str = "") -> list[int]:
    """Return the system's ids of the threads of this process, or of those with a name."""
    threads = [each for each in threading.enumerate() if name in ("", each.name)]
    return [each.native_id for each in threads if each.native_id is not None]


def describe() -> dict[str, object]:
    """Return Python version, system, cores and load: figures mean little without them."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load_before": load,
    }


def memory_bytes(pid: int) -> int:
    """Return the resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has used, in the kernel too (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and theirs (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [*children, *(each for child in children for each in descendants(child))]


def can_read_processes() -> bool:
    """Return whether this system has the ``/proc`` of Linux."""
    return sys.platform == "linux"
