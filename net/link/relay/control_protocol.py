"""Protocol between a relay's process and its parent: one JSON value a line.  [pure]

The parent sends the settings first. The child answers ``{"port": n}`` or ``{"error": text}``.
Then the parent may send, in any order:

- ``{"set_link": link, "of": client}``: a new link from the next packet on; ``of`` is null for all;
- ``{"clear_link": client}``: the link of all for a client that had one of its own;
- ``{"burst_s": seconds, "of": client}``: lose all packets for that time;
- ``{"confirm": port}``: the client of this port is known;
- ``{"get": "stats"}``: the child answers ``{"connections": [...], "late": {...}}``.

If the settings ask for a packet log, the child sends ``{"log": [[flow, [record, ...]], ...]}``
unasked, about 30 times a second while packets pass. Records are lists in the order of their fields.
It sends ``{"warning": text}`` when there is something to log.

If they ask for announcements, the child sends ``{"opened": port, "client": client}`` before it
connects to the server from this port, and connects after ``confirm``. ``client`` is null when the
port is free again.
"""

from binascii import a2b_base64, b2a_base64
from dataclasses import asdict
from typing import Any

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
from net.link.tcp_segment import Block, Packet, PacketType, ResendCause
from net.transport import Address

__all__ = [
    "client_from_json",
    "client_to_json",
    "log_from_json",
    "log_to_json",
    "settings_from_json",
    "settings_to_json",
    "stats_from_json",
    "stats_to_json",
]


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


def log_to_json(batch: list[FlowLog]) -> list[Any]:
    """Return a batch of the packet log as JSON values."""
    return [
        [
            (flow.protocol.value, flow.number, flow.client, flow.server),
            [_record_to_json(record) for record in records],
        ]
        for flow, records in batch
    ]


def log_from_json(plain: list[Any]) -> list[FlowLog]:
    """Return the batch that ``log_to_json`` wrote."""
    return [
        FlowLog(
            Flow(RelayProtocol(protocol), number, Address(*client), Address(*server)),
            tuple(_record_from_json(record) for record in records),
        )
        for (protocol, number, client, server), records in plain
    ]


def _record_to_json(record: LogRecord) -> Any:
    # JSON writes named tuples as lists. Only bytes need a text.
    if isinstance(record, ReadableRecord):
        return record
    return (*record[:-1], b2a_base64(record.payload, newline=False).decode())


def _record_from_json(plain: list[Any]) -> LogRecord:
    if len(plain) == len(ReadableRecord._fields):
        return ReadableRecord(*plain)
    is_up, number, sent_at, size_bytes, arrivals, drop, segment, is_fin, resend, payload = plain
    return PacketRecord(
        is_up,
        number,
        sent_at,
        size_bytes,
        tuple(arrivals),
        DropCause(drop),
        None if segment is None else _segment_from_json(segment),
        is_fin,
        ResendCause(resend),
        a2b_base64(payload),
    )


def _segment_from_json(plain: list[Any]) -> Packet:
    kind, start, end, ack, sacks, duplicate, stamp, echo = plain
    blocks: tuple[Block, ...] = tuple((first, last) for first, last in sacks)
    dsack = None if duplicate is None else (duplicate[0], duplicate[1])
    return Packet(PacketType(kind), start, end, ack, blocks, dsack, stamp, echo)
