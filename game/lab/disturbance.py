"""What the computer itself has added to a measurement, by its own spectator's word.  [pure]"""

from collections.abc import Iterable

from game.lab.results import Run

# A quiet computer delivers to itself in a third of a millisecond. Four times as many processes as
# cores made it eight, and every figure with it.
BUSY_MS = 1.0


def busy_ms(runs: Iterable[Run]) -> float | None:
    """Return how late the computer itself was in the worst run; None if that is what is usual."""
    late_ms = max((run.baseline_age_ms or 0.0 for run in runs), default=0.0)
    return late_ms if late_ms > BUSY_MS else None
