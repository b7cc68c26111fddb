"""Snapshot rate: its limits, and its conversion to whole ticks.  [pure]"""

from game.match.physics import TICK_HZ

# Two intervals are 67 ms of interpolation buffer: small enough that a stall of TCP shows.
DEFAULT_SNAPSHOT_HZ = 30
# Every tick at most. Below five a second interpolation cannot hide the gaps.
SNAPSHOT_HZ_MIN, SNAPSHOT_HZ_MAX = 5, 60


def ticks_between_snapshots(snapshot_hz: int) -> int:
    """Return the interval in ticks that is nearest to the requested rate.

    Whole ticks keep the intervals equal, so that the client can tell a lost snapshot from a late
    one.
    """
    return round(TICK_HZ / min(max(snapshot_hz, SNAPSHOT_HZ_MIN), SNAPSHOT_HZ_MAX))
