"""A player's inputs on their way from the network to the ticks.  [pure]

Inputs arrive late, twice, in bursts or not at all; a tick takes exactly one. So a client cannot
make its player faster than the rules by sending more, and one that is silent coasts. Knows no
channel and no match.
"""

from collections import deque
from dataclasses import replace

from game.match.controls import NEUTRAL, Controls

# A quarter of a second: bridges a lost datagram or two and a short stall, but a player who has
# left does not run into the corner.
HOLD_TICKS = 15
# What waits is latency that its player feels; beyond four ticks (67 ms) it is better to jump.
WAITING_LIMIT = 4
# More than a second's worth between two ticks is a flood, and would be jumped over anyway.
QUEUE_LIMIT = 60
# If for half a second at least one input was always left over, the surplus does nothing but delay.
SURPLUS_TICKS = 30


class InputQueue:
    """Takes input messages as they come, gives one ``Controls`` a tick.

    ``last_used`` is the sequence number of the input that the latest tick used; the snapshot
    tells it to the client, whose prediction replays what follows it. ``skipped`` counts inputs
    that were jumped over because too many waited.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Controls]] = deque(maxlen=QUEUE_LIMIT)
        self._newest = 0
        self._current = NEUTRAL
        self._empty_ticks = 0
        self._surplus_ticks = 0
        self.last_used = 0
        self.received = 0
        self.skipped = 0

    @property
    def waiting(self) -> int:
        """How many inputs have come that no tick has used yet."""
        return len(self._waiting)

    def push(self, newest: int, controls: tuple[Controls, ...]) -> None:
        """Take a message's inputs: ``controls`` in order, the last one numbered ``newest``.

        Those already known are passed over, since every message repeats some.
        """
        self.received += 1
        unknown = min(newest - self._newest, len(controls))
        if unknown <= 0:
            return
        self._waiting.extend(enumerate(controls[-unknown:], newest - unknown + 1))
        self._newest = newest

    def pop(self) -> Controls:
        """Return the input for this tick: the next one, or the last one for a short while."""
        if not self._waiting:
            self._surplus_ticks = 0
            self._empty_ticks += 1
            if self._empty_ticks > HOLD_TICKS:
                self._current = NEUTRAL
            return self._current
        self._empty_ticks = 0
        self._current = self._next()
        return self._current

    def _next(self) -> Controls:
        kick = False
        surplus = len(self._waiting) - WAITING_LIMIT
        self._surplus_ticks = self._surplus_ticks + 1 if len(self._waiting) > 1 else 0
        if self._surplus_ticks >= SURPLUS_TICKS:
            self._surplus_ticks = 0
            surplus = max(surplus, 1)
        for _ in range(surplus):
            kick |= self._waiting.popleft()[1].kick
            self.skipped += 1
        self.last_used, controls = self._waiting.popleft()
        # A kick is a short press: one in a skipped input would be lost without this.
        return replace(controls, kick=True) if kick and not controls.kick else controls
