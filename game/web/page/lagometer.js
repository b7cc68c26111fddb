// The lagometer: a column a snapshot, as high as it is old; above it what lay ready to be drawn.
//
// Time runs to the left. While nothing comes an empty band grows at the right edge. Shape or height
// says everything that a colour says, as in game/view/network/lagometer.py.

import { TICK_HZ } from "./physics.js";
import { BURST, LATE, LOST, ON_TIME, STALE, STALL_S } from "./stats.js";
import { COLOURS } from "./theme.js";

const STATUS_COLOURS = {
  [ON_TIME]: COLOURS.green,
  [LATE]: COLOURS.yellow,
  [BURST]: COLOURS.purple,
  [LOST]: COLOURS.vermillion,
  [STALE]: COLOURS.muted,
};

// What the whole height of each part stands for; more is cut.
const AGE_FULL_S = 0.3;
const BUFFER_FULL_S = 0.12;
const AGE_GRID_S = [0.1, 0.2];
const BUFFER_SHARE = 0.25;
const COLUMN_PX = 3;
const SECONDS_KEPT = 12;

/** Draws into `canvas`, one column each COLUMN_PX device-independent pixels. */
export class Lagometer {
  constructor(canvas) {
    this._canvas = canvas;
    this._context = canvas.getContext("2d", { alpha: false });
    this._frames = [];
  }

  /** Note what lay ready for a frame at `now`; negative where nothing did. */
  note(now, bufferedS) {
    this._frames.push({ at: now, bufferedS });
    while (this._frames[0].at < now - SECONDS_KEPT) this._frames.shift();
  }

  /**
   * Draw the last seconds; `intervalS` is the time between two snapshots. `marks` are times, and
   * the words to write there.
   */
  draw(now, columns, intervalS, marks) {
    const ratio = this._fit();
    const context = this._context;
    const { width, height } = this._canvas;
    const split = Math.round(height * BUFFER_SHARE);
    const pxPerS = (COLUMN_PX * ratio) / intervalS;
    const xOf = (at) => width - (now - at) * pxPerS;
    context.fillStyle = COLOURS.ground;
    context.fillRect(0, 0, width, height);
    this._drawStalls(now, columns, xOf, ratio);
    context.fillStyle = COLOURS.grid;
    for (const ageS of AGE_GRID_S) {
      context.fillRect(0, height - (ageS / AGE_FULL_S) * (height - split), width, 1);
    }
    this._drawBuffer(xOf, split);
    this._drawColumns(columns, xOf, split, ratio);
    for (const { at, words } of marks) this._drawMark(xOf(at), words, ratio);
  }

  /** Draw a line where another transport began, with its name behind it. */
  _drawMark(left, words, ratio) {
    if (left < 0) return;
    const context = this._context;
    context.fillStyle = COLOURS.white;
    context.fillRect(left, 0, ratio, this._canvas.height);
    context.font = `bold ${10 * ratio}px system-ui, sans-serif`;
    // Beside the right edge there is no room behind the line yet.
    const isAtEdge = left + context.measureText(words).width + 4 * ratio > this._canvas.width;
    context.textAlign = isAtEdge ? "right" : "left";
    context.textBaseline = "top";
    context.fillText(words, left + (isAtEdge ? -3 : 4) * ratio, 2 * ratio);
  }

  _fit() {
    const canvas = this._canvas;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((px) => Math.round(px * ratio));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    return ratio;
  }

  _drawStalls(now, columns, xOf, ratio) {
    const stalls = columns
      .filter(({ gapS }) => gapS !== null && gapS > STALL_S)
      .map(({ at, gapS }) => [at - gapS, at]);
    const last = columns.findLast(({ gapS }) => gapS !== null);
    if (last && now - last.at > STALL_S) stalls.push([last.at, now]);
    const context = this._context;
    for (const [beganAt, endedAt] of stalls) {
      const [left, right] = [xOf(beganAt), xOf(endedAt)];
      context.fillStyle = COLOURS.stallGround;
      context.fillRect(left, 0, right - left, this._canvas.height);
      const words = `${Math.round((endedAt - beganAt) * 1000)} ms`;
      context.font = `bold ${10 * ratio}px system-ui, sans-serif`;
      if (context.measureText(words).width > right - left - 2) continue;
      context.fillStyle = COLOURS.white;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(words, (left + right) / 2, this._canvas.height / 2);
    }
  }

  /** Draw blue upwards what lay ready, yellow downwards for how long nothing did. */
  _drawBuffer(xOf, height) {
    const context = this._context;
    for (let i = 0; i < this._frames.length; i++) {
      const { at, bufferedS } = this._frames[i];
      const left = xOf(at);
      const width = i + 1 < this._frames.length ? xOf(this._frames[i + 1].at) - left : 2;
      const part = Math.min(Math.abs(bufferedS) / BUFFER_FULL_S, 1) * height;
      context.fillStyle = bufferedS >= 0 ? COLOURS.blue : COLOURS.yellow;
      context.fillRect(left, bufferedS >= 0 ? height - part : 0, width + 0.5, Math.max(part, 2));
    }
  }

  /** Draw each snapshot where it was made, so that what a stall held up fills its band. */
  _drawColumns(columns, xOf, top, ratio) {
    const newest = columns.findLast(({ ageS }) => ageS !== null);
    if (!newest) return;
    const newestRight = xOf(newest.at - newest.ageS);
    const pxPerTick = (newestRight - xOf(newest.at - newest.ageS - 1)) / TICK_HZ;
    for (const column of columns) {
      const right = newestRight - (newest.tick - column.tick) * pxPerTick;
      if (right > 0) this._drawColumn(column, right, top, ratio);
    }
  }

  _drawColumn({ status, ageS }, right, top, ratio) {
    const context = this._context;
    const full = this._canvas.height - top - 1;
    const width = COLUMN_PX * ratio - 1;
    const left = right - width;
    const height = Math.max(2, Math.min((ageS ?? 0) / AGE_FULL_S, 1) * full);
    const bottom = this._canvas.height;
    context.fillStyle = context.strokeStyle = STATUS_COLOURS[status];
    if (status === LOST) {
      // The only one of full height, and broken.
      context.fillRect(left, top + 1, width, full / 2 - 2);
      context.fillRect(left, top + full / 2 + 2, width, full / 2 - 2);
      return;
    }
    if (status === STALE) {
      context.lineWidth = 1;
      context.strokeRect(left, bottom - height, width, height);
      return;
    }
    context.fillRect(left, bottom - height, width, height);
    // A late one has a cap that has come off, one of a burst a white cap.
    if (status === LATE) context.fillRect(left, bottom - height - 5, width, 3);
    if (status === BURST) {
      context.fillStyle = COLOURS.white;
      context.fillRect(left, bottom - height, width, 2);
    }
  }
}
