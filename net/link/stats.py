"""What a relay tells about its connections: the ledger of each direction and TCP's own state.

The kernel's TCP_INFO sees only loopback behind a relay, so what TCP went through on the emulated
link is told from here. Values only.
"""

from dataclasses import dataclass

from net.link.datagram_path import PathCounters
from net.link.profile import RelayProtocol
from net.transport import Address


@dataclass(frozen=True, slots=True)
class TcpStats:
    """The state of one modelled sender; times in seconds, `cwnd` and `in_flight` in segments.

    `srtt_s` is 0 until there is a sample. `stalls` counts the times the stream stood still because
    of a loss: bytes had arrived that the reader could not have, a hole being before them.
    """

    srtt_s: float
    rto_s: float
    cwnd: int
    in_flight: int
    retransmits: int
    timeouts: int
    tail_loss_probes: int
    stalls: int


@dataclass(frozen=True, slots=True)
class DirectionStats:
    """What became of the packets of one direction; `tcp` is its sender, None for datagrams."""

    sent: int
    lost: int
    queue_dropped: int
    duplicated: int
    reordered: int
    tcp: TcpStats | None = None


@dataclass(frozen=True, slots=True)
class ConnectionStats:
    """One client of a relay: `number` counts the clients of its port from 0 and fixes its luck."""

    kind: RelayProtocol
    port: int
    client: Address
    number: int
    up: DirectionStats
    down: DirectionStats


def direction_stats(ledger: PathCounters, tcp: TcpStats | None = None) -> DirectionStats:
    """Return what a ledger says by now."""
    return DirectionStats(
        ledger.sent, ledger.lost, ledger.queue_dropped, ledger.duplicated, ledger.reordered, tcp
    )
