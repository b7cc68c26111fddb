"""Course of a recorded link during a run: its delay and loss at each moment.  [pure]"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from net.link.recorded_schedule import Playback
from net.measure.virtual_screen import SCREEN_HZ

__all__ = ["LinkMoment", "link_course", "playback_from"]


class LinkMoment(NamedTuple):
    """State of a recorded link, for packets sent ``at_s`` after the start of the run."""

    at_s: float
    up_delay_s: float
    up_loss_ratio: float
    down_delay_s: float
    down_loss_ratio: float


def playback_from(playback: Playback | None, now: float) -> Playback | None:
    """Return the playback that is at its start where ``playback`` is at ``now``."""
    if playback is None:
        return None
    return replace(playback, start_s=playback.position_s(now), origin_s=0.0)


def link_course(playback: Playback, seconds: float) -> Iterator[LinkMoment]:
    """Yield a moment for each frame of the screen, from the start of ``playback`` on."""
    up, down = playback.played(playback.up), playback.played(playback.down)
    for frame in range(int(seconds * SCREEN_HZ) + 1):
        at_s = frame / SCREEN_HZ
        yield LinkMoment(at_s, *up.fate(at_s), *down.fate(at_s))
