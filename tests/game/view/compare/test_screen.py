"""Tests of the comparison screen: keys and mouse reach the controls, panels show differences."""

from collections.abc import Callable

import pygame
import pytest

from game.client.netcode import PredictionMode
from game.match.controls import Controls
from game.view import colours
from game.view.actions import Action
from game.view.compare.screen import CompareScreen
from game.view.compare.settings import BURST_S, CompareControls, GhostMode
from game.view.texts import ENGLISH, LANGUAGES
from game.view.theme import Theme
from game.view.widgets.hints import HINT_AFTER_S
from net.link.presets import PRESETS
from tests.game.view.fake_pad import FakePad
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.pixels import count, differs
from tests.game.view.screens import SIZE, compare_screen, press, watch


@pytest.fixture
def source() -> LocalComparison:
    return LocalComparison()


@pytest.fixture
def screen(source: LocalComparison, theme: Theme) -> CompareScreen:
    screen = compare_screen(source, details=True)
    screen.resize(SIZE, theme)
    return screen


@pytest.fixture
def controls(screen: CompareScreen) -> CompareControls:
    return screen.controls


def mouse(screen: CompareScreen, kind: int, point: tuple[int, int], scale: float = 1.0) -> None:
    screen.handle(pygame.event.Event(kind, pos=point, button=1), scale)


def click(screen: CompareScreen, point: tuple[int, int], scale: float = 1.0) -> None:
    mouse(screen, pygame.MOUSEBUTTONDOWN, point, scale)
    mouse(screen, pygame.MOUSEBUTTONUP, point, scale)


Change = Callable[[CompareControls, LocalComparison], object]

KEYS: list[tuple[int, Change]] = [
    (pygame.K_TAB, lambda controls, _: controls.input_router.focus),
    (pygame.K_2, lambda _, source: tuple(source.switched)),
    (pygame.K_g, lambda controls, _: controls.ghosts),
    (pygame.K_t, lambda controls, _: controls.shows_trails),
    (pygame.K_l, lambda controls, _: controls.shows_lagometers),
    (pygame.K_k, lambda controls, _: controls.shows_lanes),
    (pygame.K_F2, lambda controls, _: controls.shows_details),
    (pygame.K_F1, lambda controls, _: controls.shows_help),
    (pygame.K_i, lambda _, source: source.netcode.interpolation),
    (pygame.K_MINUS, lambda _, source: source.netcode.interpolation_s),
    (pygame.K_EQUALS, lambda _, source: source.netcode.interpolation_s),
    (pygame.K_x, lambda _, source: source.netcode.extrapolation),
    (pygame.K_p, lambda _, source: source.netcode.prediction),
    (pygame.K_r, lambda _, source: source.netcode.reconciliation),
    (pygame.K_c, lambda _, source: source.netcode.deltas),
    (pygame.K_LEFTBRACKET, lambda _, source: tuple(source.links)),
    (pygame.K_RIGHTBRACKET, lambda _, source: tuple(source.links)),
    (pygame.K_b, lambda _, source: tuple(source.bursts)),
    (pygame.K_n, lambda _, source: source.links[-1].up.nagle if source.links else False),
    (pygame.K_v, lambda _, source: tuple(source.unreliable_events)),
]


def test_every_key_changes_what_it_says(theme: Theme) -> None:
    unchanged = []
    for key, state in KEYS:
        source = LocalComparison()
        screen = compare_screen(source, details=True)
        screen.resize((1280, 720), theme)
        before = state(screen.controls, source)
        press(screen, key)
        if state(screen.controls, source) == before:
            unchanged.append(pygame.key.name(key))
    assert not unchanged


def test_every_key_is_a_button_too(theme: Theme) -> None:
    unchanged = []
    for key, state in KEYS:
        source = LocalComparison()
        screen = compare_screen(source, details=True)
        screen.resize((1280, 720), theme)
        before = state(screen.controls, source)
        (action,) = (action for action in screen.actions.everything if key in action.keys)
        click(screen, rect_of(screen, action.key_label).center)
        if state(screen.controls, source) == before:
            unchanged.append(action.key_label)
    assert not unchanged


def test_every_action_has_a_button(screen: CompareScreen) -> None:
    missing = [
        action.key_label
        for action in screen.actions.everything
        if action is not screen.actions.sound and rect_of(screen, action.key_label).width <= 0
    ]
    assert not missing


def test_every_action_has_a_key_or_is_the_menu(screen: CompareScreen) -> None:
    pressed = {key for key, _ in KEYS}
    for action in screen.actions.everything:
        assert pressed & {*action.keys} or action.key_label in ("Esc", "1", "3", "M", "J", "F8")
        assert action.help


def test_f8_and_the_menu_lead_to_the_lobby(screen: CompareScreen) -> None:
    assert not screen.wants_lobby
    screen.handle(pygame.Event(pygame.KEYDOWN, key=pygame.K_F8, scancode=pygame.KSCAN_F8), 1.0)
    assert screen.wants_lobby
    assert screen.wants_to_close


def test_no_two_actions_share_a_key(screen: CompareScreen) -> None:
    keys = [key for action in screen.actions.everything for key in action.keys]
    assert len(keys) == len(set(keys))


def test_a_switch_that_is_under_way_is_in_the_title_of_its_panel(
    surface: pygame.Surface, screen: CompareScreen, source: LocalComparison
) -> None:
    watch(screen, surface, 0.2)
    before = surface.copy()
    source.panels["udp"].switching_to = "tcp"
    screen.draw(surface, 0.2)
    titles = [pygame.Rect(panel.rect.topleft, (panel.rect.width, 30)) for panel in screen.panels]
    assert [differs(before, surface, title) for title in titles] == [False, True, False]


def rect_of(screen: CompareScreen, key_label: str) -> pygame.Rect:
    (rect,) = (rect for button, rect in screen.strip.button_rects if button.key_label == key_label)
    return rect


def test_a_key_by_its_place_works_where_its_sign_stands_elsewhere(
    screen: CompareScreen, source: LocalComparison
) -> None:
    press(screen, pygame.K_BACKQUOTE, pygame.KSCAN_LEFTBRACKET)
    assert len(source.links) == 1


def test_keys_drive_every_player_until_tab_gives_them_to_one(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    screen.draw(surface, 0.1)
    assert source.driven == dict.fromkeys(source.names)
    press(screen, pygame.K_d, pygame.KSCAN_D)
    screen.draw(surface, 0.2)
    assert source.driven == dict.fromkeys(source.names, Controls(127, 0, False))
    press(screen, pygame.K_TAB)
    screen.draw(surface, 0.3)
    assert source.driven == {"tcp": Controls(127, 0, False), "udp": None, "websocket": None}


def test_a_click_on_a_pitch_gives_the_keys_to_it(
    screen: CompareScreen, controls: CompareControls
) -> None:
    click(screen, (640, 200))
    assert controls.input_router.focus == "udp"
    # As on a display with two pixels per unit.
    click(screen, (320, 100), scale=2.0)
    assert controls.input_router.focus is None


def test_digits_move_the_first_panel_or_the_one_with_the_keys(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    watch(screen, surface, 1.0)
    press(screen, pygame.K_2)
    press(screen, pygame.K_TAB)
    press(screen, pygame.K_TAB)
    press(screen, pygame.K_3)
    assert source.switched == [("tcp", "udp"), ("udp", "websocket")]
    watch(screen, surface, 1.1, since=1.0)
    marks = [[mark.text for mark in panel.history.annotations] for panel in screen.panels]
    assert marks == [["UDP"], ["WebSocket"], []]
    frame = screen.draw(surface, 1.2)
    assert frame.scene is not None
    assert [player.name for player in frame.scene.players if player.is_own] == ["UDP"]


def test_a_burst_lasts_300_ms_and_is_marked_everywhere(
    screen: CompareScreen, source: LocalComparison
) -> None:
    press(screen, pygame.K_b)
    assert source.bursts == [BURST_S] == [0.3]
    assert all(len(panel.history.annotations) == 1 for panel in screen.panels)


def test_interpolation_stays_between_0_and_300_ms(
    screen: CompareScreen, source: LocalComparison
) -> None:
    for _ in range(40):
        press(screen, pygame.K_MINUS)
    assert source.netcode.interpolation_s == 0.0
    for _ in range(40):
        press(screen, pygame.K_EQUALS)
    assert source.netcode.interpolation_s == pytest.approx(0.3)


def test_p_cycles_through_all_prediction_modes(
    screen: CompareScreen, source: LocalComparison
) -> None:
    seen = []
    for _ in range(3):
        press(screen, pygame.K_p)
        seen.append(source.netcode.prediction)
    assert set(seen) == set(PredictionMode)


def test_a_dragged_slider_changes_the_link_at_once_and_is_marked_once(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    screen.draw(surface, 0.1)
    slider = screen.strip.slider_rects[2]
    mouse(screen, pygame.MOUSEBUTTONDOWN, slider.center)
    mouse(screen, pygame.MOUSEMOTION, (slider.right + 50, slider.centery))
    assert source.links[-1].down.loss_ratio == pytest.approx(0.3)
    assert not screen.panels[0].history.annotations
    mouse(screen, pygame.MOUSEBUTTONUP, (slider.right + 50, slider.centery))
    assert [mark.text for mark in screen.panels[0].history.annotations] == ["loss 30%"]
    links = len(source.links)
    mouse(screen, pygame.MOUSEMOTION, slider.center)
    assert len(source.links) == links


def test_a_preset_has_a_button(screen: CompareScreen, source: LocalComparison) -> None:
    (rect,) = (rect for button, rect in screen.strip.button_rects if button.label() == "wifi")
    click(screen, rect.center)
    assert source.links[-1] == PRESETS["wifi"]


def test_only_the_panel_of_a_frozen_transport_warns(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    source.panels["tcp"].stall = (3.0, 4.0)
    watch(screen, surface, 3.8)
    tcp, udp, _ = (panel.rect for panel in screen.panels)
    # The pill "frozen" has this background.
    assert count(surface, tcp, colours.ALARM) > 300
    assert count(surface, udp, colours.ALARM) == 0


def test_g_cycles_through_both_ghost_modes_and_off(
    screen: CompareScreen, surface: pygame.Surface, controls: CompareControls
) -> None:
    watch(screen, surface, 2.0)
    pitch = screen.panels[1].pitch
    seen = []
    pictures = []
    for n in range(3):
        press(screen, pygame.K_g)
        screen.draw(surface, 2.0 + n * 1e-6)
        seen.append(controls.ghosts)
        pictures.append(surface.copy())
    assert seen == [GhostMode.PRESENT, GhostMode.OFF, GhostMode.RENDER_TIME]
    assert differs(pictures[0], pictures[1], pitch)
    assert differs(pictures[1], pictures[2], pitch)


def test_delayed_ghosts_are_labelled(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    watch(screen, surface, 1.0)
    pitch = screen.panels[0].pitch
    corner = pygame.Rect(pitch.centerx, pitch.top, pitch.width // 2, 20)
    assert count(surface, corner, colours.YELLOW, 40) == 0
    source.reference_is_delayed = True
    screen.draw(surface, 1.01)
    assert count(surface, corner, colours.YELLOW, 40) > 20


def test_the_menu_takes_the_keys_and_quits(
    screen: CompareScreen, surface: pygame.Surface, source: LocalComparison
) -> None:
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_b)
    assert not source.bursts
    screen.draw(surface, 0.1)
    press(screen, pygame.K_UP)
    press(screen, pygame.K_RETURN)
    assert screen.wants_to_close


def test_escape_closes_the_help_first(screen: CompareScreen, controls: CompareControls) -> None:
    press(screen, pygame.K_F1)
    press(screen, pygame.K_ESCAPE)
    assert not controls.shows_help
    assert not screen.menu.is_open


def test_the_help_keeps_everything_from_the_game_and_is_closed_by_a_click(
    screen: CompareScreen,
    surface: pygame.Surface,
    source: LocalComparison,
    controls: CompareControls,
) -> None:
    press(screen, pygame.K_RIGHT, pygame.KSCAN_RIGHT)
    press(screen, pygame.K_F1)
    press(screen, pygame.K_UP, pygame.KSCAN_UP)
    press(screen, pygame.K_b)
    screen.draw(surface, 0.1)
    assert set(source.driven.values()) == {None}
    assert not source.bursts
    burst = rect_of(screen, "B")
    click(screen, burst.center)
    assert not controls.shows_help
    assert not source.bursts
    # Keys that were held while the help opened are released.
    screen.draw(surface, 0.2)
    assert set(source.driven.values()) == {None}
    click(screen, burst.center)
    assert source.bursts


def test_f1_shows_the_help_from_the_menu_too(
    screen: CompareScreen, controls: CompareControls
) -> None:
    press(screen, pygame.K_ESCAPE)
    press(screen, pygame.K_F1)
    assert controls.shows_help
    assert not screen.menu.is_open


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count_of_panels", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("size", "ui_scale"), [((1280, 720), 1.0), ((1000, 600), 1.0), ((1920, 1080), 1.5)]
)
def test_every_layout_stays_in_the_window(
    size: tuple[int, int], ui_scale: float, count_of_panels: int, language: str
) -> None:
    names = ("tcp", "udp", "websocket", "smoke")[:count_of_panels]
    source = LocalComparison(names)
    screen = compare_screen(source, language, details=True)
    window = pygame.Window("test", size)
    surface = window.get_surface()
    screen.resize(size, Theme(size, ui_scale))
    screen.draw(surface, 0.1)
    screen.draw(surface, 0.2)
    press(screen, pygame.K_F1)
    screen.draw(surface, 0.3)
    whole = surface.get_rect()
    rects = [rect for _, rect in screen.strip.button_rects]
    assert all(whole.contains(rect) for rect in rects)
    assert all(a is b or not a.colliderect(b) for a in rects for b in rects)
    for panel in screen.panels:
        assert whole.contains(panel.rect)
        assert panel.pitch.height > panel.rect.height * 0.2
        assert panel.rect.contains(panel.pitch)
    window.destroy()


def test_actions_say_what_is_on(screen: CompareScreen) -> None:
    actions = {action.key_label: action for action in screen.actions.everything}
    assert actions["I"].label() == ENGLISH.interpolation.format(value="67")
    assert isinstance(actions["I"], Action)
    assert actions["P"].label() == ENGLISH.prediction_own
    assert actions["R"].is_on()
    assert not actions["X"].is_on()


@pytest.mark.parametrize("overlay", [pygame.K_ESCAPE, pygame.K_F1])
def test_a_pad_plugged_in_behind_an_overlay_plays_when_it_closes(
    surface: pygame.Surface,
    screen: CompareScreen,
    source: LocalComparison,
    monkeypatch: pytest.MonkeyPatch,
    overlay: int,
) -> None:
    monkeypatch.setattr(pygame.joystick, "Joystick", lambda index: FakePad(axes=(1.0, 0.0)))
    press(screen, overlay)
    screen.handle(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0), 1.0)
    press(screen, pygame.K_ESCAPE)
    watch(screen, surface, 0.1)
    assert set(source.driven.values()) == {Controls(127, 0, False)}


SIZES = [
    *((1280, 720), (1920, 1080), (1000, 600), (700, 1150), (640, 360)),
    *((800, 600), (2560, 1080), (480, 800), (640, 300), (300, 300)),
]


@pytest.mark.slow
@pytest.mark.parametrize("details", [False, True])
def test_at_every_size_parts_are_whole_and_apart(surface: pygame.Surface, details: bool) -> None:
    wrong = []
    for size in SIZES:
        whole = pygame.Rect((0, 0), size)
        for ui_scale in (1.0, 1.5, 2.0):
            # Spanish has the longer words.
            screen = compare_screen(LocalComparison(), "es", details)
            screen.resize(size, Theme(size, ui_scale))
            where = (size, ui_scale)
            panels = [panel.rect for panel in screen.panels]
            parts = [screen.strip.rect, *panels]
            parts += [rect for _, rect in screen.strip.button_rects]
            parts += screen.strip.slider_rects
            if not all(whole.contains(part) for part in parts):
                wrong.append((where, "outside"))
            apart = [*panels, screen.strip.rect]
            if any(a is not b and a.colliderect(b) for a in apart for b in apart):
                wrong.append((where, "overlap"))
            controls = [rect for _, rect in screen.strip.button_rects]
            controls += screen.strip.slider_rects
            if any(a is not b and a.colliderect(b) for a in controls for b in controls):
                wrong.append((where, "controls overlap"))
            if not all(p.rect.contains(p.pitch) for p in screen.panels):
                wrong.append((where, "pitch outside"))
    assert not wrong


def test_a_high_window_has_its_panels_below_each_other(surface: pygame.Surface) -> None:
    screen = compare_screen(LocalComparison(), details=False)
    screen.resize((700, 1150), Theme((700, 1150)))
    lefts = {panel.rect.left for panel in screen.panels}
    assert len(lefts) == 1
    # Side by side each pitch would have less than a third of the window's width.
    assert min(panel.pitch.width for panel in screen.panels) > 700 / 2


def test_the_simple_view_has_two_figures_a_panel_and_few_buttons(
    surface: pygame.Surface, theme: Theme
) -> None:
    simple, detailed = (compare_screen(LocalComparison(), details=each) for each in (False, True))
    for screen in (simple, detailed):
        screen.resize((1280, 720), theme)
        screen.draw(surface, 1.0)
    assert {panel.cells_shown for panel in simple.panels} == {2}
    assert {panel.cells_shown for panel in detailed.panels} == {6}
    assert not simple.strip.slider_rects
    keys = {button.key_label for button, _ in simple.strip.button_rects} - {""}
    assert keys == {"B", "J", "F1", "F2", "F8", "Esc"}
    assert not simple.controls.shows_lagometers


def test_the_controls_grow_with_the_text(theme: Theme) -> None:
    heights = []
    for ui_scale in (1.0, 1.5, 2.0):
        screen = compare_screen(LocalComparison(), details=False)
        screen.resize((1280, 720), Theme((1280, 720), ui_scale))
        heights.append(rect_of(screen, "F1").height)
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] > 1.5 * heights[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_moves_when_another_one_changes_its_text(theme: Theme, language: str) -> None:
    source = LocalComparison()
    screen = compare_screen(source, language, details=True)
    screen.resize((1280, 720), theme)
    before = [rect.copy() for _, rect in screen.strip.button_rects]
    for key in (pygame.K_g, pygame.K_p, pygame.K_i, pygame.K_TAB, pygame.K_EQUALS):
        for _ in range(20):
            press(screen, key)
            assert [rect for _, rect in screen.strip.button_rects] == before
            assert all(
                button.width(screen.strip.theme) <= rect.width
                for button, rect in screen.strip.button_rects
            )


def test_every_control_says_what_it_does_when_the_mouse_rests_on_it(
    surface: pygame.Surface, theme: Theme
) -> None:
    wrong = []
    for details in (False, True):
        screen = compare_screen(LocalComparison(), details=details)
        screen.resize((1280, 720), theme)
        rects = [rect for _, rect in screen.strip.button_rects] + screen.strip.slider_rects
        assert len(rects) > 10
        screen.draw(surface, 1.0)
        for rect in rects:
            mouse(screen, pygame.MOUSEMOTION, rect.center)
            at_once, rested = (screen.strip.hint(1.0 + after) for after in (0.0, HINT_AFTER_S))
            if at_once is not None or rested is None or rested[1] != rect:
                wrong.append((details, rect, at_once, rested))
    assert not wrong


def test_every_entry_of_the_menu_says_what_it_does(screen: CompareScreen) -> None:
    items = screen.menu.items()
    assert len(items) > 4
    assert not [item.text for item in items if not item.hint]


@pytest.mark.parametrize("language", LANGUAGES)
def test_large_text_leaves_the_detailed_view_its_lagometers(
    surface: pygame.Surface, language: str
) -> None:
    screen = compare_screen(LocalComparison(), language, details=True)
    screen.resize((1280, 720), Theme((1280, 720), 2.0))
    screen.draw(surface, 1.0)
    assert all(panel.has_lagometer for panel in screen.panels)
    # The notes below the figures are dropped first.
    assert {panel.cells_shown for panel in screen.panels} == {2}


def test_a_hint_is_drawn_in_the_window(surface: pygame.Surface, theme: Theme) -> None:
    screen = compare_screen(LocalComparison(), details=True)
    screen.resize((1280, 720), theme)
    screen.draw(surface, 1.0)
    # The corner: centred above its control, the box would stick out.
    mouse(screen, pygame.MOUSEMOTION, screen.strip.slider_rects[0].center)
    before = surface.copy()
    screen.draw(surface, 1.0 + HINT_AFTER_S)
    above = pygame.Rect(0, screen.strip.rect.top - 40, 300, 40)
    assert differs(before, surface, above)


def test_the_keys_are_named_after_the_present_transport_of_their_panel(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    watch(screen, surface, 0.5)
    press(screen, pygame.K_TAB)
    press(screen, pygame.K_2)
    watch(screen, surface, 1.0, since=0.5)
    actions = {action.key_label: action for action in screen.actions.everything}
    assert actions["Tab"].label() == ENGLISH.input_to.format(transport="UDP")
