"""The pitch: where the lines, walls, goals and posts are.

Knows lengths only, in pitch units: x to the right, y down, origin on the centre spot.
It knows nothing of players, time or screens; a view scales it to pixels as it likes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pitch:
    """Describe one pitch.

    The touch lines and goal lines are walls for the ball. Players may run `run_off` beyond them,
    to get behind a ball that rests against a wall; their own wall stands there. The goal nets hold
    the ball only, and the posts stop everyone.
    """

    half_width: float = 560.0
    half_height: float = 280.0
    goal_half_height: float = 76.0
    goal_depth: float = 40.0
    run_off: float = 40.0
    post_radius: float = 8.0
    centre_circle_radius: float = 90.0

    @property
    def outer_half_width(self) -> float:
        """Half the width of all that may ever be occupied, nets and run-off included."""
        return self.half_width + max(self.run_off, self.goal_depth)

    @property
    def outer_half_height(self) -> float:
        """Half the height of all that may ever be occupied, run-off included."""
        return self.half_height + self.run_off


# 1200 x 640 in all: at a top speed near 200 units/s that is six seconds from end to end,
# which leaves room for 40 players and is still small for four.
PITCH = Pitch()
