// A bot over UDP in JavaScript: `node udp.mjs HOST PORT ROOM NAME`.
//
// It teaches datagrams as a state machine: what the server has not answered is sent again every
// 0.3 s. It leaves out messages in several parts, events, pings and encryption.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { decide } from "./football.mjs";

const [host = "127.0.0.1", port = "7777", room = "main", name = "node"] = process.argv.slice(2);
const HELLO = Buffer.concat([Buffer.from("\x01JITR\x01"), randomBytes(8)], 1200);
const socket = createSocket("udp4");
const arrived = new Set();
let id = null, sent = 0, newest = 0, newestSnapshot = 0, me = null, inputs = 0;
// What is sent until something new arrives.
let pending = () => socket.send(HELLO);

/** Send a numbered datagram that acknowledges what has arrived. */
function send(kind, ...parts) {
  const header = Buffer.alloc(17);
  header[0] = 0x40 + kind;
  id.copy(header, 1);
  header.writeUInt16BE(++sent & 0xffff, 9);
  header.writeUInt16BE(newest & 0xffff, 11);
  for (let n = 0; n < 32; n++) if (arrived.has(newest - 1 - n)) header[16 - (n >> 3)] |= 1 << n % 8;
  socket.send(Buffer.concat([header, ...parts.map((part) => Buffer.from(part))]));
}

function sendReliable(segment, text) {
  const message = Buffer.from(text);
  send(0x02, [0, segment, message.length >> 8, message.length & 0xff], message);
}

function end(text) {
  console.error(`${name}: ${text}`);
  process.exit(1);
}

function receive(message, number) {
  const [type, kind] = message;
  if (type === 3 || type === 6) end(message.subarray(1).toString());
  if (type === 2) me = JSON.parse(message.subarray(1))[3][0];
  if (type !== 8 || kind !== 2 || me === null || number < newestSnapshot) return;
  newestSnapshot = number;
  inputs += 1;
  const code = decide(JSON.parse(message.subarray(8)), me, inputs);
  send(0x10, [8, 1], JSON.stringify([inputs, code]));
}

socket.on("message", (datagram) => {
  const kind = datagram[0];
  if (kind === 0x05 || kind === 0x81) end("the server has ended the connection");
  if (kind === 0x02 && id === null) {
    id = datagram.subarray(9, 17);
    pending = () => socket.send(Buffer.concat([Buffer.from([3]), datagram.subarray(1)]));
  } else if (kind === 0x04 && sent === 0) {
    pending = () => sendReliable(0, `\x01\x03${JSON.stringify([[name, room]])}`);
  } else if (kind >= 0x80 && datagram.length >= 17) {
    // Of a number 16 bits are sent. It is the one nearest to the newest that arrived.
    const ahead = (datagram.readUInt16BE(9) - newest + 0x8000) & 0xffff;
    const number = newest + ahead - 0x8000;
    if (arrived.has(number)) return;
    arrived.add(number).delete(number - 128);
    newest = Math.max(newest, number);
    if (kind === 0x90) receive(datagram.subarray(17), number);
    for (let at = 17, next; kind === 0x82 && at < datagram.length; at = next) {
      pending = () => {};
      next = at + 4 + (datagram.readUInt16BE(at + 2) & 0x7fff);
      receive(datagram.subarray(at + 4, next), number);
    }
  }
});
socket.on("error", (error) => end(error.message));
socket.connect(Number(port), host, () => pending());
setInterval(() => pending(), 300);
process.on("SIGINT", () => {
  if (sent) sendReliable(1, "\x06left");
  setTimeout(() => process.exit(0), 50);
});
