"""Formation: positions at a kick-off, and of a player who joins during the match.  [pure]"""

from collections.abc import Iterator
from functools import cache

from game.match.pitch import Pitch
from game.match.world import PLAYER_RADIUS, Team, World

# All of them may be in one team, since a player may choose a team.
MAX_PLAYERS = 40

# The player who kicks off starts a short run from the ball.
_TAKER_SPOT = (-45.0, 0.0)
# In the left half of the medium pitch, in the order of filling:
# striker, keeper, two backs, two wings, a sweeper.
_SHAPE = (
    (-135.0, 0.0),
    (-500.0, 0.0),
    (-320.0, -100.0),
    (-320.0, 100.0),
    (-170.0, -190.0),
    (-170.0, 190.0),
    (-410.0, 0.0),
)
# Two radii and a gap, so that nobody starts in contact.
_SPACING = 2.5 * PLAYER_RADIUS


def _is_clear(x: float, y: float, taken: list[tuple[float, float]]) -> bool:
    return all(
        (x - other_x) * (x - other_x) + (y - other_y) * (y - other_y) >= _SPACING * _SPACING
        for other_x, other_y in taken
    )


@cache
def _spots(pitch: Pitch) -> tuple[tuple[float, float], ...]:
    """Return 40 positions or more in the left half: the shape, then a grid around it."""
    scale = pitch.scale
    spots = [(x * scale, y * scale) for x, y in _SHAPE]
    # Players are not smaller on a small pitch, so there the grid has fewer columns.
    x_step, y_step = max(45.0 * scale, _SPACING), max(55.0 * scale, _SPACING)
    for column in range(9):
        for row in range(9):
            x = -140.0 * scale - x_step * column
            y = y_step * (row - 4)
            if x >= -500.0 * scale and _is_clear(x, y, spots):
                spots.append((x, y))
    return tuple(spots)


def kick_off_spots(
    pitch: Pitch, count: int, kicks_off: bool, attack_sign: int
) -> Iterator[tuple[float, float]]:
    """Yield ``count`` positions (x, y) in a team's own half, the most advanced first.

    With ``kicks_off`` the first is next to the ball, inside the centre circle.
    """
    for index, (x, y) in enumerate(_spots(pitch)[:count]):
        if index == 0 and kicks_off:
            x, y = _TAKER_SPOT
        yield x * attack_sign, y


def free_spot(world: World, team: Team) -> tuple[float, float]:
    """Return a free position in ``team``'s own half, as far back as possible."""
    sign = world.attack_sign(team)
    taken = [(body.x, body.y) for body in world.players.values()]
    taken.append((world.ball.x, world.ball.y))
    spots = _spots(world.pitch)
    for x, y in sorted(spots):
        if x > -world.pitch.half_width + 2.0 * PLAYER_RADIUS and _is_clear(x * sign, y, taken):
            return x * sign, y
    return spots[0][0] * sign, spots[0][1]
