"""Rules of the match: phases, clock, score, kick-offs and goals.  [pure]

A ``Match`` owns the ``World`` and steps it. One call of ``step`` is one tick. The same seed, joins
and controls give the same match on every platform.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from game.match import physics
from game.match.controls import Controls
from game.match.formation import free_spot, kick_off_spots
from game.match.physics import TICK_HZ, BounceContact, Contact, KickContact
from game.match.pitch import PITCHES, PitchSize
from game.match.roster import PlayerRecord, PlayerTable
from game.match.world import BALL_RADIUS, Ball, PlayerBody, Team, World

# A long shot needs about a second to the goal line. If the keeper deflects it on its way, the
# goal is still the striker's.
_DEFLECTION_TICKS = TICK_HZ * 6 // 5
# A pass longer ago did not prepare the goal: the scorer has dribbled for so long.
_ASSIST_TICKS = TICK_HZ * 6

DEFAULT_HALF_S = 150.0
# The minutes of both halves, and the goal limits, that people may choose.
MINUTES_MIN, MINUTES_MAX = 0.5, 120.0
GOALS_MAX = 99
# A minute of a match is half a minute of each half.
HALF_S_PER_MINUTE = 30.0


class Phase(IntEnum):
    """The phases of a match; the values are those of the wire format."""

    KICK_OFF = 0
    PLAY = 1
    GOAL = 2
    HALF_TIME = 3
    FINAL = 4


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Durations of a match, in seconds, the goals that end it, and its pitch.

    ``kick_off_limit_s``: after this time the barrier is lifted even without a touch of the ball. So
    an absent player does not block the match.
    ``goal_limit``: the match ends when a team has so many goals; 0 for no limit.
    ``pitch_size``: of the pitch, from the start of a match to its end.
    Raises ``ValueError`` for a duration that is not positive, and for a negative limit.
    """

    half_s: float = DEFAULT_HALF_S
    goal_pause_s: float = 2.5
    half_time_s: float = 4.0
    final_s: float = 8.0
    kick_off_limit_s: float = 8.0
    goal_limit: int = 0
    pitch_size: PitchSize = PitchSize.MEDIUM

    def __post_init__(self) -> None:
        for name in ("half_s", "goal_pause_s", "half_time_s", "final_s", "kick_off_limit_s"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"match settings: {name} must be over 0 seconds")
        if self.goal_limit < 0:
            raise ValueError("match settings: goal_limit must be 0 or more goals")


@dataclass(frozen=True, slots=True)
class GoalScored:
    """A goal for ``team``, with the new ``score`` (orange, sky).

    ``scorer_id``: None if nobody touched the ball, or that player has left.
    """

    team: Team
    scorer_id: int | None
    own_goal: bool
    score: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """The match entered a phase, in half 1 or 2."""

    phase: Phase
    half: int


# The classes of the same idea in ``game.protocol.messages`` carry a tick and cross the network.
MatchEvent = KickContact | BounceContact | GoalScored | PhaseEntered


class Match:
    """A match, which starts again after its end while there are players.

    ``world``, ``phase`` and ``half`` are for reading. Methods change them.
    """

    def __init__(self, seed: int, settings: MatchSettings | None = None) -> None:
        self.settings = MatchSettings() if settings is None else settings
        self.world = World(pitch=PITCHES[self.settings.pitch_size])
        self.phase = Phase.KICK_OFF
        self.half = 1
        self._roster = PlayerTable()
        self._goals = {Team.ORANGE: 0, Team.SKY: 0}
        self._clock_ticks = 0
        self._phase_ticks = 0
        # By team, its last player on the ball and the one before, each with the tick.
        self._touched: dict[Team, tuple[int, int]] = {}
        self._passed: dict[Team, tuple[int, int]] = {}
        self._opening_team = random.Random(seed).choice(list(Team))
        self._kick_off_next = self._opening_team
        self._arrange_kick_off()

    def set_limits(self, half_s: float, goal_limit: int, pitch_size: PitchSize) -> None:
        """Change the duration of a half and the goal limit now, the pitch with the next match.

        A half that has lasted longer already is over.
        """
        self.settings = replace(
            self.settings, half_s=half_s, goal_limit=goal_limit, pitch_size=pitch_size
        )

    @property
    def score(self) -> tuple[int, int]:
        """Goals of (orange, sky) in this match."""
        return self._goals[Team.ORANGE], self._goals[Team.SKY]

    @property
    def clock_s(self) -> float:
        """Seconds of play in this match, both halves; the clock stops outside ``PLAY``."""
        return self._clock_ticks / TICK_HZ

    @property
    def phase_s(self) -> float:
        """Seconds since the phase began."""
        return self._phase_ticks / TICK_HZ

    def roster(self) -> dict[int, PlayerRecord]:
        """Return name, team, is_bot and goals of every player, by id, ascending."""
        return self._roster.entries()

    def join(self, name: str, team: Team | None = None, is_bot: bool = False) -> int:
        """Put a player on the pitch, in its own half, and return its id (0..39, the least free).

        Without a ``team`` a bot joins the smaller one, a person the one with fewer people.
        Raises ``MatchFullError`` if 40 players are in the match.
        """
        player_id = self._roster.add(name, team, is_bot)
        side = self._roster.entries()[player_id].team
        x, y = free_spot(self.world, side)
        players = self.world.players
        players[player_id] = PlayerBody(player_id, side, x, y)
        # In the order of ids, as in a world made from a snapshot: physics depends on the order of
        # players with equal x.
        self.world.players = dict(sorted(players.items()))
        if self.phase is Phase.KICK_OFF and self._clock_ticks == 0:
            self._arrange_kick_off()
        return player_id

    def leave(self, player_id: int) -> None:
        """Remove a player. When the last one leaves, a new match is prepared.

        Raises ``KeyError`` for an unknown id.
        """
        self._roster.remove(player_id)
        # The next player who joins may get this id.
        self._forget_touch(self.world.players.pop(player_id))
        if not self._roster:
            self._start_match([])

    def balance_teams(self) -> None:
        """Move bots until the team sizes differ by one at most.

        A moved bot appears in its new half, like a player who joins. People are never moved.
        """
        moved = list(self._roster.even_up())
        for player_id, team in moved:
            self._forget_touch(self.world.players[player_id])
            x, y = free_spot(self.world, team)
            self.world.players[player_id] = PlayerBody(player_id, team, x, y)
        if moved and self.phase is Phase.KICK_OFF and self._clock_ticks == 0:
            self._arrange_kick_off()

    def set_teams(self, teams: Mapping[int, Team]) -> None:
        """Put players into teams; bots then even the numbers out. The next kick-off places them."""
        for player_id, team in teams.items():
            self._roster.set_team(player_id, team)
            self.world.players[player_id].team = team
        self._touched.clear()
        self._passed.clear()

    def restart(self) -> list[MatchEvent]:
        """Begin a new match with the same players, and return its events."""
        events: list[MatchEvent] = []
        self._start_match(events)
        return events

    def end_break(self) -> list[MatchEvent]:
        """Go on at once from half-time, or from the end to a new match, and return the events."""
        events: list[MatchEvent] = []
        if self.phase is Phase.HALF_TIME:
            self._start_second_half(events)
        elif self.phase is Phase.FINAL:
            self._start_match(events)
        return events

    def step(self, controls: Mapping[int, Controls]) -> list[MatchEvent]:
        """Advance by one tick of 1/60 s and return the events, in order.

        A player without an entry in ``controls`` coasts. Without players only the tick counter
        advances.
        """
        if not self._roster:
            self.world.tick += 1
            return []
        events: list[MatchEvent] = []
        for contact in physics.step(self.world, controls):
            self._record_contact(contact, events)
        self._phase_ticks += 1
        match self.phase:
            case Phase.KICK_OFF:
                self._wait_for_kick_off(events)
            case Phase.PLAY:
                self._play(events)
            case Phase.GOAL if self.phase_s >= self.settings.goal_pause_s:
                self._go_on_after_goal(events)
            case Phase.HALF_TIME if self.phase_s >= self.settings.half_time_s:
                self._start_second_half(events)
            case Phase.FINAL if self.phase_s >= self.settings.final_s:
                self._start_match(events)
        return events

    def _record_contact(self, contact: Contact, events: list[MatchEvent]) -> None:
        """Store who touched the ball last, and report kicks and bounces."""
        if isinstance(contact, BounceContact):
            events.append(contact)
            return
        team = self.world.players[contact.player_id].team
        before = self._touched.get(team)
        if before is not None and before[0] != contact.player_id:
            self._passed[team] = before
        self._touched[team] = (contact.player_id, self.world.tick)
        if isinstance(contact, KickContact):
            # A kick, unlike a touch, is no deflection: the other team loses its claim to the goal.
            self._touched.pop(team.other, None)
            self._passed.pop(team.other, None)
            events.append(contact)

    def _forget_touch(self, player: PlayerBody) -> None:
        """Forget that a player who leaves a team touched the ball."""
        for on_the_ball in (self._touched, self._passed):
            if on_the_ball.get(player.team, (None, 0))[0] == player.player_id:
                del on_the_ball[player.team]

    def _enter(self, phase: Phase, events: list[MatchEvent]) -> None:
        self.phase = phase
        self._phase_ticks = 0
        events.append(PhaseEntered(phase, self.half))

    def _wait_for_kick_off(self, events: list[MatchEvent]) -> None:
        if self.phase_s >= self.settings.kick_off_limit_s:
            self.world.kickoff_team = None
        if self.world.kickoff_team is None:
            self._enter(Phase.PLAY, events)

    def _play(self, events: list[MatchEvent]) -> None:
        self._clock_ticks += 1
        ball_x = self.world.ball.x
        # The whole ball has to be over the line.
        if abs(ball_x) >= self.world.pitch.half_width + BALL_RADIUS:
            scoring = next(t for t in Team if self.world.attack_sign(t) * ball_x > 0.0)
            self._count_goal(scoring, events)
            self._enter(Phase.GOAL, events)
        elif self._is_half_over():
            self._end_half(events)

    def _is_half_over(self) -> bool:
        return self.clock_s >= self.half * self.settings.half_s

    def _end_half(self, events: list[MatchEvent]) -> None:
        self._enter(Phase.HALF_TIME if self.half == 1 else Phase.FINAL, events)

    def _count_goal(self, scoring: Team, events: list[MatchEvent]) -> None:
        """Count a goal, and credit it to its scorer.

        The scorer is the scoring team's last player on the ball. It is an own goal of the other
        team if that has kicked the ball since, or touched it for longer than a deflection takes.
        """
        self._goals[scoring] += 1
        self._kick_off_next = scoring.other
        scorer_id, touched_at = self._touched.get(scoring, (None, -_DEFLECTION_TICKS))
        other_id, other_at = self._touched.get(scoring.other, (None, touched_at))
        own_goal = other_at - touched_at > _DEFLECTION_TICKS
        if own_goal:
            scorer_id = other_id
            if scorer_id is not None:
                self._roster.count_own_goal(scorer_id)
        elif scorer_id is not None:
            self._roster.credit_goal(scorer_id)
            self._credit_assist(scoring, scorer_id)
        events.append(GoalScored(scoring, scorer_id, own_goal, self.score))

    def _credit_assist(self, scoring: Team, scorer_id: int) -> None:
        """Credit the teammate who was on the ball before the scorer, if that was shortly before."""
        passer_id, passed_at = self._passed.get(scoring, (scorer_id, 0))
        if passer_id != scorer_id and self.world.tick - passed_at <= _ASSIST_TICKS:
            self._roster.credit_assist(passer_id)

    def _go_on_after_goal(self, events: list[MatchEvent]) -> None:
        if 0 < self.settings.goal_limit <= max(self.score):
            self._enter(Phase.FINAL, events)
        elif self._is_half_over():
            self._end_half(events)
        else:
            self._start_kick_off(events)

    def _start_second_half(self, events: list[MatchEvent]) -> None:
        self.half = 2
        self.world.swapped = True
        self._kick_off_next = self._opening_team.other
        self._start_kick_off(events)

    def _start_match(self, events: list[MatchEvent]) -> None:
        """Start a new match with the same players; the other team has the first kick-off."""
        self.half = 1
        self.world.swapped = False
        self.world.pitch = PITCHES[self.settings.pitch_size]
        self._goals = {Team.ORANGE: 0, Team.SKY: 0}
        self._clock_ticks = 0
        self._roster.clear_goals()
        for player_id, team in self._roster.even_up():
            self.world.players[player_id].team = team
        self._opening_team = self._opening_team.other
        self._kick_off_next = self._opening_team
        self._start_kick_off(events)

    def _start_kick_off(self, events: list[MatchEvent]) -> None:
        self._arrange_kick_off()
        self._enter(Phase.KICK_OFF, events)

    def _arrange_kick_off(self) -> None:
        """Put ball and players on their kick-off positions."""
        taking = self._kick_off_next
        if not self._roster.team_ids(taking):
            taking = taking.other
        self.world.ball = Ball()
        self.world.kickoff_team = taking
        self._touched.clear()
        self._passed.clear()
        for team in Team:
            self._line_up(team, team is taking)

    def _line_up(self, team: Team, kicks_off: bool) -> None:
        """Put a team's players on their positions; at each kick-off another one is in front."""
        ids = self._roster.team_ids(team)
        turn = (sum(self.score) + self.half - 1) % max(1, len(ids))
        sign = self.world.attack_sign(team)
        spots = kick_off_spots(self.world.pitch, len(ids), kicks_off, sign)
        for player_id, (x, y) in zip(ids[turn:] + ids[:turn], spots, strict=True):
            self.world.players[player_id] = PlayerBody(player_id, team, x, y)
