"""``jitterball learn``: eight lessons on what a network does to the match."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from game.cli.options.first_minute import Opening
from game.cli.options.link import LinkSeed, chosen_seed
from game.cli.options.server_choice import LESSON_MATCH, PRIVATE_SERVER_PLAYERS, server_for
from game.cli.options.transports import chosen_transports, usable_transports
from game.cli.options.window import (
    Frames,
    Fullscreen,
    Language,
    Mute,
    Record,
    Screenshot,
    Size,
    UiScale,
    window_options,
)
from game.lab.compare.client_group import ClientGroupSettings
from game.lesson.lesson import Lesson
from game.lesson.loader import SUFFIX, read_lesson, read_lessons
from game.lesson.parser import LessonError
from net.transport import Address, Transport

if TYPE_CHECKING:
    from game.view.window_options import WindowOptions


def learn(
    lesson: Annotated[
        str | None,
        typer.Argument(
            metavar="[N|FILE.toml]", help="The lesson to begin with, or a lesson of your own."
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="Check a lesson file, and open no window."),
    ] = None,
    seed: LinkSeed = None,
    ui_scale: UiScale = 1.0,
    lang: Language = None,
    fullscreen: Fullscreen = False,
    mute: Mute = False,
    size: Size = None,
    frames: Frames = None,
    screenshot: Screenshot = None,
    record: Record = None,
) -> None:
    """Learn in eight short lessons what a network does to the match.

    Each lesson asks for a prediction, plays, and shows the figures of this run.
    With --frames it answers by itself.
    """
    if check is not None:
        _read(check)
        print(say(f"{check} is a lesson"))
        return
    lessons, first = _chosen_lessons(lesson)
    options = window_options(
        timeout=None,
        ui_scale=ui_scale,
        lang=lang,
        fullscreen=fullscreen,
        mute=mute,
        size=size,
        frames=frames,
        screenshot=screenshot,
        record=record,
    )
    panels = chosen_transports(lessons[first].transports)
    usable = {**usable_transports(), **panels}
    used_seed = chosen_seed(seed)
    bots = max(0, PRIVATE_SERVER_PLAYERS - len(panels))
    server = server_for(
        None, bots, used_seed, while_starting=_import_window, more_options=LESSON_MATCH
    )
    with server as address:
        _open_window(usable, tuple(panels), address, used_seed, options, (lessons, first))


def _import_window() -> None:
    import game.cli.windows.compare_window  # noqa: F401


def _open_window(
    transports: dict[str, Transport],
    names: tuple[str, ...],
    address: Address,
    seed: int,
    options: "WindowOptions",
    course: tuple[Sequence[Lesson], int],
) -> None:
    from game.cli.windows.compare_window import compare_in_window
    from game.view.display import DisplayUnavailable

    lessons, first = course
    # The link of the first lesson from the start: a later change of the delay would take time to
    # settle.
    settings = ClientGroupSettings(
        address=address,
        names=names,
        has_reference=True,
        link=lessons[first].link,
        seed=seed,
        netcode=lessons[first].netcode,
        # A request that changes while the first hello is on its way would come too late.
        unreliable_events=lessons[first].unreliable_events,
        has_packet_log=True,
    )
    try:
        compare_in_window(transports, settings, options, Opening(course=course))
    except DisplayUnavailable as error:
        raise CliError(str(error)) from error


def _chosen_lessons(typed: str | None) -> tuple[tuple[Lesson, ...], int]:
    """Return the lessons, and the index of the one to begin with. Raises ``CliError``."""
    if typed is not None and typed.lower().endswith(SUFFIX):
        return (_read(Path(typed)),), 0
    lessons = read_lessons()
    if typed is None:
        return lessons, 0
    if not typed.isdecimal() or not 1 <= int(typed) <= len(lessons):
        raise CliError(
            f"no lesson {typed!r}: give a number from 1 to {len(lessons)}, or a file that ends in "
            ".toml"
        )
    return lessons, int(typed) - 1


def _read(file: Path) -> Lesson:
    try:
        return read_lesson(file)
    except LessonError as error:
        raise CliError(str(error)) from error
