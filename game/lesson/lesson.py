"""Values of a lesson: what it sets, asks, plays and claims.  [pure]"""

from collections.abc import Mapping
from dataclasses import dataclass

from game.client.netcode import NetcodeSettings
from game.lesson.claim import Claim, FigureOf
from net.link.profile import Link

__all__ = ["ANSWERS", "Lesson", "LessonEvent", "LessonTexts"]

ANSWERS = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class LessonTexts:
    """Texts of a lesson in one language.

    ``task``: what to watch or to do while it plays. ``answers``: one for each of ``ANSWERS``.
    ``moment``: what the slow motion shows. ``explanation``: three sentences, for the end.
    ``words``: what a word on the screen means; empty if a beginner knows them all.
    """

    title: str
    intro: str
    question: str
    answers: tuple[str, str, str]
    task: str
    moment: str
    explanation: tuple[str, str, str]
    words: str = ""


@dataclass(frozen=True, slots=True)
class LessonEvent:
    """Something that happens ``at_s`` seconds after the start.

    All packets are lost for ``outage_s``, or another ``link`` is emulated from then on.
    """

    at_s: float
    outage_s: float = 0.0
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. ``name`` is that of its file, ``texts`` are by language.

    ``transports``: one for each panel that takes part. ``play_s``: how long it plays.
    ``measure_from_s``: when its figures begin. ``slow_transport``: whose longest freeze is shown in
    slow motion, or the middle of the run without a freeze. ``figures``: those shown beside the
    prediction. ``claims``: what a run must show for the explanation to be true.
    ``shows_server_now``: the ghosts are at the server's present, not at the render time.
    """

    name: str
    link: Link
    transports: tuple[str, ...]
    netcode: NetcodeSettings
    unreliable_events: bool
    shows_server_now: bool
    play_s: float
    measure_from_s: float
    events: tuple[LessonEvent, ...]
    slow_transport: str
    answer: str
    figures: tuple[FigureOf, ...]
    claims: tuple[Claim, ...]
    texts: Mapping[str, LessonTexts]
