"""Security options that a person gives: password and TLS.  [pure]"""

from collections.abc import Callable
from dataclasses import dataclass, field

from net.errors import TlsError
from net.transport import Address, TlsConfig, Transport

__all__ = ["SecurityOptions"]


@dataclass(frozen=True, slots=True)
class SecurityOptions:
    """Password of a server (empty without one) and TLS configuration (None without TLS).

    The password is left out of ``repr``, so that no log shows it.
    ``trust`` is that of ``SocketOptions``.
    """

    password: str = field(default="", repr=False)
    tls: TlsConfig | None = None
    trust: Callable[[Address, bytes], None] | None = field(default=None, compare=False)

    def require_encryption(self, transport: Transport) -> None:
        """Check that a transport encrypts somehow if TLS is asked for.

        Raises ``TlsError`` if nothing would be encrypted.
        """
        guarantees = transport.guarantees
        is_encrypted = guarantees.supports_encryption and bool(self.password)
        if self.tls is not None and not guarantees.supports_tls and not is_encrypted:
            raise TlsError(f"{transport.name} has no TLS: give --transport tcp, or no --tls")
