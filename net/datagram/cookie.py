"""net/datagram/cookie.py."""

import hmac
from random import Random

from net.datagram.wire_format import (
    COOKIE_BYTES,
)

# A cookie is good for one to two of these: longer than the slowest handshake, short enough that a
# heard one is soon of no use.
SECRET_LIFE_S = 10.0


_SECRET_BYTES = 32


class CookieGenerator:
    """Makes and checks cookies: what proves an address without remembering it.

    A cookie is a MAC under a secret that is replaced every ``SECRET_LIFE_S``; the one before is
    still good.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self._rng = rng
        self._secret = self._previous = rng.randbytes(_SECRET_BYTES)
        self._since = now

    def issue(self, facts: bytes, now: float) -> bytes:
        """Return the cookie for what it shall prove."""
        self._rotate(now)
        return _mac(self._secret, facts)

    def verify(self, cookie: bytes, facts: bytes, now: float) -> bool:
        """Whether a cookie was made here for these facts, not long ago."""
        self._rotate(now)
        return any(
            hmac.compare_digest(cookie, _mac(secret, facts)[: len(cookie)])
            for secret in (self._secret, self._previous)
        )

    def _rotate(self, now: float) -> None:
        lives = int((now - self._since) / SECRET_LIFE_S)
        if lives < 1:
            return
        fresh = self._rng.randbytes(_SECRET_BYTES)
        self._previous = self._secret if lives == 1 else fresh
        self._secret = fresh
        self._since = now


def _mac(secret: bytes, facts: bytes) -> bytes:
    return hmac.digest(secret, facts, "sha256")[:COOKIE_BYTES]
