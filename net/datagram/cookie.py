"""Cookies: a proof of address that the server can check without having stored it.  [pure]

The idea is DTLS's (RFC 9147, section 5.1): a client that returns the cookie receives at the address
it was sent to.
"""

import hmac
from random import Random

from net.datagram.wire_format import COOKIE_BYTES

# A cookie is valid for one to two of these. That is longer than the slowest handshake, and short
# enough that a recorded cookie is soon worthless.
SECRET_LIFE_S = 10.0

_SECRET_BYTES = 32


class CookieGenerator:
    """Issues and verifies cookies under a secret that only this server has.

    A cookie is a MAC (HMAC-SHA-256, truncated) of ``bound_data``: what the cookie shall prove, such
    as an address. The secret is replaced every ``SECRET_LIFE_S``; the one before stays valid.

    ``rng`` makes the secrets, so it must be ``random.SystemRandom`` outside tests.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self._rng = rng
        self._secret = self._previous = rng.randbytes(_SECRET_BYTES)
        self._since = now

    def issue(self, bound_data: bytes, now: float) -> bytes:
        """Return the cookie for ``bound_data``."""
        self._rotate(now)
        return _mac(self._secret, bound_data)

    def verify(self, cookie: bytes, bound_data: bytes, now: float) -> bool:
        """Return whether a cookie was issued here for ``bound_data``, and is still valid.

        A prefix of a cookie is compared with the same prefix: a path token is a short cookie.
        """
        self._rotate(now)
        # ``compare_digest`` takes the same time wherever the first difference is, so an attacker
        # cannot find a cookie byte by byte.
        return any(
            hmac.compare_digest(cookie, _mac(secret, bound_data)[: len(cookie)])
            for secret in (self._secret, self._previous)
        )

    def _rotate(self, now: float) -> None:
        lives = int((now - self._since) / SECRET_LIFE_S)
        if lives < 1:
            return
        fresh = self._rng.randbytes(_SECRET_BYTES)
        # After two lives or more without a call, the present secret is too old as well.
        self._previous = self._secret if lives == 1 else fresh
        self._secret = fresh
        self._since = now


def _mac(secret: bytes, bound_data: bytes) -> bytes:
    return hmac.digest(secret, bound_data, "sha256")[:COOKIE_BYTES]
