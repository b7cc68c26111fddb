"""Tests of the ghosts: the error's number appears for large errors only, and covers no name."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import Scene
from game.client.netcode import PredictionMode
from game.match.pitch import MEDIUM_PITCH
from game.match.world import BALL_RADIUS
from game.view import colours
from game.view.pitch.ghosts import GhostView
from game.view.pitch.pitch_view import PitchView
from game.view.texts import ENGLISH
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count

RECT = pygame.Rect(20, 100, 400, 210)


@pytest.fixture
def pitch(theme: Theme) -> PitchView:
    return PitchView(RECT, theme, own_name_only=True)


@pytest.fixture
def ghosts(pitch: PitchView, theme: Theme) -> GhostView:
    return GhostView(pitch, theme, ENGLISH)


def moved(scene: Scene, by: float) -> Scene:
    return replace(scene, ball_x=scene.ball_x + by)


@pytest.mark.parametrize(
    ("error_units", "is_told"), [(0.0, False), (BALL_RADIUS * 0.9, False), (BALL_RADIUS * 3, True)]
)
def test_the_distance_is_written_only_where_it_says_something(
    surface: pygame.Surface,
    source: LocalSource,
    pitch: PitchView,
    ghosts: GhostView,
    error_units: float,
    is_told: bool,
) -> None:
    reference = replace(source.scene(), players=())
    pitch.draw(surface, reference)
    ghosts.draw(surface, moved(reference, error_units), reference, PredictionMode.OFF)
    written = count(surface, RECT, colours.WARM, tolerance=30)
    assert (written > 20) == is_told


def test_the_distance_stands_on_no_name_and_on_no_ball(
    surface: pygame.Surface, source: LocalSource, pitch: PitchView, ghosts: GhostView
) -> None:
    players = tuple(
        replace(player, name="WebSocket") if player.is_own else player
        for player in source.scene().players
    )
    own = next(player for player in players if player.is_own)
    pitch.draw(surface, replace(source.scene(), players=players))
    (name,) = pitch.name_rects
    covering = []
    for above_units in range(-20, 100, 4):
        ball = pitch.viewport.point(own.x - 20.0, own.y - above_units)
        ghost = pitch.viewport.point(own.x + 20.0, own.y - above_units)
        rect = ghosts.distance_rect(pygame.Rect(0, 0, 50, 19), ball, ghost)
        if rect.colliderect(name) or rect.collidepoint(ball) or rect.collidepoint(ghost):
            covering.append(above_units)
    assert not covering


def test_the_distance_stands_on_no_disc_if_a_place_without_one_is_near(
    pitch: PitchView, ghosts: GhostView
) -> None:
    x, y = pitch.viewport.point(0.0, 0.0)
    text = pygame.Rect(0, 0, 50, 19)
    first = ghosts.distance_rect(text, (x, y), (x, y))
    # A disc in the first place, then one in the second too.
    second = ghosts.distance_rect(text, (x, y), (x, y), [first])
    third = ghosts.distance_rect(text, (x, y), (x, y), [first, second])
    assert not second.colliderect(first)
    assert third.collidelist([first, second]) < 0


def test_the_distance_leaves_the_edges_to_the_notes(pitch: PitchView, ghosts: GhostView) -> None:
    wrong = []
    for x in (-MEDIUM_PITCH.half_width, 0.0, MEDIUM_PITCH.half_width):
        for y in (-MEDIUM_PITCH.half_height, MEDIUM_PITCH.half_height):
            corner = pitch.viewport.point(x, y)
            rect = ghosts.distance_rect(pygame.Rect(0, 0, 50, 19), corner, corner)
            if not RECT.inflate(0, -44).contains(rect) or rect.collidepoint(corner):
                wrong.append((x, y))
    assert not wrong
