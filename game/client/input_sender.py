"""Input sender: numbers inputs, and repeats them until they are acknowledged.  [pure]

Inputs travel as LATEST. Repetition recovers a lost one within a tick, without a retransmission
timeout.
"""

from collections import deque

from game.match.controls import Controls
from game.protocol.messages import INPUTS_PER_MESSAGE, InputMessage


class InputSender:
    """Numbers one input a tick, from 1, and keeps those not yet acknowledged.

    ``newest`` is the sequence number of the latest input.
    """

    def __init__(self) -> None:
        # The oldest drop out: after 8 ticks the server would skip them anyway.
        self._unacknowledged: deque[Controls] = deque(maxlen=INPUTS_PER_MESSAGE)
        self.newest = 0

    def push(self, controls: Controls, snapshot_tick: int | None = None) -> InputMessage:
        """Number this tick's input and return the message with all unacknowledged ones.

        ``snapshot_tick``: as in ``InputMessage``.
        """
        self.newest += 1
        self._unacknowledged.append(controls)
        return InputMessage(self.newest, tuple(self._unacknowledged), snapshot_tick)

    def acknowledge(self, last_used: int) -> None:
        """Stop repeating the inputs up to sequence number ``last_used``."""
        # A late snapshot may acknowledge less than we know already: then nothing is removed.
        waiting = self.newest - last_used
        while len(self._unacknowledged) > max(waiting, 0):
            self._unacknowledged.popleft()
