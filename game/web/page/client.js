// A player of one match: joins, sends inputs, reads snapshots, and comes back after every loss.
//
// As game/client/client.py. `tick` and `frame` are called by the page; all times are seconds of
// the page's clock.

import { Channel } from "./channel.js";
import { ClockFilter } from "./clock.js";
import { CODECS } from "./codec.js";
import { TICK_S } from "./physics.js";
import {
  BLIND_VOTING, CHAT, InputSender, NEUTRAL, WATCH, joinRequest, readEvent, readJoinResponse,
  readSnapshot, reportBody, roomRequest, voteBody,
} from "./protocol.js";
import { SceneBuilder } from "./scene.js";
import { ClientSession, EventReceiver, PEER_TIMEOUT_S, REFUSED_FOR_NOW } from "./session.js";
import { FrameTimes, clientStats } from "./stats.js";
import { WebTransportChannel } from "./webtransport.js";

// Longer than a handshake over a satellite takes with a packet lost.
const ANSWER_WITHIN_S = 5;
// Quick at first, for a server that is being restarted; never so slow that a player gives up.
const BACK_OFF_S = [0.1, 0.25, 0.5, 1, 2];
// A page that was held up sends no more inputs than this afterwards: the server would only drop
// them.
const LATE_TICKS_LIMIT = 8;
// What a page calls itself in a report.
const DEVICE = "page";

export const WEBSOCKET = "websocket", WEBTRANSPORT = "webtransport";
const CHANNELS = { [WEBSOCKET]: Channel, [WEBTRANSPORT]: WebTransportChannel };

export const CONNECTING = "connecting", PLAYING = "playing", LOST = "lost";
export const REFUSED = "refused", LEFT = "left";

/**
 * `settings` has transport, addresses (by transport), codec, name, room, isWatching, password, deriveKey and `resume`: what
 * `resumable()` returned before the page was loaded again, or null. `clock` returns seconds.
 */
export class Client {
  constructor(settings, clock) {
    /** The transport in use, or the one that is tried. */
    this.transport = settings.transport;
    this.addresses = settings.addresses;
    /** Each transport that was welcomed, and since when; the first is the one of the join. */
    this.moves = [];
    this.status = CONNECTING;
    /** What the server said when it refused or left. */
    this.statusText = "";
    this.refusal = null;
    this.scene = null;
    /** Asked once for each input that is sent. */
    this.readControls = () => NEUTRAL;
    this.frameTimes = new FrameTimes();
    this._forgetClass();
    this._settings = settings;
    this._codec = CODECS[settings.codec];
    this._clock = clock;
    this._news = [];
    this._inputs = new InputSender();
    this._events = new EventReceiver();
    this._slotId = settings.resume?.slotId ?? "";
    this._token = settings.resume?.token ?? "";
    this._inputs.newest = settings.resume?.newestInput ?? 0;
    // What was shown before is no news: a goal, or a teacher's request to move.
    this._events.reset(settings.resume?.lastEvent ?? 0);
    this._failures = 0;
    this._retryAt = null;
    this._nextInputAt = clock();
    /** The channel and session that are played over, and those to move to once it is welcomed. */
    this._current = this._open(this.transport);
    this._next = null;
    this._movesBack = false;
  }

  /** The names of the transports to choose from. */
  get transports() {
    return Object.keys(this.addresses);
  }

  get _session() {
    return this._current.session;
  }

  /** Move to another transport and keep the slot; play goes on over this one until then. */
  moveTo(transport) {
    if (!this.transports.includes(transport)) return;
    this._next?.channel.close();
    this._next = null;
    if (this.status !== PLAYING) this.transport = transport;
    else if (transport !== this.transport) this._next = this._open(transport);
  }

  /** The share of the server's datagrams that were lost on the wire; null over a stream. */
  get wireLossRatio() {
    return this._current.channel.lossRatio ?? null;
  }

  /** True while players guess their transport, so that nothing may tell them. */
  get isBlind() {
    return this.blindChoices.length > 0;
  }

  /** Tell the server, in a blind test, which transport the player takes for this one. */
  vote(transport) {
    this._vote = transport;
    this._session?.sendApplication(voteBody(transport, this._codec), false);
  }

  /** What a page that is loaded again needs in order to come back to the same slot. */
  resumable() {
    if (!this._slotId || this.status === LEFT || this.status === REFUSED) return null;
    return {
      slotId: this._slotId,
      token: this._token,
      newestInput: this._inputs.newest,
      lastEvent: this._events.lastNumber,
    };
  }

  /** Send what is due at `now`, and look after the connection; call it at least 60 times a second. */
  tick(now) {
    if (this._retryAt !== null && now >= this._retryAt) {
      this._retryAt = null;
      this._current = this._open(this.transport);
    }
    this._giveUpSilence(now);
    if (this.status !== PLAYING) return;
    this._session.sendPingIfDue(now);
    this._current.channel.flush();
    this._sendInputs(now);
    this._sendReport(now);
  }

  /** Return the scene at `now` and what happened since the last frame. */
  frame(now) {
    this.frameTimes.addFrame(now);
    const news = this._news;
    this._news = [];
    return { scene: this.scene?.frame(now) ?? null, news };
  }

  /** Return the statistics of the connection; null before the first welcome. */
  stats(now) {
    if (!this.scene) return null;
    const { clock, monitor, visualError } = this.scene;
    const { frameTimes } = this;
    return clientStats(now, { rttS: clock.rttS, monitor, visualError, frameTimes });
  }

  /** Return for how many seconds nothing was heard; 0 without a session. */
  silenceS(now) {
    return this._session?.silenceS(now) ?? 0;
  }

  /** Look at once whether the server is still there: the network or the page came back. */
  wake(now) {
    if (this.status === PLAYING && this.silenceS(now) > 1) this._lose(this._current, "");
    if (this._retryAt !== null) this._retryAt = now;
  }

  /** Ask the room for another side, to watch, or to show a line of chat. */
  askRoom(action, text) {
    if (this.status !== PLAYING) return;
    this._session.sendApplication(roomRequest(action, text, this._codec), false);
    // Whoever joins afresh after a loss comes back like this.
    if (action === WATCH) this._settings.isWatching = true;
    else if (action < WATCH) Object.assign(this._settings, { isWatching: false, team: action });
  }

  /** Leave the match for good. */
  leave() {
    this._session?.sendClose("left");
    this._end(LEFT, "");
  }

  /** Open a channel, and a session on it as soon as there is one. */
  _open(transport) {
    const link = { transport, session: null, since: this._clock(), wasWelcomed: false };
    link.channel = new CHANNELS[transport](this.addresses[transport], this._clock, {
      onOpen: () => { link.session = this._newSession(link.channel); },
      onMessage: (bytes, receivedAt) => this._read(link, bytes, receivedAt),
      onClose: () => this._lose(link, ""),
    });
    return link;
  }

  _newSession(channel) {
    const { password, deriveKey } = this._settings;
    const hello = {
      codec: this._codec.name,
      payload: joinRequest(this._settings),
      slotId: this._slotId,
      lastEvent: this._events.lastNumber,
    };
    const credentials = { password, token: this._token, deriveKey };
    const send = (bytes, isLatest) => channel.send(bytes, isLatest);
    const clockFilter = this.scene?.clock ?? new ClockFilter();
    return new ClientSession(send, this._clock, clockFilter, hello, credentials);
  }

  _read(link, bytes, receivedAt) {
    if (link !== this._current && link !== this._next) return;
    try {
      const heard = link.session.messageReceived(bytes, receivedAt);
      if (heard) this._handle(link, heard, receivedAt);
    } catch (error) {
      // Whatever it was, no honest server sends it: another channel may fare better.
      console.warn("the server sent what no server sends:", error);
      this._lose(link, "");
    }
  }

  _handle(link, heard, receivedAt) {
    if (heard.kind === "close") this._lose(link, heard.text);
    else if (link === this._current || heard.kind === "welcome") {
      if (link === this._next) this._takeNext();
      this[`_on_${heard.kind}`](heard, receivedAt);
    } else if (heard.kind === "refused") this._lose(link, heard.text);
  }

  /** Play over the next channel from now on. */
  _takeNext() {
    this._current.channel.close();
    this._current = this._next;
    this._next = null;
  }

  _on_welcome(welcome, now) {
    const joined = readJoinResponse(welcome.payload);
    if (this.scene === null || !welcome.isResumed) {
      // A server that has forgotten us may be another one, with another clock.
      this._session.clockFilter = new ClockFilter();
      this.scene = new SceneBuilder(joined, this._session.clockFilter, now);
      this._forgetClass();
      if (!welcome.isResumed) this._inputs = new InputSender();
    } else {
      this.scene.setRoster(joined.roster);
    }
    this._noteMove(now);
    this._slotId = welcome.slotId;
    // A server says it once.
    this._token = welcome.token || this._token;
    if (!welcome.isResumed || welcome.lastEvent > this._events.lastNumber) {
      this._events.reset(welcome.lastEvent);
    }
    this._failures = 0;
    this._nextInputAt = now;
    this.status = PLAYING;
    this._session.sendPingIfDue(now);
    if (this._movesBack) this.moveTo(WEBTRANSPORT);
    this._movesBack = false;
  }

  /** Begin the figures of a transport when the first channel over it is welcomed. */
  _noteMove(now) {
    const { transport } = this._current;
    this._current.wasWelcomed = true;
    this.transport = transport;
    if (this.moves.at(-1)?.transport === transport) return;
    if (this.moves.length) this._resetStats(now);
    this.moves.push({ at: now, transport });
  }

  _on_application({ body }, receivedAt) {
    if (this.status !== PLAYING) return;
    const snapshot = readSnapshot(body, this._codec);
    this.scene.add(snapshot, receivedAt);
    this._inputs.confirm(snapshot.own.lastInput);
  }

  _on_event({ number, body }) {
    if (this.status !== PLAYING || !this._events.accept(number)) return;
    const event = readEvent(body, this._codec);
    if (event?.kind === "roster") this.scene.setRoster(event.entries);
    else if (event?.kind === "limits") this._setLimits(event);
    else if (event?.kind === "ready") this.scene.readyPlayers = event;
    else if (event && !this._takeClassEvent(event)) this._news.push(event);
  }

  _setLimits(event) {
    this.scene.setHalf(event.halfS);
    this._news.push(event);
  }

  _forgetClass() {
    /** The link that the server emulates, as `{ settings, seed }`; null without one. */
    this.link = null;
    /** The transports to choose from while a blind test is on; empty without one. */
    this.blindChoices = [];
    this._vote = "";
    this._reportEveryS = null;
    this._reportAt = 0;
  }

  /** Take what a server says of a class; return whether it was that. */
  _takeClassEvent(event) {
    const now = this._clock();
    if (event.kind === "reports") {
      this._reportEveryS = event.intervalS;
      this._reportAt = now + event.intervalS;
    } else if (event.kind === "link") {
      const isOther = this.link?.settings !== event.settings;
      this.link = { settings: event.settings, seed: event.seed };
      if (isOther) this._resetStats(now);
    } else if (event.kind === "blind") {
      this.blindChoices = event.stage === BLIND_VOTING ? event.choices : [];
      if (!this.isBlind) this._vote = "";
      // The server asks again after a loss or a switch, in which the vote may have been lost.
      else if (this._vote) this.vote(this._vote);
    } else if (event.kind === "move") {
      this.moveTo(event.transport);
    }
    return ["reports", "link", "blind", "move"].includes(event.kind);
  }

  _resetStats(now) {
    this.scene.resetStats(now);
    this.frameTimes = new FrameTimes();
  }

  _sendReport(now) {
    if (this._reportEveryS === null || now < this._reportAt) return;
    // After a pause one report is due, not all that were missed.
    this._reportAt = Math.max(this._reportAt + this._reportEveryS, now);
    const body = reportBody(this.stats(now), DEVICE, this.transports, this._codec);
    this._session.sendApplication(body, true);
  }

  _on_pong() {
    // The session's clock filter has taken it.
  }

  _on_refused(refusal) {
    // What a server says of an address, and not of us, it may say otherwise in a moment.
    if (this._slotId && REFUSED_FOR_NOW.includes(refusal.reason)) {
      this._lose(this._current, refusal.text);
      return;
    }
    this.refusal = refusal;
    this._end(REFUSED, refusal.text);
  }

  _giveUpSilence(now) {
    if (this._next && now - this._next.since >= ANSWER_WITHIN_S) this._lose(this._next, "");
    if (this._retryAt !== null || this.status === REFUSED || this.status === LEFT) return;
    const limitS = this.status === PLAYING ? PEER_TIMEOUT_S : ANSWER_WITHIN_S;
    const silentS = this._session?.silenceS(now) ?? now - this._current.since;
    if (silentS >= limitS) this._lose(this._current, "");
  }

  _sendInputs(now) {
    const { scene } = this;
    if (scene.ownId === null) return;
    if (now - this._nextInputAt > LATE_TICKS_LIMIT * TICK_S) this._nextInputAt = now;
    while (this._nextInputAt <= now) {
      this._nextInputAt += TICK_S;
      const controls = this.readControls();
      const body = this._inputs.push(controls, this._codec);
      scene.predict(this._inputs.newest, controls, now);
      this._session.sendApplication(body, true);
    }
  }

  _lose(link, text) {
    link.channel.close();
    if (link === this._next) {
      this._next = null;
      this._news.push({ kind: "notMoved", transport: link.transport });
      return;
    }
    if (link !== this._current) return;
    link.session = null;
    this.status = this._slotId ? LOST : CONNECTING;
    this.statusText = text;
    if (this._next) {
      // The server ends the old channel when it welcomes us on the new one, which may tell later.
      this._takeNext();
      return;
    }
    if (link.transport === WEBTRANSPORT && !link.wasWelcomed) {
      // Networks that let no UDP through are common, and the page came over TCP. A server that is
      // being restarted looks the same, so who was welcomed over it before moves back later.
      this.transport = WEBSOCKET;
      this._movesBack = this.moves.some(({ transport }) => transport === WEBTRANSPORT);
      if (!this._movesBack) this._news.push({ kind: "notMoved", transport: WEBTRANSPORT });
    }
    this._retryAt = this._clock() + BACK_OFF_S[Math.min(this._failures, BACK_OFF_S.length - 1)];
    this._failures++;
  }

  _end(status, text) {
    this._current.channel.close();
    this._current.session = null;
    this._next?.channel.close();
    this._next = null;
    this._retryAt = null;
    this.status = status;
    this.statusText = text;
  }
}
