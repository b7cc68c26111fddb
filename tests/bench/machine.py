"""What the benches ask of the computer: a core for a process, and what the process has used of it.

Pinning works where the system can (Linux), and elsewhere does nothing.
"""

import os
import platform
import sys
from pathlib import Path


def pin_to_core(index: int) -> None:
    """Keep this process on one of the cores that it may use; ``index`` counts from the last."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0), reverse=True)
        os.sched_setaffinity(0, {cores[index % len(cores)]})


def go_before_others() -> None:
    """Let no other program have the core while this one wants it (Linux, and only root may).

    On a computer that does other things too a process that wakes up waits for its turn, for
    milliseconds, and its own lateness cannot be told from that.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def describe() -> dict[str, object]:
    """Return where figures were taken: they mean little without it."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load_before": load,
    }


def memory_bytes(pid: int) -> int:
    """Return the memory of a process that is in use and in RAM (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def can_read_processes() -> bool:
    """Say whether this system has Linux's ``/proc``."""
    return sys.platform == "linux"
