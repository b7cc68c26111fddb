"""What clients were told, compared with what the server's ledgers say was said to them.  [pure]"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.chaos.life import EVENTS_KEPT

# By place and number: the checksum of the event's body.
LinkCounters = dict[tuple[str, int], str]
Report = dict[str, Any]

# A server may answer with the whole state only who missed more than it keeps. The client counts
# from a moment later than the server, so it gives it the benefit of the doubt.
SURELY_KEPT = EVENTS_KEPT // 2


def read_ledgers(paths: Iterable[Path]) -> LinkCounters:
    """Read the lines that a server's lives have written; the last may be half of one."""
    said: LinkCounters = {}
    for path in paths:
        text = path.read_text()
        for line in text[: text.rfind("\n") + 1].splitlines():
            place, number, checksum = line.split()
            said[place, int(number)] = checksum
    return said


def outside(reports: Iterable[Report]) -> dict[str, str]:
    """Return who is not in the match, and what it says of it."""
    return {
        report["name"]: report["status"]
        for report in reports
        if not (report["is_playing"] and report["has_scene"])
    }


def judge_events(
    reports: Iterable[Report], due: LinkCounters, said: LinkCounters
) -> dict[str, int]:
    """Count what is wrong with the accounts of the clients.

    Each account of a place must be the ledger's, number by number, from where it began, and go on
    at least to the last number that was ``due``. A welcome may begin it anew only for who missed
    more than the server keeps.
    """
    last_due: Counter[str] = Counter()
    for place, number in due:
        last_due[place] = max(last_due[place], number)
    flaws = ("doubled", "out_of_order", "missing", "altered", "late", "not_repeated")
    figures = Counter(dict.fromkeys(("compared", *flaws), 0))
    for report in reports:
        last = _judge_account(report, said, figures)
        figures["late"] += last < last_due[report["place"]]
        missed = (missed for _, _, missed in report["begun"] if missed is not None)
        figures["not_repeated"] += sum(count <= SURELY_KEPT for count in missed)
    return dict(figures)


def _judge_account(report: Report, said: LinkCounters, figures: Counter[str]) -> int:
    """Count one client's flaws; return the last number of its present place that it knows of."""
    begun: dict[str, set[int]] = {}
    for place, number, _ in report["begun"]:
        begun.setdefault(place, set()).add(number)
    last: dict[str, int] = {}
    for place, number, checksum in report["witnessed"]:
        figures["compared"] += 1
        before = last.get(place)
        figures["doubled"] += number == before
        figures["out_of_order"] += before is not None and number < before
        figures["altered"] += said.get((place, number)) != checksum
        # Numbers may jump only to where a welcome said that the state held all up to there.
        follows_on = number - 1 == before or number - 1 in begun[place]
        figures["missing"] += not follows_on
        last[place] = number
    present = report["place"]
    return max(last.get(present, 0), *begun.get(present, {0}))
