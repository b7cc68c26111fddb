"""Exponential backoff for wrong passwords and tokens, by client network.  [pure]

Only failures in a row count; one success clears them.
"""

from dataclasses import dataclass

# Typing mistakes cost no delay.
FREE_ATTEMPTS = 3

# From then on each failure doubles the delay, up to what a person still waits for. One client
# network gets about 1,440 guesses a day.
FIRST_DELAY_S = 1.0
DELAY_MAX_S = 60.0

# A network that has not failed for ten minutes starts from zero.
FORGET_AFTER_S = 600.0

# An attacker with many addresses must not fill our memory. The oldest failure is forgotten.
MAX_TRACKED_NETWORKS = 4096


@dataclass(slots=True)
class _Record:
    failures: int
    failed_at: float


class LoginBackoff:
    """Failures and delays of all client networks."""

    def __init__(self) -> None:
        # Ordered by the last failure, the oldest first.
        self._records: dict[str, _Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def retry_after_s(self, network: str, now: float) -> float:
        """Return the rest of the delay, in seconds; 0.0 if a proof may be checked now."""
        record = self._records.get(network)
        if record is None or record.failures < FREE_ATTEMPTS:
            return 0.0
        doublings = record.failures - FREE_ATTEMPTS
        # 16 doublings are past the maximum, and 2.0 to the power of thousands overflows.
        delay_s = min(FIRST_DELAY_S * 2.0 ** min(doublings, 16), DELAY_MAX_S)
        return max(0.0, record.failed_at + delay_s - now)

    def record_failure(self, network: str, now: float) -> None:
        """Count a wrong proof."""
        self._forget_old(now)
        # Popped and inserted again, so that the dict stays ordered by the last failure.
        before = self._records.pop(network, None)
        self._records[network] = _Record(before.failures + 1 if before else 1, now)

    def reset(self, network: str) -> None:
        """Clear the failures of a network after a right proof."""
        self._records.pop(network, None)

    def _forget_old(self, now: float) -> None:
        while self._records:
            network, record = next(iter(self._records.items()))
            is_old = now - record.failed_at >= FORGET_AFTER_S
            if not is_old and len(self._records) < MAX_TRACKED_NETWORKS:
                return
            del self._records[network]
