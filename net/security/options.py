"""What a person was given to get into a server: its password, and how to know it.  [pure]

Knows no screen, no socket and no session.
"""

from dataclasses import dataclass, field

from net.errors import TlsError
from net.transport import TlsConfig, Transport


@dataclass(frozen=True, slots=True)
class SecurityOptions:
    """The password of a server ("" where none is asked for), and TLS if it is to be used."""

    password: str = field(default="", repr=False)
    tls: TlsConfig | None = None

    def require_encryption(self, transport: Transport) -> None:
        """Raise ``TlsError`` where TLS is asked for and nothing would be encrypted."""
        promises = transport.guarantees
        is_sealed = promises.supports_encryption and bool(self.password)
        if self.tls is not None and not promises.supports_tls and not is_sealed:
            raise TlsError(f"{transport.name} has no TLS: give --transport tcp, or no --tls")
