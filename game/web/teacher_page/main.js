// The teacher's page: the class as it is, once a second, and the controls that act on it.

import { chosenLanguage, filled, translate, transportTitle } from "/texts.js";
import { StudentTable } from "./table.js";
import { LANGUAGES } from "./texts.js";
import { showVotes } from "./votes.js";

const STORED_SECRET = "jitterball teacher";
const CLASS_PATH = "/api/teacher/class";
const ACTIONS_PATH = "/api/teacher/actions";
const RESULTS_PATH = "/api/teacher/results.zip";
const REFRESH_MS = 1000;
const LINK_SLIDERS = ["delay", "jitter", "loss"];
const BURST_S = 1;
const RANDOM = "";
// Of the sliders, by their ids.
const UNITS = { delay: " ms", jitter: " ms", loss: " %", bots: "", minutes: " min", goals: "" };

const $ = (id) => document.getElementById(id);

class TeacherPage {
  constructor() {
    this._secret = takeSecret();
    this._language = chosenLanguage(new URLSearchParams(location.search).get("lang"), navigator.languages);
    this._state = null;
    /** The id of the student that actions are about, or null for everybody. */
    this._chosenId = null;
    /** Fulfilled once the last action was sent. */
    this._acting = Promise.resolve();
    this._table = new StudentTable($("heads"), $("students"), (id) => this._choose(id));
    this._listen();
    this._setLanguage(this._language);
  }

  get _texts() {
    return LANGUAGES[this._language];
  }

  async refresh() {
    try {
      const answer = await this._fetch(CLASS_PATH);
      if (answer.status === 403) return this._complain(this._texts.notTeacher);
      if (!answer.ok) return this._complain(await answer.text());
      const isFirst = this._state === null;
      this._state = await answer.json();
      if (isFirst) this._setLimits();
      this._complain("");
    } catch {
      return this._complain(this._texts.noServer);
    }
    this._show();
  }

  /** Set the controls of the match to what the server plays. */
  _setLimits() {
    $("pitch").value = this._state.pitch;
    $("minutes").value = this._state.minutes;
    $("goals").value = this._state.goal_limit;
    for (const id of ["minutes", "goals"]) this._showValue(id);
  }

  _showValue(id) {
    const isNone = id === "goals" && $(id).value === "0";
    this._write(id, isNone ? this._texts.noLimit : $(id).value + UNITS[id]);
  }

  /** Write beside a slider what it stands for. */
  _write(id, text) {
    $(id).parentElement.querySelector("output").textContent = text;
  }

  _fetch(path, options = {}) {
    const headers = { Authorization: `Bearer ${this._secret}` };
    return fetch(path, { cache: "no-store", headers, ...options });
  }

  /** Have an action done after those before it: two requests at once may arrive in either order. */
  _act(action, values) {
    this._acting = this._acting.then(() => this._send(action, values));
  }

  async _send(action, values) {
    const body = JSON.stringify({ action, values });
    try {
      const answer = await this._fetch(ACTIONS_PATH, { method: "POST", body });
      if (!answer.ok) this._complain(filled(this._texts.failed, { text: (await answer.text()).trim() }));
    } catch {
      this._complain(this._texts.noServer);
    }
  }

  async _download() {
    const button = $("results");
    button.disabled = true;
    try {
      const answer = await this._fetch(`${RESULTS_PATH}?lang=${this._language}`);
      if (!answer.ok) return this._complain(filled(this._texts.failed, { text: (await answer.text()).trim() }));
      const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
      save(name, await answer.blob());
    } catch {
      this._complain(this._texts.noServer);
    } finally {
      button.disabled = false;
    }
  }

  _show() {
    const { _state: state, _texts: texts, _language: language } = this;
    if (!state) return;
    if (!state.students.some(({ id }) => id === this._chosenId)) this._chosenId = null;
    const chosen = state.students.find(({ id }) => id === this._chosenId);
    $("who").textContent = chosen ? chosen.name : texts.everybody;
    $("everybody").hidden = !chosen;
    $("send-out").disabled = !chosen;
    const ready = state.students.filter((student) => student.is_ready).length;
    const count = { count: state.students.length, ready };
    $("count").textContent = filled(ready ? texts.countReady : texts.count, count);
    $("badge").hidden = !state.has_relay;
    $("badge").classList.toggle("none", state.link === "none");
    $("badge").textContent = state.link === "none"
      ? texts.linkNone : filled(texts.linkBadge, { settings: state.link, seed: state.seed });
    $("link").disabled = !state.has_relay;
    $("no-relay").hidden = state.has_relay;
    $("pause").textContent = state.is_paused ? texts.goOn : texts.pause;
    $("nobody").hidden = state.students.length > 0;
    const link = chosen?.link ?? state.link;
    this._showButtons(state, link);
    this._showSliders(state, link);
    for (const stage of ["begin", "reveal", "end"]) $(`blind-${stage}`).classList.remove("on");
    if (state.blind_stage === "voting") $("blind-begin").classList.add("on");
    if (state.blind_stage === "revealed") $("blind-reveal").classList.add("on");
    showVotes($("votes"), state, texts, language);
    this._table.show(state, texts, language, this._chosenId);
  }

  _showButtons(state, link) {
    const presets = state.presets.map((name) => this._button(name, () => this._setLink(name), name === link));
    $("presets").replaceChildren(...presets);
    $("none").classList.toggle("on", link === "none");
    const names = [...state.transports, RANDOM];
    $("transports").replaceChildren(...names.map((name) => this._button(
      name === RANDOM ? this._texts.random : transportTitle(name),
      () => this._act("move", { transport: name === RANDOM ? null : name, player: this._chosenId }),
      false,
    )));
  }

  /** Let the sliders show the link; a preset has values that they do not know. */
  _showSliders(state, link) {
    const parts = link.split(",");
    const isPreset = state.presets.includes(parts[0]);
    const settings = new Map(parts.map((each) => each.split("=")));
    for (const id of LINK_SLIDERS) {
      // Not under the teacher's hand.
      if ($(id) === document.activeElement) continue;
      if (isPreset) this._write(id, "–");
      else {
        $(id).value = parseFloat(settings.get(id) ?? 0);
        this._showValue(id);
      }
    }
  }

  _burst() {
    this._act("burst", { seconds: BURST_S, player: this._chosenId });
    $("burst").classList.add("on");
    setTimeout(() => $("burst").classList.remove("on"), 1000 * BURST_S);
  }

  _button(text, callback, isOn) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.className = isOn ? "on" : "";
    button.addEventListener("click", callback);
    return button;
  }

  _choose(id) {
    this._chosenId = this._chosenId === id ? null : id;
    this._show();
  }

  _setLink(link) {
    this._act("link", { link, player: this._chosenId });
  }

  _setSliders() {
    const [delay, jitter, loss] = LINK_SLIDERS.map((id) => Number($(id).value));
    const settings = [`delay=${delay}ms`, `jitter=${Math.min(jitter, delay)}ms`, `loss=${loss}%`];
    this._setLink(settings.filter((each) => !/=0\D/.test(each)).join(",") || "none");
  }

  _listen() {
    for (const id of LINK_SLIDERS) {
      $(id).addEventListener("change", () => this._setSliders());
    }
    for (const id of Object.keys(UNITS)) {
      $(id).addEventListener("input", () => this._showValue(id));
    }
    for (const id of ["minutes", "goals", "pitch"]) {
      $(id).addEventListener("change", () => this._act("limits", {
        minutes: Number($("minutes").value),
        goals: Number($("goals").value),
        pitch: $("pitch").value,
      }));
    }
    $("bots").addEventListener("change", () => this._act("bots", { count: Number($("bots").value) }));
    $("burst").addEventListener("click", () => this._burst());
    $("none").addEventListener("click", () => this._clearLink());
    $("everybody").addEventListener("click", () => this._choose(this._chosenId));
    for (const stage of ["begin", "reveal", "end"]) {
      $(`blind-${stage}`).addEventListener("click", () => this._act("blind", { stage }));
    }
    for (const what of ["restart", "draw-teams", "let-back-in"]) {
      $(what).addEventListener("click", () => this._act("order", { what }));
    }
    $("pause").addEventListener("click", () => this._act("pause", { on: !this._state?.is_paused }));
    $("send-out").addEventListener("click", () => this._act("send-out", { player: this._chosenId }));
    $("results").addEventListener("click", () => this._download());
    $("say").addEventListener("submit", (event) => this._say(event));
    $("language").addEventListener("click", () => this._setLanguage(this._language === "en" ? "es" : "en"));
  }

  _clearLink() {
    for (const id of LINK_SLIDERS) {
      $(id).value = 0;
      this._showValue(id);
    }
    this._setLink("none");
  }

  _say(event) {
    event.preventDefault();
    const text = $("line").value.trim();
    if (text) this._act("say", { text });
    $("line").value = "";
  }

  _complain(text) {
    $("problem").hidden = !text;
    $("problem").textContent = text;
  }

  _setLanguage(language) {
    this._language = language;
    document.documentElement.lang = language;
    document.title = this._texts.title;
    translate(document, this._texts);
    for (const id of Object.keys(UNITS)) this._showValue(id);
    this._show();
  }
}

/** Take the secret out of the address, which a projector shows, and keep it for this tab. */
function takeSecret() {
  const given = location.hash.slice(1);
  if (!given) return sessionStorage.getItem(STORED_SECRET) ?? "";
  sessionStorage.setItem(STORED_SECRET, given);
  history.replaceState(null, "", location.pathname + location.search);
  return given;
}

/** Save a file that was fetched with the secret, which a plain link could not send. */
function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const page = new TeacherPage();
setInterval(() => page.refresh(), REFRESH_MS);
page.refresh();
