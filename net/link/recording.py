"""Recording of a real link: its file, the strict reader of that file, and its schedules.  [pure]

``NAME.link.json`` has the fields of the dataclasses here, with the same names. Nothing in a file is
believed: sizes and times are checked before anything uses them.
"""

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

from net.link.recorded_schedule import ARRIVED, LOST, Schedule
from net.strict_json import Count, JsonError, Limits, NotNegative, parse_json, read_json, shown

__all__ = [
    "DURATION_MAX_S",
    "FILE_ENDING",
    "FILE_MAX_BYTES",
    "FORMAT",
    "FORMAT_VERSION",
    "KNOWS_TEXT",
    "PROBES_MAX",
    "Clock",
    "LinkRecording",
    "Load",
    "RecordedDirection",
    "RecordingError",
    "decode_recording",
    "encode_recording",
    "recording_name",
    "schedule_of",
]

FORMAT = "jitterball-link"
# The ending of what ``jitterball record`` writes. It does not belong to a recording's name.
FILE_ENDING = ".link.json"
FORMAT_VERSION = 1

# A lesson is shorter. Longer files are too large to keep in memory for each client.
DURATION_MAX_S = 1800.0
PROBES_MAX = 400_000
# So many probes with their times take about half of it.
FILE_MAX_BYTES = 16 * 1024 * 1024
# No path on Earth is as slow: a longer delay is a wrong clock.
_DELAY_MAX_S = 60.0
_RATE_MAX_BPS = 1e12

# Microseconds are finer than the clocks of both ends.
_DIGITS = 6

KNOWS_TEXT = (
    "It knows the delay and loss of light traffic at that time and place. It does not know what "
    "more traffic would have done: no queue fills because of the game that is played over it."
)


class RecordingError(Exception):
    """A file without a valid recording. The message says in one line what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Accuracy of the two clocks of a recording.

    ``offset_error_s`` is the scatter of the offset's estimates. ``asymmetry_max_s`` is half of the
    least round trip: if one direction has all of it, each one-way delay is wrong by as much.
    ``drift_ppm`` is the drift that was taken out, in millionths.
    """

    offset_error_s: NotNegative
    asymmetry_max_s: NotNegative
    drift_ppm: float


@dataclass(frozen=True, slots=True)
class Load:
    """Load of the two computers: the 99th percentile of the lateness of sent probes."""

    client_late_s: NotNegative
    server_late_s: NotNegative


@dataclass(frozen=True, slots=True)
class RecordedDirection:
    """Record of one direction. Probe n was sent at ``sent_at_s[n]`` after the start, in order.

    ``delay_s[n]`` is its one-way delay, None if it was lost. ``duplicated`` and ``reordered`` count
    probes. From ``rate_at_s[n]`` on the link carried ``rate_bps[n]``; without values any rate.
    """

    sent_at_s: tuple[NotNegative, ...]
    delay_s: tuple[Annotated[float, Limits(0.0, _DELAY_MAX_S)] | None, ...]
    duplicated: Count
    reordered: Count
    rate_at_s: tuple[NotNegative, ...]
    rate_bps: tuple[Annotated[float, Limits(0.0, _RATE_MAX_BPS)], ...]

    def check(self) -> None:
        """Raise ``ValueError`` if the lists do not fit together."""
        if len(self.sent_at_s) != len(self.delay_s):
            raise ValueError(
                f"sent_at_s has {len(self.sent_at_s)} values and delay_s {len(self.delay_s)}"
            )
        if len(self.rate_at_s) != len(self.rate_bps):
            raise ValueError(
                f"rate_at_s has {len(self.rate_at_s)} values and rate_bps {len(self.rate_bps)}"
            )
        _check_ascending("sent_at_s", self.sent_at_s)
        _check_ascending("rate_at_s", self.rate_at_s)
        n_probes = max(len(self.sent_at_s), len(self.rate_at_s))
        if not n_probes:
            raise ValueError("there is neither a probe nor a rate")
        if n_probes > PROBES_MAX:
            raise ValueError(f"{n_probes} probes are more than {PROBES_MAX}")
        if self.delay_s and all(delay is None for delay in self.delay_s):
            raise ValueError("delay_s: every probe was lost, so there is no delay")
        if self.rate_bps and not any(self.rate_bps):
            raise ValueError("rate_bps: every rate is 0, so no packet would ever arrive")
        if max(self.duplicated, self.reordered) > n_probes:
            raise ValueError("duplicated, reordered: more than there are probes")


@dataclass(frozen=True, slots=True)
class LinkRecording:
    """A recorded link.

    ``method`` says in English how it was recorded, ``knows`` what it can and cannot know.
    ``clock`` and ``load`` are None where the source does not tell.
    """

    format: Literal["jitterball-link"]
    version: int
    name: str
    recorded_at: str
    source: Literal["jitterball", "ping", "irtt", "mahimahi"]
    method: str
    knows: str
    duration_s: Annotated[float, Limits(0.1, DURATION_MAX_S)]
    clock: Clock | None
    load: Load | None
    up: RecordedDirection
    down: RecordedDirection

    def check(self) -> None:
        """Raises ``ValueError`` if a direction is longer than the recording."""
        for name, direction in (("up", self.up), ("down", self.down)):
            for times_s in (direction.sent_at_s, direction.rate_at_s):
                if times_s and times_s[-1] > self.duration_s:
                    raise ValueError(
                        f"{name}: {times_s[-1]:g} s is after the end at {self.duration_s:g} s"
                    )


def encode_recording(recording: LinkRecording) -> str:
    """Return the text of a recording's file."""
    return json.dumps(_rounded(asdict(recording)), allow_nan=False) + "\n"


def decode_recording(text: str) -> LinkRecording:
    """Return the recording in a text. Raises ``RecordingError`` if it is not valid."""
    if len(text) > FILE_MAX_BYTES:
        raise RecordingError(f"it is longer than {FILE_MAX_BYTES // 2**20} MiB")
    if not text.strip():
        raise RecordingError("it is empty")
    try:
        plain = parse_json(text)
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise RecordingError("it is no recorded link; jitterball record makes one")
        if plain.get("version") != FORMAT_VERSION:
            version = shown(plain.get("version"))
            raise RecordingError(f"version: {version} is not {FORMAT_VERSION}")
        return read_json(LinkRecording, plain)
    except JsonError as error:
        raise RecordingError(str(error)) from error


def recording_name(file: str) -> str:
    """Return the name of the recording in ``file``: without folders and ending."""
    name = file.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(FILE_ENDING).removesuffix(".json")


def schedule_of(direction: RecordedDirection, duration_s: float) -> Schedule:
    """Return the schedule that repeats what was recorded in one direction."""
    # A lost probe gets the delay before it, the first ones that of the first that arrived.
    delay_s = next((delay for delay in direction.delay_s if delay is not None), 0.0)
    delays_s = []
    for recorded_s in direction.delay_s:
        delay_s = delay_s if recorded_s is None else recorded_s
        delays_s.append(delay_s)
    return Schedule(
        duration_s,
        direction.sent_at_s,
        tuple(delays_s),
        "".join(LOST if recorded_s is None else ARRIVED for recorded_s in direction.delay_s),
        direction.rate_at_s,
        direction.rate_bps,
    )


def _check_ascending(name: str, times_s: tuple[float, ...]) -> None:
    for index, (one, other) in enumerate(pairwise(times_s)):
        if other < one:
            raise ValueError(f"{name}[{index + 1}]: {other:g} is earlier than the one before")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
