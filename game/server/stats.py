"""Statistics of a running server at one moment: players, traffic, rejections, tick timings.

The server's thread makes these values. Any thread may read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from game.protocol.messages import ClientReport
from net.link.relay.settings import RelayClient
from net.transport import ChannelStats


@dataclass(frozen=True, slots=True)
class PlayerStats:
    """A connected player or spectator.

    ``loss_ratio``: datagrams lost on the way to the server; None over a stream.
    ``watches``: a spectator, without a player on the pitch.
    ``slot_id``: a name of the player's slot that is known to this server alone.
    ``relay_client``: the client as the relay of a class knows it; None without a relay.
    ``report``: the statistics that the client itself has sent; None without any.
    ``vote``: the transport that it named in a blind test; empty without a vote.
    ``is_ready``: to go on, while the match waits.
    """

    name: str
    room: str
    transport: str
    address: str
    watches: bool
    rtt_s: float | None
    loss_ratio: float | None
    retransmitted: int
    slot_id: str = ""
    report: ClientReport | None = None
    vote: str = ""
    is_ready: bool = False
    relay_client: RelayClient | None = None


@dataclass(frozen=True, slots=True)
class TransportTraffic:
    """Traffic of all channels of one transport since the server started."""

    messages_sent: int = 0
    messages_received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0

    def __add__(self, wire: ChannelStats) -> "TransportTraffic":
        return TransportTraffic(
            self.messages_sent + wire.sent,
            self.messages_received + wire.received,
            self.bytes_sent + wire.wire_bytes_sent,
            self.bytes_received + wire.wire_bytes_received,
        )


@dataclass(frozen=True, slots=True)
class ServerStats:
    """A server at one moment; tick lateness and duration are of the last minute."""

    players: tuple[PlayerStats, ...] = ()
    rooms: int = 0
    connections: int = 0
    clients_by_transport: Mapping[str, int] = field(default_factory=dict)
    traffic_by_transport: Mapping[str, TransportTraffic] = field(default_factory=dict)
    rejections_by_reason: Mapping[str, int] = field(default_factory=dict)
    lateness_p50_s: float = 0.0
    lateness_p99_s: float = 0.0
    duration_p99_s: float = 0.0

    def __str__(self) -> str:
        by_transport = ", ".join(
            f"{count} {name}" for name, count in self.clients_by_transport.items() if count
        )
        return (
            f"{len(self.players)} in {self.rooms} rooms ({by_transport or 'nobody'}), ticks late "
            f"{self.lateness_p50_s * 1000:.2f} ms p50, {self.lateness_p99_s * 1000:.2f} ms p99"
        )


def loss_ratio(wire: ChannelStats) -> float | None:
    """Return the share of the peer's datagrams that were lost; None before the first."""
    expected = wire.lost + wire.received
    return wire.lost / expected if expected else None
