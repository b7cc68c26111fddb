// Who is ready to go on while the match waits, and the button to say so.

import { listenToClicksAndKey } from "./buttons.js";
import { NOT_READY, READY } from "./protocol.js";
import { filled } from "./texts.js";

const KEY = "e", KEY_LABEL = "E: ";

/** Shows the button below `root`; `onAsk(action, text)` gets each request. */
export class ReadyButton {
  constructor(root, onAsk) {
    this._button = root.querySelector("#ready");
    this._onAsk = onAsk;
    this._isReady = false;
    listenToClicksAndKey(this._button, KEY, () => this._ask());
  }

  /** Show the state of a client's scene; a spectator sees how many are ready. */
  show(scene, texts) {
    const { ready, awaited } = scene?.readyPlayers ?? { ready: [], awaited: [] };
    const all = ready.length + awaited.length;
    this._button.hidden = !all;
    if (!all) return;
    this._isReady = ready.includes(scene.ownId);
    this._button.disabled = scene.ownId === null;
    this._button.classList.toggle("on", this._isReady);
    const count = filled(texts.readyCount, { ready: ready.length, all });
    const hint = this._isReady ? texts.takeBackReady : texts.sayReady;
    const words = scene.ownId === null ? count : `${this._keyLabel}${hint} · ${count}`;
    if (this._button.textContent !== words) this._button.textContent = words;
  }

  get _keyLabel() {
    return document.body.classList.contains("touch") ? "" : KEY_LABEL;
  }

  _ask() {
    if (!this._button.disabled) this._onAsk(this._isReady ? NOT_READY : READY, "");
  }
}
