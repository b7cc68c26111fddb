"""Queue of the handshakes that a server has not begun, and how many it begins.  [pure]

A handshake costs the server several milliseconds of signing. Thirty that are begun at once would
stop the match for a quarter of a second. So at most one begins in a tick.
"""

from collections import deque
from typing import Generic, TypeVar

from net.security.token_bucket import TokenBucket

__all__ = ["HANDSHAKES_PER_S", "HandshakeQueue", "may_begin"]

# One in each tick of 60 Hz.
HANDSHAKES_PER_S = 60.0

# Two seconds of handshakes, which bounds the memory. A client whose packet is dropped sends it
# again.
_WAITING_LIMIT = 128

# With this many half-open connections, a client must prove its address before a handshake begins
# (RFC 9000, section 8.1.2). Forged addresses then cost no signature.
RETRY_FROM_HALF_OPEN = 32
# Half-open connections beyond this are not begun. Each takes some 100 KB.
HALF_OPEN_LIMIT = 256

Item = TypeVar("Item")


class HandshakeQueue(Generic[Item]):
    """First packets of clients, in order of arrival; each client once.

    ``dropped`` counts packets that found the queue full.
    """

    def __init__(self, now: float) -> None:
        self.dropped = 0
        self._bucket = TokenBucket(HANDSHAKES_PER_S, 1.0, now)
        self._waiting: deque[tuple[bytes, Item]] = deque()
        self._keys: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def requires_address_proof(self, half_open: int) -> bool:
        """Return whether a new client must prove its address, beside so many half-open ones."""
        return half_open + len(self._waiting) >= RETRY_FROM_HALF_OPEN

    def put(self, key: bytes, item: Item) -> None:
        """Queue an item, unless one with its key waits already."""
        if key in self._keys:
            return
        if len(self._waiting) >= _WAITING_LIMIT:
            self.dropped += 1
            return
        self._keys.add(key)
        self._waiting.append((key, item))

    def pop(self, now: float) -> Item | None:
        """Return the next item if a handshake may begin now, else None."""
        if not self._waiting or not self._bucket.consume(1.0, now):
            return None
        key, item = self._waiting.popleft()
        self._keys.discard(key)
        return item


def may_begin(half_open: int) -> bool:
    """Return whether a handshake may begin beside so many half-open connections."""
    return half_open < HALF_OPEN_LIMIT
