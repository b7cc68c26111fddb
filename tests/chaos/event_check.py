"""Comparison of the events that clients received with the server's ledgers.  [pure]"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.chaos.server_process import EVENTS_KEPT

# The checksum of each event's body, by slot and number.
SentEvents = dict[tuple[str, int], str]
Report = dict[str, Any]

# A server may send the whole state only to a client that missed more events than it keeps. The
# client counts from a little later than the server, so half of them is certain.
CERTAINLY_KEPT = EVENTS_KEPT // 2


def read_ledgers(paths: Iterable[Path]) -> SentEvents:
    """Read the ledgers of all server runs; the last line may be incomplete."""
    sent: SentEvents = {}
    for path in paths:
        text = path.read_text()
        for line in text[: text.rfind("\n") + 1].splitlines():
            slot, number, checksum = line.split()
            sent[slot, int(number)] = checksum
    return sent


def not_playing(reports: Iterable[Report]) -> dict[str, str]:
    """Return the clients that are not in the match, with their status."""
    return {
        report["name"]: report["status"]
        for report in reports
        if not (report["is_playing"] and report["has_scene"])
    }


def check_events(
    reports: Iterable[Report], expected: SentEvents, sent: SentEvents
) -> dict[str, int]:
    """Count the errors in the clients' reports.

    The events of a slot must be those of the ledger, number by number. The check begins at the last
    reset, and goes on at least to the last number in ``expected``. A welcome may reset the count
    only if the client missed more events than the server keeps.
    """
    last_expected: Counter[str] = Counter()
    for slot, number in expected:
        last_expected[slot] = max(last_expected[slot], number)
    errors = ("doubled", "out_of_order", "missing", "altered", "late", "not_repeated")
    counts = Counter(dict.fromkeys(("compared", *errors), 0))
    for report in reports:
        last = _check_client(report, sent, counts)
        counts["late"] += last < last_expected[report["slot"]]
        missed = (missed for _, _, missed in report["resets"] if missed is not None)
        counts["not_repeated"] += sum(count <= CERTAINLY_KEPT for count in missed)
    return dict(counts)


def _check_client(report: Report, sent: SentEvents, counts: Counter[str]) -> int:
    """Count the errors of one client; return the last event number of its present slot."""
    resets: dict[str, set[int]] = {}
    for slot, number, _ in report["resets"]:
        resets.setdefault(slot, set()).add(number)
    last: dict[str, int] = {}
    for slot, number, checksum in report["received"]:
        counts["compared"] += 1
        before = last.get(slot)
        counts["doubled"] += number == before
        counts["out_of_order"] += before is not None and number < before
        counts["altered"] += sent.get((slot, number)) != checksum
        # Numbers may jump only to that of a welcome, whose state contains all events before.
        follows_on = number - 1 == before or number - 1 in resets[slot]
        counts["missing"] += not follows_on
        last[slot] = number
    present = report["slot"]
    return max(last.get(present, 0), *resets.get(present, {0}))
