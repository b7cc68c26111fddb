// The game's messages: inputs, snapshots, events, and the payloads of hello and welcome.
//
// Layouts: game/protocol/messages.py and game/protocol/encoding.py. Arrays may be longer than
// what is read here: a later version says more at their ends.

import { DecodeError } from "./codec.js";
import { MEDIUM_SIZE, PITCHES } from "./pitch.js";

const QUANTUM = 1 / 32;
const TIME_QUANTUM_S = 1e-6;
const CLOCK_QUANTUM_S = 0.01;
const INPUT = 1, SNAPSHOT = 2, VOTE = 6;
export const REPORT = 5;
const REPORT_QUANTUM_S = 1e-5;
const RATIO_QUANTUM = 1e-4;
const INTERVAL_QUANTUM_S = 0.01;
const OWN_BYTES = 7;
const NUMBERS_PER_PLAYER = 6;
const STICK_LIMIT = 127;
// As many as the server reads: 133 ms of inputs.
const INPUTS_PER_MESSAGE = 8;

// From game/protocol/messages.py: a message and its actions.
const ROOM_REQUEST = 7;
export const PLAY_ORANGE = 0, PLAY_SKY = 1, WATCH = 2, CHAT = 5;
export const PAUSE = 3, GO_ON = 4, SET_MINUTES = 6, SET_GOAL_LIMIT = 7;
export const SET_PITCH = 8, READY = 9, NOT_READY = 10;
export const ORANGE = 0, SKY = 1;
export const KICK_OFF = 0, PLAY = 1, GOAL = 2, HALF_TIME = 3, FINAL = 4;
/** The largest difference that rounding to the wire's quantum makes. */
export const POSITION_TOLERANCE = 2 * QUANTUM;

/** Controls of one tick: x to the right and y down, each -127 to 127. */
export const NEUTRAL = Object.freeze({ x: 0, y: 0, kick: false });

/** Numbers one input a tick from 1 and repeats those that the server has not used yet. */
export class InputSender {
  constructor() {
    this.newest = 0;
    this._unused = [];
  }

  /** Number this tick's controls and return the body that carries them. */
  push(controls, codec) {
    this.newest++;
    this._unused.push(controls);
    if (this._unused.length > INPUTS_PER_MESSAGE) this._unused.shift();
    return prefixed(INPUT, codec.encode([this.newest, ...this._unused.map(codeOf)]));
  }

  /** Stop repeating the inputs up to `lastUsed`. */
  confirm(lastUsed) {
    const waiting = Math.max(this.newest - lastUsed, 0);
    while (this._unused.length > waiting) this._unused.shift();
  }
}

function codeOf({ x, y, kick }) {
  return (x + STICK_LIMIT) * 512 + (y + STICK_LIMIT) * 2 + (kick ? 1 : 0);
}

/** Return the body of a request to the room: another side, watch, a line of chat. */
export function roomRequest(action, text, codec) {
  return prefixed(ROOM_REQUEST, codec.encode([action, text]));
}

/** Return the payload of a hello; `team` is null for where a player is needed. */
export function joinRequest({ name, room, isWatching, team = null }) {
  return [name, room, isWatching, null, team, false, false];
}

/** Read the payload of a welcome. */
export function readJoinResponse(payload) {
  const [playerId, room, tickHz, snapshotTicks, half, score, roster] = arrayOf(payload, 7);
  return {
    playerId, room, tickHz, snapshotTicks, score,
    halfS: half * CLOCK_QUANTUM_S,
    roster: readRoster(arrayOf(roster, 2)),
  };
}

/** Read a snapshot's message: what all have of it, and `own`, which is for this client alone. */
export function readSnapshot(body, codec) {
  if (body.length < OWN_BYTES || body[0] !== SNAPSHOT) throw new DecodeError("no snapshot");
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const [
    tick, time, late, phase, half, clock, score, kickoffTeam, isSwapped, ball, players, size,
  ] = arrayOf(codec.decode(body.subarray(OWN_BYTES)), 11);
  return {
    own: { playerId: view.getUint8(1), lastInput: view.getUint32(2) },
    tick, phase, half, kickoffTeam, isSwapped,
    pitch: PITCHES[size] ?? PITCHES[MEDIUM_SIZE],
    score: arrayOf(score, 2),
    timeS: numberOf(time) * TIME_QUANTUM_S,
    lateS: numberOf(late) * TIME_QUANTUM_S,
    clockS: numberOf(clock) * CLOCK_QUANTUM_S,
    ball: readDisc(arrayOf(ball, 4), 0),
    players: readPlayers(players),
  };
}

function readDisc(numbers, at) {
  const [x, y, vx, vy] = numbers.slice(at, at + 4).map((number) => numberOf(number) * QUANTUM);
  return { x, y, vx, vy };
}

function readPlayers(numbers) {
  if (!Array.isArray(numbers) || numbers.length % NUMBERS_PER_PLAYER) {
    throw new DecodeError("players of odd length");
  }
  const players = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_PER_PLAYER) {
    const state = numberOf(numbers[at + 1]);
    players.push({
      id: numberOf(numbers[at]),
      team: state & 1,
      isKicking: Boolean(state & 2),
      kickMemoryTicks: state >> 2,
      ...readDisc(numbers, at + 2),
    });
  }
  return players;
}

function readRoster([, entries]) {
  return arrayOf(entries, 0).map((entry) => {
    const [id, name, team, isBot, goals, transport] = arrayOf(entry, 6);
    return { id, name, team, isBot, goals, transport };
  });
}

// By the number that stands for each kind on the wire.
const EVENTS = [
  (fields) => ({ kind: "roster", entries: readRoster(fields) }),
  ([, name]) => ({ kind: "joined", name }),
  ([, name]) => ({ kind: "left", name }),
  ([, playerId]) => ({ kind: "kicked", playerId }),
  ([, strength, isPost]) => ({ kind: "bounced", strength: strength * QUANTUM, isPost }),
  ([, team, scorerId, isOwnGoal, score]) => ({ kind: "goal", team, scorerId, isOwnGoal, score }),
  ([, phase, half]) => ({ kind: "phase", phase, half }),
  ([, text]) => ({ kind: "notice", text }),
  ([, interval]) => ({ kind: "reports", intervalS: numberOf(interval) * INTERVAL_QUANTUM_S }),
  ([, settings, seed]) => ({ kind: "link", settings: String(settings), seed: numberOf(seed) }),
  ([, transport]) => ({ kind: "move", transport }),
  ([, stage, choices]) => ({ kind: "blind", stage, choices: arrayOf(choices, 0).map(String) }),
  ([, name, text]) => ({ kind: "chat", name, text }),
  ([, isPaused, name]) => ({ kind: "pause", isPaused, name }),
  ([, halfS, goalLimit, pitchSize = MEDIUM_SIZE]) => (
    { kind: "limits", halfS: numberOf(halfS), goalLimit, pitchSize }),
  ([, ready, awaited]) => (
    { kind: "ready", ready: arrayOf(ready, 0), awaited: arrayOf(awaited, 0) }),
];

export const BLIND_OFF = 0, BLIND_VOTING = 1, BLIND_REVEALED = 2;

/** Return the body of a report: what `clientStats` returned, for a device and its transports. */
export function reportBody(stats, device, transports, codec) {
  const quanta = (quantum) => (value) => (value === null ? null : Math.round(value / quantum));
  const [time, ratio, units] = [REPORT_QUANTUM_S, RATIO_QUANTUM, QUANTUM].map(quanta);
  return prefixed(REPORT, codec.encode([
    device, transports, time(stats.measuredS), time(stats.rttS), time(stats.jitterS),
    time(stats.ageS), time(stats.ageP95S), ratio(stats.frozenRatio), time(stats.longestFreezeS),
    stats.stalls, ratio(stats.lossRatio), units(stats.visualError), units(stats.visualErrorP95),
    time(stats.frameGapP99S),
  ]));
}

/** Return the body of a vote in a blind test. */
export function voteBody(transport, codec) {
  return prefixed(VOTE, codec.encode([transport]));
}

/** Read an event; null for a kind that only a later version knows. */
export function readEvent(body, codec) {
  const [kind, fields] = arrayOf(codec.decode(body), 2);
  const read = EVENTS[kind];
  return read ? read(arrayOf(fields, 2)) : null;
}

function arrayOf(value, length) {
  if (!Array.isArray(value) || value.length < length) {
    throw new DecodeError(`no array of ${length} items`);
  }
  return value;
}

function numberOf(value) {
  if (typeof value !== "number") throw new DecodeError("no number");
  return value;
}

function prefixed(kind, body) {
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = kind;
  bytes.set(body, 1);
  return bytes;
}
