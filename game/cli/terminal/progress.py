"""The progress of a measurement: a bar in a terminal, else a line for each link."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from game.lab.measure.measurement import Measurement
from net.link.label import link_label


def run_with_progress(measurement: Measurement, title: str) -> None:
    """Run a measurement to its end or to Ctrl-C. Raises the errors of ``Measurement.run``."""
    settings = measurement.settings
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    total_s = settings.seconds * len(settings.links)
    announced = -1
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total_s)

        def show_progress(index: int, elapsed_s: float) -> None:
            nonlocal announced
            text = _describe(measurement, title, index)
            if index != announced and not console.is_terminal:
                print(text, file=sys.stderr, flush=True)
            announced = index
            done_s = index * settings.seconds + min(elapsed_s, settings.seconds)
            progress.update(task, completed=done_s, description=text)

        measurement.run(show_progress)


def _describe(measurement: Measurement, title: str, index: int) -> str:
    settings = measurement.settings
    label = link_label(settings.links[index].link, settings.seed)
    number = f"{index + 1} of {len(settings.links)}"
    return (
        f"{title} {', '.join(settings.names)} at once, {settings.seconds:g} s ({number}): {label}"
    )
