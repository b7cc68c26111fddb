// The first screen: name, room, password, play or watch; and what went wrong the last time.

import { WEBSOCKET } from "./client.js";
import { translate } from "./texts.js";

const STORED = "jitterball";
// The server cuts longer ones; see game/protocol/names.py.
const ROOMS_SHOWN = 20;

/** Shows the form; `onJoin(choice)` gets name, room, password, team and isWatching. */
export class JoinForm {
  constructor(document, onJoin) {
    this._document = document;
    this._form = document.querySelector("#join");
    this._input = (id) => document.querySelector(`#${id}`);
    this._onJoin = onJoin;
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._join(false);
    });
    this._input("watch").addEventListener("click", () => this._join(true));
    this._whyNot = "";
    const { name = "", room = "" } = stored();
    this._input("name").value = name;
    this._input("room-name").value = room;
  }

  get choice() {
    return {
      transport: this._input("transport").value,
      name: this._input("name").value.trim(),
      room: this._input("room-name").value.trim(),
      password: this._input("password").value,
      team: this._input("team").value ? Number(this._input("team").value) : null,
    };
  }

  /** Fill in what an address asks for: ?name=Ana&room=main. */
  prefill(parameters) {
    if (parameters.has("name")) this._input("name").value = parameters.get("name");
    if (parameters.has("room")) this._input("room-name").value = parameters.get("room");
    if (parameters.has("transport")) this._input("transport").value = parameters.get("transport");
    if (!this._input("transport").value) this._input("transport").value = WEBSOCKET;
  }

  setTexts(texts) {
    translate(this._document, texts);
    this._texts = texts;
    this._explain();
    this._input("room-name").placeholder = texts.roomHint;
  }

  /** Offer the rooms that are open, and ask for a password where one is set. */
  describeServer({ rooms, requiresPassword }) {
    this._input("password-label").hidden = !requiresPassword;
    const options = rooms.slice(0, ROOMS_SHOWN).map(({ name }) => new Option(name, name));
    this._input("rooms").replaceChildren(...options);
  }

  /** Offer WebTransport; or say why there is none, by the name of the text. */
  describeTransports(whyNot) {
    this._whyNot = whyNot;
    this._input("transport-label").hidden = whyNot !== "";
    this._explain();
  }

  _explain() {
    this._input("transport-hint").hidden = !this._whyNot;
    this._input("transport-hint").textContent = this._whyNot ? this._texts[this._whyNot] : "";
  }

  /** Show the form, with a line on what went wrong. */
  open(problem = "") {
    this._input("problem").textContent = problem;
    this._input("problem").hidden = !problem;
    this._document.body.classList.add("joining");
  }

  close() {
    this._document.body.classList.remove("joining");
    this._document.activeElement?.blur();
  }

  _join(isWatching) {
    store(this.choice);
    this._onJoin({ ...this.choice, isWatching });
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) ?? {};
  } catch {
    // A browser that keeps nothing, or what somebody else has written there.
    return {};
  }
}

function store({ name, room }) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ name, room }));
  } catch {
    // Then it is typed again the next time.
  }
}
