"""Where players stand at a kick-off and where one appears who joins in mid-match.

Knows the pitch and how many stand on it, not who they are.
"""

from collections.abc import Iterator

from game.match.pitch import PITCH
from game.match.world import PLAYER_RADIUS, Team, World

# Everyone may be on one side: teams are filled evenly, but a player may ask for a side.
MAX_PLAYERS = 40

# The taker starts a short run from the ball; the other side's first player at the circle's edge.
_TAKER_SPOT = (-45.0, 0.0)
# For the left half, in the order they are filled: striker, keeper, two backs, two wings, a libero.
_SHAPE = (
    (-135.0, 0.0),
    (-500.0, 0.0),
    (-320.0, -100.0),
    (-320.0, 100.0),
    (-170.0, -190.0),
    (-170.0, 190.0),
    (-410.0, 0.0),
)
# Two bodies and a gap: nobody starts in contact.
_SPACING = 2.5 * PLAYER_RADIUS


def _is_clear(x: float, y: float, taken: list[tuple[float, float]]) -> bool:
    return all(
        (x - other_x) * (x - other_x) + (y - other_y) * (y - other_y) >= _SPACING * _SPACING
        for other_x, other_y in taken
    )


def _fill_half() -> tuple[tuple[float, float], ...]:
    """List a spot for each of 40 players in the left half: the shape, then a grid around it."""
    spots = list(_SHAPE)
    for column in range(9):
        for row in range(9):
            x = -140.0 - 45.0 * column
            y = 55.0 * (row - 4)
            if _is_clear(x, y, spots):
                spots.append((x, y))
    return tuple(spots)


_SPOTS = _fill_half()


def kick_off_spots(count: int, kicks_off: bool, attack_sign: int) -> Iterator[tuple[float, float]]:
    """Yield `count` places (x, y) in a team's own half, the most advanced first.

    With `kicks_off` the first place is next to the ball, inside the centre circle.
    """
    for index, (x, y) in enumerate(_SPOTS[:count]):
        if index == 0 and kicks_off:
            x, y = _TAKER_SPOT
        yield x * attack_sign, y


def free_spot(world: World, team: Team) -> tuple[float, float]:
    """Return a place in `team`'s own half where nobody stands, as far back as there is one."""
    sign = world.attack_sign(team)
    taken = [(body.x, body.y) for body in world.players.values()]
    taken.append((world.ball.x, world.ball.y))
    for x, y in sorted(_SPOTS):
        if x > -PITCH.half_width + 2.0 * PLAYER_RADIUS and _is_clear(x * sign, y, taken):
            return x * sign, y
    return _SPOTS[0][0] * sign, _SPOTS[0][1]
