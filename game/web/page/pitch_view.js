// The pitch and all that moves on it, in one canvas.
//
// On a screen that is higher than wide the pitch stands upright, with the own team attacking
// upwards.

import { KICK_REACH } from "./physics.js";
import { BALL_RADIUS, MEDIUM_SIZE, PITCHES, PLAYER_RADIUS, attackSign } from "./pitch.js";
import { ORANGE, SKY } from "./protocol.js";
import { filled } from "./texts.js";
import { COLOURS, TEAM_COLOURS } from "./theme.js";

const MARGIN_UNITS = 6;
const STRIPES = 14;
const NET_MESH = 10;
// Before the name of a player who is ready to go on.
const READY_MARK = "✓ ";
// More pixels are not seen, and cost as much as they are.
const PIXEL_RATIO_LIMIT = 2;
const FULL_TURN = 2 * Math.PI;
const NAME_PX = 13;
const SMALL_NAME_PX = 11;
// Below this many CSS pixels a unit the names of bots would cover the football.
const BOT_NAMES_SCALE = 0.55;

/** Draws scenes into `canvas`, which fills its element. */
export class PitchView {
  constructor(canvas) {
    this._canvas = canvas;
    this._context = canvas.getContext("2d", { alpha: false });
    this._background = document.createElement("canvas");
    // 0: as the desktop draws it; 1: the right end is up; -1: the right end is down.
    this._turn = 0;
    this._ownSign = 1;
    this._ground = PITCHES[MEDIUM_SIZE];
    new ResizeObserver(() => this._resize()).observe(canvas);
    this._resize();
  }

  /** Return a direction of the pitch from one of the screen (u to the right, v down). */
  toPitch(u, v) {
    if (this._turn === 0) return { x: u, y: v };
    return this._turn > 0 ? { x: -v, y: u } : { x: v, y: -u };
  }

  /** Return a place of the pitch in device pixels. */
  point({ x, y }) {
    const [u, v] = this._turn === 0 ? [x, y] : this._turn > 0 ? [y, -x] : [-y, x];
    return [this._centreX + u * this._scale, this._centreY + v * this._scale];
  }

  /**
   * Draw the pitch and, if there is a scene, everyone on it. `ghosts` is the server's snapshot that
   * is drawn as outlines, or null.
   */
  draw(scene, ghosts, texts) {
    const context = this._context;
    if (scene) this._face(scene);
    context.drawImage(this._background, 0, 0);
    if (!scene) return;
    const showsBots = this._scale / this._pixelRatio >= BOT_NAMES_SCALE;
    // In a scrum the discs must stay whole, so only people's names lie above them.
    for (const player of scene.players) if (player.isBot && showsBots) this._drawName(player);
    for (const player of scene.players) this._drawPlayer(player);
    this._drawDisc(scene.ball, BALL_RADIUS, COLOURS.white);
    for (const player of scene.players) if (!player.isBot) this._drawName(player);
    if (ghosts) this._drawGhosts(scene, ghosts, texts);
  }

  /** Outline the server's discs, and join the drawn ball to its ghost, as game/view/pitch/ghosts.py. */
  _drawGhosts(scene, ghosts, texts) {
    const own = scene.players.find(({ isOwn }) => isOwn);
    for (const player of ghosts.players) {
      // The own player is predicted: drawn ahead of the server, so a comparison would be wrong.
      if (player.id !== own?.id) this._drawRing(player, PLAYER_RADIUS, COLOURS.white, 1.6);
    }
    const distance = Math.hypot(scene.ball.x - ghosts.ball.x, scene.ball.y - ghosts.ball.y);
    // Nobody sees an error below the ball's radius, and its number would cover the match.
    if (distance > BALL_RADIUS) this._drawError(scene.ball, ghosts.ball, distance, texts);
    this._drawRing(ghosts.ball, BALL_RADIUS + 1, COLOURS.white, 2.4);
  }

  _drawError(ball, ghost, distance, texts) {
    const context = this._context;
    const [[ballU, ballV], [ghostU, ghostV]] = [this.point(ball), this.point(ghost)];
    context.beginPath();
    context.moveTo(ballU, ballV);
    context.lineTo(ghostU, ghostV);
    context.lineWidth = 2 * this._pixelRatio;
    context.strokeStyle = COLOURS.vermillion;
    context.stroke();
    const px = NAME_PX * this._pixelRatio;
    const below = Math.max(ballV, ghostV) + (BALL_RADIUS + 4) * this._scale + px;
    const bottom = Math.min(below, this._canvas.height);
    context.font = `bold ${px}px system-ui, sans-serif`;
    const distanceText = filled(texts.ballError, { distance: distance.toFixed(0) });
    this._drawText(distanceText, (ballU + ghostU) / 2, bottom, COLOURS.warm);
  }

  /** Fit the scene's pitch, with the own team attacking upwards where it stands upright. */
  _face(scene) {
    const own = scene.players.find(({ isOwn }) => isOwn);
    const ownSign = own ? attackSign(own.team, scene.isSwapped) : 1;
    const isSame = ownSign === this._ownSign && scene.isSwapped === this._isSwapped;
    if (isSame && scene.pitch === this._ground) return;
    this._ground = scene.pitch;
    this._ownSign = ownSign;
    this._isSwapped = scene.isSwapped;
    this._resize();
  }

  _resize() {
    const canvas = this._canvas;
    const ratio = Math.min(window.devicePixelRatio || 1, PIXEL_RATIO_LIMIT);
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    this._pixelRatio = ratio;
    const isUpright = canvas.height > canvas.width;
    this._turn = isUpright ? this._ownSign : 0;
    const [long, short] = isUpright ? [canvas.height, canvas.width] : [canvas.width, canvas.height];
    this._scale = Math.min(
      long / (2 * (this._ground.outerHalfWidth + MARGIN_UNITS)),
      short / (2 * (this._ground.outerHalfHeight + MARGIN_UNITS)),
    );
    this._centreX = canvas.width / 2;
    this._centreY = canvas.height / 2;
    this._paintBackground();
    this._context.drawImage(this._background, 0, 0);
  }

  _drawPlayer(player) {
    if (player.isKicking) this._drawRing(player, PLAYER_RADIUS + KICK_REACH + 2, COLOURS.kickRing, 1.5);
    if (player.isOwn) this._drawRing(player, PLAYER_RADIUS + 4.5, COLOURS.white, 2.2);
    this._drawDisc(player, PLAYER_RADIUS, TEAM_COLOURS[player.team]);
    // Told apart by more than their colour: sky wears a ring.
    if (player.team === SKY) this._drawRing(player, 5.5, COLOURS.skyCore, 2.2);
  }

  _drawDisc(at, radius, colour) {
    const context = this._context;
    const [u, v] = this.point(at);
    context.beginPath();
    context.arc(u, v, radius * this._scale, 0, FULL_TURN);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 2 * this._scale;
    context.strokeStyle = COLOURS.ink;
    context.stroke();
  }

  _drawRing(at, radius, colour, width) {
    const context = this._context;
    const [u, v] = this.point(at);
    context.beginPath();
    context.arc(u, v, radius * this._scale, 0, FULL_TURN);
    context.lineWidth = width * this._scale;
    context.strokeStyle = colour;
    context.stroke();
  }

  _drawName(player) {
    const context = this._context;
    const [u, v] = this.point(player);
    const name = player.isReady ? READY_MARK + player.name : player.name;
    const px = this._scale / this._pixelRatio < BOT_NAMES_SCALE ? SMALL_NAME_PX : NAME_PX;
    context.font = `${player.isOwn ? "bold " : ""}${px * this._pixelRatio}px system-ui, sans-serif`;
    const above = v - (PLAYER_RADIUS + 6) * this._scale;
    // At the upper edge of the canvas there is room only below.
    const isCut = above < px * this._pixelRatio;
    const bottom = isCut ? v + (PLAYER_RADIUS + 8) * this._scale + px * this._pixelRatio : above;
    const colour = player.isOwn ? COLOURS.white : player.isBot ? COLOURS.muted : COLOURS.text;
    this._drawText(name, u, bottom, colour);
  }

  /** Draw a text in the context's font, centred at `u`, with a dark edge that any ground needs. */
  _drawText(text, u, bottom, colour) {
    const context = this._context;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.lineWidth = 2.5 * this._pixelRatio;
    context.strokeStyle = COLOURS.ink;
    context.lineJoin = "round";
    context.strokeText(text, u, bottom);
    context.fillStyle = colour;
    context.fillText(text, u, bottom);
  }

  /** Paint everything that stands still, once for each size and side. */
  _paintBackground() {
    const { _background: canvas, _scale: scale } = this;
    canvas.width = this._canvas.width;
    canvas.height = this._canvas.height;
    const context = canvas.getContext("2d", { alpha: false });
    context.fillStyle = COLOURS.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.translate(this._centreX, this._centreY);
    context.rotate(-this._turn * FULL_TURN / 4);
    context.scale(scale, scale);
    const pitch = this._ground;
    paintGround(context, pitch);
    const [left, right] = this._isSwapped ? [SKY, ORANGE] : [ORANGE, SKY];
    paintGoal(context, pitch, -1, TEAM_COLOURS[left]);
    paintGoal(context, pitch, 1, TEAM_COLOURS[right]);
    paintLines(context, pitch);
    paintPosts(context, pitch);
  }
}

function paintGround(context, pitch) {
  const { halfWidth, halfHeight, outerHalfWidth: x, outerHalfHeight: y } = pitch;
  context.fillStyle = COLOURS.apron;
  context.beginPath();
  // Safari before 16 has square corners.
  (context.roundRect ?? context.rect).call(context, -x, -y, 2 * x, 2 * y, 14);
  context.fill();
  const step = (2 * halfWidth) / STRIPES;
  for (let i = 0; i < STRIPES; i++) {
    context.fillStyle = i % 2 ? COLOURS.grassStripe : COLOURS.grass;
    // Half a unit wider, or a seam of the apron would show between two stripes.
    context.fillRect(-halfWidth + i * step, -halfHeight, step + (i < STRIPES - 1 ? 0.5 : 0), 2 * halfHeight);
  }
}

/** Paint a net in the colour of the team that defends it. */
function paintGoal(context, pitch, side, colour) {
  const left = side < 0 ? -pitch.halfWidth - pitch.goalDepth : pitch.halfWidth;
  const { goalHalfHeight: half, goalDepth: depth } = pitch;
  context.fillStyle = context.strokeStyle = colour;
  context.globalAlpha = 0.16;
  context.fillRect(left, -half, depth, 2 * half);
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = NET_MESH; x < depth; x += NET_MESH) {
    context.moveTo(left + x, -half);
    context.lineTo(left + x, half);
  }
  for (let y = NET_MESH - half; y < half; y += NET_MESH) {
    context.moveTo(left, y);
    context.lineTo(left + depth, y);
  }
  context.stroke();
  context.globalAlpha = 0.8;
  context.lineWidth = 2.4;
  context.strokeRect(left, -half, depth, 2 * half);
  context.globalAlpha = 1;
}

function paintLines(context, pitch) {
  const { halfWidth, halfHeight, centreCircleRadius } = pitch;
  context.strokeStyle = context.fillStyle = COLOURS.line;
  context.lineWidth = 2.4;
  context.strokeRect(-halfWidth, -halfHeight, 2 * halfWidth, 2 * halfHeight);
  context.beginPath();
  context.moveTo(0, -halfHeight);
  context.lineTo(0, halfHeight);
  context.moveTo(centreCircleRadius, 0);
  context.arc(0, 0, centreCircleRadius, 0, FULL_TURN);
  context.stroke();
  context.beginPath();
  context.arc(0, 0, 5, 0, FULL_TURN);
  context.fill();
}

function paintPosts(context, pitch) {
  context.fillStyle = COLOURS.post;
  context.strokeStyle = COLOURS.ink;
  context.lineWidth = 1.6;
  for (const [x, y] of pitch.posts) {
    context.beginPath();
    context.arc(x, y, pitch.postRadius, 0, FULL_TURN);
    context.fill();
    context.stroke();
  }
}
