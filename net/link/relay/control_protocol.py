"""Protocol between a relay's process and its parent: one JSON value a line.  [pure]

The parent sends the settings first. The child answers ``{"port": n}`` or ``{"error": text}``.
Then the parent may send, in any order:

- ``{"set_link": link}``: a new link from the next packet on;
- ``{"burst_s": seconds}``: lose all packets for that time;
- ``{"get": "stats"}``: the child answers ``{"connections": [...], "late": {...}}``.
"""

from dataclasses import asdict
from typing import Any

from net.link.json_lines import link_from_json, link_to_json
from net.link.profile import RelayProtocol
from net.link.relay.settings import RelaySettings, Route
from net.link.stats import ConnectionStats, DirectionStats, TcpStats
from net.transport import Address

__all__ = ["settings_from_json", "settings_to_json", "stats_from_json", "stats_to_json"]


def settings_to_json(settings: RelaySettings) -> dict[str, Any]:
    """Return ``settings`` as JSON values."""
    return {
        "link": link_to_json(settings.link),
        "seed": settings.seed,
        "target": settings.target,
        "routes": [[route.kind.value, route.offset] for route in settings.routes],
        "listen": settings.listen,
    }


def settings_from_json(plain: dict[str, Any]) -> RelaySettings:
    """Return the settings that ``settings_to_json`` wrote."""
    return RelaySettings(
        link=link_from_json(plain["link"]),
        seed=plain["seed"],
        target=Address(*plain["target"]),
        routes=tuple(Route(RelayProtocol(kind), offset) for kind, offset in plain["routes"]),
        listen=Address(*plain["listen"]),
    )


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
