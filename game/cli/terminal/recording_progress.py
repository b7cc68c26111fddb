"""The progress of a recording: a bar in a terminal, else nothing."""

from game.cli.language import say
from game.cli.terminal.progress_bar import ProgressBar

# ``update`` is called with each probe; the bar need not be drawn as often.
_INTERVAL_S = 0.2


class RecordingProgress(ProgressBar):
    """A context manager that shows how much is recorded, on standard error."""

    def __init__(self, seconds: float) -> None:
        # A thread that draws the bar would delay probes.
        super().__init__(say("recording"), seconds, auto_refresh=False)
        self._shown_at = 0.0

    def update(self, elapsed_s: float) -> None:
        """Show that ``elapsed_s`` are recorded."""
        if elapsed_s - self._shown_at >= _INTERVAL_S:
            self._shown_at = elapsed_s
            self._bar.update(self._task, completed=elapsed_s)
            self._bar.refresh()
