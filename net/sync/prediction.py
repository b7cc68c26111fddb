"""Client-side prediction: inputs not yet acknowledged, replayed on the server's answer.  [pure]

The server's state is old by a round trip. A client that steps the game with its own inputs at once
shows their effect without waiting; when the server says which input it has used, the client takes
that state and replays the later inputs on it (reconciliation). Where nobody else interfered both
agree; else the difference is a correction, which is measured, and drawn smoothly. Generic over
state and input: knows no game, no clock and no network.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")
Input = TypeVar("Input")

# Two seconds at 60 inputs a second: then the connection counts as interrupted, and whoever goes on
# predicting plays a game of their own.
MAX_PENDING_INPUTS = 120

# After a tenth of a second a quarter of the error is left: quick enough not to mislead, slow enough
# not to be seen as a jump.
HALF_LIFE_S = 0.05


@dataclass(frozen=True, slots=True)
class Correction(Generic[State]):
    """What a truth changed: the present as predicted before and after it, and how far apart."""

    before: State
    after: State
    distance: float


@dataclass(frozen=True, slots=True)
class CorrectionStats:
    """The corrections counted: ``count`` of ``truths`` moved something, and by how much."""

    reconciliations: int
    count: int
    mean: float
    largest: float


class Predictor(Generic[State, Input]):
    """Predicts the present from a past truth and the inputs since.

    ``step`` is the game's own: it returns the state after an input and leaves the one that it was
    given as it was. ``distance`` says how far apart two states are, in any unit; corrections up
    to ``tolerance`` (what the wire's rounding amounts to) are not counted. ``reconciling`` may be
    changed at any time: without it a truth is taken as if it were the present.
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
        """Count corrections from here on; what is predicted stays as it is."""
        self._truths = self._count = 0
        self._sum = self._largest = 0.0

    @property
    def pending(self) -> int:
        """How many inputs the server has not acknowledged yet."""
        return len(self._pending)

    def predict(self, sequence: int, input_: Input) -> State:
        """Take an input, numbered higher than all before, and return the state after it.

        With ``PENDING_LIMIT`` inputs unacknowledged the state stands still: what would come next
        is anybody's guess.
        """
        if len(self._pending) < MAX_PENDING_INPUTS:
            self._pending.append((sequence, input_))
            self.state = self._step(self.state, input_)
        return self.state

    def reconcile(self, acked_sequence: int, server_state: State) -> Correction[State]:
        """Take the server's state, in which inputs up to ``acked_sequence`` have been used."""
        while self._pending and self._pending[0][0] <= acked_sequence:
            self._pending.popleft()
        before, after = self.state, server_state
        if self.reconciling:
            for _, input_ in self._pending:
                after = self._step(after, input_)
        self.state = after
        correction = Correction(before, after, self._distance(before, after))
        self._truths += 1
        if correction.distance > self._tolerance:
            self._count += 1
            self._sum += correction.distance
            self._largest = max(self._largest, correction.distance)
        return correction

    def stats(self) -> CorrectionStats:
        """Return the figures of the corrections since ``reset_stats``, or the start."""
        mean = self._sum / self._count if self._count else 0.0
        return CorrectionStats(self._truths, self._count, mean, self._largest)


class CorrectionSmoother:
    """By how much to draw a thing beside where it is now known to be, so that it never jumps.

    A correction adds the way back to where the thing was drawn, and time takes it away: half of
    it each ``half_life_s``. Farther than ``limit`` is a leap (a kick-off), and drawn as one.
    """

    def __init__(self, snap_distance: float, half_life_s: float = HALF_LIFE_S) -> None:
        self._limit = snap_distance
        self._half_life_s = half_life_s
        self._x = self._y = 0.0
        self._at = 0.0

    def add(self, now: float, dx: float, dy: float) -> None:
        """Take a correction: where the thing was, less where it is."""
        x, y = self.offset_at(now)
        self._x, self._y, self._at = x + dx, y + dy, now
        if self._x * self._x + self._y * self._y > self._limit * self._limit:
            self._x = self._y = 0.0

    def offset_at(self, now: float) -> tuple[float, float]:
        """Return the offset (x, y) at a time not before the last correction."""
        left = 0.5 ** ((now - self._at) / self._half_life_s)
        return self._x * left, self._y * left
