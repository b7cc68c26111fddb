"""Warning that this program itself was stopped while it measured."""

import sys

from game.cli.language import say
from net.measure.arrivals import STALL_S


def warn_of_pause(paused_s: float, advice: str) -> None:
    """Print a warning, with advice in English, if the program was stopped as long as a stall."""
    if paused_s > STALL_S:
        text = (
            f"this program did not run for {paused_s:.1f} s, because it was stopped or the "
            f"computer was suspended; {advice}"
        )
        print(say(text), file=sys.stderr)
