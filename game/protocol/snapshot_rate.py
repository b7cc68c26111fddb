"""game/protocol/snapshot_rate.py."""

from game.match.physics import TICK_HZ

DEFAULT_SNAPSHOT_HZ = 30


SNAPSHOT_HZ_MIN, SNAPSHOT_HZ_MAX = 5, 60


def ticks_between_snapshots(snapshot_hz: int) -> int:
    """Return after how many ticks a snapshot follows, for the rate nearest to what was asked.

    Whole ticks, so that snapshots come evenly and a missing one can be told from a late one.
    """
    return round(TICK_HZ / min(max(snapshot_hz, SNAPSHOT_HZ_MIN), SNAPSHOT_HZ_MAX))
