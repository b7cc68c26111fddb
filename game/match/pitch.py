"""Pitch: positions of lines, walls, goals and posts, in three sizes.  [pure]

All lengths are in pitch units: x to the right, y down, origin on the centre spot.
"""

from dataclasses import dataclass
from enum import IntEnum
from itertools import product


class PitchSize(IntEnum):
    """The sizes of a pitch; the values are those of the wire format."""

    SMALL = 0
    MEDIUM = 1
    LARGE = 2


@dataclass(frozen=True, slots=True)
class Pitch:
    """The dimensions of one pitch.

    Touch lines and goal lines are walls for the ball. Players may run ``run_off`` beyond them, to
    get behind a ball that rests against a wall. The nets hold the ball only. Posts stop everyone.
    ``scale``: the ratio of field, goals and centre circle to those of the medium pitch. What must
    fit the discs, which have one size, is the same on each pitch: nets, run-off and posts.
    ``posts``: the centres of the four posts.
    """

    size: PitchSize
    scale: float
    half_width: float
    half_height: float
    goal_half_height: float
    centre_circle_radius: float
    posts: tuple[tuple[float, float], ...]
    goal_depth: float = 40.0
    # A player must fit between the outer wall and a post.
    run_off: float = 40.0
    # The ball must not slip between a post and the end of a wall.
    post_radius: float = 8.0

    @property
    def outer_half_width(self) -> float:
        """Half the width that a disc can occupy, with nets and run-off."""
        return self.half_width + max(self.run_off, self.goal_depth)

    @property
    def outer_half_height(self) -> float:
        """Half the height that a disc can occupy, with the run-off."""
        return self.half_height + self.run_off


def _scaled(size: PitchSize, scale: float) -> Pitch:
    """Return a pitch with the proportions of the medium one.

    That one has 1200 x 640 units with the run-off. At a top speed near 200 units/s a player needs
    six seconds from end to end. That is wide enough for 40 players, and small enough for four.
    """
    half_width, goal_half_height = 560.0 * scale, 76.0 * scale
    return Pitch(
        size=size,
        scale=scale,
        half_width=half_width,
        half_height=280.0 * scale,
        goal_half_height=goal_half_height,
        centre_circle_radius=90.0 * scale,
        # Once for each pitch: the physics needs them in every tick.
        posts=tuple(product((-half_width, half_width), (-goal_half_height, goal_half_height))),
    )


# Quarters, so that every length is exact. A full kick from rest rolls 620 units: three quarters of
# the small pitch, and less than half of the large one.
PITCHES = {
    PitchSize.SMALL: _scaled(PitchSize.SMALL, 0.75),
    PitchSize.MEDIUM: _scaled(PitchSize.MEDIUM, 1.0),
    PitchSize.LARGE: _scaled(PitchSize.LARGE, 1.25),
}
MEDIUM_PITCH = PITCHES[PitchSize.MEDIUM]
