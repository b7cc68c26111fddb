"""Rejection log: connections and messages that the server rejected, counted by reason.

Log lines are rate-limited, so that invalid input cannot fill the disk.
"""

import logging
from collections import Counter
from time import perf_counter

from net.security.token_bucket import LogThrottle

log = logging.getLogger(__name__)

# Reasons without a refusal message: the channel is closed.
BAD_MESSAGE = "bad-message"
TOO_FAST = "too-fast"
SILENT = "silent"


class RejectionLog:
    """Counters by reason, and at most one log line a second for each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._throttles: dict[str, LogThrottle] = {}

    def record(self, reason: str, text: str, level: int = logging.INFO) -> None:
        """Count a rejection, and log it unless this reason was logged within a second."""
        self.counts[reason] += 1
        suppressed = self._throttles.setdefault(reason, LogThrottle()).admit(perf_counter())
        if suppressed is not None:
            log.log(level, "%s: %s%s", reason, text, suppressed)
