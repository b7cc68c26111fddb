"""net/link/json_lines.py."""

import json
from dataclasses import asdict
from typing import Any

from net.link.profile import Link, LinkProfile


def encode_line(value: dict[str, Any]) -> bytes:
    """Return a line of JSON."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def link_to_json(link: Link) -> dict[str, Any]:
    """Return a link as plain values."""
    return asdict(link)


def link_from_json(plain: dict[str, Any]) -> Link:
    """Return the link that `link_to_json` wrote."""
    return Link(LinkProfile(**plain["up"]), LinkProfile(**plain["down"]), plain["name"])
