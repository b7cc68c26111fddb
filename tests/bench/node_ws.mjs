// A bare loop with Node's `ws`, as peers.py asks for: counts inputs, sends snapshots, and obeys
// orders that come as lines. Arguments: bytes of a time stamp, the folder where `ws` is installed.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [stampBytes, modules] = process.argv.slice(2);
const { WebSocketServer } = createRequire(modules + "/")("ws");
const TICK_S = 1 / 60;
const SNAPSHOT_BYTES = 190;

// CLOCK_MONOTONIC, as Python's perf_counter on Linux.
const now = () => Number(process.hrtime.bigint()) / 1e9;
const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");

const peers = [];
let inputs = 0;
let lateness = [];
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  perMessageDeflate: false,
  handleProtocols: (protocols) => [...protocols][0],
});
server.on("listening", () => say(server.address().port));
server.on("connection", (peer) => {
  peers.push(peer);
  peer.on("message", () => { inputs += 1; });
  peer.on("error", () => {});
});

let deadline = now();
let tick = 0;
function play() {
  // Timers count in whole milliseconds; immediates fill the rest, and serve the sockets meanwhile.
  const left = deadline - now();
  if (left > 0.0012) return setTimeout(play, Math.floor((left - 0.0012) * 1000));
  if (left > 0) return setImmediate(play);
  lateness.push(-left);
  const snapshot = Buffer.alloc(SNAPSHOT_BYTES);
  if (Number(stampBytes) === 8) snapshot.writeDoubleBE(deadline);
  tick += 1;
  for (let index = tick % 2; index < peers.length; index += 2) peers[index].send(snapshot);
  deadline += TICK_S;
  if (now() - deadline > 0.25) deadline = now();
  setImmediate(play);
}
play();

createInterface({ input: process.stdin }).on("line", (order) => {
  if (order === "forget") {
    lateness = [];
    say(inputs);
  } else if (order === "tell") {
    const { user, system } = process.cpuUsage();
    say([inputs, lateness, (user + system) / 1e6]);
  } else {
    process.exit(0);
  }
});
