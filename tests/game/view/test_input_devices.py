"""Tests of input devices: keys, sticks and buttons become controls; no press is lost or stuck."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from game.view.input_devices import DEAD_ZONE, InputDevices, stick_to_direction
from tests.game.view.fake_pad import FakePad


def press(devices: InputDevices, *scancodes: int) -> None:
    for scancode in scancodes:
        devices.press(pygame.event.Event(pygame.KEYDOWN, key=0, scancode=scancode))


def release(devices: InputDevices, *scancodes: int) -> None:
    for scancode in scancodes:
        devices.track(pygame.event.Event(pygame.KEYUP, key=0, scancode=scancode))


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


def test_a_tap_of_a_direction_shorter_than_a_frame_moves_once() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_W)
    release(devices, pygame.KSCAN_W)
    assert [devices.controls(), devices.controls()] == [Controls(0, -127, False), NEUTRAL]


def test_two_kicks_in_one_frame_are_two_presses() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_SPACE)
    assert devices.controls().kick
    release(devices, pygame.KSCAN_SPACE)
    press(devices, pygame.KSCAN_SPACE)
    assert [devices.controls().kick, devices.controls().kick] == [False, True]


def test_nothing_stays_down_when_the_window_loses_the_keyboard() -> None:
    devices = InputDevices()
    press(devices, pygame.KSCAN_W, pygame.KSCAN_SPACE)
    devices.track(pygame.event.Event(pygame.WINDOWFOCUSLOST))
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


def plugged_in(monkeypatch: pytest.MonkeyPatch, pad: FakePad) -> InputDevices:
    monkeypatch.setattr(pygame.joystick, "Joystick", lambda index: pad)
    devices = InputDevices()
    devices.track(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0))
    return devices


def test_a_pad_plugged_in_plays_and_one_pulled_out_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = plugged_in(monkeypatch, FakePad(axes=(1.0, 0.0)))
    assert devices.controls() == Controls(127, 0, False)
    devices.track(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=5))
    assert devices.controls() == Controls(0, 0, False)


def test_a_pad_pulled_out_before_its_event_is_read_is_ignored() -> None:
    devices = InputDevices()
    devices.track(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=99))
    assert devices.controls() == NEUTRAL


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
    assert not devices.controls().kick
    devices.press(pygame.event.Event(pygame.JOYBUTTONDOWN, instance_id=5, button=0))
    assert devices.controls().kick
    assert not devices.controls().kick


def test_the_keyboard_goes_before_the_pad(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = plugged_in(monkeypatch, FakePad(axes=(1.0, 0.0)))
    press(devices, pygame.KSCAN_A)
    assert devices.controls() == Controls(-127, 0, False)
