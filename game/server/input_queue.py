"""Input queue of one player, between the network and the ticks.  [pure]

Inputs arrive late, twice, in bursts or not at all. A tick takes exactly one of them. A client
therefore cannot move faster by sending more inputs.
"""

from collections import deque
from dataclasses import replace

from game.match.controls import NEUTRAL, Controls
from game.match.controls_latch import PressLatch

# A quarter of a second. It bridges a few lost datagrams and a short stall. A player who has left
# does not keep running into a corner.
HOLD_TICKS = 15
# Every waiting input adds a tick of latency. Above four ticks (67 ms) skipping is the lesser evil.
WAITING_LIMIT = 4
# A second of inputs between two ticks is a flood. All but the last few would be skipped anyway.
QUEUE_LIMIT = 60
# An input that was left over in each tick for half a second protects from nothing, and delays all.
SURPLUS_TICKS = 30


class InputQueue:
    """A jitter buffer: ``push`` for every input message, ``pop`` once a tick.

    ``newest``: the highest sequence number that has arrived.
    ``last_used``: the sequence number of the input of the latest tick. Snapshots carry it, and the
    client's prediction replays the inputs after it.
    ``received``: input messages, also repeated ones.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Controls]] = deque(maxlen=QUEUE_LIMIT)
        self._current = NEUTRAL
        self._kick = PressLatch()
        self._empty_ticks = 0
        self._surplus_ticks = 0
        self.newest = 0
        self.last_used = 0
        self.received = 0

    @property
    def waiting(self) -> int:
        """The number of inputs that no tick has used yet."""
        return len(self._waiting)

    def push(self, newest: int, controls: tuple[Controls, ...]) -> None:
        """Add the inputs of a message: ``controls`` in order, the last one numbered ``newest``."""
        self.received += 1
        # Every message repeats unacknowledged inputs. Only those above the highest number are new,
        # and an older message that was overtaken holds none.
        unknown = min(newest - self.newest, len(controls))
        if unknown <= 0:
            return
        if unknown == 1:
            # Nothing was lost: nearly always, sixty times a second for each client.
            self._waiting.append((newest, controls[-1]))
        else:
            self._waiting.extend(enumerate(controls[-unknown:], newest - unknown + 1))
        self.newest = newest

    def pop(self) -> Controls:
        """Return the input of this tick; while none waits, the last one for ``HOLD_TICKS``."""
        if not self._waiting:
            # Late or lost. Most players hold a key for longer than the gap, so the last input is
            # the best guess.
            self._surplus_ticks = 0
            self._empty_ticks += 1
            if self._empty_ticks > HOLD_TICKS:
                self._current = NEUTRAL
            return self._current
        self._empty_ticks = 0
        self._current = self._next()
        return self._current

    def _next(self) -> Controls:
        if len(self._waiting) > 1:
            self._skip_surplus()
        else:
            self._surplus_ticks = 0
        self.last_used, controls = self._waiting.popleft()
        # A kick is a press of few ticks. One in a skipped input must not be lost, nor the release
        # between two of them.
        self._kick.set(controls.kick)
        kick = self._kick.read()
        # Copied only for the rare tick whose kick differs. This runs for every player and tick, and
        # ``replace`` takes longer than all the rest of it.
        return controls if controls.kick is kick else replace(controls, kick=kick)

    def _skip_surplus(self) -> None:
        surplus = len(self._waiting) - WAITING_LIMIT
        # The client's clock may run a little faster than ours, or a burst has filled the queue.
        # Inputs then wait for ever, unless one is skipped from time to time.
        self._surplus_ticks += 1
        if self._surplus_ticks >= SURPLUS_TICKS:
            self._surplus_ticks = 0
            surplus = max(surplus, 1)
        for _ in range(surplus):
            self._kick.set(self._waiting.popleft()[1].kick)
