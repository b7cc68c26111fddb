// Buttons over the match.

/** Call `onPress()` for each click. */
export function listenToClicks(button, onPress) {
  button.addEventListener("click", () => {
    // The space bar kicks, and would press a button that has the focus.
    button.blur();
    onPress();
  });
}

/** Call `onPress()` for each click and, while the button is there, for the key of this letter. */
export function listenToClicksAndKey(button, letter, onPress) {
  listenToClicks(button, onPress);
  document.addEventListener("keydown", (event) => {
    const isOther = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
    if (isOther || event.target.matches?.("input, select")) return;
    const isThere = !button.hidden && !document.body.classList.contains("joining");
    if (isThere && event.key.toLowerCase() === letter) onPress();
  });
}
