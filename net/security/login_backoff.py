"""Making failures slow: who guesses waits longer after each wrong word.  [pure]

Counts failures in a row by *visitor* (an address, or the network of an IPv6 one), in virtual time.
Knows no password and no connection.
"""

from dataclasses import dataclass

# Typing slips are free.
FREE_ATTEMPTS = 3


# Then each failure costs twice the last, up to what a person still waits for: 1,440 guesses a day
# from one address.
FIRST_DELAY_S = 1.0


DELAY_MAX_S = 60.0


# Who has failed and not come back for so long starts afresh.
FORGET_AFTER_S = 600.0


# An attacker with many addresses makes us remember no more than this; the oldest is forgotten.
MAX_TRACKED_NETWORKS = 4096


@dataclass(slots=True)
class _Record:
    failures: int
    failed_at: float


class LoginBackoff:
    """The failures of all visitors."""

    def __init__(self) -> None:
        # In the order of the last failure, the oldest first.
        self._records: dict[str, _Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def retry_after_s(self, network: str, now: float) -> float:
        """Return for how long nothing that the visitor says is looked at; 0.0: now it is."""
        record = self._records.get(network)
        if record is None or record.failures < FREE_ATTEMPTS:
            return 0.0
        doublings = record.failures - FREE_ATTEMPTS
        # Past the cap anyway, and a float holds no 2 to the power of thousands.
        delay_s = min(FIRST_DELAY_S * 2.0 ** min(doublings, 16), DELAY_MAX_S)
        return max(0.0, record.failed_at + delay_s - now)

    def record_failure(self, network: str, now: float) -> None:
        """Count a wrong proof."""
        self._forget(now)
        before = self._records.pop(network, None)
        self._records[network] = _Record(before.failures + 1 if before else 1, now)

    def reset(self, network: str) -> None:
        """Forget the failures of a visitor who knew it in the end."""
        self._records.pop(network, None)

    def _forget(self, now: float) -> None:
        while self._records:
            visitor, record = next(iter(self._records.items()))
            is_old = now - record.failed_at >= FORGET_AFTER_S
            if not is_old and len(self._records) < MAX_TRACKED_NETWORKS:
                return
            del self._records[visitor]
