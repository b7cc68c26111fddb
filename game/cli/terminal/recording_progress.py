"""The progress of a recording: a bar in a terminal, else nothing."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from game.cli.language import say
from game.cli.terminal.tables import plain_console

# ``update`` is called with each probe; the bar need not be drawn as often.
_INTERVAL_S = 0.2


class RecordingProgress:
    """A context manager that shows how much is recorded, on standard error."""

    def __init__(self, seconds: float) -> None:
        console = plain_console(is_stderr=True)
        self._shown_at = 0.0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            # A thread of its own would delay probes.
            auto_refresh=False,
        )
        self._task = self._bar.add_task(say("recording"), total=seconds)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def update(self, elapsed_s: float) -> None:
        """Show that ``elapsed_s`` are recorded."""
        if elapsed_s - self._shown_at >= _INTERVAL_S:
            self._shown_at = elapsed_s
            self._bar.update(self._task, completed=elapsed_s)
            self._bar.refresh()
