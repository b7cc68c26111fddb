"""Tactics of the bots of this folder, in the whole numbers of a snapshot: 32 to a unit."""

import math


def decide(snapshot, me, number):
    """Return the code of the controls: run behind the ball, then through it at the goal."""
    swapped, (ball_x, ball_y, *_), players = snapshot[8:11]
    at = players[::6].index(me) * 6
    state, x, y = players[at + 1 : at + 4]
    side = 1 if (state % 2 == 0) != swapped else -1
    right, down = ball_x - x, ball_y - y
    if right * side < 0:
        # The ball is behind us: run round it, or we would kick it at our own goal.
        right, down = right - side * 2000, down + (2000 if down < 0 else -2000)
    distance = math.hypot(right, down) or 1
    # One press is one kick, so the key goes up and down while the ball is near (40 units).
    kick = distance < 40 * 32 and number % 4 < 2
    stick_x, stick_y = round(127 * right / distance), round(127 * down / distance)
    return (stick_x + 127) * 512 + (stick_y + 127) * 2 + kick
