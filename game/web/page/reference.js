// The server's own state of the match, over a WebSocket that passes no emulated link.
//
// The server's end: game/server/reference_connections.py. `tick` is called by the page; all times are seconds
// of the page's clock.

import { Channel } from "./channel.js";
import { ClockFilter } from "./clock.js";
import { CODECS } from "./codec.js";
import { joinRequest, readSnapshot } from "./protocol.js";
import { ClientSession } from "./session.js";

// Snapshots come thirty times a second: a silence of this length is a broken connection.
const SILENCE_S = 3;
const RETRY_S = 1;

/** Reads the snapshots of `room`; `settings` are those of the client, and have name and codec too. */
export class Reference {
  constructor(url, room, settings, clock) {
    this.room = room;
    /** The newest snapshot; null without a connection. */
    this.newest = null;
    /** How often there was no answer since the last snapshot. */
    this.failures = 0;
    this._url = url;
    this._settings = settings;
    this._clock = clock;
    this._retryAt = null;
    this._open();
  }

  /** Look after the connection; call it a few times a second. */
  tick(now) {
    if (this._retryAt === null) {
      if (now - this._heardAt > SILENCE_S) this._lose();
    } else if (now >= this._retryAt) this._open();
  }

  /** End the connection. */
  close() {
    this._channel.close();
    this.newest = null;
  }

  _open() {
    this._retryAt = null;
    this._heardAt = this._clock();
    this._session = null;
    this._channel = new Channel(this._url, this._clock, {
      onOpen: () => { this._session = this._newSession(); },
      onMessage: (bytes, receivedAt) => this._read(bytes, receivedAt),
      onClose: () => this._lose(),
    });
  }

  _newSession() {
    const { name, codec, password, deriveKey } = this._settings;
    const payload = joinRequest({ name, room: this.room, isWatching: true });
    const hello = { codec, payload, slotId: "", lastEvent: 0 };
    const send = (bytes, isLatest) => this._channel.send(bytes, isLatest);
    const credentials = { password, token: "", deriveKey };
    return new ClientSession(send, this._clock, new ClockFilter(), hello, credentials);
  }

  _read(bytes, receivedAt) {
    this._heardAt = receivedAt;
    try {
      const heard = this._session.messageReceived(bytes, receivedAt);
      if (heard?.kind === "application") this._take(heard.body);
      else if (heard?.kind === "refused" || heard?.kind === "close") this._lose();
    } catch (error) {
      console.warn("the server sent what no server sends:", error);
      this._lose();
    }
  }

  _take(body) {
    this.newest = readSnapshot(body, CODECS[this._settings.codec]);
    this.failures = 0;
  }

  _lose() {
    this.close();
    this.failures++;
    this._retryAt = this._clock() + RETRY_S;
  }
}
