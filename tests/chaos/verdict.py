"""Whether a server has lived through chaos as it should: what is looked at, and what must hold."""

import time
from collections import Counter
from collections.abc import Sequence
from statistics import mean
from typing import Any

from game.match.physics import TICK_HZ
from net.link.relay_settings import Kind
from net.link.udp_relay import IDLE_LIMIT_S
from tests.chaos.account import judge_events, outside
from tests.chaos.chaos import MEMORY_EVERY_S, Chaos

# What a life's last quarter may take over its second; the first fills what is kept.
GROWTH_LIMIT_MB = 2.0
# A shorter life says nothing about growth.
GROWTH_SEEN_IN_S = 120.0
# How long a relay may take to drop a stream whose ends have gone, and an address that is silent.
CUT_AFTER_S = 10.0
FORGOTTEN_AFTER_S = 1.25 * IDLE_LIMIT_S + CUT_AFTER_S
LATENESS_CHECK = "ticks on time (p99 under one tick)"


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
        "deeds": dict(chaos.deeds),
        **found,
    }


def growth_mb(megabytes: Sequence[float]) -> float | None:
    """Return by how much a life's last quarter is over its second; None if it was too short."""
    if len(megabytes) * MEMORY_EVERY_S < GROWTH_SEEN_IN_S:
        return None
    quarter = len(megabytes) // 4
    return mean(megabytes[-quarter:]) - mean(megabytes[quarter : 2 * quarter])


def _look_and_end(chaos: Chaos) -> dict[str, Any]:
    reports, due = chaos.settle()
    relayed = chaos.relayed(list(Kind), 0.0)
    events = judge_events(reports, due, chaos.ledger())
    health = chaos.end_server()
    crowd_codes = [crowd.leave() for crowd in chaos.crowds]
    # Datagrams say no goodbye to a relay: in a short run nobody waits until it forgets them.
    is_long = chaos.patience >= 1.0
    kinds = (Kind.TCP, Kind.UDP) if is_long else (Kind.TCP,)
    within_s = FORGOTTEN_AFTER_S if is_long else CUT_AFTER_S
    names = Counter(report["name"] for report in reports)
    seated = Counter(name for players in health.pop("players").values() for name in players)
    return {
        "clients": names.total(),
        "events": events,
        "server": health,
        "memory_mb": [[round(mb, 1) for mb in life[::30]] for life in chaos.memory_mb],
        "memory_growth_mb": [growth_mb(life) for life in chaos.memory_mb],
        "relayed": relayed,
        "relayed_at_the_end": chaos.relayed(kinds, within_s),
        "outside": outside(reports),
        "unseated": sorted((names - seated).elements()),
        "strangers": sorted((seated - names).elements()),
        "tracebacks": (chaos.folder / "log").read_text().count("Traceback"),
        "crowds_that_failed": sum(code != 0 for code in crowd_codes),
    }


def _checks(found: dict[str, Any]) -> dict[str, bool]:
    events, health = found["events"], found["server"]
    checks = {
        "everyone is in": not found["outside"],
        "nobody is doubled": not found["unseated"] and not found["strangers"],
        "every event once, in order, unaltered": events["compared"] > 0
        and sum(events.values()) == events["compared"],
        "no task left": health["tasks_left"] == 0,
        "no socket or file left": health["descriptors_left"] == 0,
        "no relay left": found["relayed"] > 0 and found["relayed_at_the_end"] == 0,
        LATENESS_CHECK: health["lateness_p99_ms"] < 1000 / TICK_HZ,
        "no traceback": not found["tracebacks"],
        "every crowd ended cleanly": not found["crowds_that_failed"],
    }
    growths_mb = [growth for growth in found["memory_growth_mb"] if growth is not None]
    if growths_mb:
        checks["memory is flat"] = max(growths_mb) < GROWTH_LIMIT_MB
    return checks
