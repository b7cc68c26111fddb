"""Tests of the play screen: keys reach the source, the menu blocks them, events become toasts."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import Status
from game.client.netcode import NetcodeSettings, PredictionMode
from game.match.controls import NEUTRAL, Controls
from game.match.pitch import PitchSize
from game.match.world import Team
from game.protocol.messages import (
    ChatLine,
    Goal,
    LimitsChanged,
    Notice,
    PauseChanged,
    PlayerJoined,
    PlayerLeft,
    RoomAction,
    RoomRequest,
)
from game.view.audio.speaker import Speaker
from game.view.play.screen import PlayScreen
from game.view.texts import ENGLISH
from game.view.theme import Theme
from tests.game.view.fake_pad import FakePad
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count, differs
from tests.game.view.screens import SIZE, press

TOASTS = pygame.Rect(0, 500, 260, 172)


@pytest.fixture
def speaker() -> Speaker:
    return Speaker(is_muted=True)


@pytest.fixture
def screen(source: LocalSource, speaker: Speaker, theme: Theme) -> PlayScreen:
    screen = PlayScreen(source, ENGLISH, speaker)
    screen.resize(SIZE, theme)
    return screen


def lift(screen: PlayScreen, key: int, scancode: int = 0) -> None:
    screen.handle(pygame.event.Event(pygame.KEYUP, key=key, scancode=scancode), 1.0)


def test_held_keys_reach_the_source_each_frame(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.0)
    assert source.controls == Controls(127, 0, False)
    lift(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.02)
    assert source.controls == NEUTRAL


def test_a_held_key_moves_the_player_on_the_pitch(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    screen.draw(surface, 0.0)
    before = source.match.world.players[source.own_id].y
    press(screen, pygame.K_s, pygame.KSCAN_S)
    for n in range(30):
        screen.draw(surface, n / 60)
    assert source.match.world.players[source.own_id].y > before + 30.0


def test_escape_opens_the_menu_and_the_player_stands_still(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_d, pygame.KSCAN_D)
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_w, pygame.KSCAN_W)
    screen.draw(surface, 0.0)
    assert source.controls == NEUTRAL
    press(screen, pygame.K_ESCAPE)
    screen.draw(surface, 0.02)
    assert source.controls == NEUTRAL


def test_the_menu_moves_to_another_transport_and_closes(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    screen.draw(surface, 0.0)
    press(screen, pygame.K_ESCAPE)
    for key in (pygame.K_DOWN, pygame.K_RETURN):
        press(screen, key)
    assert source.switched_to == ["tcp"]
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.02)
    assert source.controls == Controls(127, 0, False)


def test_quit_in_the_menu_closes_the_window(screen: PlayScreen) -> None:
    press(screen, pygame.K_ESCAPE)
    assert not screen.wants_to_close
    press(screen, pygame.K_UP)
    press(screen, pygame.K_RETURN)
    assert screen.wants_to_close


def test_digits_move_to_another_transport(surface: pygame.Surface, theme: Theme) -> None:
    expected = {
        pygame.K_1: ["tcp"],
        pygame.K_2: [],
        pygame.K_3: ["websocket"],
        pygame.K_4: [],
        pygame.K_9: [],
    }
    switched = {}
    for key in expected:
        source = LocalSource(players=2)
        screen = PlayScreen(source, ENGLISH, Speaker(is_muted=True))
        screen.resize((1280, 720), theme)
        screen.draw(surface, 0.0)
        press(screen, key)
        switched[key] = source.switched_to
    assert switched == expected


def test_a_transport_requested_during_a_switch_is_said_and_passed_on(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    screen.draw(surface, 0.0)
    source.overrides.update(transport="udp", switching_to="tcp")
    screen.draw(surface, 0.1)
    for key in (pygame.K_1, pygame.K_3):
        press(screen, key)
    assert source.switched_to == ["websocket"]
    assert [text for text, _ in screen.toasts.shown(0.1)] == ["switching to WebSocket"]
    # Back to the transport in use, before the other one answers.
    source.overrides["switching_to"] = "websocket"
    screen.draw(surface, 0.2)
    press(screen, pygame.K_2)
    assert source.switched_to == ["websocket", "udp"]


def test_a_finished_switch_shows_a_toast(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    screen.draw(surface, 0.0)
    before = surface.copy()
    source.transport = "tcp"
    screen.draw(surface, 1.0)
    screen.draw(surface, 1.5)
    assert differs(before, surface, TOASTS)


def test_joins_leaves_and_notices_show_a_toast(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    source.overrides["events"] = (
        PlayerJoined(1, "Ada"),
        PlayerLeft(1, "Grace"),
        Notice(1, "closing at five"),
    )
    screen.draw(surface, 0.0)
    assert [text for text, _ in screen.toasts.shown(0.0)] == [
        "Ada joined",
        "Grace left",
        "closing at five",
    ]


def test_m_mutes_and_unmutes(screen: PlayScreen, speaker: Speaker) -> None:
    press(screen, pygame.K_m)
    assert not speaker.is_muted
    press(screen, pygame.K_m)
    assert speaker.is_muted


@pytest.mark.parametrize("size", [(1280, 720), (640, 400), (2560, 1440), (480, 300), (300, 900)])
def test_every_pixel_of_any_window_is_painted(
    source: LocalSource, speaker: Speaker, size: tuple[int, int]
) -> None:
    window = pygame.Window("test", size)
    surface = window.get_surface()
    surface.fill((255, 0, 255))
    screen = PlayScreen(source, ENGLISH, speaker)
    screen.resize(size, Theme(size))
    screen.draw(surface, 0.0)
    assert count(surface, surface.get_rect(), (255, 0, 255)) == 0
    window.destroy()


@pytest.mark.parametrize("status", [Status.CONNECTING, Status.REFUSED, Status.LOST])
def test_a_client_without_a_match_is_drawn_too(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource, status: Status
) -> None:
    source.overrides.update(status=status, status_text="why", scene=None, own_id=None)
    frame = screen.draw(surface, 0.0)
    assert frame.scene is None
    assert surface.get_bounding_rect().size == (1280, 720)


@pytest.mark.slow
def test_a_whole_match_is_drawn_to_its_end(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    goals = 0
    for n in range(60 * 25):
        frame = screen.draw(surface, n / 5)
        goals = max(goals, sum(frame.scene.score) if frame.scene else 0)
    assert goals > 0


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        (pygame.K_i, NetcodeSettings(interpolation=False)),
        (pygame.K_x, NetcodeSettings(extrapolation=True)),
        (pygame.K_p, NetcodeSettings(prediction=PredictionMode.OFF)),
        (pygame.K_r, NetcodeSettings(reconciliation=False)),
        (pygame.K_c, NetcodeSettings(deltas=False)),
        (pygame.K_MINUS, NetcodeSettings(interpolation_s=pytest.approx(0.05))),
        (pygame.K_EQUALS, NetcodeSettings(interpolation_s=pytest.approx(1 / 12))),
    ],
)
def test_netcode_settings_change_by_key_and_show_a_toast(
    surface: pygame.Surface,
    screen: PlayScreen,
    source: LocalSource,
    key: int,
    changed: NetcodeSettings,
) -> None:
    screen.draw(surface, 0.0)
    before = surface.copy()
    press(screen, key)
    assert source.netcode == changed
    screen.draw(surface, 0.5)
    assert differs(before, surface, TOASTS)


def test_the_lagometer_takes_room_from_the_pitch_and_gives_it_back(
    surface: pygame.Surface, screen: PlayScreen
) -> None:
    screen.draw(surface, 0.0)
    whole = screen.panel.pitch.rect.height
    press(screen, pygame.K_l)
    screen.draw(surface, 0.1)
    assert screen.panel.pitch.rect.height < whole
    press(screen, pygame.K_l)
    assert screen.panel.pitch.rect.height == whole


def test_the_help_is_closed_by_escape(surface: pygame.Surface, screen: PlayScreen) -> None:
    screen.draw(surface, 0.0)
    before = surface.copy()
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.0)
    assert differs(before, surface, surface.get_rect())
    press(screen, pygame.K_ESCAPE)
    screen.draw(surface, 0.0)
    assert not differs(before, surface, surface.get_rect())


def test_the_help_keeps_the_keys_from_the_player(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_d, pygame.KSCAN_D)
    press(screen, pygame.K_F1)
    for key, scancode in ((pygame.K_UP, pygame.KSCAN_UP), (pygame.K_1, pygame.KSCAN_1)):
        press(screen, key, scancode)
    screen.draw(surface, 0.0)
    assert source.controls == NEUTRAL
    assert source.switched_to == []
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.02)
    assert source.controls == NEUTRAL
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.04)
    assert source.controls == Controls(127, 0, False)


def test_f1_and_the_menus_button_show_the_help_instead_of_the_menu(
    surface: pygame.Surface, screen: PlayScreen
) -> None:
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.0)
    page = surface.copy()
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.0)
    assert not differs(page, surface, surface.get_rect())
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_ESCAPE)
    # After Resume, three transports, lagometer, packets and slow motion comes the help.
    for _ in range(7):
        press(screen, pygame.K_DOWN)
    press(screen, pygame.K_RETURN)
    screen.draw(surface, 0.0)
    assert not differs(page, surface, surface.get_rect())


def test_the_help_is_opaque(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.0)
    page = surface.copy()
    source.match.world.ball.x += 200.0
    screen.draw(surface, 1.0)
    assert not differs(page, surface, surface.get_rect())


@pytest.mark.parametrize("overlay", [pygame.K_ESCAPE, pygame.K_F1])
def test_a_pad_plugged_in_behind_an_overlay_plays_when_it_closes(
    surface: pygame.Surface,
    screen: PlayScreen,
    source: LocalSource,
    monkeypatch: pytest.MonkeyPatch,
    overlay: int,
) -> None:
    monkeypatch.setattr(pygame.joystick, "Joystick", lambda index: FakePad(axes=(1.0, 0.0)))
    press(screen, overlay)
    screen.handle(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0), 1.0)
    screen.draw(surface, 0.0)
    assert source.controls == NEUTRAL
    press(screen, pygame.K_ESCAPE)
    screen.draw(surface, 0.02)
    assert source.controls == Controls(127, 0, False)
    press(screen, overlay)
    screen.handle(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=5), 1.0)
    press(screen, pygame.K_ESCAPE)
    screen.draw(surface, 0.04)
    assert source.controls == NEUTRAL


def test_impairments_have_keys(screen: PlayScreen, source: LocalSource) -> None:
    for key in (pygame.K_n, pygame.K_v, pygame.K_n):
        press(screen, key)
    assert source.impairments == [("nagle", True), ("latest events", True), ("nagle", False)]


def type_text(screen: PlayScreen, text: str) -> None:
    screen.handle(pygame.event.Event(pygame.TEXTINPUT, text=text), 1.0)


def test_enter_writes_a_line_and_the_player_stands_still(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_RETURN)
    type_text(screen, "hello  worlds")
    press(screen, pygame.K_BACKSPACE)
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.0)
    assert source.controls == NEUTRAL
    press(screen, pygame.K_RETURN)
    assert source.asked == [RoomRequest(RoomAction.CHAT, "hello  world")]
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.1)
    assert source.controls == Controls(127, 0, False)


@pytest.mark.parametrize("key", [pygame.K_ESCAPE, pygame.K_RETURN])
def test_an_empty_or_dropped_line_is_not_sent(
    screen: PlayScreen, source: LocalSource, key: int
) -> None:
    press(screen, pygame.K_RETURN)
    type_text(screen, "  " if key == pygame.K_RETURN else "hello")
    press(screen, key)
    assert not screen.chat.is_open
    assert source.asked == []


def test_a_line_of_another_player_is_a_toast(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    source.overrides["events"] = (ChatLine(1, "Eva", "good shot"),)
    screen.draw(surface, 0.0)
    assert [text for text, _ in screen.toasts.shown(0.5)] == ["Eva: good shot"]


def test_a_stopped_match_says_so_until_it_goes_on(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    screen.draw(surface, 0.0)
    before = surface.copy()
    pictures = []
    for is_paused in (True, False):
        source.overrides["events"] = (PauseChanged(1, is_paused, "Eva"),)
        screen.draw(surface, 0.0)
        pictures.append(differs(before, surface, surface.get_rect()))
    assert pictures[0]
    assert not pictures[1]


def choose_in_menu(screen: PlayScreen, ups: int) -> None:
    """Open the menu, go so many entries up from the first one, and choose that."""
    for key in (pygame.K_ESCAPE, *[pygame.K_UP] * ups, pygame.K_RETURN):
        press(screen, key)


def test_the_menu_asks_for_sides_and_a_pause(screen: PlayScreen, source: LocalSource) -> None:
    for ups in (8, 7, 6, 5):
        choose_in_menu(screen, ups)
    assert [request.action for request in source.asked] == [
        RoomAction.PLAY_ORANGE,
        RoomAction.PLAY_SKY,
        RoomAction.WATCH,
        RoomAction.PAUSE,
    ]


def test_the_menu_steps_through_lengths_and_goal_limits(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    source.overrides["events"] = (LimitsChanged(1, 300.0, 3),)
    screen.draw(surface, 0.0)
    for ups in (4, 3, 2):
        choose_in_menu(screen, ups)
    # The match of this source lasts five minutes.
    assert source.asked == [
        RoomRequest(RoomAction.SET_MINUTES, "10"),
        RoomRequest(RoomAction.SET_GOAL_LIMIT, "5"),
        RoomRequest(RoomAction.SET_PITCH, "2"),
    ]


def test_the_next_pitch_is_told_if_it_is_another_one(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    source.overrides["events"] = (LimitsChanged(1, 300.0, 3),)
    screen.draw(surface, 0.0)
    told = [text for text, _ in screen.toasts.shown(0.1)]
    assert told == ["A match lasts 10.0 min, goal limit: 3"]
    source.overrides["events"] = (LimitsChanged(2, 300.0, 3, PitchSize.SMALL),)
    screen.draw(surface, 0.2)
    assert "Pitch of the next match: small" in [text for text, _ in screen.toasts.shown(0.3)]


def test_the_ready_key_and_the_start_button_ask_the_room_only_while_the_match_waits(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    def press_both() -> None:
        press(screen, pygame.K_e, pygame.KSCAN_E)
        screen.handle(pygame.event.Event(pygame.JOYBUTTONDOWN, instance_id=5, button=7), 1.0)

    own_id, scene = source.own_id, source.scene()
    assert own_id is not None
    screen.draw(surface, 0.0)
    press_both()
    assert source.asked == []
    source.overrides["scene"] = replace(scene, awaited_ids=(own_id, 99))
    screen.draw(surface, 0.1)
    press_both()
    source.overrides["scene"] = replace(scene, ready_ids=(own_id,), awaited_ids=(99,))
    screen.draw(surface, 0.2)
    press_both()
    ready, not_ready = RoomRequest(RoomAction.READY), RoomRequest(RoomAction.NOT_READY)
    assert source.asked == [ready, ready, not_ready, not_ready]


def test_how_many_are_ready_is_shown_while_the_match_waits(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    line = pygame.Rect(440, 630, 400, 44)
    pictures = []
    scene = source.scene()
    for ready, awaited in (((), ()), ((), (1, 2)), ((1,), (2,)), ((), ())):
        source.overrides["scene"] = replace(scene, ready_ids=ready, awaited_ids=awaited)
        screen.draw(surface, 20.0)
        pictures.append(surface.copy())
    playing, none_ready, one_ready, playing_again = pictures
    assert differs(playing, none_ready, line)
    assert differs(none_ready, one_ready, line)
    assert not differs(playing, playing_again, line)


def test_a_goal_is_shown_again_in_slow_motion_and_offered(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    press(screen, pygame.K_h, pygame.KSCAN_H)
    assert not screen.slow_motion.is_open
    for n in range(300):
        screen.draw(surface, n / 60)
    source.overrides["events"] = (Goal(1, Team.ORANGE, 0, False, (1, 0)),)
    screen.draw(surface, 5.0)
    source.overrides.clear()
    assert "H: the goal again in slow motion" in [text for text, _ in screen.toasts.shown(5.1)]
    press(screen, pygame.K_h, pygame.KSCAN_H)
    screen.draw(surface, 5.1)
    assert screen.slow_motion.playback is not None
    assert 2.4 <= screen.slow_motion.playback.at <= 3.0


def test_the_keys_are_shown_at_first_and_until_one_is_pressed(
    surface: pygame.Surface, screen: PlayScreen, source: LocalSource
) -> None:
    top = pygame.Rect(300, 60, 680, 50)
    source.play_until = lambda now: None  # type: ignore[method-assign]
    screen.draw(surface, 1.0)
    first = surface.copy()
    screen.draw(surface, 8.5)
    assert not differs(first, surface, top)
    screen.draw(surface, 9.1)
    assert differs(first, surface, top)
    again = PlayScreen(source, ENGLISH, Speaker(is_muted=True))
    again.resize((1280, 720), Theme((1280, 720)))
    again.draw(surface, 1.0)
    assert not differs(first, surface, top)
    press(again, pygame.K_d, pygame.KSCAN_D)
    again.draw(surface, 1.1)
    assert differs(first, surface, top)


def test_every_entry_of_the_menu_says_what_it_does(screen: PlayScreen) -> None:
    items = screen.menu.items()
    assert len(items) > 8
    assert not [item.text for item in items if not item.hint]
