// The votes of a blind test, beside the truth and the figures.

import { filled, transportTitle } from "/texts.js";
import { numberText } from "./table.js";

/** Return counts of votes by true transport, and mean figures of each. */
export function tally(students, transports) {
  return transports.map((truth) => {
    const of = students.filter(({ transport }) => transport === truth);
    return {
      truth,
      count: of.length,
      votes: transports.map((name) => of.filter(({ vote }) => vote === name).length),
      age: mean(of.map((student) => student.age_p95_ms)),
      frozen: mean(of.map((student) => student.frozen_ratio)),
      error: mean(of.map((student) => student.visual_error_p95)),
    };
  }).filter(({ count }) => count > 0);
}

function mean(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

/** Show a blind test in `element`: how many have voted, and once revealed who was right. */
export function showVotes(element, { blind_stage: stage, students, transports }, texts, language) {
  element.hidden = stage === "off";
  const votes = students.filter(({ vote }) => vote);
  if (stage !== "revealed") {
    const words = filled(texts.voted, { votes: votes.length, count: students.length });
    element.replaceChildren(bold(words));
    return;
  }
  const right = votes.filter(({ vote, transport }) => vote === transport).length;
  const title = bold(filled(texts.guessed, { right, votes: votes.length }));
  const table = document.createElement("table");
  table.append(rowOf("th", [
    texts.truth,
    ...transports.map((name) => filled(texts.votesFor, { transport: transportTitle(name) })),
    texts.meanAge, texts.meanFrozen, texts.meanError,
  ]));
  for (const line of tally(students, transports)) {
    const shown = (value, digits) => (value === null ? "–" : numberText(value, digits, language));
    table.append(rowOf("td", [
      transportTitle(line.truth), ...line.votes.map(String), shown(line.age, 0),
      shown(line.frozen === null ? null : line.frozen * 100, 1), shown(line.error, 1),
    ]));
  }
  element.replaceChildren(title, table);
}

function bold(text) {
  const element = document.createElement("b");
  element.textContent = text;
  return element;
}

function rowOf(kind, cells) {
  const row = document.createElement("tr");
  for (const [index, text] of cells.entries()) {
    const cell = document.createElement(kind);
    cell.textContent = text;
    cell.className = index === 0 ? "text" : "";
    row.append(cell);
  }
  return row;
}
