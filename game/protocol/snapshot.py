"""Conversion of a match to a snapshot, and of a snapshot to a world for prediction.  [pure]"""

from game.match.pitch import PITCHES
from game.match.rules import Match
from game.match.world import Ball, PlayerBody, World
from game.protocol.messages import BallState, PlayerState, Snapshot


def snapshot_of(match: Match, time_s: float, late_s: float) -> Snapshot:
    """Return the state of ``match`` after its latest tick.

    ``time_s``: when that tick was due on the server's clock. ``late_s``: how late it was played.
    """
    world = match.world
    ball = world.ball
    return Snapshot(
        tick=world.tick,
        time_s=time_s,
        late_s=late_s,
        phase=match.phase,
        half=match.half,
        clock_s=match.clock_s,
        score=match.score,
        kickoff_team=world.kickoff_team,
        swapped=world.swapped,
        ball=BallState(ball.x, ball.y, ball.vx, ball.vy),
        players=tuple(
            PlayerState(b.player_id, b.team, b.x, b.y, b.vx, b.vy, b.kicking, b.kick_memory_ticks)
            for b in world.players.values()
        ),
        pitch_size=world.pitch.size,
    )


def world_of(snapshot: Snapshot) -> World:
    """Return a world in the snapshot's state, for prediction to continue from.

    It differs from the server's world only by the rounding to ``QUANTUM``.
    """
    return World(
        tick=snapshot.tick,
        players={
            p.player_id: PlayerBody(
                p.player_id,
                p.team,
                p.x,
                p.y,
                p.vx,
                p.vy,
                kick_memory_ticks=p.kick_memory_ticks,
                kicking=p.kicking,
            )
            for p in snapshot.players
        },
        ball=Ball(*snapshot.ball),
        kickoff_team=snapshot.kickoff_team,
        swapped=snapshot.swapped,
        pitch=PITCHES[snapshot.pitch_size],
    )
