"""Checks of a chaos run: statistics of server and clients, and the conditions on them."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from game.match.physics import TICK_HZ
from net.link.profile import RelayProtocol
from net.link.relay.udp import IDLE_TIMEOUT_S
from net.measure.statistics import quantile
from tests.chaos.chaos import MEMORY_INTERVAL_S, Chaos
from tests.chaos.event_check import check_events, not_playing
from tests.chaos.schedule import ACTION_WEIGHTS

# Limit for the mean memory of a run's last quarter over its second. The first fills the buffers.
GROWTH_LIMIT_MB = 2.0
# A shorter run cannot show growth.
GROWTH_MIN_S = 120.0
# Times after which a relay must have dropped a closed stream, and a silent UDP address.
STREAM_EXPIRY_S = 10.0
RELAY_EXPIRY_S = 1.25 * IDLE_TIMEOUT_S + STREAM_EXPIRY_S
# What Python logs for errors, and for tasks or files that were not closed.
PYTHON_WARNINGS = re.compile(
    "Traceback|was destroyed|never retrieved|never awaited|ResourceWarning"
)


def run_and_check(chaos: Chaos, seconds: float) -> dict[str, Any]:
    """Run the actions, settle, end; return the results, and whether all checks pass."""
    began_at = time.monotonic()
    chaos.run_actions(seconds)
    found = _inspect_and_end(chaos)
    checks = _checks(found)
    return {
        "ok": all(checks.values()),
        "checks": checks,
        "seconds": round(time.monotonic() - began_at),
        **found,
    }


def growth_mb(megabytes: Sequence[float]) -> float | None:
    """Return the mean of a run's last quarter less that of its second; None if too short."""
    if len(megabytes) * MEMORY_INTERVAL_S < GROWTH_MIN_S:
        return None
    quarter = len(megabytes) // 4
    return mean(megabytes[-quarter:]) - mean(megabytes[quarter : 2 * quarter])


def tick_stats(path: Path) -> dict[str, float]:
    """Return p50, p99 and maximum of lateness and duration of the ticks."""
    text = path.read_text()
    lines = text[: text.rfind("\n") + 1].splitlines()
    columns = zip(*(map(float, line.split()) for line in lines), strict=True)
    counts: dict[str, float] = {"ticks": len(lines)}
    for name, milliseconds in zip(("late", "took"), columns, strict=True):
        for share in (0.5, 0.99, 1.0):
            counts[f"{name}_p{share * 100:g}_ms"] = quantile(sorted(milliseconds), share)
    return counts


def _inspect_and_end(chaos: Chaos) -> dict[str, Any]:
    """Collect the statistics of all clients, let the groups leave, then end the server."""
    reports, expected = chaos.settle()
    names = Counter(report["name"] for report in reports)
    joined = Counter(chaos.server.ask("players"))
    relayed = chaos.relayed().total()
    found = {
        "clients": names.total(),
        "actions": dict(chaos.actions),
        "done": dict(chaos.done()),
        "events": check_events(reports, expected, chaos.ledger()),
        "not_playing": not_playing(reports),
        "unseated": sorted((names - joined).elements()),
        "strangers": sorted((joined - names).elements()),
        "crowds_that_failed": sum(group.leave() != 0 for group in chaos.groups),
    }
    chaos.wait_for_expired_slots()
    return {
        **found,
        "relayed": relayed,
        "relayed_at_the_end": _relayed_at_end(chaos),
        "left_when_all_have_gone": chaos.server.ask("leftovers"),
        "left_at_the_end": chaos.server.ask("leave"),
        "ticks": [tick_stats(path) for path in sorted(chaos.folder.glob("ticks-*"))],
        "memory_mb": [[round(mb, 1) for mb in life[::30]] for life in chaos.memory_mb],
        "memory_growth_mb": [growth_mb(life) for life in chaos.memory_mb],
        "warnings": len(PYTHON_WARNINGS.findall((chaos.folder / "log").read_text())),
    }


def _relayed_at_end(chaos: Chaos) -> int:
    """Return how many clients the relay keeps after all have left.

    A relay cannot see the end of a UDP connection. A short run does not wait for its timeout.
    """
    is_long = chaos.time_scale >= 1.0
    deadline = time.monotonic() + (RELAY_EXPIRY_S if is_long else STREAM_EXPIRY_S)
    while True:
        relayed = chaos.relayed()
        left = relayed.total() if is_long else relayed[RelayProtocol.TCP]
        if not left or time.monotonic() > deadline:
            return left


def _checks(found: dict[str, Any]) -> dict[str, bool]:
    events = found["events"]
    checks = {
        "all of it was done": all(found["actions"].get(kind) for kind in ACTION_WEIGHTS)
        and all(found["done"].get(kind) for kind in ("switch", "move", "garbage")),
        "everyone is in": not found["not_playing"],
        "nobody is doubled": not found["unseated"] and not found["strangers"],
        "every event once, in order, unaltered": events["compared"] > 0
        and sum(events.values()) == events["compared"],
        "nothing left of who has gone": not any(found["left_when_all_have_gone"].values()),
        "no task, socket or file left": not any(found["left_at_the_end"].values()),
        "no relay left": found["relayed"] > 0 and found["relayed_at_the_end"] == 0,
        "ticks on time (p99 under one tick)": all(
            life["late_p99_ms"] < 1000 / TICK_HZ for life in found["ticks"]
        ),
        "no complaint": not found["warnings"],
        "every group ended cleanly": not found["crowds_that_failed"],
    }
    growths_mb = [growth for growth in found["memory_growth_mb"] if growth is not None]
    if growths_mb:
        checks["memory is flat"] = max(growths_mb) < GROWTH_LIMIT_MB
    return checks
