"""What a person was given to get into a server: its password, and how to know it.  [pure]

Knows no screen, no socket and no session.
"""

from dataclasses import dataclass, field

from net.errors import TlsFailed
from net.transport import Tls, Transport


@dataclass(frozen=True, slots=True)
class Access:
    """The password of a server ("" where none is asked for), and TLS if it is to be used."""

    password: str = field(default="", repr=False)
    tls: Tls | None = None

    def check(self, transport: Transport) -> None:
        """Raise ``TlsFailed`` where TLS is asked for and nothing would be encrypted."""
        promises = transport.guarantees
        is_sealed = promises.encrypts and bool(self.password)
        if self.tls is not None and not promises.takes_tls and not is_sealed:
            raise TlsFailed(f"{transport.name} has no TLS: give --transport tcp, or no --tls")
