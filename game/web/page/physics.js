// One fixed step of the match, as in game/match/physics.py, for prediction.
//
// Both compute with IEEE 754 doubles in the same order, so that a step here and there gives the
// same bits; a test compares them. What only the server needs (contacts, bounces) is left out.

import { PLAYER_RADIUS, BALL_RADIUS, attackSign } from "./pitch.js";
import { NEUTRAL } from "./protocol.js";

export const TICK_HZ = 60;
export const TICK_S = 1 / TICK_HZ;

const STICK_LIMIT = 127;
const PLAYER_DAMPING = 0.91;
const PLAYER_TOP_SPEED = 205;
const PLAYER_BOOST = (PLAYER_TOP_SPEED * (1 - PLAYER_DAMPING)) / PLAYER_DAMPING;
const BALL_DAMPING = 0.985;
const KICK_SPEED = 560;
const MAX_SPEED = 720;
export const KICK_REACH = 7;
const KICK_MEMORY_TICKS = 8;
const BALL_SHARE = 0.75;
const PLAYER_SHARE = 0.25;
const PLAYER_RESTITUTION = 0.4;
const FOOT_RESTITUTION = 0.35;
const WALL_RESTITUTION = 0.75;
const POST_RESTITUTION = 0.8;
const NET_RESTITUTION = 0;
const PAIR_REACH = 2 * PLAYER_RADIUS;
const FOOT_REACH = PLAYER_RADIUS + BALL_RADIUS;
// Two players on one spot have no direction to part in.
const PARTINGS = [[0, 1], [0.6, 0.8], [1, 0], [0.8, -0.6]];

/** Return a world in a snapshot's state; stepping it leaves the snapshot as it is. */
export function worldOf(snapshot) {
  return {
    players: snapshot.players.map((player) => ({ ...player })),
    ball: { ...snapshot.ball },
    kickoffTeam: snapshot.kickoffTeam,
    isSwapped: snapshot.isSwapped,
    pitch: snapshot.pitch,
  };
}

/** Return an independent world in the same state. */
export const copyOf = worldOf;

/** Advance `world` by a tick, in place; everyone but the player `ownId` coasts. */
export function step(world, ownId, controls) {
  const { ball, players, pitch } = world;
  const wasInMouth = isInMouth(pitch, ball);
  let isTouched = false;
  for (const body of players) {
    steer(body, body.id === ownId ? controls : NEUTRAL);
    if (body.kickMemoryTicks && tryKick(body, ball)) isTouched = true;
  }
  for (const body of players) move(body, PLAYER_DAMPING);
  move(ball, BALL_DAMPING);
  bumpPlayers(players);
  for (const body of players) if (bumpBall(body, ball)) isTouched = true;
  for (const body of players) holdPlayer(world, body);
  holdBall(pitch, ball, wasInMouth);
  if (isTouched) world.kickoffTeam = null;
}

function steer(body, { x, y, kick }) {
  if (x || y) {
    const lengthSquared = x * x + y * y;
    const boost = lengthSquared > STICK_LIMIT * STICK_LIMIT
      ? PLAYER_BOOST / Math.sqrt(lengthSquared)
      : PLAYER_BOOST / STICK_LIMIT;
    body.vx += x * boost;
    body.vy += y * boost;
  }
  if (!kick) {
    body.isKicking = false;
    if (body.kickMemoryTicks) body.kickMemoryTicks--;
  } else if (!body.isKicking) {
    body.isKicking = true;
    body.kickMemoryTicks = KICK_MEMORY_TICKS;
  } else if (body.kickMemoryTicks) body.kickMemoryTicks--;
}

function tryKick(body, ball) {
  const dx = ball.x - body.x, dy = ball.y - body.y;
  const gapSquared = dx * dx + dy * dy;
  const reach = FOOT_REACH + KICK_REACH;
  if (gapSquared > reach * reach || gapSquared === 0) return false;
  const gap = Math.sqrt(gapSquared);
  const nx = dx / gap, ny = dy / gap;
  const push = KICK_SPEED - Math.min(0, ball.vx * nx + ball.vy * ny);
  ball.vx += push * nx;
  ball.vy += push * ny;
  limitSpeed(ball);
  body.kickMemoryTicks = 0;
  return true;
}

function limitSpeed(disc) {
  const speedSquared = disc.vx * disc.vx + disc.vy * disc.vy;
  if (speedSquared > MAX_SPEED * MAX_SPEED) {
    const scale = MAX_SPEED / Math.sqrt(speedSquared);
    disc.vx *= scale;
    disc.vy *= scale;
  }
}

function move(disc, damping) {
  disc.vx *= damping;
  disc.vy *= damping;
  disc.x += disc.vx * TICK_S;
  disc.y += disc.vy * TICK_S;
}

function bumpPlayers(players) {
  // Sorted along x, so that each is compared with its few neighbours only. The sort is stable.
  const ordered = [...players].sort((one, other) => one.x - other.x);
  for (let i = 0; i < ordered.length; i++) {
    const left = ordered[i];
    const limit = left.x + PAIR_REACH;
    const { y } = left;
    for (let k = i + 1; k < ordered.length; k++) {
      const right = ordered[k];
      if (right.x > limit) break;
      if (-PAIR_REACH < right.y - y && right.y - y < PAIR_REACH) bumpPair(left, right);
    }
  }
}

function bumpPair(left, right) {
  const dx = right.x - left.x, dy = right.y - left.y;
  const gapSquared = dx * dx + dy * dy;
  if (gapSquared >= PAIR_REACH * PAIR_REACH) return;
  const gap = Math.sqrt(gapSquared);
  const [nx, ny] = gap > 0 ? [dx / gap, dy / gap] : PARTINGS[(left.id + right.id) % PARTINGS.length];
  const shift = 0.5 * (PAIR_REACH - gap);
  left.x -= shift * nx;
  left.y -= shift * ny;
  right.x += shift * nx;
  right.y += shift * ny;
  const closing = (left.vx - right.vx) * nx + (left.vy - right.vy) * ny;
  if (closing > 0) {
    const impulse = 0.5 * (1 + PLAYER_RESTITUTION) * closing;
    left.vx -= impulse * nx;
    left.vy -= impulse * ny;
    right.vx += impulse * nx;
    right.vy += impulse * ny;
  }
}

function bumpBall(body, ball) {
  const dx = ball.x - body.x, dy = ball.y - body.y;
  const gapSquared = dx * dx + dy * dy;
  if (gapSquared >= FOOT_REACH * FOOT_REACH) return false;
  const gap = Math.sqrt(gapSquared);
  const [nx, ny] = gap > 0 ? [dx / gap, dy / gap] : [0, 1];
  const overlap = FOOT_REACH - gap;
  ball.x += BALL_SHARE * overlap * nx;
  ball.y += BALL_SHARE * overlap * ny;
  body.x -= PLAYER_SHARE * overlap * nx;
  body.y -= PLAYER_SHARE * overlap * ny;
  const closing = (body.vx - ball.vx) * nx + (body.vy - ball.vy) * ny;
  if (closing > 0) {
    const impulse = (1 + FOOT_RESTITUTION) * closing;
    ball.vx += BALL_SHARE * impulse * nx;
    ball.vy += BALL_SHARE * impulse * ny;
    body.vx -= PLAYER_SHARE * impulse * nx;
    body.vy -= PLAYER_SHARE * impulse * ny;
    limitSpeed(ball);
    limitSpeed(body);
  }
  return true;
}

/** Keep a player inside the outer wall, behind the kick-off barrier and out of the posts. */
function holdPlayer(world, body) {
  const { pitch } = world;
  const xLimit = pitch.outerHalfWidth - PLAYER_RADIUS;
  const yLimit = pitch.outerHalfHeight - PLAYER_RADIUS;
  if (Math.abs(body.x) > xLimit) {
    body.x = body.x > 0 ? xLimit : -xLimit;
    body.vx = 0;
  }
  if (Math.abs(body.y) > yLimit) {
    body.y = body.y > 0 ? yLimit : -yLimit;
    body.vy = 0;
  }
  if (world.kickoffTeam !== null) holdBehindBarrier(world, body);
  if (Math.abs(body.x) > pitch.halfWidth - PLAYER_RADIUS - pitch.postRadius) {
    bounceOffPosts(pitch, body, PLAYER_RADIUS, 0);
  }
}

function holdBehindBarrier(world, body) {
  const sign = attackSign(body.team, world.isSwapped);
  if (body.x * sign > -PLAYER_RADIUS) {
    body.x = -PLAYER_RADIUS * sign;
    body.vx = 0;
  }
  if (body.team === world.kickoffTeam) return;
  const clear = world.pitch.centreCircleRadius + PLAYER_RADIUS;
  const gapSquared = body.x * body.x + body.y * body.y;
  if (gapSquared >= clear * clear) return;
  const gap = Math.sqrt(gapSquared);
  const nx = body.x / gap, ny = body.y / gap;
  body.x = clear * nx;
  body.y = clear * ny;
  reflect(body, nx, ny, 0);
}

/** Turn back what velocity goes against the unit normal. */
function reflect(disc, nx, ny, restitution) {
  const inward = -(disc.vx * nx + disc.vy * ny);
  if (inward <= 0) return;
  disc.vx += (1 + restitution) * inward * nx;
  disc.vy += (1 + restitution) * inward * ny;
}

function bounceOffPosts(pitch, disc, radius, restitution) {
  const reach = radius + pitch.postRadius;
  for (const [postX, postY] of pitch.posts) {
    const dx = disc.x - postX, dy = disc.y - postY;
    const gapSquared = dx * dx + dy * dy;
    if (gapSquared >= reach * reach) continue;
    const gap = Math.sqrt(gapSquared);
    const [nx, ny] = gap > 0 ? [dx / gap, dy / gap] : [postX > 0 ? -1 : 1, 0];
    disc.x = postX + reach * nx;
    disc.y = postY + reach * ny;
    reflect(disc, nx, ny, restitution);
  }
}

/** Whether the ball is past a goal line's wall, between the posts. */
function isInMouth(pitch, ball) {
  return Math.abs(ball.x) > pitch.halfWidth - BALL_RADIUS
    && Math.abs(ball.y) < pitch.goalHalfHeight;
}

/** Keep the ball inside the lines or the nets, and last of all out of the posts. */
function holdBall(pitch, ball, wasInMouth) {
  const yLimit = pitch.halfHeight - BALL_RADIUS;
  if (Math.abs(ball.y) > yLimit) {
    const side = ball.y > 0 ? 1 : -1;
    ball.y = side * yLimit;
    reflect(ball, 0, -side, WALL_RESTITUTION);
  }
  const goalLine = pitch.halfWidth - BALL_RADIUS;
  if (Math.abs(ball.x) > goalLine) {
    if (wasInMouth || Math.abs(ball.y) < pitch.goalHalfHeight) holdInNet(pitch, ball);
    else {
      const side = ball.x > 0 ? 1 : -1;
      ball.x = side * goalLine;
      reflect(ball, -side, 0, WALL_RESTITUTION);
    }
  }
  if (Math.abs(ball.x) > goalLine - pitch.postRadius) {
    bounceOffPosts(pitch, ball, BALL_RADIUS, POST_RESTITUTION);
  }
}

function holdInNet(pitch, ball) {
  const yLimit = pitch.goalHalfHeight - BALL_RADIUS;
  if (Math.abs(ball.y) > yLimit) {
    const side = ball.y > 0 ? 1 : -1;
    ball.y = side * yLimit;
    reflect(ball, 0, -side, NET_RESTITUTION);
  }
  const xLimit = pitch.halfWidth + pitch.goalDepth - BALL_RADIUS;
  if (Math.abs(ball.x) > xLimit) {
    const side = ball.x > 0 ? 1 : -1;
    ball.x = side * xLimit;
    reflect(ball, -side, 0, NET_RESTITUTION);
  }
}
