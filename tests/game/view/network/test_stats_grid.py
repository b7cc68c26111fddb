"""Tests of the stats grid: it uses its whole height."""

from itertools import groupby

import pygame
import pytest

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.view import colours
from game.view.network.stats_grid import ONE_ROW_HEIGHT, USUAL_HEIGHT, StatsGrid
from game.view.texts import ENGLISH
from game.view.theme import Theme
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.pixels import count

# Height without the lagometer, at 1280x720.
TALL_HEIGHT = 262.0


@pytest.fixture
def frame() -> Frame:
    comparison = LocalComparison()
    return [comparison.frame("udp", n / 60) for n in range(60)][-1]


def empty_rows(surface: pygame.Surface, theme: Theme, frame: Frame, height: float) -> list[bool]:
    """Draw the grid in a panel's width; return for each row of pixels whether it is empty."""
    rect = pygame.Rect(20, 300, 393, theme.px(height))
    surface.fill(colours.PANEL)
    StatsGrid(rect, theme, ENGLISH).draw(surface, frame, FrameHistory(), None, 1.0)
    return [
        count(surface, pygame.Rect(rect.left, y, rect.width, 1), colours.PANEL) == rect.width
        for y in range(rect.top, rect.bottom)
    ]


@pytest.mark.parametrize("height", [ONE_ROW_HEIGHT, USUAL_HEIGHT, TALL_HEIGHT])
def test_no_height_leaves_a_gap(
    surface: pygame.Surface, theme: Theme, frame: Frame, height: float
) -> None:
    rows = empty_rows(surface, theme, frame, height)
    gaps = [len(list(run)) for is_empty, run in groupby(rows) if is_empty]
    assert max(gaps) < 24


def test_with_more_room_there_is_more_to_read(
    surface: pygame.Surface, theme: Theme, frame: Frame
) -> None:
    written = [
        empty_rows(surface, theme, frame, height).count(False)
        for height in (ONE_ROW_HEIGHT, USUAL_HEIGHT, TALL_HEIGHT)
    ]
    assert written[1] > 1.8 * written[0]
    # Three rows instead of two, and larger text.
    assert written[2] > 1.8 * written[1]
