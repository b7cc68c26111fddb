"""Tests of the HUD strips at any width: score, clock, transport, RTT, snapshot age, link."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import Frame, NetworkStats, Scene
from game.match.rules import Phase
from game.view import colours
from game.view.hud import NetworkStrip, Scoreboard, clock_text, transport_title
from game.view.texts import ENGLISH, SPANISH, Texts
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count, differs

ABOVE = pygame.Rect(0, 0, 1280, 58)
BELOW = pygame.Rect(0, 678, 1280, 42)


@pytest.fixture
def frame(source: LocalSource) -> Frame:
    return source.frame(0.0)


@pytest.fixture
def scene(source: LocalSource) -> Scene:
    return source.scene()


class SpiedTheme(Theme):
    """Theme that records every drawn text with its colour."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        self.drawn: dict[str, colours.Colour] = {}

    def text(
        self, text: str, size: float, colour: colours.Colour = colours.TEXT, bold: bool = False
    ) -> pygame.Surface:
        self.drawn[text] = colour
        return super().text(text, size, colour, bold)


def test_the_clock_shows_the_time_left_in_the_half(scene: Scene) -> None:
    expected = {
        (1, 0.0): "2:30",
        (1, 0.4): "2:30",
        (1, 1.0): "2:29",
        (1, 149.2): "0:01",
        (1, 150.0): "0:00",
        (1, 150.02): "0:00",
        (2, 150.0): "2:30",
        (2, 300.0): "0:00",
    }
    shown = {
        (half, clock_s): clock_text(replace(scene, half=half, clock_s=clock_s, half_s=150.0))
        for half, clock_s in expected
    }
    assert shown == expected


def test_the_half_is_named(surface: pygame.Surface, scene: Scene) -> None:
    expected = {
        (Phase.KICK_OFF, 1): ENGLISH.kick_off,
        (Phase.PLAY, 1): ENGLISH.first_half,
        (Phase.PLAY, 2): ENGLISH.second_half,
        (Phase.GOAL, 2): ENGLISH.second_half,
        (Phase.HALF_TIME, 1): ENGLISH.half_time,
        (Phase.FINAL, 2): ENGLISH.final,
    }
    missing = {}
    for (phase, half), text in expected.items():
        theme = SpiedTheme(surface.get_size())
        Scoreboard(ABOVE, theme, ENGLISH).draw(
            surface, replace(scene, phase=phase, half=half, score=(3, 12))
        )
        missing[phase, half] = {text, "3", "12"} - theme.drawn.keys()
    assert not any(missing.values()), missing


def test_orange_counts_on_the_left_and_sky_on_the_right(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    Scoreboard(ABOVE, theme, ENGLISH).draw(surface, scene)
    left, right = pygame.Rect(0, 0, 640, 58), pygame.Rect(640, 0, 640, 58)
    assert count(surface, left, colours.ORANGE) > 500 > count(surface, right, colours.ORANGE) == 0
    assert count(surface, right, colours.SKY) > 500 > count(surface, left, colours.SKY) == 0


def test_transport_rtt_and_snapshot_age_are_always_there(
    surface: pygame.Surface, frame: Frame
) -> None:
    theme = SpiedTheme(surface.get_size())
    stats = NetworkStats(rtt_s=0.0523, snapshot_age_s=0.031, silence_s=0.0)
    NetworkStrip(BELOW, theme, ENGLISH).draw(surface, replace(frame, network=stats))
    assert {"UDP", "52 ms", "31 ms", frame.address} <= theme.drawn.keys()


def test_a_short_rtt_has_a_digit_more(surface: pygame.Surface, frame: Frame) -> None:
    theme = SpiedTheme(surface.get_size())
    stats = NetworkStats(rtt_s=0.00034, snapshot_age_s=0.0099, silence_s=0.0)
    NetworkStrip(BELOW, theme, ENGLISH).draw(surface, replace(frame, network=stats))
    assert {"0.3 ms", "9.9 ms"} <= theme.drawn.keys()


def test_an_unknown_figure_is_a_dash(surface: pygame.Surface, frame: Frame) -> None:
    theme = SpiedTheme(surface.get_size())
    stats = NetworkStats(rtt_s=None, snapshot_age_s=None, silence_s=0.0)
    NetworkStrip(BELOW, theme, SPANISH).draw(surface, replace(frame, network=stats))
    assert SPANISH.unknown in theme.drawn
    assert not any(text.endswith("ms") for text in theme.drawn)


@pytest.mark.parametrize(
    ("age_s", "is_starved", "colour"),
    [(0.03, False, colours.TEXT), (0.2, False, colours.WARM), (0.03, True, colours.WARM)],
)
def test_an_old_snapshot_and_a_frozen_picture_turn_the_age_warm(
    surface: pygame.Surface, frame: Frame, age_s: float, is_starved: bool, colour: colours.Colour
) -> None:
    theme = SpiedTheme(surface.get_size())
    stats = NetworkStats(rtt_s=0.05, snapshot_age_s=age_s, silence_s=age_s)
    drawn = replace(frame, network=stats, is_starved=is_starved)
    NetworkStrip(BELOW, theme, ENGLISH).draw(surface, drawn)
    assert theme.drawn[f"{round(age_s * 1000)} ms"] == colour


@pytest.mark.parametrize("size", [(1280, 720), (640, 400), (480, 300)])
@pytest.mark.parametrize("texts", [ENGLISH, SPANISH])
def test_the_links_badge_is_never_left_out_nor_drawn_over_the_figures(
    surface: pygame.Surface, frame: Frame, size: tuple[int, int], texts: Texts
) -> None:
    theme = Theme(size)
    strip = NetworkStrip(pygame.Rect(0, 0, size[0], theme.px(42)), theme, texts)
    strip.draw(surface, frame)
    plain = surface.copy()
    strip.draw(surface, replace(frame, link_label="LINK wifi: 25 ms, 5% loss, each way, seed 7"))
    area = pygame.Rect(0, 0, size[0], theme.px(42))
    assert count(surface, area, colours.ALARM) > 200
    # A narrow strip leaves out figures rather than cut the label. The transport stays.
    kept = theme.px(330 if size[0] > 600 else 70)
    assert not differs(plain, surface, pygame.Rect(0, 0, kept, theme.px(42)))


def test_a_spectator_is_labelled(surface: pygame.Surface, frame: Frame) -> None:
    theme = SpiedTheme(surface.get_size())
    NetworkStrip(BELOW, theme, ENGLISH).draw(surface, replace(frame, own_id=None))
    assert any(ENGLISH.watching in text for text in theme.drawn)


def test_names_of_transports_are_written_properly() -> None:
    names = ("tcp", "udp", "websocket", "enet", "carrierpigeon")
    titles = tuple(map(transport_title, names))
    assert titles == ("TCP", "UDP", "WebSocket", "ENET", "Carrierpigeon")
