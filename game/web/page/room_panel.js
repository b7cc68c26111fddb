// What a player asks the room for: the other side, to watch or come back, a line for the others.

import {
  CHAT, GO_ON, PAUSE, PLAY_ORANGE, PLAY_SKY, SET_GOAL_LIMIT, SET_MINUTES, SET_PITCH, WATCH,
} from "./protocol.js";

// For whoever is in the room longest; others are told so by the server.
const CHOICES = {
  "match-minutes": SET_MINUTES, "match-goals": SET_GOAL_LIMIT, "match-pitch": SET_PITCH,
};
const BUTTONS = { "side-orange": PLAY_ORANGE, "side-sky": PLAY_SKY, "side-none": WATCH };

/** The form over the match; `onAsk(action, text)` gets each request, `isPaused()` says
 * whether the match is stopped. */
export class RoomPanel {
  constructor(document, onAsk, isPaused) {
    this._form = document.querySelector("#room-panel");
    this._line = document.querySelector("#chat-line");
    this._onAsk = onAsk;
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this._line.value.trim();
      if (text) onAsk(CHAT, text);
      this.close();
    });
    this._form.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    for (const [id, action] of Object.entries(BUTTONS)) {
      document.querySelector(`#${id}`).addEventListener("click", () => {
        onAsk(action, "");
        this.close();
      });
    }
    document.querySelector("#pause").addEventListener("click", () => {
      onAsk(isPaused() ? GO_ON : PAUSE, "");
      this.close();
    });
    for (const [id, action] of Object.entries(CHOICES)) {
      const choice = document.querySelector(`#${id}`);
      choice.addEventListener("change", () => {
        if (choice.value) onAsk(action, choice.value);
        choice.value = "";
        this.close();
      });
    }
    document.querySelector("#room-menu").addEventListener("click", () => this.toggle());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.matches?.("input, select, button")) return;
      if (!document.body.classList.contains("joining")) this.toggle();
    });
  }

  /** Leave out what this server does not let players do. */
  describeServer({ chat, pause }) {
    this._line.hidden = !chat;
    for (const id of ["pause", ...Object.keys(CHOICES)]) {
      document.querySelector(`#${id}`).hidden = !pause;
    }
  }

  toggle() {
    if (this._form.hidden) this.open();
    else this.close();
  }

  open() {
    this._form.hidden = false;
    this._line.value = "";
    this._line.focus();
  }

  close() {
    this._form.hidden = true;
    this._line.blur();
  }
}
