"""Tests of input routing: to all panels, to one panel, or to bots."""

from game.match.controls import NEUTRAL, Controls
from game.view.compare.input_router import IDLE_S, InputRouter

RIGHT = Controls(127, 0, False)
NAMES = ("tcp", "udp", "websocket")


def test_bots_play_until_somebody_presses():
    input_router = InputRouter(NAMES)
    assert input_router.route(NEUTRAL, 0.0) == dict.fromkeys(NAMES)
    assert input_router.route(RIGHT, 1.0) == dict.fromkeys(NAMES, RIGHT)
    assert all(map(input_router.is_human, NAMES))


def test_a_short_pause_does_not_hand_the_player_to_the_bot():
    input_router = InputRouter(NAMES)
    input_router.route(RIGHT, 1.0)
    assert input_router.route(NEUTRAL, 1.0 + IDLE_S - 0.1) == dict.fromkeys(NAMES, NEUTRAL)
    assert input_router.route(NEUTRAL, 1.0 + IDLE_S) == dict.fromkeys(NAMES)
    assert not any(map(input_router.is_human, NAMES))


def test_the_focus_cycles_through_the_panels_and_back_to_all():
    input_router = InputRouter(NAMES)
    seen = []
    for _ in range(4):
        input_router.focus_next()
        seen.append(input_router.focus)
    assert seen == ["tcp", "udp", "websocket", None]


def test_panels_without_the_focus_are_left_to_their_bots():
    input_router = InputRouter(NAMES)
    input_router.toggle_focus("udp")
    assert input_router.route(RIGHT, 0.0) == {"tcp": None, "udp": RIGHT, "websocket": None}
    assert input_router.receives_input("udp")
    assert not input_router.receives_input("tcp")
    input_router.toggle_focus("udp")
    assert input_router.focus is None
