"""From snapshots as they come to the scene as it is drawn.  [pure]

Keeps the timed snapshots of one match, the team sheet and the clock, and makes a ``Scene`` for
any moment. Knows no channel, no pixels and no clock of its own.
"""

from game.frame import DrawnPlayer, Scene
from game.messages import BallState, PlayerState, Roster, RosterEntry, Snapshot, Welcome
from net.clock import ClockFilter
from net.interpolation import InterpolationBuffer, LeastDelay, Sample, render_time

# Two intervals: the picture survives the loss of one snapshot without standing still.
INTERPOLATION_INTERVALS = 2
# A disc that moved farther between two snapshots was put there (a kick-off): it does not glide.
TELEPORT_UNITS = 120.0


class Picture:
    """What one client sees of one match.

    ``interpolation_s`` is by how much everything is drawn later than it could be, so that there
    are two snapshots to draw between.
    """

    def __init__(self, welcome: Welcome, clock: ClockFilter, interpolation_s: float | None) -> None:
        self.clock = clock
        self.half_s = welcome.half_s
        self.own_id = welcome.player_id
        self.interpolation_s = (
            INTERPOLATION_INTERVALS / welcome.snapshot_hz
            if interpolation_s is None
            else interpolation_s
        )
        self.newest: Snapshot | None = None
        # Not before both a snapshot and the server's clock are known.
        self.is_ready = False
        self._buffer: InterpolationBuffer[Snapshot] = InterpolationBuffer()
        self._least_delay = LeastDelay()
        self._roster: dict[int, RosterEntry] = {}
        self.set_roster(welcome.roster)

    def set_roster(self, roster: Roster) -> None:
        """Replace the team sheet."""
        self._roster = {entry.player_id: entry for entry in roster.entries}

    def add(self, snapshot: Snapshot, received_at: float) -> None:
        """Take a snapshot that arrived at ``received_at`` (the client's clock)."""
        if self.newest is None or snapshot.tick > self.newest.tick:
            self.newest = snapshot
        self._buffer.push(snapshot.time_s, snapshot)
        if self.clock.ready:
            arrived_s = self.clock.to_server(received_at)
            self._least_delay.add(received_at, arrived_s - snapshot.time_s)
            self.is_ready = True

    def render_time_s(self, now: float) -> float:
        """Return the server's time that is drawn at ``now``."""
        server_now_s = self.clock.to_server(now)
        return render_time(server_now_s, self._least_delay.least_s(now), self.interpolation_s)

    def age_s(self, now: float) -> float | None:
        """Return how old the newest snapshot is."""
        if self.newest is None or not self.clock.ready:
            return None
        return self.clock.to_server(now) - self.newest.time_s - self.newest.late_s

    def sample(self, now: float) -> Sample[Snapshot] | None:
        """Return the snapshots around the render time; None before there is one to be drawn."""
        return self._buffer.sample(self.render_time_s(now)) if self.is_ready else None

    def scene(self, sample: Sample[Snapshot]) -> Scene:
        """Return everything as it is drawn for a sample."""
        before, after, fraction = sample.before, sample.after, sample.fraction
        was = {player.player_id: player for player in before.players}
        ball_x, ball_y = _between(before.ball, after.ball, fraction)
        return Scene(
            tick=before.tick,
            phase=before.phase,
            half=before.half,
            clock_s=before.clock_s,
            half_s=self.half_s,
            score=before.score,
            ball_x=ball_x,
            ball_y=ball_y,
            players=tuple(
                self._drawn(was.get(player.player_id, player), player, fraction)
                for player in after.players
            ),
        )

    def _drawn(self, was: PlayerState, now: PlayerState, fraction: float) -> DrawnPlayer:
        x, y = _between(was, now, fraction)
        entry = self._roster.get(now.player_id)
        return DrawnPlayer(
            player_id=now.player_id,
            name=entry.name if entry else "",
            team=now.team,
            x=x,
            y=y,
            kicking=was.kicking,
            is_own=now.player_id == self.own_id,
            is_bot=entry is not None and entry.is_bot,
        )


def _between(
    was: BallState | PlayerState, now: BallState | PlayerState, fraction: float
) -> tuple[float, float]:
    """Return the place between two states of a disc; one that was put elsewhere does not glide."""
    dx, dy = now.x - was.x, now.y - was.y
    if abs(dx) > TELEPORT_UNITS or abs(dy) > TELEPORT_UNITS:
        return (now.x, now.y) if fraction >= 1.0 else (was.x, was.y)
    return was.x + dx * fraction, was.y + dy * fraction
