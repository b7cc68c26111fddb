// The choice to draw ghosts: outlines of discs and ball where the server has them now.

import { listenToClicksAndKey } from "./buttons.js";
import { PLAYING } from "./client.js";
import { Reference } from "./reference.js";

const KEY = "g";
// The first may be the room's: after a restart it is open when the first player is back.
const FAILURES_TOLD = 2;

/**
 * Ghosts are off until `button` or the key is pressed. `onTrouble()` is called when there is no
 * way to the server's state.
 */
export class Ghosts {
  constructor(button, clock, onTrouble) {
    this._button = button;
    this._clock = clock;
    this._onTrouble = onTrouble;
    this._isOn = this._isTold = false;
    this._url = null;
    this._settings = null;
    this._reference = null;
    listenToClicksAndKey(button, KEY, () => this._toggle());
  }

  /** Begin with another match; `url` is null where no link is emulated, and ghosts show nothing. */
  begin(url, settings) {
    this._url = url;
    this._settings = settings;
    this._button.hidden = url === null;
  }

  /** End with the match; the choice stays for the next one. */
  end() {
    this._close();
  }

  /** Return the snapshot to draw as ghosts beside a client's scene at `now`; null without one. */
  frame(now, client) {
    // In a blind test the eye must not measure what the vote is about.
    this._button.disabled = client.isBlind;
    const room = client.scene?.room;
    if (!this._isOn || client.isBlind || room === undefined) this._close();
    else if (this._reference?.room !== room) this._open(room);
    if (!this._reference) return null;
    this._reference.tick(now);
    const fails = this._reference.failures >= FAILURES_TOLD && client.status === PLAYING;
    if (fails && !this._isTold) this._tellTrouble();
    return this._reference.newest;
  }

  _toggle() {
    this._isOn = !this._isOn;
    this._isTold = false;
    this._button.classList.toggle("on", this._isOn);
    this._button.setAttribute("aria-pressed", String(this._isOn));
  }

  _open(room) {
    this._close();
    this._reference = new Reference(this._url, room, this._settings, this._clock);
  }

  _close() {
    this._reference?.close();
    this._reference = null;
  }

  _tellTrouble() {
    this._isTold = true;
    this._onTrouble();
  }
}
