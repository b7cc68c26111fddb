"""Checks of a measurement: was the computer too busy, and is there any result."""

import sys
from collections.abc import Iterable

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.terminal.pause_warning import warn_of_pause
from game.lab.measure.measurement import Measurement
from game.lab.measure.results import Run, local_delivery_delay_ms


def warn_if_disturbed(runs: Iterable[Run]) -> None:
    """Print a warning if this computer itself delayed the snapshots."""
    measured = list(runs)
    paused_s = max((run.program_paused_ms for run in measured), default=0.0) / 1000.0
    warn_of_pause(paused_s, "that stall is not the link's: measure again")
    delay_ms = local_delivery_delay_ms(measured)
    if delay_ms is not None:
        text = (
            f"this computer was busy: without any link a snapshot took {delay_ms:.1f} ms "
            "(normal is 0.3 ms); close other programs and measure again"
        )
        print(say(text), file=sys.stderr)


def require_results(measurement: Measurement, where: str) -> None:
    """Raise ``CliError`` if a measurement has no results."""
    if measurement.analyses:
        return
    if measurement.refusals:
        raise CliError(measurement.refusals[0], ExitCode.REFUSED)
    if not measurement.failures:
        raise CliError("ended before there was any data", ExitCode.INCOMPLETE)
    text = f"no transport got an answer from {where}: is a server there?"
    raise CliError(text, ExitCode.NO_SERVER)
