"""First view of the comparison's window, and whether the user has seen its first-minute guide."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from game.cli.language import say
from game.lesson.lesson import Lesson
from game.runtime.preferences import (
    PreferencesError,
    change_preferences,
    preferences_file,
    read_preferences,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """First view of the comparison.

    ``details``: with all figures. ``packets``: with every packet. ``slow_motion``: a screenshot
    shows the largest pile of packets that was seen. ``first_minute``: with the guide.
    ``course``: with these lessons, at the one with this index.
    """

    details: bool = False
    packets: bool = False
    slow_motion: bool = False
    first_minute: bool = False
    course: tuple[Sequence[Lesson], int] | None = None


def was_first_minute_seen() -> bool:
    """Return whether this user has seen the guide."""
    try:
        return read_preferences(preferences_file()).first_minute_seen
    except PreferencesError as error:
        print("jitterball:", say(f"the remembered choices are ignored: {error}"), file=sys.stderr)
        return False


def remember_first_minute() -> None:
    """Remember that the guide was seen."""
    try:
        change_preferences(preferences_file(), first_minute_seen=True)
    except PreferencesError as error:
        print("jitterball:", say(f"the choices are not remembered: {error}"), file=sys.stderr)
