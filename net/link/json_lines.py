"""JSON lines that carry links between processes.  [pure]"""

import json
from dataclasses import asdict
from typing import Any

from net.link.profile import Link, LinkProfile

__all__ = ["encode_line", "link_from_json", "link_to_json"]


def encode_line(value: dict[str, Any]) -> bytes:
    """Return ``value`` as one line of JSON."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def link_to_json(link: Link) -> dict[str, Any]:
    """Return ``link`` as JSON values."""
    return asdict(link)


def link_from_json(plain: dict[str, Any]) -> Link:
    """Return the link that ``link_to_json`` wrote."""
    return Link(LinkProfile(**plain["up"]), LinkProfile(**plain["down"]), plain["name"])
