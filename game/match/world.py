"""World: state of ball and players at one tick, all that ``physics.step`` reads and writes.  [pure]

A client that predicts builds a ``World`` from a snapshot and steps it with the server's code.
Everything that influences motion is therefore here. Score, clock and names are in ``rules``.
"""

from enum import IntEnum
from typing import Self

from game.match.pitch import MEDIUM_PITCH, Pitch

PLAYER_RADIUS = 15.0
BALL_RADIUS = 9.0


class Team(IntEnum):
    """The two teams; the values are those of the wire format."""

    ORANGE = 0
    SKY = 1

    @property
    def other(self) -> "Team":
        """The opposing team."""
        return Team.SKY if self is Team.ORANGE else Team.ORANGE


class PlayerBody:
    """A player's disc. Position in pitch units, velocity in units/s.

    ``kicking``: whether the kick key was down at the last tick.
    ``kick_memory_ticks``: for how many more ticks a press that met no ball still counts.
    """

    # Slots and a plain class: a snapshot makes forty of these, and physics reads them all the time.
    __slots__ = ("kick_memory_ticks", "kicking", "player_id", "team", "vx", "vy", "x", "y")

    def __init__(
        self,
        player_id: int,
        team: Team,
        x: float = 0.0,
        y: float = 0.0,
        vx: float = 0.0,
        vy: float = 0.0,
        *,
        kick_memory_ticks: int = 0,
        kicking: bool = False,
    ) -> None:
        self.player_id = player_id
        self.team = team
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.kick_memory_ticks = kick_memory_ticks
        self.kicking = kicking

    def copy(self) -> "PlayerBody":
        """Return an independent body in the same state."""
        return PlayerBody(
            self.player_id,
            self.team,
            self.x,
            self.y,
            self.vx,
            self.vy,
            kick_memory_ticks=self.kick_memory_ticks,
            kicking=self.kicking,
        )


class Ball:
    """The ball's disc. Position in pitch units, velocity in units/s."""

    __slots__ = ("vx", "vy", "x", "y")

    def __init__(self, x: float = 0.0, y: float = 0.0, vx: float = 0.0, vy: float = 0.0) -> None:
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy

    def copy(self) -> "Ball":
        """Return an independent ball in the same state."""
        return Ball(self.x, self.y, self.vx, self.vy)


class World:
    """All discs, the pitch, and the two facts of the rules that motion depends on.

    ``kickoff_team``: the team that may touch the ball first; None in open play. While it is set,
    the kick-off barrier holds the players.
    ``swapped``: true in the second half, when orange attacks to the left.
    """

    __slots__ = ("ball", "kickoff_team", "pitch", "players", "swapped", "tick")

    def __init__(
        self,
        tick: int = 0,
        players: dict[int, PlayerBody] | None = None,
        ball: Ball | None = None,
        kickoff_team: Team | None = None,
        swapped: bool = False,
        *,
        pitch: Pitch = MEDIUM_PITCH,
    ) -> None:
        self.tick = tick
        self.players: dict[int, PlayerBody] = {} if players is None else players
        self.ball = Ball() if ball is None else ball
        self.kickoff_team = kickoff_team
        self.swapped = swapped
        self.pitch = pitch

    def attack_sign(self, team: Team) -> int:
        """Return +1 if ``team`` attacks to the right in this half, -1 if to the left."""
        return 1 if (team == Team.ORANGE) != self.swapped else -1

    def copy(self) -> Self:
        """Return an independent world in the same state, for prediction."""
        players = {player_id: body.copy() for player_id, body in self.players.items()}
        rules = self.kickoff_team, self.swapped
        return type(self)(self.tick, players, self.ball.copy(), *rules, pitch=self.pitch)
