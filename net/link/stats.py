"""Statistics of emulated connections: packet counts of each direction and TCP state.

The kernel's ``TCP_INFO`` sees only loopback behind a relay. The TCP state on the emulated link
comes from here.
"""

from dataclasses import dataclass

from net.link.packet_path import PathCounters
from net.link.profile import RelayProtocol
from net.transport import Address

__all__ = ["ConnectionStats", "DirectionStats", "TcpStats", "direction_stats"]


@dataclass(frozen=True, slots=True)
class TcpStats:
    """State of one modelled TCP sender. ``cwnd`` and ``in_flight`` are in segments.

    ``srtt_s`` is 0 until there is a sample.
    ``stalls`` counts head-of-line blocking: data arrived behind a missing segment.
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
    """Packet counts of one direction. ``tcp`` is the state of its sender, None for datagrams."""

    sent: int
    lost: int
    queue_dropped: int
    duplicated: int
    reordered: int
    tcp: TcpStats | None = None


@dataclass(frozen=True, slots=True)
class ConnectionStats:
    """Statistics of one client of a relay.

    ``number`` counts the clients of the port from 0. It determines the client's seed.
    """

    kind: RelayProtocol
    port: int
    client: Address
    number: int
    up: DirectionStats
    down: DirectionStats


def direction_stats(counters: PathCounters, tcp: TcpStats | None = None) -> DirectionStats:
    """Return the present values of ``counters``, which go on changing."""
    return DirectionStats(
        counters.sent,
        counters.lost,
        counters.queue_dropped,
        counters.duplicated,
        counters.reordered,
        tcp,
    )
