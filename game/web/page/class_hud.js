// What a class adds to the screen: the badge of the link, and the ballot of a blind test.

import { filled, transportTitle } from "./texts.js";

const NO_LINK = "none";

/** Return the words of a link's badge; empty without an emulated link. */
export function linkBadge(link, texts) {
  if (link === null) return "";
  if (link.settings === "" || link.settings === NO_LINK) return texts.linkNone;
  return filled(texts.link, link);
}

/** Shows the class below `root`. */
export class ClassHud {
  constructor(root) {
    this._root = root;
    this._badge = root.querySelector("#link");
    this._ballot = root.querySelector("#ballot");
    this._choices = "";
    this._shown = "";
  }

  /** Show the state of a client; call it a few times a second. */
  show(client, texts) {
    const words = linkBadge(client.link, texts);
    if (this._badge.textContent !== words) this._badge.textContent = words;
    this._badge.hidden = !words;
    this._badge.classList.toggle("none", words === texts.linkNone);
    this._nameTransport(client, texts);
    const choices = client.blindChoices.join(" ");
    if (choices === this._choices) return;
    this._choices = choices;
    this._ballot.hidden = !choices;
    const buttons = client.blindChoices.map((name) => this._button(name, client));
    this._ballot.querySelector("div").replaceChildren(...buttons);
  }

  _button(name, client) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = transportTitle(name);
    button.addEventListener("click", () => {
      client.vote(name);
      for (const each of this._ballot.querySelectorAll("button")) {
        each.classList.toggle("on", each === button);
      }
    });
    return button;
  }

  /** Name the transport in use; in a blind test nobody may read it, nor choose another. */
  _nameTransport({ transport, transports, isBlind }, texts) {
    const words = isBlind ? texts.hiddenTransport : transportTitle(transport);
    const canMove = !isBlind && transports.length > 1;
    if (this._shown === words + canMove + texts.move) return;
    this._shown = words + canMove + texts.move;
    for (const element of this._root.querySelectorAll(".transport")) {
      element.textContent = words;
      element.disabled = !canMove;
      element.title = canMove ? texts.move : "";
    }
  }
}
