// Keys and touches as controls: where the player runs, and whether the kick key is down.

// By their place on the keyboard, whatever letters are printed there.
const DIRECTIONS = {
  KeyW: [0, -1], ArrowUp: [0, -1], KeyS: [0, 1], ArrowDown: [0, 1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
};
const KICK_KEY = "Space";
const STICK_LIMIT = 127;
// How far a thumb moves for full speed, in CSS pixels.
const STICK_RADIUS_PX = 48;
// A resting thumb trembles.
const DEAD_ZONE = 0.15;
// The part of the screen's width, from the left, where a touch is the stick.
const STICK_SHARE = 0.58;

/**
 * Listens to `target` (keys) and `surface` (touches). `stick` and `button` are the elements that
 * show the touches.
 */
export class InputDevices {
  constructor(target, surface, stick, button) {
    this._keys = new Set();
    this._stick = null;
    this._kickPointers = new Set();
    this._wasKicked = false;
    this._stickElement = stick;
    this._buttonElement = button;
    target.addEventListener("keydown", (event) => this._keyDown(event));
    target.addEventListener("keyup", ({ code }) => this._keys.delete(code));
    target.addEventListener("blur", () => this.release());
    surface.addEventListener("pointerdown", (event) => this._pointerDown(event, surface));
    surface.addEventListener("pointermove", (event) => this._pointerMove(event));
    for (const name of ["pointerup", "pointercancel"]) {
      surface.addEventListener(name, (event) => this._pointerUp(event));
    }
  }

  /** Let go of everything: the page is hidden, or has lost the keys. */
  release() {
    this._keys.clear();
    this._kickPointers.clear();
    this._stick = null;
    this._show();
  }

  /** Return the controls of one tick; `toPitch(u, v)` turns a direction on the screen to one of the pitch. */
  state(toPitch) {
    const [u, v] = this._direction();
    const { x, y } = toPitch(u, v);
    // A press that was shorter than a tick counts too.
    const kick = this._wasKicked || this._kickPointers.size > 0 || this._keys.has(KICK_KEY);
    this._wasKicked = false;
    return { x: Math.round(x * STICK_LIMIT), y: Math.round(y * STICK_LIMIT), kick };
  }

  _direction() {
    if (this._stick) return this._stickDirection();
    let u = 0, v = 0;
    for (const key of this._keys) {
      const [du, dv] = DIRECTIONS[key] ?? [0, 0];
      u += du;
      v += dv;
    }
    return [Math.sign(u), Math.sign(v)];
  }

  _stickDirection() {
    const u = (this._stick.x - this._stick.startX) / STICK_RADIUS_PX;
    const v = (this._stick.y - this._stick.startY) / STICK_RADIUS_PX;
    const length = Math.hypot(u, v);
    if (length < DEAD_ZONE) return [0, 0];
    const scale = 1 / Math.max(length, 1);
    return [u * scale, v * scale];
  }

  _keyDown(event) {
    if (event.target.matches?.("input, select") || event.ctrlKey || event.metaKey) return;
    if (!(event.code in DIRECTIONS) && event.code !== KICK_KEY) return;
    // The arrows and the space bar would scroll, or press the button that has the focus.
    event.preventDefault();
    this._keys.add(event.code);
    if (event.code === KICK_KEY) this._wasKicked = true;
  }

  _pointerDown(event, surface) {
    // Else the mouse that a finger imitates would press what lies below.
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    if (x < surface.clientWidth * STICK_SHARE && !this._stick) {
      this._stick = { id: event.pointerId, startX: x, startY: y, x, y };
    } else {
      this._kickPointers.add(event.pointerId);
      this._wasKicked = true;
    }
    this._show();
  }

  _pointerMove({ pointerId, clientX, clientY }) {
    if (this._stick?.id !== pointerId) return;
    this._stick.x = clientX;
    this._stick.y = clientY;
    this._show();
  }

  _pointerUp({ pointerId }) {
    if (this._stick?.id === pointerId) this._stick = null;
    this._kickPointers.delete(pointerId);
    this._show();
  }

  /** Show the stick where the thumb put it, and the button as pressed. */
  _show() {
    const { style, classList, parentElement } = this._stickElement;
    classList.toggle("held", this._stick !== null);
    this._buttonElement.classList.toggle("held", this._kickPointers.size > 0);
    if (!this._stick) {
      style.translate = "";
      this._stickElement.firstElementChild.style.translate = "";
      return;
    }
    const around = parentElement.getBoundingClientRect();
    const left = this._stick.startX - around.left - this._stickElement.offsetLeft;
    const top = this._stick.startY - around.top - this._stickElement.offsetTop;
    const half = this._stickElement.offsetWidth / 2;
    style.translate = `${left - half}px ${top - half}px`;
    const [u, v] = this._stickDirection();
    const knob = this._stickElement.firstElementChild;
    knob.style.translate = `${u * STICK_RADIUS_PX}px ${v * STICK_RADIUS_PX}px`;
  }
}
