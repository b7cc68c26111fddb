"""The client's inputs, numbered, and repeated until a snapshot confirms them.  [pure]

Knows no channel: it gives the message to send, and is told what the server used.
"""

from collections import deque

from game.match.controls import Controls
from game.protocol.messages import INPUTS_PER_MESSAGE, InputMessage


class InputSender:
    """Numbers one input a tick from 1 and keeps those that the server has not used yet."""

    def __init__(self) -> None:
        # Older ones are not repeated: the server would only jump over them.
        self._unacknowledged: deque[Controls] = deque(maxlen=INPUTS_PER_MESSAGE)
        self.newest = 0

    def push(self, controls: Controls) -> InputMessage:
        """Number this tick's input and return the message that carries it with its elders."""
        self.newest += 1
        self._unacknowledged.append(controls)
        return InputMessage(self.newest, tuple(self._unacknowledged))

    def acknowledge(self, last_used: int) -> None:
        """Stop repeating the inputs up to ``last_used``.

        The newest is always sent, so one that is confirmed may be repeated once more.
        """
        waiting = self.newest - last_used
        while len(self._unacknowledged) > max(waiting, 0):
            self._unacknowledged.popleft()
