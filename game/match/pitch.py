"""Pitch: positions of lines, walls, goals and posts.  [pure]

All lengths are in pitch units: x to the right, y down, origin on the centre spot.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pitch:
    """The dimensions of one pitch.

    Touch lines and goal lines are walls for the ball. Players may run ``run_off`` beyond them, to
    get behind a ball that rests against a wall. The nets hold the ball only. Posts stop everyone.
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
        """Half the width that a disc can occupy, with nets and run-off."""
        return self.half_width + max(self.run_off, self.goal_depth)

    @property
    def outer_half_height(self) -> float:
        """Half the height that a disc can occupy, with the run-off."""
        return self.half_height + self.run_off


# 1200 x 640 with the run-off. At a top speed near 200 units/s a player needs six seconds from end
# to end. That is wide enough for 40 players, and small enough for four.
PITCH = Pitch()
