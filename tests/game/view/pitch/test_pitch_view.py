"""Tests of the pitch: positions, team colours, goals, and the mark of the own player."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import DrawnPlayer, Scene
from game.match.pitch import MEDIUM_PITCH, PITCHES
from game.match.world import PLAYER_RADIUS, Team
from game.view import colours
from game.view.pitch.pitch_view import PitchView
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count, differs

RECTS = [pygame.Rect(0, 58, 1280, 620), pygame.Rect(20, 90, 400, 300)]


@pytest.fixture
def scene(source: LocalSource) -> Scene:
    return replace(source.scene(), players=(), ball_x=200.0, ball_y=120.0)


def player(x: float, y: float, team: Team = Team.ORANGE, **changes: object) -> DrawnPlayer:
    drawn = DrawnPlayer(1, "", team, x, y, kicking=False, is_own=False, is_bot=False)
    return replace(drawn, **changes)  # type: ignore[arg-type]


def around(view: PitchView, x: float, y: float, reach: float) -> pygame.Rect:
    rect = view.viewport.corners(x - reach, y - reach, x + reach, y + reach)
    return pygame.Rect(rect)


@pytest.mark.parametrize("rect", RECTS)
@pytest.mark.parametrize("team", list(Team))
def test_a_player_is_drawn_in_its_place_and_colour(
    surface: pygame.Surface, theme: Theme, scene: Scene, rect: pygame.Rect, team: Team
) -> None:
    view = PitchView(rect, theme)
    view.draw(surface, replace(scene, players=(player(-200.0, 90.0, team),)))
    disc = around(view, -200.0, 90.0, PLAYER_RADIUS)
    colour = colours.TEAM_COLOURS[team]
    assert count(surface, disc, colour, tolerance=12) > 0.15 * disc.width * disc.height
    assert count(surface, rect, colours.TEAM_COLOURS[team.other], tolerance=12) == 0


def test_teams_differ_by_more_than_colour(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    view = PitchView(RECTS[0], theme)
    brightest = {}
    for team in Team:
        view.draw(surface, replace(scene, players=(player(0.0, -150.0, team),)))
        disc = around(view, 0.0, -150.0, PLAYER_RADIUS - 3.0)
        pixels = [
            surface.get_at((x, y))
            for x in range(disc.left, disc.right)
            for y in range(disc.top, disc.bottom)
        ]
        brightest[team] = max(sum(colour[:3]) for colour in pixels)
    assert brightest[Team.SKY] > sum(colours.SKY) + 100
    assert brightest[Team.ORANGE] <= sum(colours.ORANGE) + 10


def test_the_ball_is_white_and_above_the_players(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    view = PitchView(RECTS[0], theme)
    view.draw(surface, replace(scene, players=(player(200.0, 120.0),)))
    x, y = view.viewport.point(200.0, 120.0)
    assert surface.get_at((round(x), round(y)))[:3] == colours.WHITE


@pytest.mark.parametrize("mark", ["is_own", "kicking"])
def test_the_own_player_and_a_kicking_one_wear_a_ring(
    surface: pygame.Surface, theme: Theme, scene: Scene, mark: str
) -> None:
    view = PitchView(RECTS[0], theme)
    view.draw(surface, replace(scene, players=(player(0.0, 0.0),)))
    plain = surface.copy()
    view.draw(surface, replace(scene, players=(player(0.0, 0.0, **{mark: True}),)))
    inside = around(view, 0.0, 0.0, 0.6 * PLAYER_RADIUS)
    outside = around(view, 0.0, 0.0, PLAYER_RADIUS + 12.0)
    assert not differs(plain, surface, inside)
    assert differs(plain, surface, outside)


def test_a_name_stands_over_its_player(surface: pygame.Surface, theme: Theme, scene: Scene) -> None:
    view = PitchView(RECTS[0], theme)
    view.draw(surface, replace(scene, players=(player(-100.0, 100.0, name="Ada"),)))
    over = pygame.Rect(view.viewport.corners(-140.0, 60.0, -60.0, 100.0 - PLAYER_RADIUS))
    assert count(surface, over, colours.TEXT, tolerance=30) > 15
    below = pygame.Rect(view.viewport.corners(-140.0, 120.0, -60.0, 160.0))
    assert count(surface, below, colours.TEXT, tolerance=30) == 0


def test_the_name_on_a_small_pitch_grows_with_the_window(
    surface: pygame.Surface, scene: Scene
) -> None:
    own = replace(scene, players=(replace(player(0.0, 0.0, name="Ada"), is_own=True),))
    heights = []
    for scale in (1, 2):
        theme = Theme((1280 * scale, 720 * scale))
        view = PitchView(pygame.Rect(0, 0, 394 * scale, 206 * scale), theme, own_name_only=True)
        view.draw(pygame.Surface((800, 420)), own)
        heights.append(view.name_rects[0].height)
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)


def test_where_there_is_no_room_only_the_own_player_has_a_name(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    view = PitchView(RECTS[1], theme, own_name_only=True)
    view.draw(surface, replace(scene, players=(player(0.0, 0.0), player(0.0, 200.0))))
    nameless = surface.copy()
    other, bot = player(0.0, 0.0, name="Ada"), player(0.0, 200.0, name="Vint", is_bot=True)
    view.draw(surface, replace(scene, players=(other, bot)))
    assert not differs(nameless, surface, RECTS[1])
    view.draw(surface, replace(scene, players=(replace(other, is_own=True), bot)))
    assert differs(nameless, surface, around(view, 0.0, -40.0, 15.0))


def test_a_goal_has_the_colour_of_the_team_that_defends_it(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    view = PitchView(RECTS[0], theme)
    half = MEDIUM_PITCH.goal_half_height
    left_net = pygame.Rect(
        view.viewport.corners(
            -MEDIUM_PITCH.half_width - MEDIUM_PITCH.goal_depth,
            -half,
            -MEDIUM_PITCH.half_width,
            half,
        )
    )

    def blueness() -> float:
        red, _, blue, _ = pygame.transform.average_color(surface, left_net)
        return blue - red

    view.draw(surface, replace(scene, half=1))
    orange_defends = blueness()
    view.draw(surface, replace(scene, half=2))
    assert orange_defends < 0.0 < blueness()


def test_a_ready_player_has_a_mark_before_the_name(
    surface: pygame.Surface, theme: Theme, scene: Scene
) -> None:
    view, widths = PitchView(RECTS[0], theme), []
    for is_ready in (False, True):
        ana = player(0.0, -150.0, name="Ana", is_ready=is_ready)
        view.draw(surface, replace(scene, players=(ana,)))
        widths.append(view.name_rects[0].width)
    assert widths[1] > widths[0]


@pytest.mark.parametrize("rect", RECTS)
def test_each_pitch_is_whole_in_the_same_rectangle_and_discs_keep_their_share(
    surface: pygame.Surface, theme: Theme, scene: Scene, rect: pygame.Rect
) -> None:
    view, scales = PitchView(rect, theme), []
    for pitch in PITCHES.values():
        own = player(pitch.outer_half_width, pitch.outer_half_height)
        view.draw(surface, replace(scene, pitch=pitch, players=(own,)))
        far_x, far_y = view.viewport.point(pitch.outer_half_width, pitch.outer_half_height)
        assert rect.left + 0.9 * rect.width < far_x <= rect.right or far_y > rect.bottom - 20
        assert rect.contains(pygame.Rect(far_x, far_y, 1, 1))
        goal_line_x, _ = view.viewport.point(pitch.half_width, 0.0)
        apron = surface.get_at((round(goal_line_x) + 3, rect.centery - rect.height // 3))
        assert apron[:3] == colours.APRON
        scales.append(view.viewport.scale)
    assert scales == sorted(scales, reverse=True)


def test_without_a_scene_the_pitch_is_empty(surface: pygame.Surface, theme: Theme) -> None:
    PitchView(RECTS[0], theme).draw(surface, None)
    for colour in (colours.ORANGE, colours.SKY, colours.WHITE):
        assert count(surface, RECTS[0], colour) == 0
    assert count(surface, RECTS[0], colours.GRASS) > 100_000


@pytest.mark.parametrize("rect", RECTS)
def test_a_name_is_whole_where_its_player_is_at_the_edge(
    surface: pygame.Surface, theme: Theme, scene: Scene, rect: pygame.Rect
) -> None:
    view = PitchView(rect, theme, own_name_only=True)
    for x in (-MEDIUM_PITCH.outer_half_width, MEDIUM_PITCH.outer_half_width):
        for y in (-MEDIUM_PITCH.outer_half_height, MEDIUM_PITCH.outer_half_height):
            own = player(x, y, name="WebSocket", is_own=True)
            view.draw(surface, replace(scene, players=(own,)))
            (name,) = view.name_rects
            assert rect.contains(name), (x, y)
