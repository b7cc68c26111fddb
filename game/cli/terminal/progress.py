"""What is being measured, and how far it is: a bar in a terminal, lines elsewhere."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from game.lab.measure.measurement import Measurement
from net.link.spec import link_label


def run_with_progress(measurement: Measurement, what: str) -> None:
    """Run a measurement to its end, or to Ctrl-C. Raises what ``Measurement.run`` does."""
    settings = measurement.settings
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    total_s = settings.seconds * len(settings.links)
    announced = -1
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total_s)

        def watch(index: int, elapsed_s: float) -> None:
            nonlocal announced
            text = _describe(measurement, what, index)
            if index != announced and not console.is_terminal:
                print(text, file=sys.stderr, flush=True)
            announced = index
            done_s = index * settings.seconds + min(elapsed_s, settings.seconds)
            progress.update(task, completed=done_s, description=text)

        measurement.run(watch)


def _describe(measurement: Measurement, what: str, index: int) -> str:
    settings = measurement.settings
    where = link_label(settings.links[index].link, settings.seed)
    number = f"{index + 1} of {len(settings.links)}"
    return f"{what} {', '.join(settings.names)} at once, {settings.seconds:g} s ({number}): {where}"
