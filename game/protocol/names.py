"""Names of players and rooms: their limits, the default ones, and unique names.  [pure]"""

from collections.abc import Iterable

from game.protocol.look_alikes import skeleton

NAME_LIMIT = 16
ROOM_LIMIT = 24
DEFAULT_NAME = "player"
DEFAULT_ROOM = "main"


def unique_name(name: str, taken: Iterable[str]) -> str:
    """Return ``name``, with a number behind it if a taken one looks like it: ``Ana 2``."""
    taken_skeletons = set(map(skeleton, taken))
    candidate = name
    number = 1
    while skeleton(candidate) in taken_skeletons:
        number += 1
        suffix = f" {number}"
        candidate = name[: NAME_LIMIT - len(suffix)].rstrip() + suffix
    return candidate
