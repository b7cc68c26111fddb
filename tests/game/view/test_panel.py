"""Tests of a panel: it stays in its rectangle, warns of silence, and celebrates goals."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import Frame, NetworkStats, Status
from game.match.pitch import MEDIUM_PITCH
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import Goal, Roster, RosterEntry
from game.view import colours
from game.view.panel import Panel
from game.view.pitch.celebration import SHOWN_S
from game.view.texts import ENGLISH
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count, differs

RECT = pygame.Rect(200, 100, 600, 360)
BANNER = pygame.Rect(200, 100, 600, 60)


@pytest.fixture
def panel(theme: Theme) -> Panel:
    panel = Panel(ENGLISH)
    panel.place(RECT, theme)
    return panel


@pytest.fixture
def frame(source: LocalSource) -> Frame:
    return source.frame(0.0)


def silent(frame: Frame, silence_s: float) -> Frame:
    return replace(frame, network=NetworkStats(0.05, silence_s, silence_s))


@pytest.mark.parametrize(
    ("silence_s", "background"),
    [
        (0.0, None),
        (0.49, None),
        (0.5, colours.CAUTION),
        (1.99, colours.CAUTION),
        (2.0, colours.ALARM),
        (9.5, colours.ALARM),
    ],
)
def test_silence_shows_a_warning_and_then_an_interruption(
    surface: pygame.Surface,
    panel: Panel,
    frame: Frame,
    silence_s: float,
    background: colours.Colour | None,
) -> None:
    panel.draw(surface, silent(frame, silence_s), 0.0)
    for colour in (colours.CAUTION, colours.ALARM):
        assert (count(surface, BANNER, colour) > 300) == (colour == background)


def test_the_seconds_are_counted(surface: pygame.Surface, panel: Panel, frame: Frame) -> None:
    panel.draw(surface, silent(frame, 3.1), 0.0)
    before = surface.copy()
    panel.draw(surface, silent(frame, 3.2), 0.0)
    assert differs(before, surface, BANNER)


def test_a_goal_in_the_news_is_celebrated_and_then_over(
    surface: pygame.Surface, panel: Panel, frame: Frame
) -> None:
    panel.draw(surface, frame, 0.0)
    plain = surface.copy()
    scored = replace(frame, events=(Goal(5, Team.SKY, 1, False, (0, 1)),))
    panel.draw(surface, scored, 0.0)
    panel.draw(surface, frame, 1.0)
    assert differs(plain, surface, RECT)
    panel.draw(surface, frame, SHOWN_S)
    assert not differs(plain, surface, RECT)


def test_names_come_from_the_scene_or_from_the_roster(
    surface: pygame.Surface, panel: Panel, frame: Frame
) -> None:
    gone = RosterEntry(39, "Radia", Team.SKY, False, 0, "udp")
    panel.draw(surface, replace(frame, events=(Roster(1, (gone,)),)), 0.0)
    assert panel.name_of(0, frame.scene) == "You"
    assert panel.name_of(39, frame.scene) == "Radia"
    assert panel.name_of(12, frame.scene) == panel.name_of(None, frame.scene) == ""


def test_it_paints_its_place_and_nothing_beyond(
    surface: pygame.Surface, panel: Panel, frame: Frame
) -> None:
    surface.fill((255, 0, 255))
    assert frame.scene is not None
    corner = replace(
        frame.scene.players[0],
        x=MEDIUM_PITCH.outer_half_width,
        y=-MEDIUM_PITCH.outer_half_height,
        name="W" * 30,
    )
    scene = replace(frame.scene, players=(corner,))
    panel.draw(
        surface, replace(frame, scene=scene, events=(Goal(5, Team.SKY, 1, False, (0, 1)),)), 0
    )
    panel.draw(surface, replace(silent(frame, 3.0), scene=scene), 0.6)
    assert count(surface, RECT, (255, 0, 255)) == 0
    outside = surface.get_width() * surface.get_height() - RECT.width * RECT.height
    assert count(surface, surface.get_rect(), (255, 0, 255)) == outside
    assert surface.get_clip() == surface.get_rect()


def test_before_the_first_snapshot_a_card_says_what_is_tried(
    surface: pygame.Surface, panel: Panel, frame: Frame
) -> None:
    waiting = replace(frame, status=Status.CONNECTING, status_text="trying UDP", scene=None)
    panel.draw(surface, waiting, 0.0)
    middle = pygame.Rect(0, 0, 200, 60)
    middle.center = RECT.center
    assert count(surface, middle, colours.PANEL, tolerance=8) > 3000
    assert count(surface, BANNER, colours.ALARM) == 0


def test_own_goals_from_before_joining_are_on_the_card(
    surface: pygame.Surface, panel: Panel, frame: Frame
) -> None:
    """They are in the roster only."""
    assert frame.scene is not None
    final = replace(frame, scene=replace(frame.scene, phase=Phase.FINAL))
    vint = RosterEntry(77, "Vint", Team.SKY, False, 0, "udp")
    cards = []
    for own_goals in (0, 2):
        entry = replace(vint, own_goals=own_goals)
        panel.draw(surface, replace(final, events=(Roster(6, (entry,)),)), 0.0)
        cards.append(surface.copy())
    assert differs(*cards, RECT)
