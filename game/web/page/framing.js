// Messages in the stream of a WebTransport session, as in net/stream/framing.py.

import { DecodeError } from "./codec.js";

const HEADER_BYTES = 4;
const CLOSE_LENGTH = 0xffffffff;
// As net/transport.py has it: no message is longer.
const MESSAGE_LIMIT_BYTES = 65536;

/** Return the frame of a message: its length, and the message. */
export function encodeFrame(message) {
  const frame = new Uint8Array(HEADER_BYTES + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/** Finds the messages in a stream, however it was split. */
export class FrameDecoder {
  constructor() {
    /** The server's close frame has arrived; nothing follows it. */
    this.isClosed = false;
    this._rest = new Uint8Array(0);
  }

  /** Return the messages that the next bytes complete. Throws DecodeError for one over the limit. */
  feed(bytes) {
    const data = new Uint8Array(this._rest.length + bytes.length);
    data.set(this._rest);
    data.set(bytes, this._rest.length);
    const view = new DataView(data.buffer);
    const messages = [];
    let start = 0;
    while (!this.isClosed && data.length - start >= HEADER_BYTES) {
      const length = view.getUint32(start);
      if (length === CLOSE_LENGTH) this.isClosed = true;
      else if (length > MESSAGE_LIMIT_BYTES) throw new DecodeError(`a frame of ${length} bytes`);
      const end = start + HEADER_BYTES + length;
      if (this.isClosed || end > data.length) break;
      messages.push(data.subarray(start + HEADER_BYTES, end));
      start = end;
    }
    this._rest = data.subarray(start);
    return messages;
  }
}
