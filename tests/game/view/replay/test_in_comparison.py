"""Tests of slow motion in the comparison: what was drawn is drawn again, keys and mouse work."""

import pygame
import pytest

from game.view import colours
from game.view.compare.screen import CompareScreen
from game.view.packet_lane.lane_legend import LaneNote
from game.view.replay import clip_recorder
from game.view.replay.playback import Playback
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from net.link.profile import Link
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.pixels import count, differs
from tests.game.view.screens import FRAME_S, SIZE, compare_screen, press, watch


@pytest.fixture
def source() -> LocalComparison:
    source = LocalComparison()
    source.panels["tcp"].stall = (1.0, 1.4)
    return source


@pytest.fixture
def screen(source: LocalComparison, theme: Theme) -> CompareScreen:
    screen = compare_screen(source)
    screen.resize(SIZE, theme)
    return screen


def playback_of(screen: CompareScreen) -> Playback:
    assert screen.slow_motion.playback is not None
    return screen.slow_motion.playback


def test_the_key_plays_a_stall_and_esc_returns_to_the_match(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    watch(screen, surface, 2.0)
    press(screen, pygame.K_j, pygame.KSCAN_J)
    watch(screen, surface, 2.2, 2.0)
    assert playback_of(screen).begin_s < 1.0
    assert playback_of(screen).at == pytest.approx(playback_of(screen).begin_s + 0.02, abs=0.01)
    press(screen, pygame.K_ESCAPE)
    assert not screen.slow_motion.is_open
    assert not screen.menu.is_open


def test_the_answer_to_saving_can_be_read_after_slow_motion_too(
    screen: CompareScreen, surface: pygame.Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_recorder, "find_spec", lambda name: None)
    watch(screen, surface, 1.0)
    bottom = screen.strip.rect.top
    above = pygame.Rect(400, bottom - 50, 480, 40)
    assert not count(surface, above, colours.BUTTON, tolerance=0)
    for key in (pygame.K_j, pygame.K_F9, pygame.K_ESCAPE):
        press(screen, key)
        watch(screen, surface, 1.1, 1.0)
    assert not screen.slow_motion.is_open
    assert count(surface, above, colours.BUTTON, tolerance=0) > 500


def test_each_pitch_is_drawn_as_it_was(screen: CompareScreen, surface: pygame.Surface) -> None:
    watch(screen, surface, 1.3)
    before = surface.copy()
    pitches = [panel.pitch for panel in screen.panels]
    watch(screen, surface, 2.0, 1.3)
    screen.slow_motion.play(1.3, 1.4)
    playback_of(screen).is_paused = True
    screen.draw(surface, 2.1)
    # The same size of panels, so the pitches can be compared pixel by pixel.
    assert [panel.pitch for panel in screen.panels] == pitches
    # Slow motion writes the number of the newest snapshot along the upper edge.
    below = [pygame.Rect(*p.topleft, p.width, p.height - 30).move(0, 30) for p in pitches]
    assert [differs(before, surface, pitch) for pitch in below] == [False] * 3


def test_the_match_goes_on_meanwhile(
    screen: CompareScreen, source: LocalComparison, surface: pygame.Surface
) -> None:
    watch(screen, surface, 2.0)
    screen.slow_motion.play(1.0, 1.4)
    watch(screen, surface, 3.0, 2.0)
    assert source.panels["udp"].newest_tick is not None
    assert source.panels["udp"].newest_tick > 2.9 * 60
    assert playback_of(screen).clip.end_s == pytest.approx(2.0)
    assert screen.panels[0].history.frames[-1].at == pytest.approx(3.0)


def test_each_moment_has_the_link_of_its_time(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    lossy = screen.controls.link_editor.link
    watch(screen, surface, 1.0)
    screen.controls.use_link(Link())
    watch(screen, surface, 2.0, 1.0)
    clip = screen.slow_motion.clip()
    assert clip is not None
    assert clip.moments[clip.index_at(0.9)].link == lossy
    assert clip.moments[-1].link == Link()
    screen.slow_motion.play(0.5, 0.9)
    screen.draw(surface, 2.1)
    header = pygame.Rect(SIZE[0] - 400, 0, 400, 40)
    of_lossy = surface.subsurface(header).copy()
    screen.slow_motion.play(1.5, 1.9)
    screen.draw(surface, 2.2)
    assert differs(of_lossy, surface.subsurface(header), of_lossy.get_rect())


def test_keys_that_play_do_not_reach_the_match(
    screen: CompareScreen, source: LocalComparison, surface: pygame.Surface
) -> None:
    watch(screen, surface, 2.0)
    screen.slow_motion.play(1.0, 1.4)
    press(screen, pygame.K_RIGHT, pygame.KSCAN_RIGHT)
    press(screen, pygame.K_b, pygame.KSCAN_B)
    screen.draw(surface, 2.05)
    assert not source.bursts
    assert not any(source.driven.values())
    assert playback_of(screen).is_paused


def test_the_keys_change_speed_position_and_pause(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    watch(screen, surface, 2.0)
    press(screen, pygame.K_j)
    press(screen, pygame.K_COMMA)
    assert playback_of(screen).speed == 1 / 20
    press(screen, pygame.K_PERIOD)
    press(screen, pygame.K_PERIOD)
    assert playback_of(screen).speed == 1 / 5
    press(screen, pygame.K_SPACE, pygame.KSCAN_SPACE)
    assert playback_of(screen).is_paused
    at = playback_of(screen).at
    press(screen, pygame.K_RIGHT, pygame.KSCAN_RIGHT)
    assert playback_of(screen).at > at
    press(screen, pygame.K_LEFT, pygame.KSCAN_LEFT)
    assert playback_of(screen).at == pytest.approx(at, abs=FRAME_S)


def test_the_bar_can_be_dragged(screen: CompareScreen, surface: pygame.Surface) -> None:
    watch(screen, surface, 2.0)
    press(screen, pygame.K_j)
    screen.draw(surface, 2.02)
    (rect,) = screen.replay_bar.strip.slider_rects
    clip = playback_of(screen).clip
    for kind, x in (
        (pygame.MOUSEBUTTONDOWN, rect.left),
        (pygame.MOUSEMOTION, rect.right),
        (pygame.MOUSEMOTION, rect.centerx),
    ):
        screen.handle(pygame.event.Event(kind, pos=(x, rect.bottom - 9), button=1), 1.0)
    assert playback_of(screen).at == pytest.approx((clip.begin_s + clip.end_s) / 2, abs=0.02)
    assert playback_of(screen).is_paused


def test_every_key_of_slow_motion_has_a_button(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    watch(screen, surface, 2.0)
    press(screen, pygame.K_j)
    screen.draw(surface, 2.02)
    strip = screen.replay_bar.strip
    buttons = {button.key_label: rect for button, rect in strip.button_rects}
    assert set(buttons) == {"Space", "←", "→", ",", ".", "F9", "J"}
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        event = pygame.event.Event(kind, pos=buttons["J"].center, button=1)
        screen.handle(event, 1.0)
    assert not screen.slow_motion.is_open


def test_a_long_stall_is_offered_on_its_pitch(
    screen: CompareScreen, surface: pygame.Surface
) -> None:
    watch(screen, surface, 1.6)
    offer = screen.slow_motion.offer(1.6)
    assert offer is not None
    assert offer.panel == 0
    assert 0.35 < offer.length_s < 0.45


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1920, 1080)], ids=str)
def test_an_offer_covers_no_pitch_where_there_is_space_below(
    source: LocalComparison, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    surface = pygame.Surface(size)
    offered = {}
    for details in (False, True):
        screen = compare_screen(source, details=details)
        screen.resize(size, Theme(size))
        watch(screen, surface, 1.6)
        panel = screen.panels[0]
        with_offer = surface.copy()
        monkeypatch.setattr(screen.slow_motion, "offer", lambda now: None)
        screen.draw(surface, 1.6)
        below = pygame.Rect(panel.pitch.bottomleft, (panel.pitch.width, panel.space_below_pitch))
        offered[details] = [differs(surface, with_offer, area) for area in (panel.pitch, below)]
    assert offered == {False: [False, True], True: [True, False]}


@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080), (480, 300)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_slow_motion_fits_any_window(
    source: LocalComparison, size: tuple[int, int], language: str
) -> None:
    surface = pygame.Surface(size)
    screen = compare_screen(source, language)
    screen.resize(size, Theme(size))
    watch(screen, surface, 1.6)
    press(screen, pygame.K_j)
    screen.draw(surface, 1.62)
    strip = screen.replay_bar.strip
    assert surface.get_rect().contains(strip.rect)
    assert strip.slider_rects or strip.button_rects


@pytest.mark.parametrize("language", LANGUAGES)
def test_slow_motion_has_its_lanes_in_a_small_window(
    surface: pygame.Surface, source: LocalComparison, language: str
) -> None:
    screen = compare_screen(source, language)
    small = pygame.Surface((640, 480))
    screen.resize(small.get_size(), Theme(small.get_size()))
    watch(screen, small, 1.5)
    screen.slow_motion.play(1.0, 1.5)
    watch(screen, small, 1.6, 1.5)
    assert all(panel.has_lane for panel in screen.panels)


def test_a_line_says_where_no_lane_fits(
    surface: pygame.Surface, theme: Theme, source: LocalComparison
) -> None:
    screen = compare_screen(source)
    small = pygame.Surface((300, 200))
    screen.resize(small.get_size(), Theme(small.get_size()))
    screen.draw(small, 1.0)
    before = small.copy()
    screen.controls.toggle_lanes()
    screen.resize(small.get_size(), Theme(small.get_size()))
    screen.draw(small, 1.0)
    assert not any(panel.has_lane for panel in screen.panels)
    assert differs(before, small, small.get_rect())
    note = LaneNote(pygame.Rect(0, 0, 400, 30), theme, LANGUAGES["en"])
    blank = surface.copy()
    note.draw(surface)
    assert differs(blank, surface, pygame.Rect(0, 0, 400, 30))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_the_bar_is_whole_in_a_small_window(
    language: str, source: LocalComparison, surface: pygame.Surface
) -> None:
    screen = compare_screen(source, language)
    sizes = {(1280, 720): False, (640, 480): True}
    for size, is_short in sizes.items():
        screen.resize(size, Theme(size))
        watch(screen, pygame.Surface(size), 2.0)
        press(screen, pygame.K_j)
        screen.draw(pygame.Surface(size), 2.1)
        (slider,), (rect,) = screen.replay_bar.strip.sliders, screen.replay_bar.strip.slider_rects
        theme = screen.replay_bar.strip.theme
        texts = LANGUAGES[language]
        shown = slider.label_in(rect, theme)
        assert shown == (texts.slow_motion_short if is_short else texts.slow_motion_title)
        press(screen, pygame.K_j)
