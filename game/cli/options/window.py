"""The options of the commands that open a window."""

import os
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.netcode import number_option
from game.runtime.system_language import system_language

if TYPE_CHECKING:
    from game.view.window_options import WindowOptions

# With --frames a script is waiting for the picture, so the search must end.
PICTURE_TIMEOUT_S = 10.0
TIMEOUT_MAX_S = 3600.0
# 4.6 hours at 60 Hz.
FRAMES_MAX = 1_000_000
# In a smaller window the text does not fit; no screen is larger.
SIDE_MIN, SIDE_MAX = 300, 8192


def _check_language(language: str | None) -> str | None:
    from game.view.texts import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"no texts in {language!r}: there are {' and '.join(LANGUAGES)}")
    return language


def _check_screenshot(file: Path | None) -> Path | None:
    if file is None:
        return None
    if file.suffix.lower() != ".png":
        raise typer.BadParameter(f"{str(file)!r}: the picture is a PNG, so end its name in .png")
    if not file.absolute().parent.is_dir() or not os.access(file.absolute().parent, os.W_OK):
        raise typer.BadParameter(f"{str(file)!r}: there is no folder {file.parent} to write to")
    return file


def _check_record(folder: Path | None) -> Path | None:
    if folder is not None and not folder.absolute().parent.is_dir():
        raise typer.BadParameter(
            f"{str(folder)!r}: there is no folder {folder.parent} to create it in"
        )
    return folder


def _parse_size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise CliError(f"--size {text}: write it like 1280x720")
    size = int(width), int(height)
    if min(size) < SIDE_MIN or max(size) > SIDE_MAX:
        raise CliError(f"--size {text}: each side must have {SIDE_MIN} to {SIDE_MAX} pixels")
    return size


SearchTimeout = Annotated[
    float | None,
    number_option(
        0.1, TIMEOUT_MAX_S, "Seconds to search for the server. Default: no limit; 10 with --frames."
    ),
]
UiScale = Annotated[float, number_option(0.5, 4.0, "Scale of texts and numbers.")]
Language = Annotated[
    str | None,
    typer.Option(callback=_check_language, help="en or es. Default: the system's language."),
]
Size = Annotated[
    str | None,
    typer.Option(metavar="WIDTHxHEIGHT", help="Size of the window. Default: 1280x720."),
]
Fullscreen = Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")]
Mute = Annotated[bool, typer.Option("--mute", help="Make no sound.")]
Frames = Annotated[
    int | None,
    number_option(1, FRAMES_MAX, "Draw this many frames, then end. Works without a display too."),
]
Screenshot = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.png", callback=_check_screenshot, help="Save the last of the --frames."
    ),
]
Record = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        callback=_check_record,
        help="Save the --frames as numbered PNGs, 30 per second.",
    ),
]


def window_options(
    timeout: float | None,
    ui_scale: float,
    lang: str | None,
    fullscreen: bool,
    mute: bool,
    size: str | None,
    frames: int | None,
    screenshot: Path | None,
    record: Path | None,
) -> "WindowOptions":
    """Return the options of the window. Raises ``CliError`` if they contradict each other."""
    from game.view.window_options import DEFAULT_SIZE, WindowOptions

    for name, wanted in (
        ("--screenshot saves the last", screenshot),
        ("--record saves half", record),
    ):
        if wanted is not None and frames is None:
            raise CliError(f"{name} of the --frames: give --frames too")
    if timeout is None and frames is not None:
        timeout = PICTURE_TIMEOUT_S
    deadline = None if timeout is None else perf_counter() + timeout
    return WindowOptions(
        size=_parse_size(size) if size else DEFAULT_SIZE,
        fullscreen=fullscreen,
        mute=mute,
        ui_scale=ui_scale,
        language=lang or system_language(),
        frames=frames,
        screenshot=screenshot,
        record=record,
        gives_up=None if deadline is None else lambda: perf_counter() > deadline,
    )
