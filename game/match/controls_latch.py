"""Latches between a loop that sets controls and another loop that reads them.  [pure]

The loops have no common rhythm: several settings may fall between two readings. A plain variable
would lose a press that begins and ends there.
"""

from game.match.controls import NEUTRAL, Controls


class PressLatch:
    """State of a button. Each press is read once at least, also a very short one."""

    def __init__(self) -> None:
        self._is_down = False
        self._was_read_down = False
        self._is_press_unread = False

    def set(self, is_down: bool) -> None:
        """Set the present state; a change from up to down is a press."""
        if is_down and not self._is_down:
            self.press()
        self._is_down = is_down

    def press(self) -> None:
        """Note a press, even if the button seems to be down already, or to be up again."""
        self._is_press_unread = True

    def read(self) -> bool:
        """Return whether the button is down, or was pressed since the last reading."""
        if self._is_press_unread and self._was_read_down:
            # Two presses without a release between them would be read as one long press.
            self._was_read_down = False
            return False
        self._was_read_down = self._is_down or self._is_press_unread
        self._is_press_unread = False
        return self._was_read_down

    def release(self) -> None:
        """Release the button and forget a press that was not read."""
        self._is_down = self._is_press_unread = False


class ControlsLatch:
    """Controls of one player. A short press or a short tap of a direction is read once at least."""

    def __init__(self) -> None:
        self._held = NEUTRAL
        self._tapped = (0, 0)
        self._kick = PressLatch()

    def set(self, controls: Controls) -> None:
        """Hold these controls until the next call."""
        self._held = controls
        self._kick.set(controls.kick)
        if (controls.x, controls.y) != (0, 0):
            self._tapped = (controls.x, controls.y)

    def read(self) -> Controls:
        """Return the controls held now, with what was pressed since the last reading."""
        direction = (self._held.x, self._held.y)
        if direction == (0, 0):
            direction = self._tapped
        self._tapped = (0, 0)
        return Controls(*direction, self._kick.read())
