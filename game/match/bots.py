"""Computer players: they see the world, think now and then, and hold keys down like people do.

A bot decides from the ``World`` alone and answers with ``Controls``, so nothing it does is out of a
person's reach. ``tactics`` knows what would be right; this module adds legs, a foot and human limits.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from game.match import tactics
from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from game.match.physics import KICK_REACH, KICK_SPEED
from game.match.pitch import PITCH
from game.match.tactics import Perception, Spot
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Ball, PlayerBody, World


class Skill(StrEnum):
    """Name how good a bot is; the value is what people type."""

    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class SkillProfile:
    """What keeps a bot human.

    ``think_ticks`` between two looks is its reaction time; ``aim_error`` the most its aim is off, as a
    share of the distance; ``pace`` its share of full stick; ``alignment`` how straight behind the ball
    it insists to be before it kicks (the cosine of the angle); ``shot_range`` in units.
    """

    think_ticks: int
    aim_error: float
    pace: float
    alignment: float
    shot_range: float


_PROFILES = {
    Skill.EASY: SkillProfile(20, 0.32, 0.80, 0.80, 260.0),
    Skill.NORMAL: SkillProfile(10, 0.18, 0.93, 0.93, 320.0),
    Skill.HARD: SkillProfile(5, 0.05, 1.0, 0.97, 420.0),
}

_FOOT_REACH = PLAYER_RADIUS + BALL_RADIUS
# Closer than this to a spot a bot eases off instead of shuttling around it.
_ARRIVAL = 45.0
_AT_BALL = 20.0
_STROLL = 600.0
# Someone nearer to the ball than this leaves no time to carry it.
_PRESSURE = 85.0
# A ball that would roll this far beside its own goal's post still counts as an own goal to avoid.
_OWN_GOAL_MARGIN = 45.0
# How much nearer a team-mate must be before a bot gives up the ball it is running for.
_STICKINESS = 25.0
# How much less straight a kick may be for each tick that the ball has lain in reach: what cannot be
# aimed within half a second is poked away, which opens every scrum.
_IMPATIENCE = 0.03
# A pass worth more than this is played even with time to carry the ball: about 150 units forward.
_GOOD_PASS = 110.0
# For 3 s a bot leaves the kick-off to a team-mate who stands nearer: well within the rules' limit.
_KICK_OFF_PATIENCE_TICKS = 180
# At the other side's kick-off: in front of the circle, own side attacking to the right.
_KICK_OFF_WAIT = (-PITCH.centre_circle_radius - PLAYER_RADIUS - 2.0, 0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do until the next look, on the pitch's own axes.

    Without ``aim``: run to ``spot``. With it: get behind the ball and play it towards ``aim``, by a kick
    if ``kick``, else by running into it.
    """

    spot: Spot
    aim: Spot | None
    kick: bool


class Bot:
    """Play one player of a match. ``rng`` gives it its own small errors, and so its character."""

    def __init__(self, player_id: int, skill: Skill, rng: random.Random) -> None:
        self.player_id = player_id
        self._profile = _PROFILES[skill]
        self._rng = rng
        self._plan = Plan((0.0, 0.0), None, False)
        self._next_perception_tick = 0
        self._barrier_free_tick = 0
        self._error = 0.0
        self._waited_ticks = 0
        self._is_chasing = False
        self._is_pressing_kick = False

    def decide(self, world: World, is_play: bool = True) -> Controls:
        """Return what the bot holds down for the next tick of ``world``.

        Call it once a tick. With ``is_play`` false (a pause after a goal, at half-time, at the end)
        it strolls back to its own half. Neutral if its player is not on the pitch.
        """
        body = world.players.get(self.player_id)
        if body is None:
            return NEUTRAL
        if not is_play or world.kickoff_team is None:
            self._barrier_free_tick = world.tick
        if not is_play:
            return self._run(body, (-300.0 * world.attack_sign(body.team), body.y), _STROLL, False)
        if world.tick >= self._next_perception_tick:
            self._plan = self._think(world, body)
            wait = self._profile.think_ticks
            self._next_perception_tick = world.tick + wait - self._rng.randrange(1 + wait // 3)
        if self._plan.aim is None:
            return self._run(body, self._plan.spot, _ARRIVAL, False)
        return self._play_ball(world, body, self._plan.aim)

    def _think(self, world: World, body: PlayerBody) -> Plan:
        sight = tactics.perceive(world, body)
        # Before a kick-off everyone stands, so standing means nothing yet.
        trust_idle = (
            sight.is_kick_off and world.tick - self._barrier_free_tick < _KICK_OFF_PATIENCE_TICKS
        )
        keeper_id = tactics.keeper(sight, trust_idle)
        stickiness = _STICKINESS if self._is_chasing else 0.0
        chaser_id = tactics.chaser(sight, keeper_id, stickiness, trust_idle)
        if keeper_id == self.player_id:
            self._is_chasing = tactics.should_come_out(sight)
        else:
            self._is_chasing = chaser_id == self.player_id
        if self._is_chasing:
            plan = self._choose_play(sight)
        elif keeper_id == self.player_id:
            plan = Plan(tactics.keeper_spot(sight), None, False)
        else:
            helpers = [m for m in sight.teammates if m.player_id not in (keeper_id, chaser_id)]
            we_have_it = min(sight.own_distances.values()) < sight.opponent_distance
            plan = Plan(tactics.support_spot(sight, helpers, we_have_it), None, False)
        return _turn(plan, world.attack_sign(body.team))

    def _choose_play(self, sight: Perception) -> Plan:
        """Shoot, pass, clear or carry the ball: the first of these that makes sense."""
        me, ball = sight.me, sight.ball
        if sight.is_kick_off and not sight.is_our_kick_off:
            return Plan(_KICK_OFF_WAIT, None, False)
        x, y = tactics.meeting_point(me.x, me.y, ball.x, ball.y, ball.vx, ball.vy)
        free, aim = tactics.best_shot(sight, x, y)
        way_to_goal = tactics.distance(x, y, PITCH.half_width, 0.0)
        if free > 0.0 and way_to_goal < self._profile.shot_range:
            return Plan((x, y), self._blur(x, y, aim), True)
        is_pressed = tactics.nearest_opponent_distance(sight, x, y) < _PRESSURE
        option = tactics.best_pass(sight, x, y)
        if option is not None and (is_pressed or sight.is_kick_off or option[0] > _GOOD_PASS):
            return Plan((x, y), self._blur(x, y, option[1]), True)
        if is_pressed:
            return Plan((x, y), self._blur(x, y, tactics.clearance(sight, x, y)), True)
        return Plan((x, y), tactics.dribble_aim(sight, x, y), False)

    def _blur(self, x: float, y: float, aim: Spot) -> Spot:
        """Shift an aim sideways by this bot's present error."""
        dx, dy = aim[0] - x, aim[1] - y
        return aim[0] - self._error * dy, aim[1] + self._error * dx

    def _play_ball(self, world: World, body: PlayerBody, aim: Spot) -> Controls:
        """Get behind the ball, seen from ``aim``, and then kick it or run into it."""
        ball = world.ball
        x, y = tactics.meeting_point(body.x, body.y, ball.x, ball.y, ball.vx, ball.vy)
        way = tactics.distance(x, y, *aim) + 1.0
        nx, ny = (aim[0] - x) / way, (aim[1] - y) / way
        along = (body.x - x) * nx + (body.y - y) * ny
        across = (body.y - y) * nx - (body.x - x) * ny
        if along > -0.6 * _FOOT_REACH:
            side = _FOOT_REACH * (1.5 if across > 0.0 else -1.5)
            back = -1.3 * _FOOT_REACH
        elif abs(across) > 7.0:
            side, back = 0.0, -_FOOT_REACH
        else:
            side, back = 0.0, 40.0
        spot = (x + back * nx - side * ny, y + back * ny + side * nx)
        wants_kick = self._wants_kick(world, body, aim)
        if wants_kick:
            self._error = self._profile.aim_error * self._rng.uniform(-1.0, 1.0)
        return self._run(body, spot, _AT_BALL, wants_kick)

    def _wants_kick(self, world: World, body: PlayerBody, aim: Spot) -> bool:
        """Return whether a kick now would send the ball near enough to where it should go."""
        ball = world.ball
        dx, dy = ball.x - body.x, ball.y - body.y
        gap = sqrt(dx * dx + dy * dy)
        if not 0.0 < gap < _FOOT_REACH + KICK_REACH:
            self._waited_ticks = 0
            return False
        self._waited_ticks += 1
        nx, ny = dx / gap, dy / gap
        push = KICK_SPEED - min(0.0, ball.vx * nx + ball.vy * ny)
        vx, vy = ball.vx + push * nx, ball.vy + push * ny
        if _threatens_own_goal(ball, vx, vy, world.attack_sign(body.team)):
            return False
        to_x, to_y = aim[0] - ball.x, aim[1] - ball.y
        straight = vx * to_x + vy * to_y
        wanted = self._profile.alignment - _IMPATIENCE * self._waited_ticks
        return self._plan.kick and straight >= wanted * sqrt(
            (vx * vx + vy * vy) * (to_x * to_x + to_y * to_y)
        )

    def _run(self, body: PlayerBody, spot: Spot, ease: float, kick: bool) -> Controls:
        """Steer towards ``spot``, easing off ``ease`` units before; press kick anew, never hold it."""
        dx, dy = spot[0] - body.x, spot[1] - body.y
        stick = STICK_LIMIT * self._profile.pace / max(ease, sqrt(dx * dx + dy * dy))
        self._is_pressing_kick = kick and not self._is_pressing_kick
        return Controls(int(stick * dx), int(stick * dy), self._is_pressing_kick)


def _turn(plan: Plan, sign: int) -> Plan:
    """Turn a plan from the view of its side to the pitch's own axes."""
    spot = (plan.spot[0] * sign, plan.spot[1])
    aim = None if plan.aim is None else (plan.aim[0] * sign, plan.aim[1])
    return Plan(spot, aim, plan.kick)


def _threatens_own_goal(ball: Ball, vx: float, vy: float, attack_sign: int) -> bool:
    """Return whether a ball at this velocity would run at or near the own goal."""
    backwards = -vx * attack_sign
    if backwards <= 0.0:
        return False
    to_line = PITCH.half_width + ball.x * attack_sign
    cross_y = ball.y + vy * to_line / backwards
    return abs(cross_y) < PITCH.goal_half_height + _OWN_GOAL_MARGIN
