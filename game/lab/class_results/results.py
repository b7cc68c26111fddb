"""The results of a class, and their file ``results.json``.  [pure]

The file has the fields of the dataclasses here, with the same names. Units: milliseconds, pitch
units. ``kind`` tells it from the file of ``jitterball measure``, which has no such field. Samples,
input latency and bytes are not among them: clients do not report these to a server.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from game.lab.measure.results import (
    Distribution,
    Estimate,
    Seconds,
    read_results,
    results_text,
)
from net.strict_json import Count, NotNegative

FORMAT_VERSION = 1
KIND = "class"


@dataclass(frozen=True, slots=True)
class StudentRun:
    """One student over one transport and one link.

    ``seconds`` is the measured time. ``age_when_drawn_ms``, ``rtt_ms`` and ``visual_error`` have a
    sample a second. The ratios and rates count every frame and snapshot of these seconds, and the
    blocks of their intervals are minutes. ``lost_on_wire_ratio`` is of whole minutes only, counted
    by the relay.
    """

    student: str
    room: str
    device: str
    transport: str
    link: str
    seconds: Seconds
    rtt_ms: Distribution
    age_when_drawn_ms: Distribution
    frozen_ratio: Estimate
    longest_freeze_ms: NotNegative
    stalls_over_125ms_per_min: Estimate
    never_shown_ratio: Estimate
    lost_on_wire_ratio: Estimate
    visual_error: Distribution


@dataclass(frozen=True, slots=True)
class TransportRun:
    """All students over one transport and one link; ``seconds`` is the sum of their times.

    The intervals come from the differences between students. With one student they are that
    student's own.
    """

    transport: str
    link: str
    students: Count
    seconds: Seconds
    rtt_ms: Estimate
    age_when_drawn_ms: Estimate
    frozen_ratio: Estimate
    longest_freeze_ms: NotNegative
    stalls_over_125ms_per_min: Estimate
    never_shown_ratio: Estimate
    lost_on_wire_ratio: Estimate
    visual_error: Estimate


@dataclass(frozen=True, slots=True)
class ClassResults:
    """The results of a whole class.

    ``started_at`` is when the recording began, and ``seconds`` how long it has reports of.
    ``dropped_reports`` were too many to keep.
    """

    kind: Literal["class"]
    version: int
    started_at: str
    seconds: NotNegative
    dropped_reports: Count
    transports: tuple[TransportRun, ...]
    students: tuple[StudentRun, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """The links, in the order of their first use."""
        return tuple(dict.fromkeys(run.link for run in self.transports))

    def check(self) -> None:
        """Raise ``ValueError`` if two runs of all students have the same transport and link."""
        keys = [(run.transport, run.link) for run in self.transports]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise ValueError(f"transports: {twice[0]} on {twice[1]} is there twice")


def encode_class_results(results: ClassResults) -> str:
    """Return the text of ``results.json``."""
    return results_text(asdict(results))


def is_class_results(plain: Any) -> bool:
    """Return whether a JSON value claims to be the results of a class."""
    return isinstance(plain, dict) and plain.get("kind") == KIND


def decode_class_results(text: str) -> ClassResults:
    """Return the results that are in a text. Raises ``ResultsError`` if it is not valid."""
    return read_results(ClassResults, text, FORMAT_VERSION)
