// The page: from the first screen into a match and back.

import { listenToClicks } from "./buttons.js";
import { Client, LEFT, PLAYING, REFUSED, WEBSOCKET, WEBTRANSPORT } from "./client.js";
import { InputDevices } from "./controls.js";
import { Ghosts } from "./ghosts.js";
import { Hud } from "./hud.js";
import { JoinForm } from "./join_form.js";
import { Lagometer } from "./lagometer.js";
import { keyDeriver } from "./password.js";
import { PitchView } from "./pitch_view.js";
import { ReadyButton } from "./ready_button.js";
import { RoomPanel } from "./room_panel.js";
import { serverText } from "./server_texts.js";
import { REFUSED_PASSWORD } from "./session.js";
import { LANGUAGES, chosenLanguage, filled, transportTitle } from "./texts.js";

const STORED_SLOT = "jitterball slot";
const SERVER_PATH = "api/server";
const ROOMS_PATH = "api/rooms";
// As net/quic/webtransport.py has it, on the port of this page.
const WEBTRANSPORT_PATH = "/jitterball";
// More often than inputs are due, since a browser's timers come late.
const TICK_EVERY_MS = 4;

const clock = () => performance.now() / 1000;
const parameters = new URLSearchParams(location.search);
const $ = (id) => document.getElementById(id);

class Page {
  constructor() {
    this._language = chosenLanguage(parameters.get("lang"), navigator.languages);
    /** The match that the page is in, or null on the first screen. */
    this.client = null;
    /** What /api/server said, or null while it gives no answer. */
    this.server = null;
    this._deriveKey = keyDeriver();
    this._pitch = new PitchView($("pitch"));
    this._lagometer = new Lagometer($("lagometer"));
    this._hud = new Hud(document, this._texts);
    this._devices = new InputDevices(window, $("touch"), $("stick"), $("kick"));
    this._ghosts = new Ghosts($("ghosts"), clock, () => this._hud.toast(this._texts.noGhosts));
    this._form = new JoinForm(document, (choice) => this._join(choice, null));
    this._form.prefill(parameters);
    const askRoom = (action, text) => this.client?.askRoom(action, text);
    this._readyButton = new ReadyButton(document, askRoom);
    this._roomPanel = new RoomPanel(document, askRoom, () => this._hud.isPaused);
    this._listen();
    this._setLanguage(this._language);
  }

  get _texts() {
    return LANGUAGES[this._language];
  }

  /** Learn what the server is, and go back into the match that the page was in. */
  async start() {
    const ticking = setInterval(() => this.client?.tick(clock()), TICK_EVERY_MS);
    window.addEventListener("pagehide", () => clearInterval(ticking), { once: true });
    requestAnimationFrame(() => this._draw());
    const resume = takeStoredSlot();
    await this._askServer();
    if (resume && this.server && !this.server.requires_password) this._join(resume.choice, resume);
    else if (parameters.has("watch")) this._join({ ...this._form.choice, isWatching: true }, null);
    else this._form.open(this.server ? "" : this._texts.noServer);
  }

  async _askServer() {
    try {
      const [server, rooms] = await Promise.all([SERVER_PATH, ROOMS_PATH].map(fetchJson));
      this.server = server;
      this._form.describeServer({ rooms, requiresPassword: server.requires_password });
      this._roomPanel.describeServer(server);
      this._form.describeTransports(whyNoWebTransport(server));
    } catch {
      this.server = null;
    }
  }

  async _join(choice, resume) {
    if (!this.server) await this._askServer();
    if (!this.server) return this._form.open(this._texts.noServer);
    if (this.server.websocket_offset === null) return this._form.open(this._texts.noWebSocket);
    this._choice = choice;
    const settings = {
      ...choice,
      codec: parameters.get("codec") === "json" ? "json" : "msgpack",
      deriveKey: this._deriveKey,
    };
    this.client = new Client({ ...settings, ...this._transports(choice.transport), resume }, clock);
    const { reference_offset: offset } = this.server;
    this._ghosts.begin(offset === null ? null : webSocketUrl(offset), settings);
    this.client.readControls = () => this._devices.state((u, v) => this._pitch.toPitch(u, v));
    document.body.classList.toggle("watching", choice.isWatching);
    this._form.close();
  }

  /** Return the addresses by transport, and the one to begin with. */
  _transports(chosen) {
    const addresses = { [WEBSOCKET]: webSocketUrl(this.server.websocket_offset) };
    if (!whyNoWebTransport(this.server)) {
      const url = new URL(WEBTRANSPORT_PATH, location.origin).href;
      addresses[WEBTRANSPORT] = { url, readCertificates };
    }
    return { addresses, transport: chosen in addresses ? chosen : WEBSOCKET };
  }

  _draw() {
    requestAnimationFrame(() => this._draw());
    const now = clock();
    const client = this.client;
    if (!client) return;
    client.tick(now);
    const { scene, news } = client.frame(now);
    const ghosts = this._ghosts.frame(now, client);
    this._pitch.draw(scene, ghosts, this._texts);
    this._hud.show(now, client, scene, news);
    this._readyButton.show(client.status === PLAYING ? client.scene : null, this._texts);
    // Who watches has no stick; a player may watch, and come back.
    document.body.classList.toggle("watching", client.scene?.ownId === null);
    if (scene) {
      this._lagometer.note(now, client.scene.bufferedS(now));
      this._lagometer.draw(now, client.scene.monitor.columns, client.scene.intervalS, this._marks());
    }
    if (client.status === REFUSED || client.status === LEFT) this._leave(client);
  }

  /** When each transport was moved to, for the lagometer; in a blind test nobody may read it. */
  _marks() {
    const { moves, isBlind } = this.client;
    if (isBlind) return [];
    return moves.slice(1).map(({ at, transport }) => ({ at, words: transportTitle(transport) }));
  }

  _leave(client) {
    this.client = null;
    this._roomPanel.close();
    this._ghosts.end();
    this._pitch.draw(null);
    this._form.open(client.status === REFUSED ? this._why(client.refusal) : "");
    this._askServer();
  }

  _why({ reason, text, isImpostor }) {
    const { texts, choice } = { texts: this._texts, choice: this._choice };
    if (isImpostor) return this.server?.requires_password ? texts.impostor : texts.noPasswordHere;
    if (reason === REFUSED_PASSWORD) return choice.password ? texts.wrongPassword : texts.passwordNeeded;
    if (reason === "wrong-version") return texts.oldPage;
    if (reason === "sent-out") return texts.sentOut;
    return filled(texts.refused, { text: serverText(text, texts.language) });
  }

  _listen() {
    const touches = () => document.body.classList.add("touch");
    if (matchMedia("(pointer: coarse)").matches) touches();
    window.addEventListener("pointerdown", ({ pointerType }) => {
      if (pointerType === "touch") touches();
    });
    $("leave").addEventListener("click", () => this.client?.leave());
    $("full-screen").hidden = !document.fullscreenEnabled;
    $("full-screen").addEventListener("click", toggleFullScreen);
    for (const button of document.querySelectorAll(".transport")) {
      listenToClicks(button, () => this._moveOn());
    }
    $("language").addEventListener("click", () => {
      this._setLanguage(this._language === "en" ? "es" : "en");
    });
    document.addEventListener("visibilitychange", () => this._changeVisibility());
    window.addEventListener("online", () => this.client?.wake(clock()));
    window.addEventListener("pagehide", () => storeSlot(this.client, this._choice));
  }

  _moveOn() {
    const { transport, transports } = this.client;
    this.client.moveTo(transports.find((name) => name !== transport));
  }

  _changeVisibility() {
    if (document.hidden) {
      this._devices.release();
      this.client?.frameTimes.pause();
    } else {
      this.client?.wake(clock());
    }
  }

  _setLanguage(language) {
    this._language = language;
    document.documentElement.lang = language;
    this._hud.texts = this._texts;
    this._form.setTexts(this._texts);
  }

  /** The statistics at this moment, for the server and for tests. */
  stats() {
    return this.client?.stats(clock()) ?? null;
  }
}

/** The address of the game: a relay before it stands before this page too. */
function webSocketUrl(offset) {
  const isEncrypted = location.protocol === "https:";
  const port = Number(location.port) || (isEncrypted ? 443 : 80);
  return `${isEncrypted ? "wss" : "ws"}://${location.hostname}:${port + offset}/`;
}

/** Return the name of the text that says why there is no WebTransport; empty where there is. */
function whyNoWebTransport({ is_encrypted: isEncrypted, webtransport_certificates: certificates }) {
  if (!isEncrypted) return "onlyTls";
  if (!certificates) return "onlyServer";
  return "WebTransport" in window ? "" : "onlyBrowser";
}

/** Return the hashes of the certificates that the server may show at this moment. */
async function readCertificates() {
  const { webtransport_certificates: certificates } = await fetchJson(SERVER_PATH);
  return certificates.split(" ").map((digits) => ({
    algorithm: "sha-256",
    value: Uint8Array.from(digits.match(/../g), (byte) => parseInt(byte, 16)),
  }));
}

async function fetchJson(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

/** Keep the slot for this page loaded again; no other page may find it. */
function storeSlot(client, choice) {
  const slot = client?.resumable();
  if (!slot) return;
  const { name, room, isWatching } = choice;
  const { transport } = client;
  const kept = { ...slot, choice: { name, room, isWatching, transport, password: "" } };
  try {
    sessionStorage.setItem(STORED_SLOT, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing: the page joins afresh.
  }
}

function takeStoredSlot() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED_SLOT));
    // A page that is duplicated takes the storage along, and two must not fight for one slot.
    sessionStorage.removeItem(STORED_SLOT);
    return kept;
  } catch {
    return null;
  }
}

window.jitterball = new Page();
window.jitterball.start();
