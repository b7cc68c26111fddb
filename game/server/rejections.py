"""Whom a server has turned away and why: counted for the figures, seldom said in the log.

Somebody who sends garbage for fun must not fill the host's disk. Knows no session and no channel.
"""

import logging
from collections import Counter
from time import perf_counter

from net.security.rate_limit import LogThrottle

log = logging.getLogger(__name__)

# Reasons that no refusal is sent for: the channel just ends.
BAD_MESSAGE = "bad-message"
TOO_FAST = "too-fast"
SILENT = "silent"


class RejectionLog:
    """Counts by reason; every reason is logged once a second at most."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._throttles: dict[str, LogThrottle] = {}

    def record(self, reason: str, text: str, level: int = logging.INFO) -> None:
        """Count one, and say so if the last that was said is a second ago."""
        self.counts[reason] += 1
        more = self._throttles.setdefault(reason, LogThrottle()).admit(perf_counter())
        if more is not None:
            log.log(level, "%s: %s%s", reason, text, more)
