"""The options of the commands that open a window."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.language import check_language
from game.cli.options.numbers import number_option
from game.runtime.atomic_file import check_writable
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


def _check_screenshot(file: Path | None) -> Path | None:
    if file is None:
        return None
    if file.suffix.lower() != ".png":
        raise typer.BadParameter(f"{str(file)!r}: the picture is a PNG, so end its name in .png")
    if not os.path.isdir(file.parent):
        raise typer.BadParameter(f"{str(file)!r}: there is no folder {file.parent} to write to")
    try:
        check_writable(file)
    except OSError as error:
        raise typer.BadParameter(f"cannot write {str(file)!r}: {error.strerror}") from error
    return file


def _check_record(path: Path | None) -> Path | None:
    if path is None:
        return None
    # ``os.path`` in place of ``Path``: before Python 3.14 its tests raise ``OSError`` for a long
    # name, or for a folder that may not be entered.
    if not os.path.isdir(path.parent):
        raise typer.BadParameter(f"{str(path)!r}: there is no folder {path.parent} to create it in")
    if _is_film(path):
        _check_film(path)
    elif path.suffix and not os.path.isdir(path):
        raise typer.BadParameter(
            f"{str(path)!r}: a film ends in .mp4 or .gif, a folder of PNGs has no ending"
        )
    elif os.path.exists(path) and not os.path.isdir(path):
        raise typer.BadParameter(
            f"{str(path)!r} is a file: name a folder, or a film ending in .mp4"
        )
    else:
        _check_folder(path)
    return path


def _is_film(path: Path) -> bool:
    from game.view.window_options import FILM_SUFFIXES

    return path.suffix.lower() in FILM_SUFFIXES


def _check_folder(folder: Path) -> None:
    is_new = not os.path.isdir(folder)
    try:
        folder.mkdir(exist_ok=True)
        check_writable(folder / "00001.png")
        if is_new:
            folder.rmdir()
    except OSError as error:
        raise typer.BadParameter(f"cannot write {str(folder)!r}: {error.strerror}") from error


def _check_film(file: Path) -> None:
    if os.path.isdir(file):
        raise typer.BadParameter(f"{str(file)!r} is a folder: name the file of the film")
    if find_spec("av") is None:
        raise typer.BadParameter(
            "films need PyAV, which is not installed: python -m pip install av"
        )
    # Opening it is the only way to know: an existing file may be read-only.
    is_new = not os.path.exists(file)
    try:
        file.open("ab").close()
    except OSError as error:
        raise typer.BadParameter(f"cannot write {str(file)!r}: {error.strerror}") from error
    if is_new:
        file.unlink()


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
    typer.Option(callback=check_language, help="en or es. Default: the system's language."),
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
        metavar="FILE.mp4|FILE.gif|DIR",
        callback=_check_record,
        help="Save what is shown as a film, or the --frames as numbered PNGs, 30 per second.",
    ),
]


def window_options(
    *,
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

    if frames is None:
        if screenshot is not None:
            raise CliError("--screenshot saves the last of the --frames: give --frames too")
        if record is not None and not _is_film(record):
            raise CliError("--record DIR saves half of the --frames: give --frames too")
    if timeout is None and frames is not None:
        timeout = PICTURE_TIMEOUT_S
    return WindowOptions(
        size=_parse_size(size) if size else DEFAULT_SIZE,
        fullscreen=fullscreen,
        mute=mute,
        ui_scale=ui_scale,
        language=lang or system_language(),
        frames=frames,
        screenshot=screenshot,
        record=record,
        gives_up=None if timeout is None else _search_limit(timeout),
    )


def _search_limit(timeout_s: float) -> Callable[[], bool]:
    """Return a function that returns True from ``timeout_s`` after its first call on.

    A window calls it first after its first frame. On a busy computer it takes long to start the
    private server and to open the window, and that is not the time of the search.
    """
    deadline: float | None = None

    def has_passed() -> bool:
        nonlocal deadline
        now = perf_counter()
        if deadline is None:
            deadline = now + timeout_s
        return now > deadline

    return has_passed
