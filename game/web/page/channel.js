// One WebSocket as a channel of messages, with the two deliveries of net/transport.py.

import { APPLICATION } from "./session.js";

const SUBPROTOCOL = "jitterball";
// Some forty inputs. What is newer than that replaces what waits, instead of queueing behind it.
const BACKLOG_LIMIT_BYTES = 4096;

/**
 * A channel to `url`. `onOpen()`, `onMessage(bytes, receivedAt)` and `onClose()` are called once
 * there is something to tell; `onClose` at most once, and last.
 */
export class Channel {
  constructor(url, clock, { onOpen, onMessage, onClose }) {
    this.bytesReceived = 0;
    this._waiting = new Map();
    this._socket = new WebSocket(url, [SUBPROTOCOL]);
    this._socket.binaryType = "arraybuffer";
    this._socket.onopen = onOpen;
    this._socket.onclose = onClose;
    this._socket.onmessage = ({ data }) => {
      // Stamped before anything is read: reading belongs to the age of what was received.
      const receivedAt = clock();
      this.bytesReceived += data.byteLength;
      onMessage(new Uint8Array(data), receivedAt);
    };
  }

  /** Send a message. One that `isLatest` is replaced by a newer one of its kind while it waits. */
  send(bytes, isLatest) {
    if (this._socket.readyState !== WebSocket.OPEN) return;
    if (isLatest && this._socket.bufferedAmount > BACKLOG_LIMIT_BYTES) {
      this._waiting.set(messageKey(bytes), bytes);
    } else {
      this._waiting.delete(messageKey(bytes));
      this._socket.send(bytes);
    }
  }

  /** Send what waits, if there is room now; call it at every tick. */
  flush() {
    if (this._socket.bufferedAmount > BACKLOG_LIMIT_BYTES) return;
    const waiting = [...this._waiting.values()];
    this._waiting.clear();
    for (const bytes of waiting) this.send(bytes, true);
  }

  /** End the channel; nothing is told afterwards. */
  close() {
    const socket = this._socket;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }
}

/** Return what a message is replaced by: a newer one of the same key. */
export function messageKey(bytes) {
  // Messages of the game name their kind in the second byte: a report replaces no input.
  return bytes[0] === APPLICATION ? 256 + bytes[1] : bytes[0];
}
