"""Who steers: the person in all panels or in one, a bot where nobody does."""

from game.match.controls import NEUTRAL, Controls
from game.view.compare.input_routing import IDLE_S, InputRouter

RIGHT = Controls(127, 0, False)
NAMES = ("tcp", "udp", "websocket")


def test_bots_play_until_somebody_presses():
    steering = InputRouter(NAMES)
    assert steering.route(NEUTRAL, 0.0) == dict.fromkeys(NAMES)
    assert steering.route(RIGHT, 1.0) == dict.fromkeys(NAMES, RIGHT)
    assert all(map(steering.is_human, NAMES))


def test_who_stands_still_on_purpose_keeps_the_player_for_a_while():
    steering = InputRouter(NAMES)
    steering.route(RIGHT, 1.0)
    assert steering.route(NEUTRAL, 1.0 + IDLE_S - 0.1) == dict.fromkeys(NAMES, NEUTRAL)
    assert steering.route(NEUTRAL, 1.0 + IDLE_S) == dict.fromkeys(NAMES)
    assert not any(map(steering.is_human, NAMES))


def test_the_keys_go_round_the_panels_and_back_to_all():
    steering = InputRouter(NAMES)
    seen = []
    for _ in range(4):
        steering.focus_next()
        seen.append(steering.focus)
    assert seen == ["tcp", "udp", "websocket", None]


def test_the_others_are_left_to_their_bots():
    steering = InputRouter(NAMES)
    steering.toggle_focus("udp")
    assert steering.route(RIGHT, 0.0) == {"tcp": None, "udp": RIGHT, "websocket": None}
    assert steering.has_keys("udp")
    assert not steering.has_keys("tcp")
    steering.toggle_focus("udp")
    assert steering.focus is None
