// The table of the class: its columns, their order and the cells that call for attention.

import { transportTitle } from "/texts.js";

const ALARM = {
  // What a player feels: DESIGN of the figures in docs/lab.md.
  age_p95_ms: 125, frozen_ratio: 0.01, longest_freeze_ms: 250, stalls: 1,
  loss_ratio: 0.01, wire_loss_ratio: 0.01, visual_error_p95: 15,
};

/** The columns: key of the state, key of the texts, digits; without digits it is a text. */
const COLUMNS = [
  { key: "name", label: "name" },
  { key: "device", label: "device" },
  { key: "transport", label: "transport" },
  { key: "rtt_ms", label: "rtt", digits: 1 },
  { key: "age_p95_ms", label: "age", digits: 0 },
  { key: "frozen_ratio", label: "frozen", digits: 1, factor: 100 },
  { key: "longest_freeze_ms", label: "freeze", digits: 0 },
  { key: "stalls", label: "stalls", digits: 0 },
  { key: "visual_error_p95", label: "visualError", digits: 1 },
  { key: "wire_loss_ratio", label: "wireLoss", digits: 1, factor: 100 },
  { key: "loss_ratio", label: "notShown", digits: 1, factor: 100 },
  { key: "ownLink", label: "ownLink" },
  { key: "vote", label: "vote" },
];

/** Shows students in the given elements; `onChoose` gets the id of a row that was clicked. */
export class StudentTable {
  constructor(heads, rows, onChoose) {
    this._heads = heads;
    this._rows = rows;
    this._onChoose = onChoose;
    this._sortedBy = "name";
    this._isDescending = false;
    this._last = null;
  }

  /** Show a state of the class; transports have no names while a blind test is on. */
  show(state, texts, language, chosenId) {
    this._last = { state, texts, language, chosenId };
    const isBlind = state.blind_stage === "voting";
    const showsVotes = state.blind_stage !== "off";
    const hasOwnLinks = state.students.some((student) => student.has_own_link);
    const shown = { vote: showsVotes, ownLink: hasOwnLinks };
    const columns = COLUMNS.filter(({ key }) => shown[key] ?? true);
    this._heads.replaceChildren(...columns.map((column) => this._head(column, texts)));
    const students = [...state.students].sort((one, other) => this._compare(one, other));
    this._rows.replaceChildren(...students.map((student) => {
      const row = document.createElement("tr");
      row.className = student.id === chosenId ? "chosen" : "";
      row.addEventListener("click", () => this._onChoose(student.id));
      row.append(...columns.map((column) => cellOf(student, column, { texts, language, isBlind })));
      return row;
    }));
  }

  _head({ key, label, digits }, texts) {
    const head = document.createElement("th");
    head.className = digits === undefined ? "text" : "";
    if (key === this._sortedBy) head.classList.add("sorted");
    const arrow = key === this._sortedBy ? (this._isDescending ? " ▼" : " ▲") : "";
    head.textContent = texts[label] + arrow;
    head.addEventListener("click", () => this._sortBy(key, digits !== undefined));
    return head;
  }

  _sortBy(key, isNumber) {
    // The worst come first: numbers from the largest, texts from A.
    this._isDescending = key === this._sortedBy ? !this._isDescending : isNumber;
    this._sortedBy = key;
    const { state, texts, language, chosenId } = this._last;
    this.show(state, texts, language, chosenId);
  }

  _compare(one, other) {
    const [a, b] = [one, other].map((student) => student[this._sortedBy]);
    if (a === b) return one.name.localeCompare(other.name);
    // What is not known comes last, in either order.
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    const order = typeof a === "string" ? a.localeCompare(b) : a - b;
    return this._isDescending ? -order : order;
  }
}

function cellOf(student, { key, digits, factor = 1 }, { texts, language, isBlind }) {
  const cell = document.createElement("td");
  if (digits === undefined) {
    cell.className = `text ${key}`;
    cell.textContent = textOf(student, key, texts, isBlind);
    if (key === "vote" && !isBlind && student.vote) {
      cell.classList.add(student.vote === student.transport ? "right" : "bad");
    }
    return cell;
  }
  const value = student[key];
  cell.textContent = value === null ? "–" : numberText(value * factor, digits, language);
  if (value !== null && value >= ALARM[key]) cell.className = "bad";
  return cell;
}

function textOf(student, key, texts, isBlind) {
  switch (key) {
    case "name": return student.is_ready ? `✓ ${student.name}` : student.name;
    case "transport": return isBlind ? texts.hidden : transportTitle(student.transport);
    case "device": return texts[student.device] ?? (student.device || "–");
    case "ownLink": return student.has_own_link ? student.link : "";
    // A vote stays secret until all are in: neighbours read the wall.
    case "vote": return isBlind ? (student.vote ? "✓" : "") : student.vote && transportTitle(student.vote);
    default: return student[key];
  }
}

/** Return a number in words of a language. */
export function numberText(value, digits, language) {
  return value.toLocaleString(language, {
    minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false,
  });
}
