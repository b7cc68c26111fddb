"""Keyboard and gamepad input as ``Controls``.

Keys match by position, so that WASD works on every keyboard layout. A key or button pressed and
released between two frames still counts.
"""

from math import hypot

import pygame

from game.match.controls import STICK_LIMIT, Controls
from game.match.controls_latch import PressLatch

DIRECTIONS = {
    pygame.KSCAN_W: (0, -1),
    pygame.KSCAN_UP: (0, -1),
    pygame.KSCAN_S: (0, 1),
    pygame.KSCAN_DOWN: (0, 1),
    pygame.KSCAN_A: (-1, 0),
    pygame.KSCAN_LEFT: (-1, 0),
    pygame.KSCAN_D: (1, 0),
    pygame.KSCAN_RIGHT: (1, 0),
}
KICK_KEYS = (pygame.KSCAN_SPACE,)
# The four buttons under the right thumb, whatever their labels are.
_KICK_BUTTONS = (0, 1, 2, 3)
# Start, or the button in its place.
READY_BUTTONS = (7, 9)
# Worn sticks rest up to this far from the centre.
DEAD_ZONE = 0.2


class InputDevices:
    """State of keyboard and gamepads, kept from a window's events."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._tapped: set[int] = set()
        self._kick = PressLatch()
        self._pads: dict[int, pygame.joystick.JoystickType] = {}
        # Gamepads that are already connected are announced by an event too.
        pygame.joystick.init()

    def track(self, event: pygame.event.Event) -> None:
        """Handle a plugged or unplugged gamepad, a released key, a lost focus.

        Call it with every event, also while a menu or a help page takes the presses.
        """
        match event.type:
            case pygame.KEYUP:
                self._held.discard(event.scancode)
            case pygame.JOYDEVICEADDED:
                self._add_pad(event.device_index)
            case pygame.JOYDEVICEREMOVED:
                self._pads.pop(event.instance_id, None)
            case pygame.WINDOWFOCUSLOST:
                self.release()

    def press(self, event: pygame.event.Event) -> None:
        """Handle a pressed key or button; other events are ignored."""
        match event.type:
            case pygame.KEYDOWN:
                self._held.add(event.scancode)
                self._tapped.add(event.scancode)
                if event.scancode in KICK_KEYS:
                    self._kick.press()
            case pygame.JOYBUTTONDOWN:
                if event.button in _KICK_BUTTONS:
                    self._kick.press()

    def release(self) -> None:
        """Release everything, for a menu or another window that will receive the key-up events."""
        self._held.clear()
        self._tapped.clear()
        self._kick.release()

    def controls(self) -> Controls:
        """Return the present controls, with what was pressed since the last call."""
        x, y = self._keyboard_direction()
        is_kicking = any(key in self._held for key in KICK_KEYS)
        for pad in self._pads.values():
            if (x, y) == (0, 0):
                x, y = _pad_direction(pad)
            is_kicking = is_kicking or _presses_kick(pad)
        self._kick.set(is_kicking)
        return Controls(x, y, self._kick.read())

    def _add_pad(self, index: int) -> None:
        try:
            pad = pygame.joystick.Joystick(index)
        except pygame.error:
            # It was unplugged before its event was read.
            return
        self._pads[pad.get_instance_id()] = pad

    def _keyboard_direction(self) -> tuple[int, int]:
        x = y = 0
        pressed = self._held | self._tapped
        self._tapped.clear()
        for key, (right, down) in DIRECTIONS.items():
            if key in pressed:
                x, y = x + right, y + down
        # W and the up arrow together count as one.
        return _sign(x) * STICK_LIMIT, _sign(y) * STICK_LIMIT


def stick_to_direction(x: float, y: float) -> tuple[int, int]:
    """Return the direction of a stick (axes -1 to 1) as ``x`` and ``y`` of ``Controls``.

    Inside the dead zone it is (0, 0). From its edge the speed grows from 0, so small tilts are
    slow.
    """
    length = hypot(x, y)
    if length <= DEAD_ZONE:
        return 0, 0
    reach = min(1.0, (length - DEAD_ZONE) / (1.0 - DEAD_ZONE)) * STICK_LIMIT / length
    return round(x * reach), round(y * reach)


def _pad_direction(pad: pygame.joystick.JoystickType) -> tuple[int, int]:
    if pad.get_numhats():
        right, up = pad.get_hat(0)
        if right or up:
            return _sign(right) * STICK_LIMIT, -_sign(up) * STICK_LIMIT
    if pad.get_numaxes() < 2:
        return 0, 0
    return stick_to_direction(pad.get_axis(0), pad.get_axis(1))


def _presses_kick(pad: pygame.joystick.JoystickType) -> bool:
    return any(pad.get_button(n) for n in _KICK_BUTTONS if n < pad.get_numbuttons())


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
