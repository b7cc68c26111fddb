"""Client-side prediction and server reconciliation.  [pure]

The server's state is old by a round trip. A client that steps the game with its own inputs at
once shows their effect without waiting. Each server state names the last input that it contains.
The client replays the later inputs on that state: *reconciliation*. If nobody else interfered,
the result equals the prediction. Otherwise the difference is a correction, which is measured here
and drawn smoothly by ``net/sync/smoothing.py``.

The method is that of Quake World, described by Bernier, "Latency Compensating Methods in
Client/Server In-game Protocol Design and Optimization" (2001).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["MAX_PENDING_INPUTS", "Correction", "CorrectionStats", "Predictor"]

State = TypeVar("State")
Input = TypeVar("Input")

# Two seconds at 60 inputs a second. After that the connection counts as interrupted, and further
# prediction would only lead away from the server's game.
MAX_PENDING_INPUTS = 120


@dataclass(frozen=True, slots=True)
class Correction(Generic[State]):
    """Predicted present before and after one reconciliation, and the distance between them."""

    before: State
    after: State
    distance: float


@dataclass(frozen=True, slots=True)
class CorrectionStats:
    """Count of reconciliations, and of those that corrected something, with mean and maximum.

    Distances are in the unit of the predictor's ``distance``.
    """

    reconciliations: int
    count: int
    mean: float
    largest: float


class Predictor(Generic[State, Input]):
    """Predictor of the present from the last server state and the inputs after it.

    ``step`` returns the state after an input and does not change the state that it was given.
    ``distance`` returns how far apart two states are, in any unit.
    Corrections up to ``tolerance`` are not counted; they come from rounding on the wire.
    ``reconciling`` may be changed at any time. Without it a server state is taken as the present.
    """

    def __init__(
        self,
        start: State,
        step: Callable[[State, Input], State],
        distance: Callable[[State, State], float],
        tolerance: float = 0.0,
        reconciling: bool = True,
    ) -> None:
        self.state = start
        self.reconciling = reconciling
        self._step = step
        self._distance = distance
        self._tolerance = tolerance
        self._pending: deque[tuple[int, Input]] = deque()
        self.reset_stats()

    def reset_stats(self) -> None:
        """Start counting corrections from zero; the prediction stays as it is."""
        self._reconciliations = self._count = 0
        self._sum = self._largest = 0.0

    @property
    def pending(self) -> int:
        """The number of inputs that the server has not acknowledged yet."""
        return len(self._pending)

    def predict(self, sequence: int, input_: Input) -> State:
        """Apply an input and return the state after it.

        ``sequence`` must be higher than those of all inputs before.
        With ``MAX_PENDING_INPUTS`` unacknowledged inputs the state no longer changes.
        """
        if len(self._pending) < MAX_PENDING_INPUTS:
            self._pending.append((sequence, input_))
            self.state = self._step(self.state, input_)
        return self.state

    def reconcile(self, acked_sequence: int, server_state: State) -> Correction[State]:
        """Replay the pending inputs on a server state.

        The state contains the inputs up to ``acked_sequence``.
        """
        while self._pending and self._pending[0][0] <= acked_sequence:
            self._pending.popleft()
        before, after = self.state, server_state
        if self.reconciling:
            for _, input_ in self._pending:
                after = self._step(after, input_)
        self.state = after
        correction = Correction(before, after, self._distance(before, after))
        self._reconciliations += 1
        if correction.distance > self._tolerance:
            self._count += 1
            self._sum += correction.distance
            self._largest = max(self._largest, correction.distance)
        return correction

    def stats(self) -> CorrectionStats:
        """Return the corrections since the start or the last ``reset_stats``."""
        mean = self._sum / self._count if self._count else 0.0
        return CorrectionStats(self._reconciliations, self._count, mean, self._largest)
