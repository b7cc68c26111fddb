// Score, clock, network statistics, banners and toasts: all that is text while a match is on.

import { ClassHud } from "./class_hud.js";
import { CONNECTING, LOST } from "./client.js";
import { PITCHES } from "./pitch.js";
import { FINAL, HALF_TIME, KICK_OFF, ORANGE } from "./protocol.js";
import { SERVER_CLOSED, serverText } from "./server_texts.js";
import { filled, transportTitle } from "./texts.js";

// As net/session/session.py has it: below half a second a player has not noticed yet.
const SILENCE_WARN_S = 0.5;
const SILENCE_INTERRUPTED_S = 2;
// An age above this is felt: two 30 Hz snapshots and some way to travel.
const OLD_SNAPSHOT_S = 0.125;
const STATS_EVERY_S = 0.25;
const BANNER_S = 2.2;
const TOAST_MS = 3500;
const TOASTS_LIMIT = 4;
// A stall shorter than this is hardly read.
const FROZEN_SHOWN_S = 0.1;
const TEAM_CLASSES = ["orange", "sky"];

/** Shows one match below `root`; `texts` may be replaced. */
export class Hud {
  constructor(root, texts) {
    this.texts = texts;
    this._element = (id) => root.querySelector(`#${id}`);
    this._banner = this._element("banner");
    this._class = new ClassHud(root);
    this._words = new Map();
    this._statsAt = 0;
    this._bannerUntil = 0;
    /** Who stopped the match; null while it goes on. */
    this._pausedBy = null;
    this._frozenSince = null;
  }

  /** Show a frame of a client at `now`. */
  show(now, client, scene, news) {
    for (const event of news) this._tell(event, now, client);
    if (scene) this._showScore(scene);
    this._showTrouble(now, client, scene);
    if (now < this._statsAt) return;
    this._statsAt = now + STATS_EVERY_S;
    this._showStats(client.stats(now), client);
    this._class.show(client, this.texts);
  }

  _showScore(scene) {
    const { texts } = this;
    this._write("orange-goals", scene.score[0]);
    this._write("sky-goals", scene.score[1]);
    const leftS = Math.ceil(scene.leftS - 1e-6);
    this._write("clock", `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, "0")}`);
    const half = scene.half === 1 ? texts.firstHalf : texts.secondHalf;
    const phases = { [KICK_OFF]: texts.kickOff, [HALF_TIME]: texts.halfTime, [FINAL]: texts.final };
    this._write("half", phases[scene.phase] ?? half);
  }

  _showStats(stats, client) {
    if (!stats) return;
    const room = client.scene.room;
    const isWatching = client.scene.ownId === null;
    this._write("room", isWatching ? `${room} (${this.texts.watching})` : room);
    this._write("rtt", this._milliseconds(stats.rttS));
    this._write("age", this._milliseconds(stats.ageS), stats.ageS > OLD_SNAPSHOT_S);
    this._write("frozen", this._percent(stats.frozenRatio), stats.frozenRatio > 0.01);
    this._write("lost", this._percent(stats.lossRatio), stats.lossRatio > 0.01);
    const { wireLossRatio } = client;
    this._element("wire").hidden = wireLossRatio === null || client.isBlind;
    this._write("wire-lost", this._percent(wireLossRatio), wireLossRatio > 0.01);
  }

  /** Say what is wrong with the connection; over it, what happened in the match. */
  _showTrouble(now, client, scene) {
    const { texts } = this;
    const silentS = client.silenceS(now);
    const seconds = silentS.toFixed(silentS < SILENCE_INTERRUPTED_S ? 1 : 0);
    if (client.status === CONNECTING) this._say(texts.connecting, "");
    else if (client.status === LOST) this._showLoss(client.statusText);
    else if (silentS >= SILENCE_INTERRUPTED_S) this._say(filled(texts.interrupted, { seconds }), "");
    else if (this._pausedBy !== null) this._showPause();
    else if (now >= this._bannerUntil) this._banner.hidden = true;
    // Who comes back is told again.
    if (client.status === LOST || client.status === CONNECTING) this._pausedBy = null;
    this._showChip(now, scene, silentS >= SILENCE_WARN_S ? filled(texts.noDataFor, { seconds }) : "");
  }

  /** Say that the connection was lost; below it why, if the server has said so. */
  _showLoss(reason) {
    const { texts } = this;
    if (reason === SERVER_CLOSED) this._say(texts.serverClosed, "");
    else this._say(texts.reconnecting, serverText(reason, texts.language));
  }

  _showPause() {
    const name = this._pausedBy;
    this._say(this.texts.paused, name ? filled(this.texts.pausedBy, { name }) : "");
  }

  _showChip(now, scene, noData) {
    this._frozenSince = scene?.isStarved ? this._frozenSince ?? now : null;
    const frozenS = this._frozenSince === null ? 0 : now - this._frozenSince;
    const value = Math.round(frozenS * 100) * 10;
    const words = frozenS >= FROZEN_SHOWN_S ? filled(this.texts.frozenFor, { value }) : noData;
    this._element("chip").hidden = !words;
    this._write("chip", words);
  }

  /** True while the match is stopped. */
  get isPaused() {
    return this._pausedBy !== null;
  }

  _tell(event, now, client) {
    const { texts } = this;
    if (event.kind === "joined") this.toast(filled(texts.joined, event));
    if (event.kind === "left") this.toast(filled(texts.left, event));
    if (event.kind === "notice") this.toast(serverText(event.text, texts.language));
    if (event.kind === "chat") this.toast(`${event.name}: ${event.text}`);
    // In a blind test nobody may read a transport's name.
    if (event.kind === "notMoved" && !client.isBlind) {
      const [transport, other] = [event.transport, client.transport].map(transportTitle);
      this.toast(filled(texts.notMoved, { transport, other }));
    }
    if (event.kind === "limits") this._tellLimits(event, client.scene.newest);
    if (event.kind === "pause") this._pausedBy = event.isPaused ? event.name : null;
    if (event.kind === "goal") {
      const name = client.scene.roster.get(event.scorerId)?.name ?? "";
      const title = event.isOwnGoal ? texts.ownGoal : texts.goal;
      const by = event.isOwnGoal && name ? filled(texts.ownGoalBy, { name }) : name;
      this._announce(now, title, by, TEAM_CLASSES[event.team]);
    }
    if (event.kind === "phase") this._tellPhase(event, now, client);
  }

  /** Tell the limits of the match, and the next pitch if it is another one than now. */
  _tellLimits({ halfS, goalLimit, pitchSize }, snapshot) {
    const { texts } = this;
    const goals = goalLimit > 0 ? goalLimit : texts.noGoalLimit;
    this.toast(filled(texts.limits, { minutes: Math.round(halfS / 3) / 10, goals }));
    if (!snapshot || snapshot.pitch === PITCHES[pitchSize]) return;
    const pitch = [texts.small, texts.medium, texts.large][pitchSize];
    this.toast(filled(texts.nextPitch, { pitch }));
  }

  _tellPhase({ phase }, now, client) {
    const score = client.scene.newest?.score ?? [0, 0];
    const result = score.join(" : ");
    if (phase === HALF_TIME) this._announce(now, this.texts.halfTime, result, "");
    if (phase !== FINAL) return;
    const [orange, sky] = score;
    if (orange === sky) this._announce(now, this.texts.draw, result, "");
    else {
      const winner = orange > sky ? ORANGE : 1 - ORANGE;
      const words = winner === ORANGE ? this.texts.orangeWins : this.texts.skyWins;
      this._announce(now, words, result, TEAM_CLASSES[winner]);
    }
  }

  _announce(now, title, text, teamClass) {
    this._say(title, text, teamClass);
    this._bannerUntil = now + BANNER_S;
  }

  _say(title, text, teamClass = "") {
    this._bannerUntil = 0;
    this._banner.hidden = false;
    this._banner.className = teamClass;
    const [first, second] = this._banner.children;
    if (first.textContent !== title) first.textContent = title;
    if (second.textContent !== text) second.textContent = text;
  }

  /** Show a line of text for a while. */
  toast(text) {
    const list = this._element("toasts");
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
    while (list.children.length > TOASTS_LIMIT) list.firstChild.remove();
    setTimeout(() => item.remove(), TOAST_MS);
  }

  _milliseconds(seconds) {
    if (seconds === null) return this.texts.unknown;
    // On a LAN all the difference is behind the point.
    const value = (seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0);
    return filled(this.texts.milliseconds, { value });
  }

  _percent(ratio) {
    if (ratio === null) return this.texts.unknown;
    return filled(this.texts.percent, { value: (ratio * 100).toFixed(ratio < 0.1 ? 1 : 0) });
  }

  /** Write a text into an element, if it is another one: a layout costs more than a frame. */
  _write(id, value, isWarm = false) {
    const words = String(value);
    if (this._words.get(id) === words + isWarm) return;
    this._words.set(id, words + isWarm);
    this._element(id).textContent = words;
    this._element(id).classList.toggle("warm", isWarm);
  }
}
