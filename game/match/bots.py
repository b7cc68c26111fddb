"""Bots: computer players with a reaction time and an aiming error.  [pure]

A bot reads the ``World`` and returns ``Controls``, so that it can do nothing that a person cannot.
``tactics`` decides what to do; this module runs, kicks and adds the human limits.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from game.match import tactics
from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from game.match.physics import KICK_REACH, KICK_SPEED
from game.match.tactics import Perception, Spot
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, PlayerBody, World


class Skill(StrEnum):
    """The skill levels of bots; the values are those of the command line."""

    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class SkillProfile:
    """The limits of a skill level.

    ``think_ticks``: the time between two decisions, which is the reaction time.
    ``aim_error``: the largest sideways error, as a share of the distance to the aim.
    ``pace``: the share of full acceleration.
    ``alignment``: the least cosine of the angle between kick and aim.
    ``shot_range``: in pitch units.
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
# Closer than this to its spot a bot slows down, or it would run to and fro around it.
_ARRIVAL = 45.0
_AT_BALL = 20.0
_STROLL = 600.0
# An opponent nearer to the ball than this leaves no time to dribble.
_PRESSURE = 85.0
# A kick that passes the own goal's post by less than this is avoided like an own goal.
_OWN_GOAL_MARGIN = 45.0
# How much nearer a teammate must be before a bot stops running for the ball. Without it, two bots
# would give way to each other in turns.
_STICKINESS = 25.0
# How much the required alignment falls for each tick that the ball is in reach. After half a
# second any kick is good enough, which ends every scrum.
_IMPATIENCE = 0.03
# A pass with a higher score is played even with time to dribble: about 150 units forward.
_GOOD_PASS = 110.0
# For 3 s a bot leaves the kick-off to a nearer teammate. The rules allow 8 s.
_KICK_OFF_PATIENCE_TICKS = 180


@dataclass(frozen=True, slots=True)
class Plan:
    """A bot's plan until its next decision, in pitch coordinates.

    Without ``aim``: run to ``spot``. With it: get behind the ball and play it towards ``aim``. If
    ``kick``, by a kick, else by running into it.
    """

    spot: Spot
    aim: Spot | None
    kick: bool


class Bot:
    """The bot of one player. ``rng`` decides its errors and the timing of its decisions."""

    def __init__(self, player_id: int, skill: Skill, rng: random.Random) -> None:
        self.player_id = player_id
        self._profile = _PROFILES[skill]
        self._rng = rng
        self._plan = Plan((0.0, 0.0), None, False)
        self._next_decision_tick = 0
        self._barrier_free_tick = 0
        self._error = 0.0
        self._waited_ticks = 0
        self._is_chasing = False
        self._is_pressing_kick = False

    def decide(self, world: World, is_play: bool = True) -> Controls:
        """Return the controls for the next tick of ``world``; call it once a tick.

        With ``is_play`` false (after a goal, at half-time, at the end) it walks to its own half.
        Neutral controls if its player is not on the pitch.
        """
        body = world.players.get(self.player_id)
        if body is None:
            return NEUTRAL
        if not is_play or world.kickoff_team is None:
            self._barrier_free_tick = world.tick
        if not is_play:
            own_half_x = -300.0 * world.pitch.scale * world.attack_sign(body.team)
            return self._run(body, (own_half_x, body.y), _STROLL, False)
        if world.tick >= self._next_decision_tick:
            self._plan = self._think(world, body)
            # The random part keeps bots from all deciding in the same tick, which would be late.
            wait = self._profile.think_ticks
            self._next_decision_tick = world.tick + wait - self._rng.randrange(1 + wait // 3)
        if self._plan.aim is None:
            return self._run(body, self._plan.spot, _ARRIVAL, False)
        return self._play_ball(world, body, self._plan.aim)

    def _think(self, world: World, body: PlayerBody) -> Plan:
        perception = tactics.perceive(world, body)
        # Before a kick-off everyone stands still, also those who play.
        trust_idle = (
            perception.is_kick_off
            and world.tick - self._barrier_free_tick < _KICK_OFF_PATIENCE_TICKS
        )
        keeper_id = tactics.keeper(perception, trust_idle)
        stickiness = _STICKINESS if self._is_chasing else 0.0
        chaser_id = tactics.chaser(perception, keeper_id, stickiness, trust_idle)
        if keeper_id == self.player_id:
            self._is_chasing = tactics.should_come_out(perception)
        else:
            self._is_chasing = chaser_id == self.player_id
        if self._is_chasing:
            plan = self._choose_play(perception)
        elif keeper_id == self.player_id:
            plan = Plan(tactics.keeper_spot(perception), None, False)
        else:
            supporters = [
                m for m in perception.teammates if m.player_id not in (keeper_id, chaser_id)
            ]
            has_possession = min(perception.own_distances.values()) < perception.opponent_distance
            plan = Plan(tactics.support_spot(perception, supporters, has_possession), None, False)
        return _turn(plan, world.attack_sign(body.team))

    def _choose_play(self, perception: Perception) -> Plan:
        """Return a plan to shoot, pass, clear or dribble: the first of these that is possible."""
        pitch, me = perception.pitch, perception.me
        if perception.is_kick_off and not perception.is_our_kick_off:
            # In front of the centre circle.
            return Plan((-pitch.centre_circle_radius - PLAYER_RADIUS - 2.0, 0.0), None, False)
        x, y = tactics.meeting_point(pitch, me.x, me.y, perception.ball)
        free, aim = tactics.best_shot(perception, x, y)
        way_to_goal = tactics.distance(x, y, pitch.half_width, 0.0)
        if free > 0.0 and way_to_goal < self._profile.shot_range:
            return Plan((x, y), self._blur(x, y, aim), True)
        is_pressed = tactics.nearest_opponent_distance(perception, x, y) < _PRESSURE
        option = tactics.best_pass(perception, x, y)
        if option is not None and (is_pressed or perception.is_kick_off or option[0] > _GOOD_PASS):
            return Plan((x, y), self._blur(x, y, option[1]), True)
        if is_pressed:
            return Plan((x, y), self._blur(x, y, tactics.clearance(perception, x, y)), True)
        return Plan((x, y), tactics.dribble_aim(perception, x, y), False)

    def _blur(self, x: float, y: float, aim: Spot) -> Spot:
        """Return an aim shifted sideways by this bot's present error."""
        dx, dy = aim[0] - x, aim[1] - y
        return aim[0] - self._error * dy, aim[1] + self._error * dx

    def _play_ball(self, world: World, body: PlayerBody, aim: Spot) -> Controls:
        """Run behind the ball, seen from ``aim``, and then kick it or run into it."""
        ball = world.ball
        x, y = tactics.meeting_point(world.pitch, body.x, body.y, ball)
        way = tactics.distance(x, y, *aim) + 1.0
        nx, ny = (aim[0] - x) / way, (aim[1] - y) / way
        along = (body.x - x) * nx + (body.y - y) * ny
        across = (body.y - y) * nx - (body.x - x) * ny
        # In front of the ball: around it, at a distance, so as not to push it the wrong way. Behind
        # it but not in line: to the point behind it. In line: through it.
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
        """Return whether a kick now would send the ball near enough to the aim."""
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
        if _threatens_own_goal(world, vx, vy, world.attack_sign(body.team)):
            return False
        to_x, to_y = aim[0] - ball.x, aim[1] - ball.y
        straight = vx * to_x + vy * to_y
        wanted = self._profile.alignment - _IMPATIENCE * self._waited_ticks
        return self._plan.kick and straight >= wanted * sqrt(
            (vx * vx + vy * vy) * (to_x * to_x + to_y * to_y)
        )

    def _run(self, body: PlayerBody, spot: Spot, ease: float, kick: bool) -> Controls:
        """Return controls towards ``spot`` that slow down ``ease`` units before it."""
        dx, dy = spot[0] - body.x, spot[1] - body.y
        stick = STICK_LIMIT * self._profile.pace / max(ease, sqrt(dx * dx + dy * dy))
        # One press gives one kick, so the key is released in between.
        self._is_pressing_kick = kick and not self._is_pressing_kick
        return Controls(int(stick * dx), int(stick * dy), self._is_pressing_kick)


def _turn(plan: Plan, sign: int) -> Plan:
    """Return a plan in pitch coordinates, from one in the view of its team."""
    spot = (plan.spot[0] * sign, plan.spot[1])
    aim = None if plan.aim is None else (plan.aim[0] * sign, plan.aim[1])
    return Plan(spot, aim, plan.kick)


def _threatens_own_goal(world: World, vx: float, vy: float, attack_sign: int) -> bool:
    """Return whether the ball with this velocity would roll into or near the own goal."""
    backwards = -vx * attack_sign
    if backwards <= 0.0:
        return False
    pitch, ball = world.pitch, world.ball
    to_line = pitch.half_width + ball.x * attack_sign
    cross_y = ball.y + vy * to_line / backwards
    return abs(cross_y) < pitch.goal_half_height + _OWN_GOAL_MARGIN
