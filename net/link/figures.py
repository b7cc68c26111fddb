"""What a relay tells about its connections: the ledger of each direction and TCP's own state.

The kernel's TCP_INFO sees only loopback behind a relay, so what TCP went through on the emulated
link is told from here. Values only.
"""

from dataclasses import dataclass

from net.link.datagram_path import PathLedger
from net.link.relay_settings import Kind
from net.link.tcp_figures import TcpFigures
from net.transport import Address


@dataclass(frozen=True, slots=True)
class DirectionFigures:
    """What became of the packets of one direction; `tcp` is its sender, None for datagrams."""

    sent: int
    lost: int
    queue_dropped: int
    duplicated: int
    reordered: int
    tcp: TcpFigures | None = None


@dataclass(frozen=True, slots=True)
class ConnectionFigures:
    """One client of a relay: `number` counts the clients of its port from 0 and fixes its luck."""

    kind: Kind
    port: int
    client: Address
    number: int
    up: DirectionFigures
    down: DirectionFigures


def direction_figures(ledger: PathLedger, tcp: TcpFigures | None = None) -> DirectionFigures:
    """Return what a ledger says by now."""
    return DirectionFigures(
        ledger.sent, ledger.lost, ledger.queue_dropped, ledger.duplicated, ledger.reordered, tcp
    )
