"""Values of the game as the page's scripts have them."""

from game.match.pitch import Pitch


def pitch_lengths(pitch: Pitch) -> dict:
    """Return a pitch as one of ``PITCHES`` in ``pitch.js``."""
    return {
        "halfWidth": pitch.half_width,
        "halfHeight": pitch.half_height,
        "goalHalfHeight": pitch.goal_half_height,
        "goalDepth": pitch.goal_depth,
        "postRadius": pitch.post_radius,
        "posts": [list(post) for post in pitch.posts],
        "centreCircleRadius": pitch.centre_circle_radius,
        "outerHalfWidth": pitch.outer_half_width,
        "outerHalfHeight": pitch.outer_half_height,
    }
