"""What a person was given to get into a server: its password, and how to know it.  [pure]

Knows no screen, no socket and no session.
"""

from dataclasses import dataclass, field

from net.transport import Tls


@dataclass(frozen=True, slots=True)
class Access:
    """The password of a server ("" where none is asked for), and TLS if it is to be used."""

    password: str = field(default="", repr=False)
    tls: Tls | None = None
