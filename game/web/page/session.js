// The client's end of a session: hello, proof, pings, events and what the game says.
//
// Layouts: net/session/messages.py; the order of the handshake: net/session/session.py. This
// module opens no socket and reads no clock.

import { CODECS, DecodeError } from "./codec.js";
import {
  clientPasswordProof, equalBytes, serverPasswordProof, tokenProof, transcriptHash,
} from "./crypto.js";

const PROTOCOL_VERSION = 3;
const UTF8_ENCODER = new TextEncoder();
const UTF8_DECODER = new TextDecoder();
const NONCE_BYTES = 32;
const PING_INTERVAL_S = 0.1;
// A stamp that we cannot have sent within this is a peer's error.
export const PEER_TIMEOUT_S = 10;

/** Kinds of messages that a channel tells apart. */
export const PING = 4, PONG = 5, APPLICATION = 8;
const HELLO = 1, WELCOME = 2, REFUSE = 3, BYE = 6, EVENT = 7, CHALLENGE = 9, PROOF = 10;

const NO_PROOF = new Uint8Array(0);
const PING_BYTES = 9, PONG_BYTES = 25, EVENT_HEADER_BYTES = 5;

/** Reasons of a refusal that the page reacts to. */
export const REFUSED_PASSWORD = "password";
export const REFUSED_FOR_NOW = ["slow-down", "too-many"];

/**
 * One session over one channel.
 *
 * `send(bytes, isLatest)` sends a message, `clock()` returns seconds. `hello` has codec, payload,
 * slotId and lastEvent. `credentials` has password, token and `deriveKey(password, salt)`, which
 * returns a promise of the password's key.
 */
export class ClientSession {
  constructor(send, clock, clockFilter, hello, credentials) {
    this.clockFilter = clockFilter;
    this.lastHeardAt = clock();
    this._send = send;
    this._clock = clock;
    this._credentials = credentials;
    this._nextPingAt = clock();
    this._isChallenged = this._isAnswered = false;
    // What the welcome must carry to show that the server knows the password.
    this._expectedProof = NO_PROOF;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    this._codec = CODECS[hello.codec];
    const fields = [hello.payload, this._codec.bytes(nonce), hello.slotId, hello.lastEvent];
    this._hello = prefixed([HELLO, PROTOCOL_VERSION], this._codec.encode(fields));
    send(this._hello, false);
  }

  /**
   * Read a message. Returns null where the session answers by itself, else an object whose `kind`
   * is "welcome", "refused", "close", "event", "application" or "pong". Throws DecodeError.
   */
  messageReceived(bytes, receivedAt) {
    this.lastHeardAt = receivedAt;
    switch (bytes[0]) {
      case APPLICATION: return { kind: "application", body: bytes.subarray(1) };
      case PING: return this._answerPing(bytes, receivedAt);
      case PONG: return this._takePong(bytes, receivedAt);
      case EVENT: return readEvent(bytes);
      case BYE: return { kind: "close", text: readText(bytes) };
      case CHALLENGE: return this._takeChallenge(bytes);
      case WELCOME: return this._takeWelcome(bytes);
      case REFUSE: return this._takeRefusal(bytes);
      default: throw new DecodeError(`a message of kind ${bytes[0]} is not expected here`);
    }
  }

  /** Send the game's bytes; what is `isLatest` may be replaced by a newer one. */
  sendApplication(body, isLatest) {
    this._send(prefixed([APPLICATION], body), isLatest);
  }

  /** Tell the server that we leave; the channel is the caller's to close. */
  sendClose(text) {
    this._send(prefixed([BYE], UTF8_ENCODER.encode(text)), false);
  }

  /** Send a ping if the last one was a ping interval ago. */
  sendPingIfDue(now) {
    if (now < this._nextPingAt) return;
    // After a pause one ping is due, not all that were missed.
    this._nextPingAt = Math.max(this._nextPingAt, now - PING_INTERVAL_S) + PING_INTERVAL_S;
    const view = new DataView(new ArrayBuffer(PING_BYTES));
    view.setUint8(0, PING);
    view.setFloat64(1, now);
    this._send(new Uint8Array(view.buffer), true);
  }

  /** Return for how many seconds nothing was heard. */
  silenceS(now) {
    return Math.max(0, now - this.lastHeardAt);
  }

  _answerPing(bytes, receivedAt) {
    if (bytes.length !== PING_BYTES) throw new DecodeError(`a ping of ${bytes.length} bytes`);
    const view = new DataView(new ArrayBuffer(PONG_BYTES));
    view.setUint8(0, PONG);
    view.setFloat64(1, viewOf(bytes).getFloat64(1));
    view.setFloat64(9, receivedAt);
    view.setFloat64(17, this._clock());
    this._send(new Uint8Array(view.buffer), true);
    return null;
  }

  _takePong(bytes, receivedAt) {
    if (bytes.length !== PONG_BYTES) throw new DecodeError(`a pong of ${bytes.length} bytes`);
    const [t1, t2, t3] = [1, 9, 17].map((at) => viewOf(bytes).getFloat64(at));
    if (!(receivedAt - PEER_TIMEOUT_S <= t1 && t1 <= receivedAt && t2 <= t3)) return null;
    return { kind: "pong", sample: this.clockFilter.add(t1, t2, t3, receivedAt) };
  }

  _takeChallenge(bytes) {
    if (this._isChallenged || this._isAnswered) throw new DecodeError("a second challenge");
    this._isChallenged = true;
    const [, salt, requiresPassword] = this._readArray(bytes, 4);
    this._prove(bytes, this._codec.readBytes(salt), requiresPassword);
    return null;
  }

  async _prove(challenge, salt, requiresPassword) {
    const { password, token, deriveKey } = this._credentials;
    const transcript = transcriptHash(this._hello, challenge);
    let passwordProof = NO_PROOF;
    if (requiresPassword && password) {
      const key = await deriveKey(password, salt);
      passwordProof = clientPasswordProof(key, transcript);
      this._expectedProof = serverPasswordProof(key, transcript);
    }
    const ownToken = token ? tokenProof(token, transcript) : NO_PROOF;
    const fields = [passwordProof, ownToken].map(this._codec.bytes);
    this._send(prefixed([PROOF], this._codec.encode(fields)), false);
  }

  _takeWelcome(bytes) {
    this._noteAnswer();
    const [token, isResumed, lastEvent, payload, slotId, proof] = this._readArray(bytes, 6);
    // Who gave a password stays with no server that cannot prove to know it.
    const isProved = this._expectedProof !== NO_PROOF
      && equalBytes(this._expectedProof, this._codec.readBytes(proof));
    if (this._credentials.password && !isProved) {
      this.sendClose("left");
      return { kind: "refused", reason: REFUSED_PASSWORD, text: "", isImpostor: true };
    }
    return { kind: "welcome", token, isResumed, lastEvent, payload, slotId };
  }

  _takeRefusal(bytes) {
    this._noteAnswer();
    const [reason, ...rest] = readText(bytes).split(": ");
    const text = rest.join(": ");
    return { kind: "refused", reason, text, isImpostor: false };
  }

  _readArray(bytes, length) {
    const fields = this._codec.decode(bytes.subarray(1));
    // A later version may say more behind what we know.
    if (!Array.isArray(fields) || fields.length < length) {
      throw new DecodeError(`kind ${bytes[0]} carries no array of ${length} items`);
    }
    return fields;
  }

  _noteAnswer() {
    if (this._isAnswered) throw new DecodeError("a second answer to a hello");
    this._isAnswered = true;
  }
}

function prefixed(header, body) {
  const bytes = new Uint8Array(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  return bytes;
}

function readText(bytes) {
  return UTF8_DECODER.decode(bytes.subarray(1));
}

function readEvent(bytes) {
  if (bytes.length < EVENT_HEADER_BYTES) throw new DecodeError("an event without a number");
  return {
    kind: "event",
    number: viewOf(bytes).getUint32(1),
    body: bytes.subarray(EVENT_HEADER_BYTES),
  };
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Lets each numbered event through once, over all channels of one slot. */
export class EventReceiver {
  constructor() {
    this.lastNumber = 0;
  }

  /** Say whether an event is new. One without a number (0) always is. */
  accept(number) {
    if (number === 0) return true;
    if (number <= this.lastNumber) return false;
    this.lastNumber = number;
    return true;
  }

  /** Start from a state that contains the events up to `number`. */
  reset(number) {
    this.lastNumber = number;
  }
}
