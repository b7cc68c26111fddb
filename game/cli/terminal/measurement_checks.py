"""How a measurement went, beside its figures: what disturbed it, and what is missing."""

import sys
from collections.abc import Iterable

from game.cli.errors import CliError, ExitCode
from game.lab.measure.measurement import Measurement
from game.lab.measure.results import Run, local_delivery_delay_ms


def warn_if_disturbed(runs: Iterable[Run]) -> None:
    """Say so if the computer itself has added what would be taken for the network's."""
    late_ms = local_delivery_delay_ms(runs)
    if late_ms is not None:
        print(
            f"this computer was busy: even past every link a snapshot took {late_ms:.1f} ms "
            "(a quiet one takes 0.3 ms); close other programs and measure again",
            file=sys.stderr,
        )


def require_results(measurement: Measurement, where: str) -> None:
    """Raise ``CliError`` if there is not one figure to show."""
    if measurement.analyses:
        return
    if measurement.refusals:
        raise CliError(measurement.refusals[0], ExitCode.REFUSED)
    if not measurement.failures:
        raise CliError("ended before anything was measured", ExitCode.INCOMPLETE)
    text = f"no transport got an answer from {where}: is a server there?"
    raise CliError(text, ExitCode.NO_SERVER)
