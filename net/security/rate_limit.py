"""net/security/rate_limit.py."""

# Visitors remembered for what they have spent, although none of their channels is left.
MAX_IDLE_NETWORKS = 1024


class TokenBucket:
    """A token bucket that looks at the clock only when it is empty.

    At most ``burst`` and ``rate_per_s`` times the time that has passed can be spent. Full at
    first.
    """

    __slots__ = ("_burst", "_left", "_rate_per_s", "_since")

    def __init__(self, rate_per_s: float, burst: float, now: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._left = burst
        self._since = now

    def consume(self, cost: float, now: float) -> bool:
        """Spend; return whether there was enough."""
        self._left -= cost
        return self._left >= 0.0 or self._refill(cost, now)

    def _refill(self, cost: float, now: float) -> bool:
        earned = max(0.0, now - self._since) * self._rate_per_s
        self._since = now
        self._left = min(self._left + earned, self._burst)
        if self._left < 0.0:
            # What could not be paid is not owed: who slows down is served again.
            self._left += cost
            return False
        return True


class KeyedTokenBuckets:
    """A token bucket for each visitor; when there are many, the longest unseen loses its own."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        # In the order of the last visit, the oldest first.
        self._by_visitor: dict[str, TokenBucket] = {}

    def __len__(self) -> int:
        return len(self._by_visitor)

    def consume(self, key: str, cost: float, now: float) -> bool:
        """Spend of a visitor's; return whether there was enough."""
        allowance = self._by_visitor.pop(key, None)
        if allowance is None:
            if len(self._by_visitor) >= MAX_IDLE_NETWORKS:
                del self._by_visitor[next(iter(self._by_visitor))]
            allowance = TokenBucket(self._rate_per_s, self._burst, now)
        self._by_visitor[key] = allowance
        return allowance.consume(cost, now)


class LogThrottle:
    """Lets through few of many alike, by default one a second, and counts the others."""

    def __init__(self, rate_per_s: float = 1.0, burst: float = 1.0) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._allowance: TokenBucket | None = None
        self._held_back = 0

    def admit(self, now: float) -> str | None:
        """Return None to hold this one back, or what its line must add of those that were."""
        if self._allowance is None:
            self._allowance = TokenBucket(self._rate_per_s, self._burst, now)
        if not self._allowance.consume(1.0, now):
            self._held_back += 1
            return None
        held_back, self._held_back = self._held_back, 0
        return f" (and {held_back} more since the last)" if held_back else ""
