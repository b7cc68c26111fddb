"""The lines that a relay's process and its parent write to each other: JSON, one value a line.

The parent opens with the settings; the child answers with its port or with why it cannot. After
that the parent may change the link, have a burst of loss, and ask for figures. Pure: no pipe.
"""

from dataclasses import asdict
from typing import Any

from net.link.json_lines import link_from_json, link_to_json
from net.link.profile import RelayProtocol
from net.link.relay.settings import RelaySettings, Route
from net.link.stats import ConnectionStats, DirectionStats, TcpStats
from net.transport import Address


def settings_to_json(settings: RelaySettings) -> dict[str, Any]:
    """Return settings as plain values."""
    return {
        "link": link_to_json(settings.link),
        "seed": settings.seed,
        "target": settings.target,
        "routes": [[route.kind.value, route.offset] for route in settings.routes],
        "listen": settings.listen,
    }


def settings_from_json(plain: dict[str, Any]) -> RelaySettings:
    """Return the settings that `settings_to_json` wrote."""
    return RelaySettings(
        link=link_from_json(plain["link"]),
        seed=plain["seed"],
        target=Address(*plain["target"]),
        routes=tuple(Route(RelayProtocol(kind), offset) for kind, offset in plain["routes"]),
        listen=Address(*plain["listen"]),
    )


def stats_to_json(figures: ConnectionStats) -> dict[str, Any]:
    """Return figures as plain values."""
    return asdict(figures) | {"kind": figures.kind.value, "client": figures.client}


def stats_from_json(plain: dict[str, Any]) -> ConnectionStats:
    """Return the figures that `stats_to_json` wrote."""
    return ConnectionStats(
        kind=RelayProtocol(plain["kind"]),
        port=plain["port"],
        client=Address(*plain["client"]),
        number=plain["number"],
        up=_direction_of(plain["up"]),
        down=_direction_of(plain["down"]),
    )


def _direction_of(plain: dict[str, Any]) -> DirectionStats:
    tcp = plain["tcp"]
    return DirectionStats(**plain | {"tcp": TcpStats(**tcp) if tcp else None})
