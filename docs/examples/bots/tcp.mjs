// A bot over TCP in JavaScript: `node tcp.mjs HOST PORT ROOM NAME`.
//
// It teaches how events take the place of a loop that waits: a chunk of the stream arrives, and
// every complete frame is cut from what has been collected. It leaves out events and pings.

import { connect } from "node:net";
import { decide } from "./football.mjs";

const [host = "127.0.0.1", port = "7777", room = "main", name = "node"] = process.argv.slice(2);
const socket = connect({ host, port: Number(port), noDelay: true });
let collected = Buffer.alloc(0);
let me = null, inputs = 0;

function send(type, text) {
  const message = Buffer.concat([Buffer.from(type), Buffer.from(text)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  socket.write(Buffer.concat([length, message]));
}

function end(text) {
  console.error(`${name}: ${text}`);
  process.exit(1);
}

function receive(message) {
  const type = message[0];
  if (type === 3 || type === 6) end(message.subarray(1).toString());
  if (type === 2) me = JSON.parse(message.subarray(1))[3][0];
  if (type === 8 && message[1] === 2) {
    inputs += 1;
    const code = decide(JSON.parse(message.subarray(8)), me, inputs);
    send([8, 1], JSON.stringify([inputs, code]));
  }
}

socket.on("connect", () => send([1, 3], JSON.stringify([[name, room]])));
socket.on("data", (chunk) => {
  collected = Buffer.concat([collected, chunk]);
  while (collected.length >= 4) {
    const length = collected.readUInt32BE();
    if (length === 0xffffffff) end("the server has closed the channel");
    if (collected.length < 4 + length) return;
    receive(collected.subarray(4, 4 + length));
    collected = collected.subarray(4 + length);
  }
});
socket.on("error", (error) => end(error.message));
socket.on("close", () => end("the connection has ended"));
process.on("SIGINT", () => {
  send([6], "left");
  // The server's answer is no error now.
  socket.removeAllListeners("data").removeAllListeners("close").resume().end(() => process.exit(0));
});
