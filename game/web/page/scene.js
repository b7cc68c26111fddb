// From snapshots as they arrive to the scene as it is drawn, as in game/client/scene_builder.py.

import { InterpolationBuffer, MinDelayFilter } from "./interpolation.js";
import { LocalPrediction } from "./prediction.js";
import { LagMonitor, VisualError } from "./stats.js";

// Two snapshot intervals survive the loss of one snapshot without standing still.
const INTERPOLATION_INTERVALS = 2;
// A disc that moved farther between two snapshots was put there (a kick-off): it does not glide.
const TELEPORT_UNITS = 120;

// The id of a spectator in a snapshot.
const NO_PLAYER = 255;

/** What one client sees of one match, from its welcome at `now` on. */
export class SceneBuilder {
  constructor(joined, clock, now) {
    this.clock = clock;
    this.ownId = joined.playerId;
    this.room = joined.room;
    this.newest = null;
    this.prediction = null;
    this.monitor = new LagMonitor(now, joined.snapshotTicks, joined.tickHz);
    this.visualError = new VisualError();
    this._halfS = joined.halfS;
    /** Ids of the players who are ready to go on, and of those for whom the match waits. */
    this.readyPlayers = { ready: [], awaited: [] };
    /** Seconds between two snapshots. */
    this.intervalS = joined.snapshotTicks / joined.tickHz;
    this._buffer = new InterpolationBuffer();
    this._minDelay = new MinDelayFilter();
    this.setRoster(joined.roster);
  }

  /** Begin the statistics again: what follows is of another link. */
  resetStats(now) {
    this.monitor.reset(now);
    this.visualError = new VisualError();
  }

  /** Replace the team sheet. */
  setRoster(entries) {
    this.roster = new Map(entries.map((entry) => [entry.id, entry]));
  }

  /** Take another duration of a half, which the remaining time is counted from. */
  setHalf(halfS) {
    this._halfS = halfS;
  }

  /** Take a snapshot that arrived at `receivedAt` (the page's clock). */
  add(snapshot, receivedAt) {
    this._buffer.push(snapshot);
    if (this.newest === null || snapshot.tick > this.newest.tick) {
      this.newest = snapshot;
      this._followOwnPlayer(snapshot.own.playerId);
      this.prediction?.correct(snapshot.own.lastInput, snapshot, receivedAt);
    }
    this._minDelay.add(receivedAt, receivedAt - snapshot.timeS);
    this.visualError.settle(this._buffer.newest.timeS, (timeS) => this._ballAt(timeS));
    if (!this.clock.isReady) return;
    const stampS = snapshot.timeS + snapshot.lateS;
    const ageS = this.clock.serverTime(receivedAt) - stampS;
    this.monitor.addSnapshot(receivedAt, snapshot.tick, stampS, ageS, this.renderTimeS(receivedAt));
  }

  /** Use the player that the server has given us: one comes in, or leaves to watch. */
  _followOwnPlayer(playerId) {
    const ownId = playerId === NO_PLAYER ? null : playerId;
    if (ownId !== this.ownId) {
      this.ownId = ownId;
      this.prediction = null;
    }
  }

  /** Show the effect of an input at once. */
  predict(sequence, controls, now) {
    if (this.newest === null || this.ownId === null) return;
    this.prediction ??= new LocalPrediction(this.ownId, this.newest);
    this.prediction.predict(sequence, controls, now);
  }

  /** Return the server's time that is drawn at `now`. */
  renderTimeS(now) {
    return now - this._minDelay.minDelayS(now) - INTERPOLATION_INTERVALS * this.intervalS;
  }

  /** Return by how much the newest snapshot is ahead of what is drawn; negative: starved. */
  bufferedS(now) {
    return this._buffer.newest.timeS - this.renderTimeS(now);
  }

  /** Return the scene at `now`, and count the frame; null before the first snapshot. */
  frame(now) {
    if (this.newest === null) return null;
    const renderTimeS = this.renderTimeS(now);
    const sample = this._buffer.sample(renderTimeS);
    this.monitor.addFrame(now, sample.isStarved);
    const ball = between(sample.before.ball, sample.after.ball, sample.fraction);
    this.visualError.addFrame(now, renderTimeS, ball);
    return this._predicted(this._scene(sample, ball), now);
  }

  _ballAt(timeS) {
    const { before, after, fraction } = this._buffer.sample(timeS);
    return between(before.ball, after.ball, fraction);
  }

  _scene({ before, after, fraction, isStarved }, ball) {
    const was = new Map(before.players.map((player) => [player.id, player]));
    return {
      phase: before.phase,
      half: before.half,
      score: before.score,
      isSwapped: before.isSwapped,
      pitch: before.pitch,
      leftS: Math.max(0, before.half * this._halfS - before.clockS),
      isStarved,
      ball,
      players: after.players.map((now) => this._drawn(was.get(now.id) ?? now, now, fraction)),
    };
  }

  _drawn(was, now, fraction) {
    const entry = this.roster.get(now.id);
    return {
      ...between(was, now, fraction),
      id: now.id,
      team: now.team,
      name: entry?.name ?? "",
      isBot: entry?.isBot ?? false,
      isReady: this.readyPlayers.ready.includes(now.id),
      isKicking: was.isKicking,
      isOwn: now.id === this.ownId,
    };
  }

  /** Put the own player and the ball where they will be seen to be. */
  _predicted(scene, now) {
    const predicted = this.prediction?.positionsAt(now);
    if (!predicted) return scene;
    scene.ball = predicted.ball;
    const own = scene.players.find(({ isOwn }) => isOwn);
    if (own) Object.assign(own, predicted.own);
    return scene;
  }
}

function between(was, now, fraction) {
  if (Math.abs(now.x - was.x) > TELEPORT_UNITS || Math.abs(now.y - was.y) > TELEPORT_UNITS) {
    const { x, y } = fraction >= 1 ? now : was;
    return { x, y };
  }
  return { x: was.x + (now.x - was.x) * fraction, y: was.y + (now.y - was.y) * fraction };
}
