"""Parser of lesson files: TOML with the settings, and the texts in each language.  [pure]

``docs/lessons.md`` describes the format. Each error is one line that says what would be right.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from game.client.netcode import NetcodeSettings, PredictionMode
from game.lesson.claim import Claim, ClaimError, FigureOf, parse_claim, parse_figure
from game.lesson.lesson import ANSWERS, Lesson, LessonEvent, LessonTexts
from net.link.profile import Link
from net.link.spec import LinkSpecError, parse_link
from net.strict_json import shown

__all__ = ["LANGUAGES", "LessonError", "parse_lesson"]

LANGUAGES = ("en", "es")
EXPLANATION_SENTENCES = 3
# Limits of a run: short enough to stay attentive, long enough for several stalls.
_PLAY_S = (5.0, 120.0)
# A longer outage ends the connections.
_OUTAGE_MS = (1.0, 3000.0)
_INTERPOLATION_MS = (0.0, 300.0)
_LEAST_EVERY_S = 0.2
# The least and the most panels of a comparison. One panel compares nothing.
_TRANSPORTS = (2, 4)
_FIGURES_MAX = 6
# Longer texts do not fit the card in a small window.
_LETTERS_MAX = {"title": 60, "intro": 240, "question": 160, "task": 140, "moment": 200}
_WORDS_LETTERS_MAX = 240
_ANSWER_LETTERS_MAX = 60
_SENTENCE_LETTERS_MAX = 200
_PREDICTIONS = {
    "off": PredictionMode.OFF,
    "player": PredictionMode.OWN_PLAYER,
    "player and ball": PredictionMode.OWN_PLAYER_AND_BALL,
}
_T = TypeVar("_T")
_REQUIRED: Any = object()


class LessonError(ValueError):
    """Invalid lesson file. The message is one line that says what would be right."""


class _Table:
    """Reader of one table of the file; ``where`` begins its errors, such as ``[en] ``."""

    def __init__(self, values: Mapping[str, Any], where: str = "") -> None:
        self._values = dict(values)
        self._known: list[str] = []
        self.where = where

    def __contains__(self, key: str) -> bool:
        self._known.append(key)
        return key in self._values

    def value(self, key: str, kinds: tuple[type, ...], kind: str, default: Any = _REQUIRED) -> Any:
        """Return the value of ``key``, which must be one of ``kinds``."""
        self._known.append(key)
        if key not in self._values:
            if default is _REQUIRED:
                raise LessonError(f"{self.where}{key} is missing: give {kind}")
            return default
        value = self._values.pop(key)
        # In Python True is an int too.
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise LessonError(f"{self.where}{key} is not {kind}")
        return value

    def text(self, key: str, most: int, default: Any = _REQUIRED) -> str:
        """Return a text of at most ``most`` letters on one line."""
        text: str = self.value(key, (str,), "a text in quotes", default)
        return _checked_text(self.where + key, text, most)

    def number(self, key: str, low: float, high: float, default: Any = _REQUIRED) -> float:
        """Return a number from ``low`` to ``high``."""
        kind = f"a number from {low:g} to {high:g}"
        value: float = self.value(key, (int, float), kind, default)
        if not low <= value <= high:
            raise LessonError(f"{self.where}{key} is not {kind}")
        return float(value)

    def switch(self, key: str, default: bool) -> bool:
        """Return true or false."""
        return bool(self.value(key, (bool,), "true or false", default))

    def texts(self, key: str, low: int, high: int, most: int) -> tuple[str, ...]:
        """Return a list of ``low`` to ``high`` texts of at most ``most`` letters."""
        count = f"{low}" if low == high else f"{low} to {high}"
        kind = f"a list of {count} texts"
        values: list[Any] = self.value(key, (list,), kind)
        if not low <= len(values) <= high or not all(isinstance(each, str) for each in values):
            raise LessonError(f"{self.where}{key} is not {kind}")
        return tuple(_checked_text(self.where + key, each, most) for each in values)

    def choice(self, key: str, choices: Mapping[str, _T], default: str) -> _T:
        """Return one of ``choices`` by its name."""
        kind = f"one of {', '.join(choices)}"
        name = self.value(key, (str,), kind, default)
        if name not in choices:
            raise LessonError(f"{self.where}{key} is not {kind}")
        return choices[name]

    def tables(self, key: str) -> list["_Table"]:
        """Return a list of tables; empty if there is none."""
        kind = "a list of tables, as in [{ at_s = 5, outage_ms = 300 }]"
        values: list[Any] = self.value(key, (list,), kind, [])
        if not all(isinstance(each, dict) for each in values):
            raise LessonError(f"{self.where}{key} is not {kind}")
        return [
            _Table(each, f"{self.where}{key} {number}: ")
            for number, each in enumerate(values, start=1)
        ]

    def table(self, key: str, default: Any = _REQUIRED) -> "_Table":
        """Return a table inside this one."""
        return _Table(self.value(key, (dict,), f"a table [{key}]", default), f"[{key}] ")

    def finish(self) -> None:
        """Raise ``LessonError`` if the file has a key that nobody read."""
        for key in self._values:
            near = get_close_matches(key, self._known, n=1)
            right = f"did you mean {near[0]}?" if near else f"there are {', '.join(self._known)}"
            raise LessonError(f"{self.where}there is no {key!r}: {right}")


def parse_lesson(name: str, text: str) -> Lesson:
    """Parse the lesson file called ``name``. Raises ``LessonError`` if it is invalid."""
    try:
        file = _Table(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"no TOML: {error}") from error
    play_s = file.number("play_s", *_PLAY_S)
    lesson = Lesson(
        name=name,
        link=_link(file),
        transports=file.texts("transports", *_TRANSPORTS, 40),
        netcode=_netcode(file.table("netcode", {})),
        unreliable_events=file.switch("unreliable_events", False),
        shows_server_now=file.switch("shows_server_now", False),
        play_s=play_s,
        measure_from_s=file.number("measure_from_s", 0.0, play_s - 1.0, 2.0),
        events=_events(file.tables("events"), play_s),
        slow_transport=file.text("slow_transport", 40),
        answer=file.choice("answer", {letter: letter for letter in ANSWERS}, _REQUIRED),
        figures=tuple(map(_figure, file.texts("figures", 1, _FIGURES_MAX, 80))),
        claims=tuple(map(_claim, file.texts("claims", 1, 6, 120))),
        texts={language: _texts(file.table(language)) for language in LANGUAGES},
    )
    file.finish()
    _check_transports(lesson)
    return lesson


def _checked_text(where: str, text: str, most: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise LessonError(f"{where} is empty")
    # Control characters cannot be drawn; marks of direction turn the rest of the line round.
    if not text.isprintable():
        raise LessonError(f"{where}: {shown(text)} has a character that cannot be shown")
    if len(text) > most:
        raise LessonError(f"{where} has {len(text)} letters: at most {most} fit on screen")
    return text


def _link(table: _Table) -> Link:
    try:
        return parse_link(table.text("link", 200))
    except LinkSpecError as error:
        raise LessonError(f"{table.where}link: {error}") from error


def _netcode(table: _Table) -> NetcodeSettings:
    interpolation_s = None
    if "interpolation_ms" in table:
        interpolation_s = table.number("interpolation_ms", *_INTERPOLATION_MS) / 1000.0
    settings = NetcodeSettings(
        interpolation=table.switch("interpolation", True),
        interpolation_s=interpolation_s,
        extrapolation=table.switch("extrapolation", False),
        prediction=table.choice("prediction", _PREDICTIONS, "player"),
        reconciliation=table.switch("reconciliation", True),
    )
    table.finish()
    return settings


def _events(tables: Iterable[_Table], play_s: float) -> tuple[LessonEvent, ...]:
    """Return the events in the order of time, a repeated one as several."""
    events = [event for table in tables for event in _event(table, play_s)]
    return tuple(sorted(events, key=lambda event: event.at_s))


def _event(table: _Table, play_s: float) -> Iterator[LessonEvent]:
    at_s = table.number("at_s", 0.0, play_s)
    is_repeated = "every_s" in table
    every_s = table.number("every_s", _LEAST_EVERY_S, play_s, play_s)
    until_s = table.number("until_s", at_s, play_s, play_s) if is_repeated else at_s
    link, outage_ms = None, 0.0
    if "link" in table:
        link = _link(table)
    else:
        outage_ms = table.number("outage_ms", *_OUTAGE_MS)
    table.finish()
    for number in range(int((until_s - at_s) / every_s) + 1):
        yield LessonEvent(at_s + number * every_s, outage_ms / 1000.0, link)


def _figure(text: str) -> FigureOf:
    try:
        return parse_figure(text)
    except ClaimError as error:
        raise LessonError(f"figures: {error}") from error


def _claim(text: str) -> Claim:
    try:
        return parse_claim(text)
    except ClaimError as error:
        raise LessonError(f"claims: {error}") from error


def _texts(table: _Table) -> LessonTexts:
    short = {key: table.text(key, most) for key, most in _LETTERS_MAX.items()}
    words = table.text("words", _WORDS_LETTERS_MAX) if "words" in table else ""
    answers = table.texts("answers", len(ANSWERS), len(ANSWERS), _ANSWER_LETTERS_MAX)
    explanation = table.texts(
        "explanation", EXPLANATION_SENTENCES, EXPLANATION_SENTENCES, _SENTENCE_LETTERS_MAX
    )
    table.finish()
    return LessonTexts(
        **short,
        answers=(answers[0], answers[1], answers[2]),
        explanation=(explanation[0], explanation[1], explanation[2]),
        words=words,
    )


def _check_transports(lesson: Lesson) -> None:
    """Raise ``LessonError`` if the lesson speaks of a transport that has no panel."""
    named = [
        ("slow_transport", lesson.slow_transport),
        *(("figures", each.transport) for each in lesson.figures),
        *(("claims", name) for claim in lesson.claims for name in claim.transports),
    ]
    if len(set(lesson.transports)) < len(lesson.transports):
        raise LessonError("transports names one twice: give each once")
    for key, name in named:
        if name not in lesson.transports:
            raise LessonError(
                f"{key} names {name!r}: the transports are {', '.join(lesson.transports)}"
            )
