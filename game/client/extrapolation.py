"""Extrapolation of a snapshot: dead reckoning (IEEE 1278.1) while no newer one has come.  [pure]"""

from dataclasses import replace

from game.match.pitch import PITCHES, Pitch
from game.protocol.messages import BallState, PlayerState, Snapshot

# After a quarter of a second players have turned. A wrong guess is worse than a frozen picture.
EXTRAPOLATION_LIMIT_S = 0.25


def extrapolated(snapshot: Snapshot, ahead_s: float) -> Snapshot:
    """Return the snapshot moved on at its last velocities, at most by the limit."""
    ahead_s = min(ahead_s, EXTRAPOLATION_LIMIT_S)
    pitch, ball = PITCHES[snapshot.pitch_size], snapshot.ball
    ball_x, ball_y = _moved(pitch, ball, ahead_s)
    players = []
    for player in snapshot.players:
        x, y = _moved(pitch, player, ahead_s)
        players.append(player._replace(x=x, y=y))
    return replace(snapshot, ball=ball._replace(x=ball_x, y=ball_y), players=tuple(players))


def _moved(pitch: Pitch, disc: BallState | PlayerState, ahead_s: float) -> tuple[float, float]:
    x, y = disc.x + disc.vx * ahead_s, disc.y + disc.vy * ahead_s
    return (
        # Inside the walls: a guess must not draw a disc where none can be.
        min(max(x, -pitch.outer_half_width), pitch.outer_half_width),
        min(max(y, -pitch.outer_half_height), pitch.outer_half_height),
    )
