"""The progress of a measurement: a bar in a terminal, else a line for each step."""

from typing import Self

from rich.progress import SpinnerColumn

from game.cli.language import link_words, say
from game.cli.terminal.progress_bar import ProgressBar
from game.lab.measure import run_recorder
from game.lab.measure.measurement import MeasurementSettings, Progress
from game.lab.measure.run_recorder import Stage
from net.link.label import link_label

# A private server starts in half a second. The measurement of handshakes takes one or two.
_START_S = 2.0
# Relays start in a quarter of a second, and a usual link takes a few round trips to join.
_JOIN_S = 1.0


class ProgressDisplay(ProgressBar):
    """A context manager that shows steps from the first ``show`` on, on standard error."""

    def __init__(self, settings: MeasurementSettings, title: str) -> None:
        self._settings = settings
        self._title = title
        self._link_s = _JOIN_S + run_recorder.WARM_UP_S + settings.seconds
        self._last_text = ""
        total_s = _START_S + self._link_s * len(settings.links)
        # This spinner can be written in every encoding.
        super().__init__(title, total_s, before=(SpinnerColumn("line"),))

    def __enter__(self) -> Self:
        # The bar starts with the first step.
        return self

    def show(self, text: str) -> None:
        """Show a step of the start."""
        if not self._is_bar:
            self._print_once(text)
        self._move(text, 0.0)

    def update(self, progress: Progress) -> None:
        """Show the progress of a link."""
        before_s = {
            Stage.JOINING: (0.0, _JOIN_S),
            Stage.WARMING_UP: (_JOIN_S, run_recorder.WARM_UP_S),
            Stage.RECORDING: (_JOIN_S + run_recorder.WARM_UP_S, self._settings.seconds),
        }
        start_s, length_s = before_s[progress.stage]
        done_s = start_s + min(progress.elapsed_s, length_s)
        self._print_once(self._describe(progress.link_index))
        self._move(progress.stage.value, _START_S + progress.link_index * self._link_s + done_s)

    def _move(self, text: str, done_s: float) -> None:
        if self._is_bar:
            self._bar.start()
            self._bar.update(self._task, completed=done_s, description=say(text))

    def _print_once(self, text: str) -> None:
        """Print a line above the bar, unless it was the last one."""
        if text != self._last_text:
            self._bar.console.print(say(text), soft_wrap=True, highlight=False)
        self._last_text = text

    def _describe(self, index: int) -> str:
        settings = self._settings
        label = link_label(settings.links[index].link, settings.seed, link_words())
        number = f"{index + 1} of {len(settings.links)}"
        names = ", ".join(settings.names)
        return f"{say(self._title)} {names} at once, {settings.seconds:g} s ({number}): {label}"
