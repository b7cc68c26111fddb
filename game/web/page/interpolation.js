// Timed snapshots, sampled at render time, as in net/sync/interpolation.py.
//
// Render time is the estimated server time, minus the least one-way delay in a window, minus the
// interpolation delay. A frame whose newest snapshot is older than that is starved.

const MIN_DELAY_WINDOW_S = 3;
const BUFFER_CAPACITY = 64;

/** The least one-way delay of the arrivals in a sliding window. */
export class MinDelayFilter {
  constructor() {
    this._rising = [];
  }

  /** Take the delay of what arrived `now`, by our clock; the clocks' offset cancels out. */
  add(now, delayS) {
    while (this._rising.length && this._rising.at(-1).delayS >= delayS) this._rising.pop();
    this._rising.push({ at: now, delayS });
  }

  /** Return the least delay; when all arrivals have left the window the last one stands. */
  minDelayS(now) {
    while (this._rising.length > 1 && this._rising[0].at < now - MIN_DELAY_WINDOW_S) {
      this._rising.shift();
    }
    return this._rising[0].delayS;
  }
}

/** The latest snapshots in the order of their server time. */
export class InterpolationBuffer {
  constructor() {
    this._snapshots = [];
  }

  /** The snapshot with the latest server time, or undefined. */
  get newest() {
    return this._snapshots.at(-1);
  }

  /** Keep a snapshot in its place; one that comes twice is not kept. */
  push(snapshot) {
    const kept = this._snapshots;
    let index = kept.length;
    while (index > 0 && kept[index - 1].timeS >= snapshot.timeS) index--;
    if (kept[index]?.timeS === snapshot.timeS) return;
    kept.splice(index, 0, snapshot);
    if (kept.length > BUFFER_CAPACITY) kept.shift();
  }

  /** Return the snapshots around a render time; null while there is none. */
  sample(renderTimeS) {
    const kept = this._snapshots;
    const newest = this.newest;
    if (!newest) return null;
    if (newest.timeS < renderTimeS) return still(newest, true);
    let index = kept.length;
    while (index > 0 && kept[index - 1].timeS > renderTimeS) index--;
    if (index === 0) return still(kept[0], false);
    if (index === kept.length) return still(newest, false);
    const [before, after] = [kept[index - 1], kept[index]];
    const fraction = (renderTimeS - before.timeS) / (after.timeS - before.timeS);
    return { before, after, fraction, isStarved: false };
  }
}

function still(snapshot, isStarved) {
  return { before: snapshot, after: snapshot, fraction: 0, isStarved };
}
