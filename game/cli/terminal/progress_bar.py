"""Progress bar for the terminal."""

from collections.abc import Sequence
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from game.cli.terminal.tables import plain_console


class ProgressBar:
    """A context manager that shows a bar on standard error; only in a terminal.

    ``before`` are columns in front of the description, ``after`` those behind the bar.
    ``auto_refresh``: a thread draws the bar. Without it the caller does, by ``refresh``.
    """

    def __init__(
        self,
        description: str,
        total: float,
        *,
        before: Sequence[ProgressColumn] = (),
        after: Sequence[ProgressColumn] = (),
        auto_refresh: bool = True,
    ) -> None:
        console = plain_console(is_stderr=True)
        self._is_bar = console.is_terminal
        self._bar = Progress(
            *before,
            # A link, a transport or a bot may have "[" in its name.
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            *after,
            TimeRemainingColumn(),
            console=console,
            disable=not self._is_bar,
            auto_refresh=auto_refresh,
        )
        self._task = self._bar.add_task(description, total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._bar.stop()
