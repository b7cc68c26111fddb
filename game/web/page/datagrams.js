// LATEST messages in datagrams: numbers, lanes and fragments, as in net/quic/latest.py.
//
// Each datagram has one byte of kind and a number of 16 bits. Nothing here opens a connection.

const HEADER_BYTES = 3;
const FRAGMENT_HEADER_BYTES = 2;
const LATEST = 0x10, FRAGMENT = 0x20;
const LANES = 3;
const NUMBERS = 0x10000;
// A datagram that is so many behind the newest comes too late for every lane.
const REMEMBERED = 1024;

/** Numbers the datagrams of this end, from 1. */
export class DatagramSender {
  constructor() {
    this._next = 1;
  }

  /** Return the datagram of a message in a lane. */
  encode(message, lane) {
    const datagram = new Uint8Array(HEADER_BYTES + message.length);
    const view = new DataView(datagram.buffer);
    view.setUint8(0, LATEST + lane);
    view.setUint16(1, this._next++ % NUMBERS);
    datagram.set(message, HEADER_BYTES);
    return datagram;
  }
}

/** Passes the newest message of each lane, and counts what did not arrive. */
export class DatagramReceiver {
  constructor() {
    /** Datagrams that came after a newer one of their lane. */
    this.stale = 0;
    this._newest = 0;
    this._distinct = 0;
    this._seen = new Set();
    this._newestOfLane = new Array(LANES).fill(0);
    this._unfinished = new Array(LANES).fill(null);
  }

  /** The server's datagrams that have not arrived; one that arrives late is subtracted. */
  get lost() {
    return this._newest - this._distinct;
  }

  /** The lost ones as a share of those sent; null before the first. */
  get lossRatio() {
    return this._newest ? this.lost / this._newest : null;
  }

  /** Return the message that a datagram completes, or null. */
  receive(datagram) {
    if (datagram.length < HEADER_BYTES) return null;
    const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
    const number = this._unwrap(view.getUint16(1));
    if (number <= 0 || number <= this._newest - REMEMBERED) {
      this.stale++;
      return null;
    }
    if (this._seen.has(number)) return null;
    const kind = view.getUint8(0);
    const body = datagram.subarray(HEADER_BYTES);
    if (kind >= LATEST && kind < LATEST + LANES) {
      this._note(number);
      return this._pass(kind - LATEST, number, body);
    }
    if (kind >= FRAGMENT && kind < FRAGMENT + LANES && body.length >= FRAGMENT_HEADER_BYTES) {
      this._note(number);
      return this._addFragment(kind - FRAGMENT, number, body);
    }
    return null;
  }

  /** Return the number whose last 16 bits these are, and that is nearest to the newest. */
  _unwrap(wrapped) {
    const ahead = (wrapped - this._newest) & (NUMBERS - 1);
    return this._newest + (ahead < NUMBERS / 2 ? ahead : ahead - NUMBERS);
  }

  _note(number) {
    this._distinct++;
    this._seen.add(number);
    if (number <= this._newest) return;
    for (let old = this._newest - REMEMBERED; old <= number - REMEMBERED; old++) this._seen.delete(old);
    this._newest = number;
  }

  _pass(lane, number, message) {
    if (number <= this._newestOfLane[lane]) {
      this.stale++;
      return null;
    }
    this._newestOfLane[lane] = number;
    return message;
  }

  _addFragment(lane, number, body) {
    const [index, count] = body;
    const first = number - index;
    let parts = this._unfinished[lane];
    if (index >= count) return null;
    // The fragments of an older message would be stale when complete.
    if (parts === null || first > parts.first) {
      parts = this._unfinished[lane] = { first, bodies: new Array(count).fill(null) };
    }
    if (first < parts.first || first <= this._newestOfLane[lane]) {
      this.stale++;
      return null;
    }
    if (count !== parts.bodies.length) return null;
    parts.bodies[index] = body.subarray(FRAGMENT_HEADER_BYTES);
    return parts.bodies.includes(null) ? null : this._pass(lane, first, joined(parts.bodies));
  }
}

function joined(parts) {
  const message = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}
