// The own player and the ball ahead of the server: prediction and reconciliation.
//
// The client steps the game with its own inputs at once. When the server says which input it has
// used, the client takes that state and replays the later inputs on it. As in
// net/sync/prediction.py and game/client/match_prediction.py.

import { TICK_S, copyOf, step, worldOf } from "./physics.js";
import { POSITION_TOLERANCE } from "./protocol.js";

// Two seconds of inputs: then the connection counts as interrupted.
const PENDING_LIMIT = 120;
// After a tenth of a second a quarter of a correction is left.
const HALF_LIFE_S = 0.05;
// A larger correction is a kick-off or a long stall, and is drawn as a jump.
const SNAP_DISTANCE_UNITS = 150;

/** By how much to draw a disc beside where it is known to be, so that it does not jump. */
class CorrectionSmoother {
  constructor() {
    this._x = this._y = this._at = 0;
  }

  /** Take a correction: where the disc was, less where it is. */
  add(now, dx, dy) {
    const offset = this.offsetAt(now);
    this._x = offset.x + dx;
    this._y = offset.y + dy;
    this._at = now;
    if (Math.hypot(this._x, this._y) > SNAP_DISTANCE_UNITS) this._x = this._y = 0;
  }

  offsetAt(now) {
    const left = 0.5 ** ((now - this._at) / HALF_LIFE_S);
    return { x: this._x * left, y: this._y * left };
  }
}

/** Predicts one player's world from a first snapshot on. */
export class LocalPrediction {
  constructor(ownId, snapshot) {
    /** How often, and by how many units in all, the server corrected the own player. */
    this.corrections = { count: 0, sumUnits: 0 };
    this._ownId = ownId;
    this._world = worldOf(snapshot);
    this._pending = [];
    this._steppedAt = 0;
    this._ownOffset = new CorrectionSmoother();
    this._ballOffset = new CorrectionSmoother();
  }

  /** Step with an input that was sent `now`; with too many unacknowledged ones all stands still. */
  predict(sequence, controls, now) {
    if (this._pending.length < PENDING_LIMIT) {
      this._pending.push({ sequence, controls });
      this._world = this._stepped(this._world, controls);
    }
    this._steppedAt = now;
  }

  /** Take the server's state, in which the inputs up to `lastInput` have been used. */
  correct(lastInput, snapshot, now) {
    this._pending = this._pending.filter(({ sequence }) => sequence > lastInput);
    const before = this._world;
    this._world = worldOf(snapshot);
    for (const { controls } of this._pending) step(this._world, this._ownId, controls);
    const [was, is] = [this._own(before), this._own(this._world)];
    this._ballOffset.add(now, before.ball.x - this._world.ball.x, before.ball.y - this._world.ball.y);
    if (!was || !is) return;
    this._ownOffset.add(now, was.x - is.x, was.y - is.y);
    const distance = Math.hypot(was.x - is.x, was.y - is.y);
    if (distance > POSITION_TOLERANCE) {
      this.corrections.count++;
      this.corrections.sumUnits += distance;
    }
  }

  /** Return where to draw the own player and the ball; null while the player is not on the pitch. */
  positionsAt(now) {
    const own = this._own(this._world);
    if (!own) return null;
    const aheadS = Math.min(Math.max(now - this._steppedAt, 0), TICK_S);
    return {
      own: carried(own, aheadS, this._ownOffset.offsetAt(now)),
      ball: carried(this._world.ball, aheadS, this._ballOffset.offsetAt(now)),
    };
  }

  _own(world) {
    return world.players.find(({ id }) => id === this._ownId);
  }

  _stepped(world, controls) {
    const after = copyOf(world);
    step(after, this._ownId, controls);
    return after;
  }
}

function carried(disc, aheadS, offset) {
  return { x: disc.x + disc.vx * aheadS + offset.x, y: disc.y + disc.vy * aheadS + offset.y };
}
