"""Tactics of a team: who goes for the ball, who keeps goal, where the others support.  [pure]

Pure functions of one ``Perception``: the world as one player sees it, mirrored so that its own team
always attacks to the right. ``bots`` adds skill and reaction time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from game.match.physics import BALL_DAMPING, PLAYER_TOP_SPEED, TICK_HZ, TICK_S
from game.match.pitch import Pitch
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Ball, PlayerBody, World

Spot = tuple[float, float]

# Further ahead than this a rolling ball has mostly stopped, or somebody has touched it.
_HORIZON_TICKS = 75
# In a smaller team a keeper would leave nobody to play.
_KEEPER_FROM_PLAYERS = 3
# A teammate so slow and so far from its position is a person who does not play. Others take over.
_IDLE_SPEED = 20.0
_CHASER_IDLE_DISTANCE = 40.0
_KEEPER_IDLE_DISTANCE = 20.0
# Only the nearest few can be first at the ball. Computing the others would cost time for nothing.
_CONTENDERS = 6
# The extra distance, in units, for a player who must first run around the ball.
_WRONG_SIDE_COST = 55.0
# A ball that passes a player closer than this touches it.
_LANE_HALF_WIDTH = PLAYER_RADIUS + BALL_RADIUS
# Aims in the goal, as shares of half its width. The outermost leave room for the ball.
_SHOT_SHARES = (-0.72, -0.4, 0.0, 0.4, 0.72)
# Positions of supporters across the medium pitch, from front to back. Positive is away from the
# ball.
_LANES = (105.0, -130.0, 20.0, 200.0, -215.0)


def _roll_table() -> tuple[float, ...]:
    """Return, for each tick ahead, the distance of a rolling ball per unit of speed, in seconds."""
    table, rolled, speed_share = [0.0], 0.0, 1.0
    for _ in range(_HORIZON_TICKS):
        speed_share *= BALL_DAMPING
        rolled += speed_share * TICK_S
        table.append(rolled)
    return tuple(table)


_ROLL_S = _roll_table()


class SeenDisc(NamedTuple):
    """Position and velocity of a disc, with the own team attacking to the right.

    A named tuple: each decision makes forty of them, and a frozen dataclass takes three times as
    long.
    """

    player_id: int
    x: float
    y: float
    vx: float
    vy: float


@dataclass(frozen=True, slots=True)
class Perception:
    """The world as seen by one player, with the own team attacking to the right.

    ``teammates``: with the player itself, in the order of ids.
    ``own_distances``: how far each contender of the own team must run to play the ball forwards,
    by id, in units.
    ``opponent_distance``: the same for the nearest opponent.
    """

    pitch: Pitch
    me: SeenDisc
    teammates: tuple[SeenDisc, ...]
    opponents: tuple[SeenDisc, ...]
    ball: SeenDisc
    own_distances: dict[int, float]
    opponent_distance: float
    is_kick_off: bool
    is_our_kick_off: bool


def perceive(world: World, body: PlayerBody) -> Perception:
    """Return ``world`` as the player of ``body`` sees it."""
    sign = world.attack_sign(body.team)
    teammates: list[SeenDisc] = []
    opponents: list[SeenDisc] = []
    for other in world.players.values():
        seen = SeenDisc(other.player_id, other.x * sign, other.y, other.vx * sign, other.vy)
        (teammates if other.team == body.team else opponents).append(seen)
    me = next(seen for seen in teammates if seen.player_id == body.player_id)
    pitch = world.pitch
    ball = SeenDisc(-1, world.ball.x * sign, world.ball.y, world.ball.vx * sign, world.ball.vy)
    return Perception(
        pitch,
        me,
        tuple(teammates),
        tuple(opponents),
        ball,
        {
            mate.player_id: distance_to_ball(pitch, mate, ball, True)
            for mate in _contenders(teammates, ball)
        },
        min(
            (
                distance_to_ball(pitch, opponent, ball, False)
                for opponent in _contenders(opponents, ball)
            ),
            default=1e9,
        ),
        world.kickoff_team is not None,
        world.kickoff_team == body.team,
    )


def _contenders(players: list[SeenDisc], ball: SeenDisc) -> list[SeenDisc]:
    """Return the players nearest to the path of the ball."""
    if len(players) <= _CONTENDERS:
        return players
    x = ball.x + 0.5 * ball.vx
    y = ball.y + 0.5 * ball.vy
    keyed = sorted([((p.x - x) * (p.x - x) + (p.y - y) * (p.y - y), p) for p in players])
    return [p for _, p in keyed[:_CONTENDERS]]


def meeting_point(pitch: Pitch, x: float, y: float, ball: Ball | SeenDisc) -> Spot:
    """Return where a player at (x, y) who runs now meets the rolling ball, with reflections.

    Two iterations of running time and ball position are close enough: the next decision corrects.
    """
    meet_x, meet_y = ball.x, ball.y
    for _ in range(2):
        way = distance(x, y, meet_x, meet_y)
        rolled = _ROLL_S[min(_HORIZON_TICKS, int(way * TICK_HZ / PLAYER_TOP_SPEED))]
        meet_x = _fold(ball.x + ball.vx * rolled, pitch.half_width - BALL_RADIUS)
        meet_y = _fold(ball.y + ball.vy * rolled, pitch.half_height - BALL_RADIUS)
    return meet_x, meet_y


def _fold(value: float, limit: float) -> float:
    """Return a coordinate reflected at walls at ``-limit`` and ``limit``."""
    if value > limit:
        return max(-limit, limit - 0.75 * (value - limit))
    if value < -limit:
        return min(limit, -limit - 0.75 * (value + limit))
    return value


def distance(x: float, y: float, other_x: float, other_y: float) -> float:
    """Return the distance between two points, in units."""
    dx = other_x - x
    dy = other_y - y
    return sqrt(dx * dx + dy * dy)


def distance_to_ball(pitch: Pitch, player: SeenDisc, ball: SeenDisc, is_ours: bool) -> float:
    """Return how far ``player`` must run to play the ball forwards, in units."""
    x, y = meeting_point(pitch, player.x, player.y, ball)
    way = distance(player.x, player.y, x, y)
    ahead = player.x - x if is_ours else x - player.x
    return way + _WRONG_SIDE_COST if ahead > 0.0 else way


def keeper(perception: Perception, trust_idle: bool) -> int | None:
    """Return the id of the keeper: the nearest to the goal, in a team of three or more.

    Unless ``trust_idle``, a player who stands still beside the keeper's position does not count.
    """
    if len(perception.teammates) < _KEEPER_FROM_PLAYERS:
        return None
    spot = keeper_spot(perception)
    best = (1e9, perception.me.player_id)
    for mate in perception.teammates:
        if not trust_idle and _is_idle(mate, perception, spot, _KEEPER_IDLE_DISTANCE):
            continue
        best = min(
            best, (distance(mate.x, mate.y, -perception.pitch.half_width, 0.0), mate.player_id)
        )
    return best[1]


def chaser(
    perception: Perception, keeper_id: int | None, stickiness: float, trust_idle: bool
) -> int:
    """Return the id of the player who goes for the ball: the nearest of the own team.

    ``stickiness``: an advantage, in units, of the perceiving player, who may be running already.
    Unless ``trust_idle``, a player who stands still away from the ball does not count.
    """
    me = perception.me.player_id
    ball_spot = (perception.ball.x, perception.ball.y)
    own_way = distance_to_ball(perception.pitch, perception.me, perception.ball, True)
    best = (own_way - stickiness, me)
    for mate in perception.teammates:
        way = perception.own_distances.get(mate.player_id)
        if way is None or mate.player_id in (me, keeper_id):
            continue
        if not trust_idle and _is_idle(mate, perception, ball_spot, _CHASER_IDLE_DISTANCE):
            continue
        best = min(best, (way, mate.player_id))
    return best[1]


def _is_idle(mate: SeenDisc, perception: Perception, spot: Spot, near: float) -> bool:
    """Return whether a teammate stands still although it should be at ``spot``."""
    return (
        mate.player_id != perception.me.player_id
        and mate.vx * mate.vx + mate.vy * mate.vy < _IDLE_SPEED * _IDLE_SPEED
        and distance(mate.x, mate.y, *spot) > near
    )


def nearest_opponent_distance(perception: Perception, x: float, y: float) -> float:
    """Return the distance from (x, y) to the nearest opponent."""
    return min(
        (distance(opponent.x, opponent.y, x, y) for opponent in perception.opponents), default=1e9
    )


def openness(x: float, y: float, to_x: float, to_y: float, opponents: Iterable[SeenDisc]) -> float:
    """Return how far the nearest opponent is from the line of a kick, less the needed width.

    Negative: blocked. An opponent far along the line has time to step in, so it counts as nearer.
    """
    dx, dy = to_x - x, to_y - y
    length_squared = dx * dx + dy * dy + 1.0
    length = sqrt(length_squared)
    least = 200.0
    for opponent in opponents:
        share = ((opponent.x - x) * dx + (opponent.y - y) * dy) / length_squared
        if share <= 0.0 or share > 1.1:
            continue
        off_line = distance(opponent.x, opponent.y, x + share * dx, y + share * dy)
        least = min(least, off_line - _LANE_HALF_WIDTH - 0.12 * share * length)
    return least


def best_shot(perception: Perception, x: float, y: float) -> tuple[float, Spot]:
    """Return (openness, aim) of the most open part of the goal, for a shot from (x, y)."""
    pitch = perception.pitch
    line_x, mouth_y = pitch.half_width + BALL_RADIUS, pitch.goal_half_height
    aims = [(line_x, share * mouth_y) for share in _SHOT_SHARES]
    return max(
        (openness(x, y, aim_x, aim_y, perception.opponents), (aim_x, aim_y))
        for aim_x, aim_y in aims
    )


def best_pass(perception: Perception, x: float, y: float) -> tuple[float, Spot] | None:
    """Return (score, aim) of the best pass from (x, y); None if all would be intercepted.

    The aim is ahead of a running receiver. The score counts progress and openness.
    """
    best: tuple[float, Spot] | None = None
    goal_x = perception.pitch.half_width
    for mate in perception.teammates:
        if mate.player_id == perception.me.player_id:
            continue
        to_x, to_y = mate.x + 0.45 * mate.vx, mate.y + 0.45 * mate.vy
        way = distance(x, y, to_x, to_y)
        if not 110.0 < way < 430.0 or to_x < x - 160.0 or to_x < -goal_x + 140.0:
            continue
        free = openness(x, y, to_x, to_y, perception.opponents)
        if free < 4.0:
            continue
        score = 0.8 * (to_x - x) + min(free, 60.0) - 0.2 * way
        if best is None or score > best[0]:
            best = score, (to_x, to_y)
    return best


def clearance(perception: Perception, x: float, y: float) -> Spot:
    """Return the aim of a clearing kick: forwards, along the more open side."""
    half_height = perception.pitch.half_height
    aims = [(x + 320.0, share * half_height) for share in (-0.8, -0.35, 0.35, 0.8)]
    return max(
        (openness(x, y, *aim, perception.opponents) - 0.15 * abs(aim[1] - y), aim) for aim in aims
    )[1]


def dribble_aim(perception: Perception, x: float, y: float) -> Spot:
    """Return where to dribble: towards the goal, around opponents."""
    aims = [(x + 90.0, y + side) for side in (-90.0, -40.0, 0.0, 40.0, 90.0)]
    pitch = perception.pitch
    drift = -y * max(0.0, x / pitch.half_width)
    return max(
        (
            min(openness(x, y, *aim, perception.opponents), 60.0)
            - 0.25 * abs(aim[1] - y - drift)
            - (80.0 if abs(aim[1]) > pitch.half_height - 30.0 else 0.0),
            aim,
        )
        for aim in aims
    )[1]


def keeper_spot(perception: Perception) -> Spot:
    """Return the keeper's position: between ball and goal, or where a shot will cross the line."""
    pitch, ball = perception.pitch, perception.ball
    goal_x, mouth_y = pitch.half_width, pitch.goal_half_height
    line_x = -goal_x + PLAYER_RADIUS + 6.0
    if ball.vx < -70.0 and ball.x > line_x:
        cross_y = ball.y + ball.vy / ball.vx * (line_x - ball.x)
        if -mouth_y - 40.0 < cross_y < mouth_y + 40.0:
            return line_x, max(-mouth_y + 8.0, min(mouth_y - 8.0, cross_y))
    way = distance(-goal_x, 0.0, ball.x, ball.y) + 1.0
    out = 55.0 if way > 250.0 else 30.0
    return (
        max(line_x, -goal_x + out * (ball.x + goal_x) / way),
        max(-mouth_y + 12.0, min(mouth_y - 12.0, 70.0 * pitch.scale * ball.y / way)),
    )


def should_come_out(perception: Perception) -> bool:
    """Return whether the keeper leaves the line, for a near ball that it reaches first."""
    ball = perception.ball
    if distance(ball.x, ball.y, -perception.pitch.half_width, 0.0) > 230.0:
        return False
    own_way = distance_to_ball(perception.pitch, perception.me, ball, True)
    return own_way < 0.85 * perception.opponent_distance


def support_spot(
    perception: Perception, supporters: Sequence[SeenDisc], has_possession: bool
) -> Spot:
    """Return the position of the perceiving player among the supporters.

    ``supporters``: those who neither chase nor keep goal, with the player itself. They spread
    around the ball from front to back.
    """
    pitch, ball = perception.pitch, perception.ball
    ordered = sorted(supporters, key=lambda mate: (-mate.x, mate.player_id))
    index = next(i for i, mate in enumerate(ordered) if mate.player_id == perception.me.player_id)
    count = len(ordered)
    if not has_possession and index == count - 1:
        return _cover_spot(pitch, ball)
    front, back = (190.0, -190.0) if has_possession else (140.0, -240.0)
    share = index / (count - 1) if count > 1 else (0.0 if has_possession else 0.6)
    x = 0.85 * ball.x + (front + (back - front) * share) * pitch.scale
    x = max(-pitch.half_width + 110.0, min(pitch.half_width - 95.0, x))
    away = -1.0 if ball.y > 0.0 else 1.0
    y = away * _LANES[index % len(_LANES)] * pitch.scale + 0.25 * ball.y
    if abs(x - ball.x) < 70.0 and abs(y - ball.y) < 70.0:
        y = ball.y + away * 90.0
    if perception.is_kick_off:
        x = min(x, -2.0 * PLAYER_RADIUS)
    return x, y


def _cover_spot(pitch: Pitch, ball: SeenDisc) -> Spot:
    """Return the last defender's position, between the ball and the own goal."""
    share = 0.42
    return ball.x + share * (-pitch.half_width + 40.0 - ball.x), ball.y * (1.0 - share)
