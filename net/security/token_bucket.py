"""Token buckets (RFC 3290, appendix A) for messages and for log lines.  [pure]

Time comes in as an argument, in seconds.
"""

__all__ = ["KeyedTokenBuckets", "LogThrottle", "TokenBucket"]

# Networks without a connection whose buckets are remembered. More than any class has, and less
# than 1 MB. An attacker with many addresses must not fill our memory.
MAX_IDLE_NETWORKS = 1024


class TokenBucket:
    """Token bucket that is refilled only when it is empty, which keeps ``consume`` cheap.

    In any span of time at most ``burst`` + ``rate_per_s`` * seconds can be consumed. It starts
    full.
    """

    __slots__ = ("_burst", "_rate_per_s", "_refilled_at", "_tokens")

    def __init__(self, rate_per_s: float, burst: float, now: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._tokens = burst
        self._refilled_at = now

    def consume(self, cost: float, now: float) -> bool:
        """Take tokens; return whether there were enough."""
        # The usual case, for every message received: one subtraction and one comparison.
        self._tokens -= cost
        return self._tokens >= 0.0 or self._refill(cost, now)

    def _refill(self, cost: float, now: float) -> bool:
        earned = max(0.0, now - self._refilled_at) * self._rate_per_s
        self._refilled_at = now
        self._tokens = min(self._tokens + earned, self._burst)
        if self._tokens < 0.0:
            # A refused cost is not owed. A client that slows down is served again at once.
            self._tokens += cost
            return False
        return True


class KeyedTokenBuckets:
    """One token bucket a key. Beyond ``MAX_IDLE_NETWORKS`` keys the least recently used is lost."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        # Ordered by the last use, the oldest first.
        self._by_key: dict[str, TokenBucket] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def consume(self, key: str, cost: float, now: float) -> bool:
        """Take tokens of the bucket of ``key``; return whether there were enough."""
        # Popped and inserted again, so that the dict stays ordered by the last use.
        bucket = self._by_key.pop(key, None)
        if bucket is None:
            if len(self._by_key) >= MAX_IDLE_NETWORKS:
                del self._by_key[next(iter(self._by_key))]
            bucket = TokenBucket(self._rate_per_s, self._burst, now)
        self._by_key[key] = bucket
        return bucket.consume(cost, now)


class LogThrottle:
    """Rate limit for log lines of one kind, by default one a second. Counts the suppressed ones."""

    def __init__(self, rate_per_s: float = 1.0, burst: float = 1.0) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._bucket: TokenBucket | None = None
        self._suppressed = 0

    def admit(self, now: float) -> str | None:
        """Return None to suppress a line, else a suffix that says how many were suppressed."""
        if self._bucket is None:
            self._bucket = TokenBucket(self._rate_per_s, self._burst, now)
        if not self._bucket.consume(1.0, now):
            self._suppressed += 1
            return None
        suppressed, self._suppressed = self._suppressed, 0
        return f" (and {suppressed} more since the last)" if suppressed else ""
