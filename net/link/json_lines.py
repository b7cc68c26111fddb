"""net/link/json_lines.py."""

import json
from dataclasses import asdict
from typing import Any

from net.link.profile import Link, LinkProfile


def encode_line(value: dict[str, Any]) -> bytes:
    """Return a line of JSON."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def plain_link(link: Link) -> dict[str, Any]:
    """Return a link as plain values."""
    return asdict(link)


def link_of(plain: dict[str, Any]) -> Link:
    """Return the link that `plain_link` wrote."""
    return Link(LinkProfile(**plain["up"]), LinkProfile(**plain["down"]), plain["name"])
