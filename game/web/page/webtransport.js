// One WebTransport session as a channel of messages, like the WebSocket of channel.js.
//
// What is to be the latest goes in datagrams. What must arrive goes in the one stream, which the
// server opens. A lost packet of the stream delays no datagram.

import { messageKey } from "./channel.js";
import { DatagramReceiver, DatagramSender } from "./datagrams.js";
import { FrameDecoder, encodeFrame } from "./framing.js";
import { REPORT } from "./protocol.js";
import { APPLICATION, PING, PONG } from "./session.js";

// A browser keeps one datagram that nobody has read by default, and drops the others.
const INCOMING_DATAGRAMS = 256;
// What waits longer is no longer the latest. The next input repeats it.
const OUTGOING_MAX_AGE_MS = 100;
// How long the last messages may take to leave when the channel is closed.
const CLOSE_WITHIN_MS = 1000;
const LANE_STATE = 0, LANE_PING = 1, LANE_EVENT = 2;

/**
 * A channel to `address`: its url, and `readCertificates()`, which returns a promise of the hashes
 * of the certificates to accept. The callbacks are those of the other Channel.
 */
export class WebTransportChannel {
  constructor({ url, readCertificates }, clock, { onOpen, onMessage, onClose }) {
    this.bytesReceived = 0;
    this._clock = clock;
    this._onMessage = onMessage;
    this._waiting = new Map();
    this._sender = new DatagramSender();
    this._receiver = new DatagramReceiver();
    this._isOver = false;
    this._run(url, readCertificates, onOpen).catch(() => {}).finally(() => {
      this._transport?.close();
      if (!this._isOver) onClose();
      this._isOver = true;
    });
  }

  /** The share of the server's datagrams that did not arrive; null before the first. */
  get lossRatio() {
    return this._receiver.lossRatio;
  }

  /** Send a message. One that `isLatest` is replaced by a newer one of its kind while it waits. */
  send(bytes, isLatest) {
    if (this._isOver || !this._stream) return;
    if (!isLatest) this._stream.write(encodeFrame(bytes)).catch(() => {});
    else if (this._datagrams.desiredSize > 0) {
      this._waiting.delete(messageKey(bytes));
      this._datagrams.write(this._sender.encode(bytes, laneOf(bytes))).catch(() => {});
    } else this._waiting.set(messageKey(bytes), bytes);
  }

  /** Send what waits, if there is room now; call it at every tick. */
  flush() {
    const waiting = [...this._waiting.values()];
    this._waiting.clear();
    for (const bytes of waiting) this.send(bytes, true);
  }

  /** End the channel when what was sent has left; nothing is told afterwards. */
  close() {
    if (this._isOver) return;
    this._isOver = true;
    const finish = () => this._transport?.close();
    this._stream?.close().then(finish, finish);
    setTimeout(finish, this._stream ? CLOSE_WITHIN_MS : 0);
  }

  async _run(url, readCertificates, onOpen) {
    const serverCertificateHashes = await readCertificates();
    if (this._isOver) return;
    const transport = new WebTransport(url, {
      serverCertificateHashes, congestionControl: "low-latency",
    });
    this._transport = transport;
    const closed = transport.closed.catch(() => {});
    await transport.ready;
    const { datagrams } = transport;
    datagrams.incomingHighWaterMark = INCOMING_DATAGRAMS;
    datagrams.outgoingMaxAge = OUTGOING_MAX_AGE_MS;
    const { value: stream } = await transport.incomingBidirectionalStreams.getReader().read();
    if (this._isOver || !stream) return;
    this._stream = stream.writable.getWriter();
    this._stream.closed.catch(() => {});
    this._datagrams = (datagrams.writable ?? datagrams.createWritable()).getWriter();
    this._datagrams.closed.catch(() => {});
    onOpen();
    const reading = [this._readStream(stream.readable), this._readDatagrams(datagrams.readable)];
    for (const each of reading) each.catch(() => {});
    await Promise.race([closed, ...reading]);
  }

  async _readStream(readable) {
    const decoder = new FrameDecoder();
    await this._read(readable, (bytes, receivedAt) => {
      for (const message of decoder.feed(bytes)) this._deliver(message, receivedAt);
      return !decoder.isClosed;
    });
  }

  async _readDatagrams(readable) {
    await this._read(readable, (bytes, receivedAt) => {
      const message = this._receiver.receive(bytes);
      if (message !== null) this._deliver(message, receivedAt);
      return true;
    });
  }

  /** Pass each piece to `handle` until it returns false. */
  async _read(readable, handle) {
    const reader = readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      // Stamped before anything is read, as in the other Channel.
      const receivedAt = this._clock();
      if (done) return;
      this.bytesReceived += value.byteLength;
      if (!handle(value, receivedAt)) return;
    }
  }

  _deliver(message, receivedAt) {
    if (!this._isOver) this._onMessage(message, receivedAt);
  }
}

/** Return the lane of a LATEST message: one replaces older ones of its lane only. */
function laneOf([kind, kindOfGame]) {
  if (kind === PING || kind === PONG) return LANE_PING;
  return kind === APPLICATION && kindOfGame === REPORT ? LANE_EVENT : LANE_STATE;
}
