"""Physics: one fixed step of discs that accelerate, glide, collide, bounce and kick.  [pure]

The step is deterministic on every platform. It uses only + - * / and ``math.sqrt``, which IEEE 754
rounds exactly, and nothing depends on the order of a set.

Collisions are tested at the end positions of a tick, without sweeping. The fastest ball moves
``MAX_SPEED / TICK_HZ`` = 12 units a tick. This is less than its contact distance to a post (17) or
a player (24), so it cannot pass through either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from game.match.pitch import Pitch
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Ball, PlayerBody, World

TICK_HZ = 60
TICK_S = 1.0 / TICK_HZ

# A player loses 9% of the speed each tick: 90% of top speed after 0.4 s, 35 units to a halt.
PLAYER_DAMPING = 0.91
PLAYER_TOP_SPEED = 205.0
# What damping takes from the top speed in a tick, so that a player never exceeds it.
PLAYER_BOOST = PLAYER_TOP_SPEED * (1.0 - PLAYER_DAMPING) / PLAYER_DAMPING

# A full kick from rest rolls about 560 / 60 / 0.015 = 620 units: half the medium pitch.
BALL_DAMPING = 0.985
KICK_SPEED = 560.0
# A kick adds to the speed of the ball. The module's docstring says why 720 is the limit.
MAX_SPEED = 720.0
# The largest gap to the ball for a kick: a player must approach, but not aim to the tick.
KICK_REACH = 7.0
# 133 ms. A press this early still counts, which also compensates some network delay.
KICK_MEMORY_TICKS = 8

# The ball has a third of a player's mass, so contact moves the ball far more than the player.
BALL_SHARE = 0.75
PLAYER_SHARE = 0.25

# Players bounce little, so that a crowd settles. So does the ball on a player: it can be dribbled.
PLAYER_RESTITUTION = 0.4
FOOT_RESTITUTION = 0.35
WALL_RESTITUTION = 0.75
POST_RESTITUTION = 0.8
# A net takes all speed from the ball, which stays in the goal until the kick-off.
NET_RESTITUTION = 0.0

# In units/s. A slower contact is a ball that rests against a wall, and makes no sound.
BOUNCE_REPORT_SPEED = 45.0

_PAIR_REACH = 2.0 * PLAYER_RADIUS
_FOOT_REACH = PLAYER_RADIUS + BALL_RADIUS
# Two players on one position have no direction to separate in. With one fixed direction, a crowd
# would end up in a line.
_SEPARATIONS = ((0.0, 1.0), (0.6, 0.8), (1.0, 0.0), (0.8, -0.6))


@dataclass(frozen=True, slots=True)
class KickContact:
    """A player kicked the ball."""

    player_id: int


@dataclass(frozen=True, slots=True)
class Touch:
    """A player and the ball were in contact; ``strength`` is their closing speed in units/s."""

    player_id: int
    strength: float


@dataclass(frozen=True, slots=True)
class BounceContact:
    """The ball met a wall, a net or a post at ``strength`` units/s."""

    strength: float
    is_post: bool


Contact = KickContact | Touch | BounceContact


def step(world: World, controls: Mapping[int, Controls]) -> list[Contact]:
    """Advance ``world`` by one tick of 1/60 s, in place, and return the contacts of the ball.

    A player without an entry in ``controls`` coasts. Entries of unknown ids are ignored.
    The first touch of the ball lifts the kick-off barrier.
    """
    contacts: list[Contact] = []
    ball = world.ball
    bodies = world.players.values()
    was_in_mouth = _is_in_mouth(world.pitch, ball)
    # Kick before moving: the player sees the ball where it is now, and expects to reach it there.
    for body in bodies:
        _steer(body, controls.get(body.player_id, NEUTRAL))
        if body.kick_memory_ticks:
            _try_kick(body, ball, contacts)
    _move(bodies, ball)
    _bump_players(bodies)
    _bump_ball(bodies, ball, contacts)
    # Walls last: a collision may have pushed a disc into one.
    _hold_players(world)
    _hold_ball(world.pitch, ball, was_in_mouth, contacts)
    if world.kickoff_team is not None and any(type(c) is not BounceContact for c in contacts):
        world.kickoff_team = None
    world.tick += 1
    return contacts


def _steer(body: PlayerBody, controls: Controls) -> None:
    x, y = controls.x, controls.y
    if x or y:
        length_squared = x * x + y * y
        if length_squared > STICK_LIMIT * STICK_LIMIT:
            boost = PLAYER_BOOST / sqrt(length_squared)
        else:
            boost = PLAYER_BOOST / STICK_LIMIT
        body.vx += x * boost
        body.vy += y * boost
    if not controls.kick:
        body.kicking = False
        if body.kick_memory_ticks:
            body.kick_memory_ticks -= 1
    elif not body.kicking:
        body.kicking = True
        body.kick_memory_ticks = KICK_MEMORY_TICKS
    elif body.kick_memory_ticks:
        body.kick_memory_ticks -= 1


def _try_kick(body: PlayerBody, ball: Ball, contacts: list[Contact]) -> None:
    """Kick the ball away from ``body`` if it is in reach.

    The speed of the ball towards the player is removed first, so that a hard pass can be returned
    at full power.
    """
    dx = ball.x - body.x
    dy = ball.y - body.y
    gap_squared = dx * dx + dy * dy
    reach = _FOOT_REACH + KICK_REACH
    if gap_squared > reach * reach or gap_squared == 0.0:
        return
    gap = sqrt(gap_squared)
    nx, ny = dx / gap, dy / gap
    push = KICK_SPEED - min(0.0, ball.vx * nx + ball.vy * ny)
    ball.vx += push * nx
    ball.vy += push * ny
    _limit_speed(ball)
    body.kick_memory_ticks = 0
    contacts.append(KickContact(body.player_id))


def _limit_speed(disc: Ball | PlayerBody) -> None:
    speed_squared = disc.vx * disc.vx + disc.vy * disc.vy
    if speed_squared > MAX_SPEED * MAX_SPEED:
        scale = MAX_SPEED / sqrt(speed_squared)
        disc.vx *= scale
        disc.vy *= scale


def _move(bodies: Iterable[PlayerBody], ball: Ball) -> None:
    for body in bodies:
        body.vx *= PLAYER_DAMPING
        body.vy *= PLAYER_DAMPING
        body.x += body.vx * TICK_S
        body.y += body.vy * TICK_S
    ball.vx *= BALL_DAMPING
    ball.vy *= BALL_DAMPING
    ball.x += ball.vx * TICK_S
    ball.y += ball.vy * TICK_S


def _by_x(body: PlayerBody) -> float:
    return body.x


def _bump_players(bodies: Iterable[PlayerBody]) -> None:
    """Separate overlapping players and exchange momentum.

    Sorted along x (sweep and prune), so that each player is compared with few neighbours. Equal x
    keep the order of ids, which is the same on every machine.
    """
    ordered = sorted(bodies, key=_by_x)
    count = len(ordered)
    for index, left in enumerate(ordered, 1):
        limit = left.x + _PAIR_REACH
        y = left.y
        while index < count:
            right = ordered[index]
            if right.x > limit:
                break
            if -_PAIR_REACH < right.y - y < _PAIR_REACH:
                _bump_pair(left, right)
            index += 1


def _bump_pair(left: PlayerBody, right: PlayerBody) -> None:
    dx = right.x - left.x
    dy = right.y - left.y
    gap_squared = dx * dx + dy * dy
    if gap_squared >= _PAIR_REACH * _PAIR_REACH:
        return
    if gap_squared > 0.0:
        gap = sqrt(gap_squared)
        nx, ny = dx / gap, dy / gap
    else:
        gap = 0.0
        nx, ny = _SEPARATIONS[(left.player_id + right.player_id) % len(_SEPARATIONS)]
    shift = 0.5 * (_PAIR_REACH - gap)
    left.x -= shift * nx
    left.y -= shift * ny
    right.x += shift * nx
    right.y += shift * ny
    closing = (left.vx - right.vx) * nx + (left.vy - right.vy) * ny
    if closing > 0.0:
        impulse = 0.5 * (1.0 + PLAYER_RESTITUTION) * closing
        left.vx -= impulse * nx
        left.vy -= impulse * ny
        right.vx += impulse * nx
        right.vy += impulse * ny


def _bump_ball(bodies: Iterable[PlayerBody], ball: Ball, contacts: list[Contact]) -> None:
    for body in bodies:
        dx = ball.x - body.x
        if not -_FOOT_REACH < dx < _FOOT_REACH:
            continue
        dy = ball.y - body.y
        gap_squared = dx * dx + dy * dy
        if gap_squared >= _FOOT_REACH * _FOOT_REACH:
            continue
        if gap_squared > 0.0:
            gap = sqrt(gap_squared)
            nx, ny = dx / gap, dy / gap
        else:
            gap, nx, ny = 0.0, 0.0, 1.0
        overlap = _FOOT_REACH - gap
        ball.x += BALL_SHARE * overlap * nx
        ball.y += BALL_SHARE * overlap * ny
        body.x -= PLAYER_SHARE * overlap * nx
        body.y -= PLAYER_SHARE * overlap * ny
        closing = (body.vx - ball.vx) * nx + (body.vy - ball.vy) * ny
        if closing > 0.0:
            impulse = (1.0 + FOOT_RESTITUTION) * closing
            ball.vx += BALL_SHARE * impulse * nx
            ball.vy += BALL_SHARE * impulse * ny
            body.vx -= PLAYER_SHARE * impulse * nx
            body.vy -= PLAYER_SHARE * impulse * ny
            _limit_speed(ball)
            _limit_speed(body)
        contacts.append(Touch(body.player_id, max(0.0, closing)))


def _hold_players(world: World) -> None:
    """Keep every player inside the outer wall, behind the kick-off barrier and out of the posts."""
    pitch = world.pitch
    x_limit = pitch.outer_half_width - PLAYER_RADIUS
    y_limit = pitch.outer_half_height - PLAYER_RADIUS
    near_posts = pitch.half_width - PLAYER_RADIUS - pitch.post_radius
    for body in world.players.values():
        if not -x_limit <= body.x <= x_limit:
            body.x = x_limit if body.x > 0.0 else -x_limit
            body.vx = 0.0
        if not -y_limit <= body.y <= y_limit:
            body.y = y_limit if body.y > 0.0 else -y_limit
            body.vy = 0.0
        if world.kickoff_team is not None:
            _hold_behind_barrier(world, body)
        if not -near_posts <= body.x <= near_posts:
            _bounce_off_posts(pitch, body, PLAYER_RADIUS, 0.0)


def _hold_behind_barrier(world: World, body: PlayerBody) -> None:
    """Keep ``body`` in its own half and, unless its side kicks off, out of the centre circle."""
    sign = world.attack_sign(body.team)
    if body.x * sign > -PLAYER_RADIUS:
        body.x = -PLAYER_RADIUS * sign
        body.vx = 0.0
    if body.team == world.kickoff_team:
        return
    clear = world.pitch.centre_circle_radius + PLAYER_RADIUS
    gap_squared = body.x * body.x + body.y * body.y
    if gap_squared >= clear * clear:
        return
    gap = sqrt(gap_squared)
    nx, ny = body.x / gap, body.y / gap
    body.x = clear * nx
    body.y = clear * ny
    _reflect(body, nx, ny, 0.0)


def _reflect(disc: Ball | PlayerBody, nx: float, ny: float, restitution: float) -> float:
    """Reflect the velocity against the unit normal; return its speed, in units/s."""
    inward = -(disc.vx * nx + disc.vy * ny)
    if inward <= 0.0:
        return 0.0
    disc.vx += (1.0 + restitution) * inward * nx
    disc.vy += (1.0 + restitution) * inward * ny
    return inward


def _bounce_off_posts(
    pitch: Pitch, disc: Ball | PlayerBody, radius: float, restitution: float
) -> float:
    """Keep ``disc``, of this radius, out of every post; return the hardest hit, in units/s."""
    hardest = 0.0
    reach = radius + pitch.post_radius
    for post_x, post_y in pitch.posts:
        dx = disc.x - post_x
        dy = disc.y - post_y
        gap_squared = dx * dx + dy * dy
        if gap_squared >= reach * reach:
            continue
        if gap_squared > 0.0:
            gap = sqrt(gap_squared)
            nx, ny = dx / gap, dy / gap
        else:
            # In the centre of the post: only a test's world starts so. Out, towards the middle.
            nx, ny = (-1.0 if post_x > 0.0 else 1.0), 0.0
        disc.x = post_x + reach * nx
        disc.y = post_y + reach * ny
        hardest = max(hardest, _reflect(disc, nx, ny, restitution))
    return hardest


def _is_in_mouth(pitch: Pitch, ball: Ball) -> bool:
    """Return whether the ball is past a goal line, between the posts.

    Both are tested. A ball that rests against the wall beside a goal may be past the line in a
    snapshot, because positions are rounded. A client predicts from that.
    """
    return abs(ball.x) > pitch.half_width - BALL_RADIUS and abs(ball.y) < pitch.goal_half_height


def _hold_ball(pitch: Pitch, ball: Ball, was_in_mouth: bool, contacts: list[Contact]) -> None:
    """Keep the ball inside the lines or the nets, and out of the posts.

    The posts come last. They only push the ball away from the lines, so it is still inside the
    walls afterwards.
    """
    hit = 0.0
    y_limit = pitch.half_height - BALL_RADIUS
    if not -y_limit <= ball.y <= y_limit:
        side = 1.0 if ball.y > 0.0 else -1.0
        ball.y = side * y_limit
        hit = _reflect(ball, 0.0, -side, WALL_RESTITUTION)
    goal_line = pitch.half_width - BALL_RADIUS
    if not -goal_line <= ball.x <= goal_line:
        if was_in_mouth or -pitch.goal_half_height < ball.y < pitch.goal_half_height:
            hit = max(hit, _hold_in_net(pitch, ball))
        else:
            side = 1.0 if ball.x > 0.0 else -1.0
            ball.x = side * goal_line
            hit = max(hit, _reflect(ball, -side, 0.0, WALL_RESTITUTION))
    post_hit = 0.0
    near_posts = goal_line - pitch.post_radius
    if not -near_posts <= ball.x <= near_posts:
        post_hit = _bounce_off_posts(pitch, ball, BALL_RADIUS, POST_RESTITUTION)
    if max(hit, post_hit) > BOUNCE_REPORT_SPEED:
        contacts.append(BounceContact(max(hit, post_hit), post_hit > hit))


def _hold_in_net(pitch: Pitch, ball: Ball) -> float:
    """Keep a ball past a goal line inside the net; return the hardest hit, in units/s."""
    hit = 0.0
    y_limit = pitch.goal_half_height - BALL_RADIUS
    if not -y_limit <= ball.y <= y_limit:
        side = 1.0 if ball.y > 0.0 else -1.0
        ball.y = side * y_limit
        hit = _reflect(ball, 0.0, -side, NET_RESTITUTION)
    x_limit = pitch.half_width + pitch.goal_depth - BALL_RADIUS
    if not -x_limit <= ball.x <= x_limit:
        side = 1.0 if ball.x > 0.0 else -1.0
        ball.x = side * x_limit
        hit = max(hit, _reflect(ball, -side, 0.0, NET_RESTITUTION))
    return hit
