"""Tests of the celebration: place, colour, scorer and duration."""

import pygame
import pytest

from game.match.pitch import MEDIUM_PITCH
from game.match.world import Team
from game.protocol.messages import Goal
from game.view import colours
from game.view.pitch.celebration import SHOWN_S, Celebration, side_of
from game.view.pitch.viewport import Viewport
from game.view.texts import ENGLISH, SPANISH, Texts
from game.view.theme import Theme
from tests.game.view.pixels import count, differs

VIEW = Viewport.fit(MEDIUM_PITCH, 0, 0, 1280, 720)


def goal(team: Team, own_goal: bool = False) -> Goal:
    return Goal(77, team, 3, own_goal, (1, 0))


def celebration(
    scored: Goal, since: float = 0.0, half: int = 1, name: str = "Ada", texts: Texts = ENGLISH
) -> Celebration:
    return Celebration(scored, half, MEDIUM_PITCH, name, texts, since)


def test_each_team_scores_at_its_end() -> None:
    expected = {
        (Team.ORANGE, 1): 1,
        (Team.SKY, 1): -1,
        (Team.ORANGE, 2): -1,
        (Team.SKY, 2): 1,
    }
    assert {(team, half): side_of(team, half) for team, half in expected} == expected


@pytest.mark.parametrize(("half", "left_has_more"), [(1, True), (2, False)])
def test_the_burst_is_at_the_goals_end(
    surface: pygame.Surface, theme: Theme, half: int, left_has_more: bool
) -> None:
    celebration(goal(Team.SKY), half=half).draw(surface, VIEW, theme, 0.15)
    left = count(surface, pygame.Rect(0, 0, 400, 720), colours.SKY)
    right = count(surface, pygame.Rect(880, 0, 400, 720), colours.SKY)
    assert (left > 100 > right == 0) if left_has_more else (right > 100 > left == 0)


def test_the_words_are_in_the_scoring_teams_colour(surface: pygame.Surface, theme: Theme) -> None:
    celebration(goal(Team.ORANGE), since=10.0).draw(surface, VIEW, theme, 11.0)
    words = pygame.Rect(440, 100, 400, 300)
    assert count(surface, words, colours.ORANGE, tolerance=8) > 1000


def test_it_shows_who_scored_and_can_do_without(surface: pygame.Surface, theme: Theme) -> None:
    celebration(goal(Team.ORANGE), name="").draw(surface, VIEW, theme, 1.0)
    nameless = surface.copy()
    surface.fill((0, 0, 0))
    celebration(goal(Team.ORANGE)).draw(surface, VIEW, theme, 1.0)
    assert differs(nameless, surface, pygame.Rect(540, 200, 200, 200))


def test_an_own_goal_is_called_one(surface: pygame.Surface, theme: Theme) -> None:
    pictures = []
    for own_goal in (False, True):
        surface.fill((0, 0, 0))
        celebration(goal(Team.SKY, own_goal), texts=SPANISH).draw(surface, VIEW, theme, 1.0)
        pictures.append(surface.copy())
    assert differs(*pictures, pygame.Rect(300, 100, 680, 300))


def test_all_panels_see_the_same_burst(surface: pygame.Surface, theme: Theme) -> None:
    pictures = []
    for _ in range(2):
        surface.fill((0, 0, 0))
        celebration(goal(Team.SKY), since=5.0).draw(surface, VIEW, theme, 5.7)
        pictures.append(surface.copy())
    assert not differs(*pictures, surface.get_rect())


def test_it_is_over_in_time_and_fades_before(surface: pygame.Surface, theme: Theme) -> None:
    shown = celebration(goal(Team.SKY), since=5.0)
    assert not shown.is_over(5.0 + SHOWN_S - 0.01)
    assert shown.is_over(5.0 + SHOWN_S)
    shown.draw(surface, VIEW, theme, 5.0 + SHOWN_S - 0.02)
    assert count(surface, surface.get_rect(), colours.SKY, tolerance=8) < 200
