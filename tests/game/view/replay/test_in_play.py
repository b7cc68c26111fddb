"""Tests of slow motion and of the lane in the screen of one player."""

import pygame
import pytest

from game.client.frame import NetworkStats
from game.match.controls import NEUTRAL
from game.view import colours
from game.view.audio.speaker import Speaker
from game.view.play.screen import PlayScreen
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from net.measure.lag_monitor import ArrivalStatus, LagColumn
from tests.game.view.local_source import LocalSource
from tests.game.view.packet_lane.lossy_match import flow, flow_log
from tests.game.view.pixels import count, differs
from tests.game.view.screens import SIZE, press, watch

LINK = "LINK lossy: 25 ms, 5% loss, each way, seed 7"


def make_screen(source: LocalSource, language: str = "en") -> PlayScreen:
    return PlayScreen(source, LANGUAGES[language], Speaker(is_muted=True))


@pytest.fixture
def screen(source: LocalSource, theme: Theme) -> PlayScreen:
    screen = make_screen(source)
    screen.resize(SIZE, theme)
    return screen


def stall(source: LocalSource, end_s: float, length_s: float) -> None:
    """Let the newest snapshot arrive after a stall."""
    columns = (
        LagColumn(2, end_s - length_s, ArrivalStatus.ON_TIME, 0.0, 0.03, 0.033),
        LagColumn(4, end_s, ArrivalStatus.LATE, 0.1, 0.4, length_s),
    )
    network = NetworkStats(0.05, 0.03, 0.0, columns=columns)
    source.overrides["network"] = network


def test_the_key_plays_the_stall_and_the_player_stands_still_meanwhile(
    screen: PlayScreen, source: LocalSource, surface: pygame.Surface
) -> None:
    watch(screen, surface, 1.5)
    stall(source, 1.4, 0.412)
    screen.draw(surface, 1.52)
    press(screen, pygame.K_d, pygame.KSCAN_D)
    press(screen, pygame.K_j, pygame.KSCAN_J)
    screen.draw(surface, 1.54)
    screen.draw(surface, 1.56)
    playback = screen.slow_motion.playback
    assert playback is not None
    assert playback.begin_s < 1.4 - 0.412
    assert source.controls == NEUTRAL
    press(screen, pygame.K_ESCAPE)
    screen.draw(surface, 1.58)
    assert not screen.slow_motion.is_open


def test_a_long_stall_is_offered_once(
    screen: PlayScreen, source: LocalSource, surface: pygame.Surface
) -> None:
    watch(screen, surface, 1.5)
    stall(source, 1.4, 0.412)
    watch(screen, surface, 2.0, 1.5)
    assert [text for text, _ in screen.toasts.shown(2.0)] == [
        "a stall of 412 ms: J shows it slowly"
    ]
    watch(screen, surface, 6.0, 2.0)
    assert not screen.toasts.shown(6.0)


def test_the_pitch_is_drawn_as_it_was(screen: PlayScreen, surface: pygame.Surface) -> None:
    watch(screen, surface, 1.0)
    press(screen, pygame.K_j)
    screen.draw(surface, 1.02)
    playback = screen.slow_motion.playback
    assert playback is not None
    pitch = screen.panel.pitch.rect
    playback.seek(0.5)
    screen.draw(surface, 1.04)
    before = surface.copy()
    playback.seek(0.9)
    screen.draw(surface, 1.06)
    assert differs(before, surface, pitch)
    playback.seek(0.5)
    screen.draw(surface, 3.0)
    assert not differs(before, surface, pitch)


def test_the_lane_shows_the_packets_of_the_link(
    screen: PlayScreen, source: LocalSource, surface: pygame.Surface
) -> None:
    source.overrides["link_label"] = LINK
    source.packet_logs = [flow_log("tcp")]
    waiting = next(packet for packet in flow("tcp").down if packet.waits and packet.tick)
    watch(screen, surface, 0.1)
    below = pygame.Rect(0, 560, 1280, 118)
    assert not count(surface, below, colours.YELLOW)
    press(screen, pygame.K_k, pygame.KSCAN_K)
    # A live lane is a little late.
    screen.draw(surface, waiting.readable_at + 0.07)
    assert count(surface, below, colours.YELLOW)


def test_without_a_link_the_lane_says_that_no_packet_is_known(
    screen: PlayScreen, source: LocalSource, surface: pygame.Surface
) -> None:
    press(screen, pygame.K_k)
    screen.draw(surface, 0.1)
    without = surface.copy()
    source.overrides["link_label"] = LINK
    screen.draw(surface, 0.1)
    assert differs(without, surface, pygame.Rect(100, 600, 1000, 70))


@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080), (480, 300)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_slow_motion_fits_any_window(
    source: LocalSource, size: tuple[int, int], language: str
) -> None:
    surface = pygame.Surface(size)
    screen = make_screen(source, language)
    screen.resize(size, Theme(size))
    watch(screen, surface, 1.0)
    press(screen, pygame.K_j)
    screen.draw(surface, 1.02)
    bar = screen.replay_bar.strip.rect
    assert surface.get_rect().contains(bar)
    assert bar.top >= screen.panel.pitch.rect.bottom
    assert screen.replay_bar.strip.button_rects


def test_another_keyboard_layout_keeps_the_bar(screen: PlayScreen, surface: pygame.Surface) -> None:
    watch(screen, surface, 1.0)
    press(screen, pygame.K_j)
    screen.draw(surface, 1.02)
    before = screen.replay_bar.strip.rect
    screen.handle(pygame.event.Event(pygame.KEYMAPCHANGED), 1.0)
    screen.draw(surface, 1.04)
    assert screen.replay_bar.strip.rect == before
    assert before.height
