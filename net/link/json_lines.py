"""JSON lines that carry links between processes.  [pure]"""

import json
from dataclasses import asdict, fields, replace
from typing import Any

from net.link.profile import Link, LinkProfile
from net.link.recorded_schedule import Playback, Schedule

__all__ = ["encode_line", "link_from_json", "link_to_json"]


def encode_line(value: dict[str, Any]) -> bytes:
    """Return ``value`` as one line of JSON."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def link_to_json(link: Link) -> dict[str, Any]:
    """Return ``link`` as JSON values."""
    plain = asdict(replace(link, playback=None))
    if link.playback is not None:
        schedules = {side: _fields_of(getattr(link.playback, side)) for side in ("up", "down")}
        plain["playback"] = _fields_of(link.playback) | schedules
    return plain


def _fields_of(value: Playback | Schedule) -> dict[str, Any]:
    # Not ``asdict``: it copies each probe, and the link changes while packets are on the way.
    return {field.name: getattr(value, field.name) for field in fields(value)}


def link_from_json(plain: dict[str, Any]) -> Link:
    """Return the link that ``link_to_json`` wrote."""
    playback = plain["playback"]
    return Link(
        LinkProfile(**plain["up"]),
        LinkProfile(**plain["down"]),
        plain["name"],
        None if playback is None else _playback_from_json(playback),
    )


def _playback_from_json(plain: dict[str, Any]) -> Playback:
    schedules = {side: _schedule_from_json(plain[side]) for side in ("up", "down")}
    return Playback(**plain | schedules)


def _schedule_from_json(plain: dict[str, Any]) -> Schedule:
    # JSON has no tuples.
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    return Schedule(**values)
