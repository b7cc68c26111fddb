"""Protocol between a relay's process and its parent: one JSON object a line.  [pure]

The parent sends the settings first. The child answers ``{"port": n}`` or ``{"error": text}``.
Then the parent may send, in any order:

- ``{"set_link": link, "of": client}``: a new link from the next packet on; ``of`` is null for all;
- ``{"clear_link": client}``: the link of all for a client that had one of its own;
- ``{"burst_s": seconds, "of": client}``: lose all packets for that time;
- ``{"confirm": port}``: the client of this port is known;
- ``{"get": "stats"}``: the child answers ``{"connections": [...], "late": {...}}``.

If the settings ask for a packet log, the child sends a batch unasked, about 30 times a second while
packets pass. Such a line is base64 of msgpack: JSON would take three times as long to encode,
because of the times of each packet. Packets would wait for that.
The child sends ``{"warning": text}`` when there is something to log.

If they ask for announcements, the child sends ``{"opened": port, "client": client}`` before it
connects to the server from this port, and connects after ``confirm``. ``client`` is null when the
port is free again.
"""

from binascii import a2b_base64, b2a_base64
from dataclasses import asdict
from typing import Any

from net.codec import decode_trusted, encode_trusted
from net.link.json_lines import link_from_json, link_to_json
from net.link.packet_log import (
    DropCause,
    Flow,
    FlowLog,
    LogRecord,
    PacketRecord,
    ReadableRecord,
)
from net.link.profile import RelayProtocol
from net.link.relay.settings import RelayClient, RelaySettings, Route
from net.link.stats import ConnectionStats, DirectionStats, TcpStats
from net.link.tcp_segment import Packet, PacketType, ResendCause
from net.transport import Address

__all__ = [
    "client_from_json",
    "client_to_json",
    "decode_log",
    "encode_log",
    "is_log",
    "settings_from_json",
    "settings_to_json",
    "stats_from_json",
    "stats_to_json",
]


# By value, which counts from 0. Calling the enumeration takes 0.5 µs, which is much for a packet.
_DROP_CAUSES = tuple(DropCause)
_PACKET_TYPES = tuple(PacketType)
_RESEND_CAUSES = tuple(ResendCause)


def settings_to_json(settings: RelaySettings) -> dict[str, Any]:
    """Return ``settings`` as JSON values."""
    return {
        "link": link_to_json(settings.link),
        "seed": settings.seed,
        "target": settings.target,
        "routes": [[route.kind.value, route.offset] for route in settings.routes],
        "listen": settings.listen,
        "has_packet_log": settings.has_packet_log,
        "announces_clients": settings.announces_clients,
    }


def settings_from_json(plain: dict[str, Any]) -> RelaySettings:
    """Return the settings that ``settings_to_json`` wrote."""
    return RelaySettings(
        link=link_from_json(plain["link"]),
        seed=plain["seed"],
        target=Address(*plain["target"]),
        routes=tuple(Route(RelayProtocol(kind), offset) for kind, offset in plain["routes"]),
        listen=Address(*plain["listen"]),
        has_packet_log=plain["has_packet_log"],
        announces_clients=plain["announces_clients"],
    )


def client_to_json(client: RelayClient | None) -> Any:
    """Return a client as JSON values."""
    return client and [client.protocol.value, client.address]


def client_from_json(plain: Any) -> RelayClient | None:
    """Return the client that ``client_to_json`` wrote."""
    return plain and RelayClient(RelayProtocol(plain[0]), Address(*plain[1]))


def stats_to_json(stats: ConnectionStats) -> dict[str, Any]:
    """Return ``stats`` as JSON values."""
    return asdict(stats) | {"kind": stats.kind.value, "client": stats.client}


def stats_from_json(plain: dict[str, Any]) -> ConnectionStats:
    """Return the statistics that ``stats_to_json`` wrote."""
    return ConnectionStats(
        kind=RelayProtocol(plain["kind"]),
        port=plain["port"],
        client=Address(*plain["client"]),
        number=plain["number"],
        up=_direction_from_json(plain["up"]),
        down=_direction_from_json(plain["down"]),
    )


def _direction_from_json(plain: dict[str, Any]) -> DirectionStats:
    tcp = plain["tcp"]
    return DirectionStats(**plain | {"tcp": TcpStats(**tcp) if tcp else None})


def encode_log(batch: list[FlowLog]) -> bytes:
    """Return a batch of the packet log as a line."""
    # Named tuples are written as arrays, in the order of their fields.
    plain = [((flow.protocol.value, *flow[1:]), records) for flow, records in batch]
    return b2a_base64(encode_trusted(plain))


def is_log(line: bytes) -> bool:
    """Tell whether a line of the child is a batch of the packet log."""
    # Base64 has no brace.
    return not line.startswith(b"{")


def decode_log(line: bytes) -> list[FlowLog]:
    """Return the batch that ``encode_log`` wrote."""
    return [
        FlowLog(
            Flow(RelayProtocol(protocol), number, Address(*client), Address(*server)),
            tuple(map(_record, records)),
        )
        for (protocol, number, client, server), records in decode_trusted(a2b_base64(line))
    ]


def _record(fields: tuple[Any, ...]) -> LogRecord:
    if len(fields) == len(ReadableRecord._fields):
        return ReadableRecord._make(fields)
    *head, drop, segment, is_fin, resend, payload = fields
    if segment is not None:
        kind, *rest = segment
        segment = Packet._make((_PACKET_TYPES[kind], *rest))
    return PacketRecord._make(
        (*head, _DROP_CAUSES[drop], segment, is_fin, _RESEND_CAUSES[resend], payload)
    )
