"""Values of the game as the page's scripts have them."""

from collections.abc import Iterable

from game.match.pitch import Pitch
from game.match.world import PlayerBody, World
from game.protocol.messages import PlayerState, Snapshot

MOTION = ("x", "y", "vx", "vy")


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


def snapshot_values(
    state: World | Snapshot, players: Iterable[PlayerBody | PlayerState], pitch: Pitch
) -> dict:
    """Return a state of a match as the page has a snapshot."""
    return {
        "pitch": pitch_lengths(pitch),
        "kickoffTeam": state.kickoff_team,
        "isSwapped": state.swapped,
        "ball": {name: getattr(state.ball, name) for name in MOTION},
        "players": [
            {
                "id": each.player_id,
                "team": each.team,
                **{name: getattr(each, name) for name in MOTION},
                "isKicking": each.kicking,
                "kickMemoryTicks": each.kick_memory_ticks,
            }
            for each in players
        ],
    }
