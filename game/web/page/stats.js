// The statistics of one player's connection, by the definitions of net/measure.
//
// Everything here takes its times (seconds, of the page's clock) as arguments. `clientStats` returns
// what is shown on the screen and, once a second, can be sent to the server.

const WINDOW_S = 60;
// A hundred would equal a round trip or a few ticks, and count noise.
export const STALL_S = 0.125;
// Ten seconds at 30 snapshots a second.
const COLUMNS = 300;
const TICKS_REMEMBERED = 1024;
// More frames than this wait for a snapshot that tells the truth only while nothing comes at all.
const FRAMES_WAITING = 600;

/** What became of a snapshot; the colours and shapes of the lagometer follow it. */
export const ON_TIME = "on time", LATE = "late", BURST = "burst", LOST = "lost", STALE = "stale";

/** The interarrival jitter of RFC 3550 (section 6.4.1), in seconds. */
export class Jitter {
  constructor() {
    this.jitterS = 0;
    this._lastTransitS = null;
  }

  add(sentAt, receivedAt) {
    const transitS = receivedAt - sentAt;
    if (this._lastTransitS !== null) {
      this.jitterS += (Math.abs(transitS - this._lastTransitS) - this.jitterS) / 16;
    }
    this._lastTransitS = transitS;
  }
}

/** Gaps between arrivals that are longer than STALL_S; the one that is still open counts too. */
export class StallCounter {
  constructor(now) {
    this._lastAt = now;
    this._endedAt = [];
    this._longestS = 0;
  }

  arrived(now) {
    const gapS = now - this._lastAt;
    this._lastAt = now;
    this._longestS = Math.max(this._longestS, gapS);
    if (gapS > STALL_S) this._endedAt.push(now);
  }

  inWindow(now) {
    while (this._endedAt.length && this._endedAt[0] < now - WINDOW_S) this._endedAt.shift();
    return this._endedAt.length + (now - this._lastAt > STALL_S ? 1 : 0);
  }

  longestS(now) {
    return Math.max(this._longestS, now - this._lastAt);
  }
}

/** Quantiles of the samples of a sliding window: method 7 of Hyndman and Fan (1996). */
export class SlidingQuantiles {
  constructor() {
    this._samples = [];
    this._first = 0;
  }

  add(now, value) {
    this._samples.push({ at: now, value });
    while (this._samples[this._first].at < now - WINDOW_S) this._first++;
    // Cutting the front off costs a copy: seldom, and by much at a time.
    if (this._first > this._samples.length / 2) {
      this._samples = this._samples.slice(this._first);
      this._first = 0;
    }
  }

  /** Return a quantile, 0 to 1; null of nothing. Sorts the window: call it once a second. */
  quantile(share) {
    const ordered = Float64Array.from(this._samples.slice(this._first), ({ value }) => value).sort();
    if (!ordered.length) return null;
    const position = share * (ordered.length - 1);
    const below = Math.floor(position);
    return ordered[below] + (ordered[Math.ceil(position)] - ordered[below]) * (position - below);
  }
}

/** The share of the events of a sliding window that were of one kind. */
export class SlidingRatio {
  constructor() {
    this._events = [];
    this._first = 0;
    this._hits = 0;
  }

  add(now, isHit) {
    this._events.push({ at: now, isHit });
    this._hits += isHit ? 1 : 0;
    while (this._events[this._first].at < now - WINDOW_S) {
      this._hits -= this._events[this._first++].isHit ? 1 : 0;
    }
    if (this._first > this._events.length / 2) {
      this._events = this._events.slice(this._first);
      this._first = 0;
    }
  }

  /** Hits to events, 0 to 1; null of nothing. */
  get ratio() {
    const count = this._events.length - this._first;
    return count ? this._hits / count : null;
  }
}

/** Counts snapshots by tick number, from the first on. */
export class SnapshotCounter {
  constructor(intervalTicks) {
    this._intervalTicks = intervalTicks;
    this._newest = null;
    this._seen = new Set();
  }

  /** Take a snapshot; return its order ("new", "stale", "duplicate") and how many are missing. */
  count(tick) {
    const newest = this._newest ?? tick - this._intervalTicks;
    if (this._seen.has(tick)) return { order: "duplicate", missed: 0 };
    this._seen.add(tick);
    if (this._seen.size > TICKS_REMEMBERED) this._seen.delete(this._seen.values().next().value);
    if (tick < newest) return { order: "stale", missed: 0 };
    this._newest = tick;
    return {
      order: "new",
      missed: Math.max(0, Math.floor((tick - newest) / this._intervalTicks) - 1),
    };
  }
}

/** Judges snapshots as they arrive, and frames as they are drawn, from `now` on. */
export class LagMonitor {
  constructor(now, intervalTicks, tickHz) {
    this.columns = [];
    this._intervalTicks = intervalTicks;
    this._intervalS = intervalTicks / tickHz;
    this._counter = new SnapshotCounter(intervalTicks);
    this._arrivedAt = now;
    this._isInBurst = false;
    this.reset(now);
  }

  /** Measure another channel from `now` on; the columns stay. */
  reset(now) {
    this._beganAt = now;
    this._frozenSince = null;
    this._longestFreezeS = 0;
    this._jitter = new Jitter();
    this._stalls = new StallCounter(now);
    // When, by our clock, the newest snapshot was made: its age is what has passed since.
    this._newestBornAt = null;
    this._ages = new SlidingQuantiles();
    this._starved = new SlidingRatio();
    this._lost = new SlidingRatio();
  }

  /** Take a snapshot that arrived `now`; `serverTimeS` and `renderTimeS` are the server's. */
  addSnapshot(now, tick, serverTimeS, ageS, renderTimeS) {
    const { order, missed } = this._counter.count(tick);
    if (order === "duplicate") return;
    if (order === "stale") {
      this._markStale(tick);
      return;
    }
    const gapS = now - this._arrivedAt;
    this._arrivedAt = now;
    this._stalls.arrived(now);
    this._jitter.add(serverTimeS, now);
    this._addLost(now, tick, missed);
    this._newestBornAt = now - ageS;
    const status = this._classify(gapS, serverTimeS < renderTimeS);
    this._push({ tick, at: now, status, ageS, gapS });
    this._lost.add(now, false);
  }

  /** Take a frame that was drawn `now`; before the first snapshot there is none. */
  addFrame(now, isStarved) {
    if (this._newestBornAt === null) return;
    this._ages.add(now, now - this._newestBornAt);
    this._starved.add(now, isStarved);
    // A freeze lasts until the first frame that moves again, or until now.
    if (this._frozenSince !== null) {
      this._longestFreezeS = Math.max(this._longestFreezeS, now - this._frozenSince);
    }
    this._frozenSince = isStarved ? this._frozenSince ?? now : null;
  }

  /** Return the statistics at `now`; null where nothing is known yet. */
  stats(now) {
    const bornAt = this._newestBornAt;
    return {
      jitterS: this._jitter.jitterS,
      ageS: bornAt === null ? null : now - bornAt,
      ageP95S: this._ages.quantile(0.95),
      stalls: this._stalls.inWindow(now),
      longestGapS: this._stalls.longestS(now),
      frozenRatio: this._starved.ratio,
      lossRatio: this._lost.ratio,
      longestFreezeS: this._longestFreezeS,
      measuredS: Math.min(now - this._beganAt, WINDOW_S),
    };
  }

  _classify(gapS, isLate) {
    // Behind the first of a burst the others come as fast as the wire allows.
    this._isInBurst = gapS > STALL_S || (this._isInBurst && gapS < this._intervalS / 2);
    if (this._isInBurst && gapS <= STALL_S) return BURST;
    return isLate ? LATE : ON_TIME;
  }

  _addLost(now, tick, missed) {
    for (let back = Math.min(missed, COLUMNS); back > 0; back--) {
      // What is missing before a channel's first arrival was lost by another.
      if (this._newestBornAt !== null) this._lost.add(now, true);
      this._push({
        tick: tick - back * this._intervalTicks, at: now, status: LOST, ageS: null, gapS: null,
      });
    }
  }

  _markStale(tick) {
    const column = this.columns.find((one) => one.tick === tick);
    if (column) column.status = STALE;
  }

  _push(column) {
    this.columns.push(column);
    if (this.columns.length > COLUMNS) this.columns.shift();
  }
}

/**
 * The ball's distance from where it really was at each frame's render time, in pitch units.
 *
 * The snapshots around that time tell it, so a frame's error is known when a later one has come.
 */
export class VisualError {
  constructor() {
    /** The error of the frame that was judged last, or null before the first. */
    this.latest = null;
    this._errors = new SlidingQuantiles();
    this._waiting = [];
  }

  /** Take a frame and the ball as interpolated (not predicted) for it. */
  addFrame(now, renderTimeS, ball) {
    this._waiting.push({ now, renderTimeS, x: ball.x, y: ball.y });
    if (this._waiting.length > FRAMES_WAITING) this._waiting.shift();
  }

  /** Compute the errors that are known now; `ballAt(time)` gives the ball where it was. */
  settle(newestTimeS, ballAt) {
    while (this._waiting.length && this._waiting[0].renderTimeS <= newestTimeS) {
      const { now, renderTimeS, x, y } = this._waiting.shift();
      const ball = ballAt(renderTimeS);
      this.latest = Math.hypot(ball.x - x, ball.y - y);
      this._errors.add(now, this.latest);
    }
  }

  quantile(share) {
    return this._errors.quantile(share);
  }
}

/** How regular the page's own frames are: the gaps between them, in seconds. */
export class FrameTimes {
  constructor() {
    this._gaps = new SlidingQuantiles();
    this._lastAt = null;
  }

  addFrame(now) {
    if (this._lastAt !== null) this._gaps.add(now, now - this._lastAt);
    this._lastAt = now;
  }

  /** Forget the last frame: the page was hidden, and drew none. */
  pause() {
    this._lastAt = null;
  }

  quantile(share) {
    return this._gaps.quantile(share);
  }
}

/** Return what the page tells of itself once a second, in seconds, ratios and pitch units. */
export function clientStats(now, { rttS, monitor, visualError, frameTimes }) {
  return {
    rttS,
    ...monitor.stats(now),
    visualError: visualError.latest,
    visualErrorP95: visualError.quantile(0.95),
    frameGapP50S: frameTimes.quantile(0.5),
    frameGapP99S: frameTimes.quantile(0.99),
  };
}
