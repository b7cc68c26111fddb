"""The certificates that a page's WebTransport accepts by their hash, and their renewal.

A browser trusts a certificate without an authority if the page names its SHA-256
(``serverCertificateHashes``). It must have an ECDSA key and be valid for at most 14 days: there is
no way to revoke it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from net.security.certificates import fingerprint_of, make_self_signed
from net.transport import TlsConfig

__all__ = ["PageCertificates"]

# With the day before now that ``make_self_signed`` adds, less than the browsers' 14 days.
VALID_FOR = timedelta(days=12)
# Two days remain for a browser whose clock is ahead.
SERVED_FOR = timedelta(days=10)
# A page asks for the hashes before each connection, and the answer may be a second old.
ANNOUNCED_BEFORE = timedelta(minutes=10)


class PageCertificates:
    """The certificate in use, and shortly before its replacement the next one.

    Call ``renew`` now and then. ``make`` makes a certificate that is valid for a time.
    """

    def __init__(
        self, now: datetime, make: Callable[[timedelta], TlsConfig] = make_self_signed
    ) -> None:
        self._make = make
        self.current = make(VALID_FOR)
        self._next: TlsConfig | None = None
        self._replaced_at = now + SERVED_FOR

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The SHA-256 of every certificate that a connection may meet now."""
        announced = (self.current,) if self._next is None else (self.current, self._next)
        return tuple(fingerprint_of(each.certificate_pem) for each in announced)

    def renew(self, now: datetime) -> bool:
        """Announce or use the next certificate if it is time; return whether it is in use now.

        After a computer has slept over the time of announcement, both are done at once.
        """
        if now < self._replaced_at - ANNOUNCED_BEFORE:
            return False
        if self._next is None:
            self._next = self._make(VALID_FOR)
        if now < self._replaced_at:
            return False
        self.current, self._next = self._next, None
        self._replaced_at = now + SERVED_FOR
        return True
