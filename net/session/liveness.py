"""Liveness of a peer: what the time since its last message means.  [pure]"""

from enum import Enum

__all__ = ["PEER_TIMEOUT_S", "SILENCE_INTERRUPTED_S", "SILENCE_WARN_S", "Liveness", "liveness_of"]

# A player does not notice a shorter silence.
SILENCE_WARN_S = 0.5
# After two seconds a player wants to know why the picture stands still.
SILENCE_INTERRUPTED_S = 2.0
# After ten seconds the peer counts as gone, and its connection is closed.
PEER_TIMEOUT_S = 10.0


class Liveness(Enum):
    """Meaning of the time since the last message of the peer."""

    ALIVE = "alive"
    WARN = "warn"
    INTERRUPTED = "interrupted"
    GONE = "gone"


def liveness_of(silence_s: float) -> Liveness:
    """Return what a silence of the peer means, which has lasted for so many seconds."""
    if silence_s >= PEER_TIMEOUT_S:
        return Liveness.GONE
    if silence_s >= SILENCE_INTERRUPTED_S:
        return Liveness.INTERRUPTED
    return Liveness.WARN if silence_s >= SILENCE_WARN_S else Liveness.ALIVE
