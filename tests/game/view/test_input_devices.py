"""Tests of input devices: keys, sticks and buttons become controls; no press is lost or stuck."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import STICK_LIMIT, Controls
from game.view.input_devices import DEAD_ZONE, InputDevices, stick_to_direction


def press(devices: InputDevices, *scancodes: int) -> None:
    for scancode in scancodes:
        devices.handle(pygame.event.Event(pygame.KEYDOWN, key=0, scancode=scancode))


def release(devices: InputDevices, *scancodes: int) -> None:
    for scancode in scancodes:
        devices.handle(pygame.event.Event(pygame.KEYUP, key=0, scancode=scancode))


def test_keys_point_where_to_run() -> None:
    expected = {
        (): (0, 0),
        (pygame.KSCAN_W,): (0, -127),
        (pygame.KSCAN_UP,): (0, -127),
        (pygame.KSCAN_S,): (0, 127),
        (pygame.KSCAN_LEFT,): (-127, 0),
        (pygame.KSCAN_D,): (127, 0),
        (pygame.KSCAN_W, pygame.KSCAN_D): (127, -127),
        (pygame.KSCAN_A, pygame.KSCAN_D): (0, 0),
        (pygame.KSCAN_A, pygame.KSCAN_LEFT): (-127, 0),
        (pygame.KSCAN_A, pygame.KSCAN_D, pygame.KSCAN_DOWN): (0, 127),
    }
    while_held, after_release = {}, {}
    for held in expected:
        devices = InputDevices()
        press(devices, *held)
        while_held[held] = devices.controls()
        release(devices, *held)
        after_release[held] = devices.controls()
    assert while_held == {held: Controls(x, y, False) for held, (x, y) in expected.items()}
    assert set(after_release.values()) == {Controls(0, 0, False)}


def test_space_kicks_while_it_is_down() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_SPACE)
    assert devices.controls().kick
    assert devices.controls().kick
    release(devices, pygame.KSCAN_SPACE)
    assert not devices.controls().kick


def test_a_kick_shorter_than_a_frame_still_counts_once() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_SPACE)
    release(devices, pygame.KSCAN_SPACE)
    assert devices.controls().kick
    assert not devices.controls().kick


def test_nothing_stays_down_when_the_window_loses_the_keyboard() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_W, pygame.KSCAN_SPACE)
    devices.handle(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    assert devices.controls() == Controls(0, 0, False)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_any_place_of_a_stick_gives_valid_controls(x: float, y: float) -> None:
    controls = Controls(*stick_to_direction(x, y), False)
    assert controls.x * x >= 0.0
    assert controls.y * y >= 0.0
    assert controls.x**2 + controls.y**2 <= (STICK_LIMIT + 1) ** 2


def test_a_worn_stick_at_rest_does_not_run_and_a_full_push_is_full() -> None:
    assert stick_to_direction(0.7 * DEAD_ZONE, -0.7 * DEAD_ZONE) == (0, 0)
    assert stick_to_direction(1.0, 0.0) == (127, 0)
    assert stick_to_direction(0.0, -1.0) == (0, -127)
    gentle, _ = stick_to_direction(DEAD_ZONE + 0.1, 0.0)
    assert 0 < gentle < 30


class FakePad:
    """Fake gamepad with pygame's interface."""

    def __init__(self, axes: tuple[float, ...] = (0.0, 0.0), hat: tuple[int, int] = (0, 0)) -> None:
        self.axes, self.hat, self.buttons = axes, hat, [False] * 8

    def get_instance_id(self) -> int:
        return 5

    def get_numhats(self) -> int:
        return 1

    def get_hat(self, _: int) -> tuple[int, int]:
        return self.hat

    def get_numaxes(self) -> int:
        return len(self.axes)

    def get_axis(self, axis: int) -> float:
        return self.axes[axis]

    def get_numbuttons(self) -> int:
        return len(self.buttons)

    def get_button(self, button: int) -> bool:
        return self.buttons[button]


def plugged_in(monkeypatch: pytest.MonkeyPatch, pad: FakePad) -> InputDevices:
    monkeypatch.setattr(pygame.joystick, "Joystick", lambda index: pad)
    devices = InputDevices()
    devices.handle(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0))
    return devices


def test_a_pad_plugged_in_plays_and_one_pulled_out_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = plugged_in(monkeypatch, FakePad(axes=(1.0, 0.0)))
    assert devices.controls() == Controls(127, 0, False)
    devices.handle(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=5))
    assert devices.controls() == Controls(0, 0, False)


def test_the_cross_of_a_pad_runs_too_up_being_up(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = plugged_in(monkeypatch, FakePad(hat=(-1, 1)))
    assert devices.controls() == Controls(-127, -127, False)


def test_a_button_of_the_thumb_kicks_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    pad = FakePad()
    devices = plugged_in(monkeypatch, pad)
    pad.buttons[7] = True
    assert not devices.controls().kick
    pad.buttons[2] = True
    assert devices.controls().kick
    pad.buttons[2] = False
    devices.handle(pygame.event.Event(pygame.JOYBUTTONDOWN, instance_id=5, button=0))
    assert devices.controls().kick
    assert not devices.controls().kick


def test_the_keyboard_goes_before_the_pad(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = plugged_in(monkeypatch, FakePad(axes=(1.0, 0.0)))
    press(devices, pygame.KSCAN_A)
    assert devices.controls() == Controls(-127, 0, False)
