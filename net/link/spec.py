"""Text form of links: parser and formatter.  [pure]

A SPEC is a preset, or settings, or a preset and the settings that differ, separated by commas:

    lossy
    delay=25ms,jitter=5ms,loss=5%,burst=3,rate=2mbit,queue=100ms
    wifi,loss=10%,up.delay=40ms
    room.link.json,delay=+20ms,start=30s,loop

``up.`` and ``down.`` set one direction, all other settings both. A SPEC may begin with the file of
a recording (``net/link/recording.py``). A setting then replaces what was recorded; ``delay=+20ms``
adds to it. ``start`` and ``loop`` say which part of the recording is played.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.link.recorded_schedule import Playback, Schedule
from net.link.recording import LinkRecording, RecordedDirection, RecordingError, schedule_of
from net.link.tcp.congestion import CONGESTION_CONTROLS

__all__ = [
    "NO_LINK",
    "LinkSpecError",
    "ReadRecording",
    "UnknownLink",
    "format_link",
    "is_recording_file",
    "parse_link",
    "recorded_link",
]

# Returns the recording in a file. Raises ``RecordingError``.
ReadRecording = Callable[[str], LinkRecording]

_FILE_ENDING = ".json"

# The SPEC of a link without delay, loss and limits.
NO_LINK = "none"

_TIME_UNITS = {"us": Decimal("1e-6"), "ms": Decimal("1e-3"), "s": Decimal(1)}
_RATE_UNITS = {
    "bit": Decimal(1),
    "kbit": Decimal(1000),
    "mbit": Decimal(10**6),
    "gbit": Decimal(10**9),
}
_SIZE_UNITS = {"b": Decimal(1), "kb": Decimal(1000), "mb": Decimal(10**6)}
_SWITCH = {"on": True, "off": False}

# A longer delay can only be a wrong unit.
_MAX_TIME_S = 60

# The largest rate, queue or burst, in bits a second, bytes, seconds or packets. Far beyond any real
# link, and still an exact integer in a double.
_MAX_QUANTITY = 10**12


class LinkSpecError(ValueError):
    """Invalid SPEC. The message is one line that says what would be right."""


class UnknownLink(LinkSpecError):
    """SPEC that begins with a name that no preset has."""


def parse_link(spec: str, read_recording: ReadRecording | None = None) -> Link:
    """Return the link that a SPEC describes.

    ``read_recording`` reads the file of a recording; without it, a SPEC cannot name one.
    Raises ``LinkSpecError`` if it is invalid; the message names the nearest valid word.
    """
    parts = [part.strip() for part in spec.split(",")]
    if "" in parts:
        raise LinkSpecError(
            f"{spec!r} has an empty part; write it like lossy or delay=25ms,loss=5%"
        )
    link = Link()
    if read_recording is not None and is_recording_file(parts[0]):
        link = _recorded(parts.pop(0), read_recording)
    elif "=" not in parts[0]:
        link = _preset(parts.pop(0))
    for part in parts:
        link = _played(link, part) or _changed(link, part)
    return link


def is_recording_file(text: str) -> bool:
    """Return whether the first part of a SPEC is the path of a file."""
    return text.lower().endswith(_FILE_ENDING) or "/" in text or "\\" in text


def recorded_link(file: str, recording: LinkRecording) -> Link:
    """Return the link that plays a recording from its start."""
    up, down = (
        schedule_of(direction, recording.duration_s) for direction in (recording.up, recording.down)
    )
    return Link(
        _recorded_profile(recording.up),
        _recorded_profile(recording.down),
        playback=Playback(recording.name, file, up, down),
    )


def format_link(link: Link) -> str:
    """Return the SPEC of ``link``, from which ``parse_link`` returns an equal one.

    A recorded delay or loss that a setting has replaced by 0 is the exception: it comes back.
    """
    if link == PRESETS.get(link.name):
        return link.name
    up, down = _settings(link.up), _settings(link.down)
    both = [setting for setting in up if setting in down]
    parts = (
        both
        + [f"up.{setting}" for setting in up if setting not in both]
        + [f"down.{setting}" for setting in down if setting not in both]
    )
    if link.playback is not None:
        parts = [
            link.playback.file,
            *(part.replace("delay=", "delay=+") for part in parts),
            *([f"start={_written_time(link.playback.start_s)}"] if link.playback.start_s else []),
            *(["loop"] if link.playback.loops else []),
        ]
    return ",".join(parts) or NO_LINK


# Parsing


def _preset(name: str) -> Link:
    if name == NO_LINK:
        return Link()
    if name in PRESETS:
        return PRESETS[name]
    names = [NO_LINK, *PRESETS]
    near = get_close_matches(name, names, n=1) or get_close_matches(name, _SETTERS, n=1)
    right = near[0] if near else ", ".join(names)
    raise UnknownLink(f"there is no link {name!r}; did you mean {_EXAMPLES.get(right, right)}?")


def _recorded(file: str, read_recording: ReadRecording) -> Link:
    try:
        return recorded_link(file, read_recording(file))
    except RecordingError as error:
        raise LinkSpecError(f"{file}: {error}") from error


def _recorded_profile(direction: RecordedDirection) -> LinkProfile:
    n_probes = len(direction.sent_at_s)
    return LinkProfile(
        # A packet that follows a slower one overtakes it only where that was recorded.
        reorders=direction.reordered > 0,
        duplicate_ratio=direction.duplicated / n_probes if n_probes else 0.0,
    )


def _played(link: Link, part: str) -> Link | None:
    """Return ``link`` with ``start`` or ``loop`` applied; None for another part."""
    name, _, value = (word.strip().lower() for word in part.partition("="))
    if name not in ("start", "loop"):
        return None
    playback = link.playback
    if playback is None:
        raise LinkSpecError(f"{name} needs a recording, as in room.link.json,start=30s,loop")
    if name == "loop":
        loops: bool = _one_of(name, value or "on", _SWITCH)
        return replace(link, playback=replace(playback, loops=loops))
    start_s = float(_quantity(name, value, _TIME_UNITS))
    if start_s >= playback.duration_s:
        raise LinkSpecError(
            f"start={value} is after the end: the recording has {playback.duration_s:g} s"
        )
    return replace(link, playback=replace(playback, start_s=start_s))


def _changed(link: Link, part: str) -> Link:
    """Return ``link`` with one ``key=value`` applied. It has no preset's name any more."""
    name, equals, value = (word.strip().lower() for word in part.partition("="))
    if not equals and name in PRESETS:
        raise LinkSpecError(f"{name!r} is a preset and comes first, as in {name},loss=5%")
    if not equals:
        right = _EXAMPLES[_nearest(name, list(_SETTERS))]
        raise LinkSpecError(f"{part!r} has no value; did you mean something like {right}?")
    side, dot, key = name.rpartition(".")
    if dot and side not in ("up", "down"):
        raise LinkSpecError(
            f"there is no direction {side!r}; did you mean {_nearest(side, ['up', 'down'])}?"
        )
    if key not in _SETTERS:
        near = _nearest(key, list(_SETTERS))
        raise LinkSpecError(f"there is no {key!r}; did you mean {near}, as in {_EXAMPLES[near]}?")
    is_added = key == "delay" and value.startswith("+")
    values = _SETTERS[key](key, value.removeprefix("+") if is_added else value)
    up, down, playback = link.up, link.down, link.playback
    if side != "down":
        up = replace(up, **_added(up, values) if is_added else values)
    if side != "up":
        down = replace(down, **_added(down, values) if is_added else values)
    if playback is not None and not is_added:
        playback = _without_recorded(playback, key, side)
    return Link(up, down, playback=playback)


def _added(profile: LinkProfile, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values added to those that the profile has. Decimal sums stay exact."""
    return {
        name: float(Decimal(str(getattr(profile, name))) + Decimal(str(value)))
        for name, value in values.items()
    }


def _without_recorded(playback: Playback, key: str, side: str) -> Playback:
    """Return the recording without what a setting replaces in it."""
    remove = _REPLACED.get(key)
    if remove is None:
        return playback
    return replace(
        playback,
        up=playback.up if side == "down" else remove(playback.up),
        down=playback.down if side == "up" else remove(playback.down),
    )


def _nearest(word: str, words: list[str]) -> str:
    return get_close_matches(word, words, n=1, cutoff=0.0)[0]


def _quantity(key: str, text: str, units: Mapping[str, Decimal]) -> Decimal:
    """Parse a number with one of ``units``; return it in the base unit.

    ``Decimal`` and not ``float``, so that a link formats back to the same text.
    """
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz%")
    unit = text[len(number) :].strip()
    try:
        amount = Decimal(number.strip())
    except InvalidOperation:
        raise LinkSpecError(f"{key}={text} is no number; write it like {_EXAMPLES[key]}") from None
    if unit not in units:
        wrong = f"has no unit {unit!r}" if unit else "lacks a unit"
        right = ", ".join(name for name in units if name)
        raise LinkSpecError(f"{key}={text} {wrong}; write one of {right}, as in {_EXAMPLES[key]}")
    if amount < 0:
        raise LinkSpecError(f"{key}={text} is less than nothing; write it like {_EXAMPLES[key]}")
    if amount * units[unit] > _MAX_QUANTITY:
        raise LinkSpecError(f"{key}={text} is beyond anything; write it like {_EXAMPLES[key]}")
    return amount * units[unit]


def _time_s(key: str, text: str) -> float:
    seconds = _quantity(key, text, _TIME_UNITS)
    if seconds > _MAX_TIME_S:
        raise LinkSpecError(f"{key}={text} is more than {_MAX_TIME_S} s; as in {_EXAMPLES[key]}")
    return float(seconds)


def _ratio(key: str, text: str) -> float:
    ratio = _quantity(key, text, {"%": Decimal("0.01"), "": Decimal(1)})
    if ratio > 1:
        meant = f"{key}={text}%" if "%" not in text and ratio <= 100 else f"{key}=100%"
        raise LinkSpecError(f"{key}={text} is more than 100%; did you mean {meant}?")
    return float(ratio)


def _burst(key: str, text: str) -> float:
    burst = _quantity(key, text, {"": Decimal(1)})
    if burst < 1:
        raise LinkSpecError(
            f"{key}={text} is shorter than one packet; write it like {_EXAMPLES[key]}"
        )
    return float(burst)


def _rate_bps(key: str, text: str) -> float | None:
    if text == NO_LINK:
        return None
    rate = _quantity(key, text, _RATE_UNITS)
    if not rate:
        raise LinkSpecError(f"{key}={text} lets nothing through; write rate=none for no limit")
    return float(rate)


def _queue(key: str, text: str) -> dict[str, Any]:
    if text.endswith("b"):
        n_bytes = int(_quantity(key, text, _SIZE_UNITS))
        return {"queue_bytes": n_bytes, "queue_s": LinkProfile().queue_s}
    seconds = _quantity(key, text, _TIME_UNITS | _SIZE_UNITS)
    return {"queue_s": float(seconds), "queue_bytes": None}


def _one_of(key: str, text: str, words: Mapping[str, Any]) -> Any:
    if text not in words:
        raise LinkSpecError(
            f"{key}={text} is unknown; did you mean {key}={_nearest(text, list(words))}?"
        )
    return words[text]


_SETTERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "delay": lambda key, text: {"delay_s": _time_s(key, text)},
    "jitter": lambda key, text: {"jitter_s": _time_s(key, text)},
    "distribution": lambda key, text: {
        "jitter_is_normal": _one_of(key, text, {"uniform": False, "normal": True})
    },
    "reorder": lambda key, text: {"reorders": _one_of(key, text, _SWITCH)},
    "loss": lambda key, text: {"loss_ratio": _ratio(key, text)},
    "burst": lambda key, text: {"burst": _burst(key, text)},
    "duplicate": lambda key, text: {"duplicate_ratio": _ratio(key, text)},
    "rate": lambda key, text: {"rate_bps": _rate_bps(key, text)},
    "queue": _queue,
    "nagle": lambda key, text: {"nagle": _one_of(key, text, _SWITCH)},
    "congestion": lambda key, text: {
        "congestion": _one_of(key, text, {name: name for name in CONGESTION_CONTROLS})
    },
}

# What a setting replaces in a recording.
_REPLACED: dict[str, Callable[[Schedule], Schedule]] = {
    "delay": Schedule.without_delay,
    "loss": Schedule.without_loss,
    "rate": Schedule.without_rate,
}

_EXAMPLES = {
    "start": "start=30s",
    "delay": "delay=25ms",
    "jitter": "jitter=5ms",
    "distribution": "distribution=normal",
    "reorder": "reorder=on",
    "loss": "loss=5%",
    "burst": "burst=3",
    "duplicate": "duplicate=1%",
    "rate": "rate=2mbit",
    "queue": "queue=100ms",
    "nagle": "nagle=on",
    "congestion": "congestion=reno",
}

# Formatting


def _settings(profile: LinkProfile) -> list[str]:
    """Return the settings in which ``profile`` differs from the default."""
    plain = LinkProfile()
    written = {
        "delay_s": f"delay={_written_time(profile.delay_s)}",
        "jitter_s": f"jitter={_written_time(profile.jitter_s)}",
        "jitter_is_normal": "distribution=normal",
        "reorders": "reorder=on",
        "loss_ratio": f"loss={_written_ratio(profile.loss_ratio)}",
        "burst": f"burst={_written(profile.burst)}",
        "duplicate_ratio": f"duplicate={_written_ratio(profile.duplicate_ratio)}",
        "rate_bps": f"rate={_written_rate(profile.rate_bps)}",
        "queue_s": f"queue={_written_time(profile.queue_s)}",
        "queue_bytes": f"queue={profile.queue_bytes}b",
        "nagle": "nagle=on",
        "congestion": f"congestion={profile.congestion}",
    }
    return [
        text for name, text in written.items() if getattr(profile, name) != getattr(plain, name)
    ]


def _written(number: float | Decimal) -> str:
    """Return the shortest digits that parse to the same number, without an exponent."""
    return f"{Decimal(str(number)).normalize():f}"


def _written_time(seconds: float) -> str:
    return f"{_written(Decimal(str(seconds)) * 1000)}ms"


def _written_ratio(ratio: float) -> str:
    return f"{_written(Decimal(str(ratio)) * 100)}%"


def _written_rate(rate_bps: float | None) -> str:
    if rate_bps is None:
        return NO_LINK
    number = Decimal(str(rate_bps))
    unit = next((name for name, size in reversed(_RATE_UNITS.items()) if size <= number), "bit")
    return f"{_written(number / _RATE_UNITS[unit])}{unit}"
