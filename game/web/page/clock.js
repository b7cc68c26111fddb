// The server's clock, estimated from four timestamps an exchange, as in net/sync/clock_filter.py.
//
// The exchange with the least delay bounds the offset best (NTP: RFC 5905, sections 8 and 10). All
// times are seconds and come in as arguments.

const WINDOW_S = 10;
const EXPECTED_DRIFT_RATIO = 100e-6;
const GREATEST_DRIFT_RATIO = 500e-6;
const HISTORY_S = 60;
const STRETCH_S = 2;
const STAMP_NOISE_S = 50e-6;
const NO_DRIFT = { ratio: 0, uncertaintyRatio: EXPECTED_DRIFT_RATIO };

/** Estimates the other end's clock. */
export class ClockFilter {
  constructor() {
    this.rttS = null;
    this._recent = [];
    this._history = [];
    this._drift = NO_DRIFT;
    this._best = null;
  }

  /** Whether there was an exchange. */
  get isReady() {
    return this._best !== null;
  }

  /** Take an exchange: t1 and t4 are of our clock, t2 and t3 of theirs. */
  add(t1, t2, t3, t4) {
    const delayS = Math.max(0, t4 - t1 - (t3 - t2));
    const sample = { at: t4, offsetS: (t2 - t1 + (t3 - t4)) / 2, delayS };
    if (this._best !== null && this._wasSet(sample)) this._reset();
    this.rttS = delayS;
    this._recent.push(sample);
    while (this._recent[0].at < t4 - WINDOW_S) this._recent.shift();
    this._remember(sample);
    this._best = this._recent.reduce((best, one) =>
      this._uncertaintyS(one, t4) < this._uncertaintyS(best, t4) ? one : best);
    return sample;
  }

  /** Return what the other clock shows when ours shows `now`. */
  serverTime(now) {
    return now + this._best.offsetS + this._drift.ratio * (now - this._best.at);
  }

  _uncertaintyS(sample, now) {
    return sample.delayS / 2 + this._drift.uncertaintyRatio * (now - sample.at);
  }

  /** Whether the new sample and the old offset cannot both be true of one steady clock. */
  _wasSet(sample) {
    const best = this._best;
    const driftedS = GREATEST_DRIFT_RATIO * Math.abs(sample.at - best.at) + STAMP_NOISE_S;
    const apartS = Math.abs(sample.offsetS - best.offsetS);
    return apartS > (sample.delayS + best.delayS) / 2 + driftedS;
  }

  _reset() {
    this._recent = [];
    this._history = [];
    this._drift = NO_DRIFT;
    this._best = null;
  }

  /** Keep the best sample of each stretch of time, and fit the drift to them. */
  _remember(sample) {
    const stretch = Math.floor(sample.at / STRETCH_S);
    const last = this._history.at(-1);
    if (last && Math.floor(last.at / STRETCH_S) === stretch) {
      if (sample.delayS <= last.delayS) this._history[this._history.length - 1] = sample;
      return;
    }
    this._drift = fitDrift(this._history);
    this._history.push(sample);
    while (this._history[0].at < sample.at - HISTORY_S) this._history.shift();
  }
}

/** Fit a line through the offsets by weighted least squares; the delay gives the weight. */
function fitDrift(history) {
  if (!history.length) return NO_DRIFT;
  const leastS = Math.min(...history.map((one) => one.delayS));
  const extraS = history.reduce((sum, one) => sum + one.delayS - leastS, 0);
  const floorS = extraS / history.length + STAMP_NOISE_S;
  const weights = history.map((one) => ((one.delayS - leastS + floorS) / 2) ** -2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (value) => history.reduce((sum, one, i) => sum + weights[i] * value(one), 0) / total;
  const meanAt = mean((one) => one.at);
  const meanOffsetS = mean((one) => one.offsetS);
  // The expected drift enters as one more, imaginary measurement of zero drift.
  let spread = EXPECTED_DRIFT_RATIO ** -2;
  let slope = 0;
  history.forEach((one, i) => {
    const elapsedS = one.at - meanAt;
    spread += weights[i] * elapsedS * elapsedS;
    slope += weights[i] * elapsedS * (one.offsetS - meanOffsetS);
  });
  const ratio = Math.max(-GREATEST_DRIFT_RATIO, Math.min(slope / spread, GREATEST_DRIFT_RATIO));
  return { ratio, uncertaintyRatio: spread ** -0.5 };
}
