"""Baseline of one client: the newest snapshot that it certainly holds.  [pure]"""

from game.protocol.messages import NO_SNAPSHOT


class ClientBaseline:
    """The tick to encode a client's next snapshot against; ``NO_SNAPSHOT`` for a whole one.

    ``reads_deltas``: the client has said so in its join request. Others always get whole ones.
    """

    def __init__(self, reads_deltas: bool = False) -> None:
        self.reads_deltas = reads_deltas
        self.tick = NO_SNAPSHOT
        self._wants_deltas = reads_deltas

    def acknowledge(self, tick: int) -> None:
        """Note what the client says that it holds; ``NO_SNAPSHOT`` if it wants whole snapshots.

        An older acknowledgement that was overtaken changes nothing.
        """
        self._wants_deltas = self.reads_deltas and tick != NO_SNAPSHOT
        if not self._wants_deltas:
            self.tick = NO_SNAPSHOT
        elif tick > self.tick:
            self.tick = tick

    def note_certain(self, tick: int) -> None:
        """Note a snapshot that was sent and will arrive before the next one, as over a stream."""
        if self._wants_deltas:
            self.tick = tick
