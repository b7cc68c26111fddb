"""Whether a server has lived through chaos as it should: what is looked at, and what must hold."""

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
from tests.chaos.account import judge_events, outside
from tests.chaos.chaos import MEMORY_EVERY_S, Chaos
from tests.chaos.plan import PACK

# What a life's last quarter may take over its second; the first fills what is kept.
GROWTH_LIMIT_MB = 2.0
# A shorter life says nothing about growth.
GROWTH_SEEN_IN_S = 120.0
# How long a relay may take to drop a stream whose ends have gone, and an address that is silent.
CUT_AFTER_S = 10.0
FORGOTTEN_AFTER_S = 1.25 * IDLE_TIMEOUT_S + CUT_AFTER_S
LATENESS_CHECK = "ticks on time (p99 under one tick)"
# What Python says when something was left lying about.
COMPLAINTS = re.compile("Traceback|was destroyed|never retrieved|never awaited|ResourceWarning")


def judge(chaos: Chaos, seconds: float) -> dict[str, Any]:
    """Rage, settle, end; return what was found, and whether all of it is well."""
    began_at = time.monotonic()
    chaos.rage(seconds)
    found = _look_and_end(chaos)
    checks = _checks(found)
    return {
        "ok": all(checks.values()),
        "checks": checks,
        "seconds": round(time.monotonic() - began_at),
        **found,
    }


def growth_mb(megabytes: Sequence[float]) -> float | None:
    """Return by how much a life's last quarter is over its second; None if it was too short."""
    if len(megabytes) * MEMORY_EVERY_S < GROWTH_SEEN_IN_S:
        return None
    quarter = len(megabytes) // 4
    return mean(megabytes[-quarter:]) - mean(megabytes[quarter : 2 * quarter])


def tick_figures(path: Path) -> dict[str, float]:
    """Return the middle, the tail and the end of how late ticks were and how long they took."""
    text = path.read_text()
    lines = text[: text.rfind("\n") + 1].splitlines()
    columns = zip(*(map(float, line.split()) for line in lines), strict=True)
    figures: dict[str, float] = {"ticks": len(lines)}
    for name, milliseconds in zip(("late", "took"), columns, strict=True):
        for share in (0.5, 0.99, 1.0):
            figures[f"{name}_p{share * 100:g}_ms"] = quantile(sorted(milliseconds), share)
    return figures


def _look_and_end(chaos: Chaos) -> dict[str, Any]:
    """Look at everyone while they are in, have the crowds leave, then the server."""
    reports, due = chaos.settle()
    names = Counter(report["name"] for report in reports)
    seated = Counter(chaos.server.ask("players"))
    relayed = chaos.relayed().total()
    found = {
        "clients": names.total(),
        "deeds": dict(chaos.deeds),
        "done": dict(chaos.done()),
        "events": judge_events(reports, due, chaos.ledger()),
        "outside": outside(reports),
        "unseated": sorted((names - seated).elements()),
        "strangers": sorted((seated - names).elements()),
        "crowds_that_failed": sum(crowd.leave() != 0 for crowd in chaos.crowds),
    }
    chaos.wait_for_the_dead()
    return {
        **found,
        "relayed": relayed,
        "relayed_at_the_end": _still_relayed(chaos),
        "left_when_all_have_gone": chaos.server.ask("leftovers"),
        "left_at_the_end": chaos.server.ask("leave"),
        "ticks": [tick_figures(path) for path in sorted(chaos.folder.glob("ticks-*"))],
        "memory_mb": [[round(mb, 1) for mb in life[::30]] for life in chaos.memory_mb],
        "memory_growth_mb": [growth_mb(life) for life in chaos.memory_mb],
        "complaints": len(COMPLAINTS.findall((chaos.folder / "log").read_text())),
    }


def _still_relayed(chaos: Chaos) -> int:
    """Return how many clients the relay does not forget though all have gone.

    Datagrams say no goodbye to a relay: in a short run nobody waits until it forgets them.
    """
    is_long = chaos.patience >= 1.0
    deadline = time.monotonic() + (FORGOTTEN_AFTER_S if is_long else CUT_AFTER_S)
    while True:
        relayed = chaos.relayed()
        left = relayed.total() if is_long else relayed[RelayProtocol.TCP]
        if not left or time.monotonic() > deadline:
            return left


def _checks(found: dict[str, Any]) -> dict[str, bool]:
    events = found["events"]
    checks = {
        "all of it was done": all(found["deeds"].get(kind) for kind in PACK)
        and all(found["done"].get(kind) for kind in ("switch", "move", "garbage")),
        "everyone is in": not found["outside"],
        "nobody is doubled": not found["unseated"] and not found["strangers"],
        "every event once, in order, unaltered": events["compared"] > 0
        and sum(events.values()) == events["compared"],
        "nothing left of who has gone": not any(found["left_when_all_have_gone"].values()),
        "no task, socket or file left": not any(found["left_at_the_end"].values()),
        "no relay left": found["relayed"] > 0 and found["relayed_at_the_end"] == 0,
        LATENESS_CHECK: all(life["late_p99_ms"] < 1000 / TICK_HZ for life in found["ticks"]),
        "no complaint": not found["complaints"],
        "every crowd ended cleanly": not found["crowds_that_failed"],
    }
    growths_mb = [growth for growth in found["memory_growth_mb"] if growth is not None]
    if growths_mb:
        checks["memory is flat"] = max(growths_mb) < GROWTH_LIMIT_MB
    return checks
