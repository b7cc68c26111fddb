"""Schedule of a league: every bot meets every other one on both sides of the pitch.  [pure]

The circle method: one bot stays in its place, the others move on by one place after each day. The
matches of one day have different bots, so that no bot plays all its matches at the same time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match to play. ``orange`` and ``sky`` are names of bots; ``number`` counts from 1."""

    number: int
    orange: str
    sky: str

    @property
    def room(self) -> str:
        """The name of the server's room for this match."""
        return f"match-{self.number}"


def round_robin(names: Sequence[str], rounds: int) -> tuple[Fixture, ...]:
    """Return the fixtures of ``rounds`` rounds.

    In a round every pair plays twice, with sides swapped: first all days, then all days again.
    """
    days = [*_days(names)]
    pairs = [pair for day in days for pair in day]
    pairs += [(second, first) for first, second in pairs]
    return tuple(
        Fixture(number, orange, sky) for number, (orange, sky) in enumerate(pairs * rounds, 1)
    )


def _days(names: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    # With an odd number, the bot that is paired with None has a free day.
    circle: list[str | None] = [*names, *([None] if len(names) % 2 else [])]
    half = len(circle) // 2
    for day in range(len(circle) - 1):
        yield [
            # The bot that stays would else be orange on every day of the first half.
            (first, second) if day % 2 == 0 else (second, first)
            for first, second in zip(circle[:half], reversed(circle[half:]), strict=True)
            if first is not None and second is not None
        ]
        circle[1:] = [circle[-1], *circle[1:-1]]
