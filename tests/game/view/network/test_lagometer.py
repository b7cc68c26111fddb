"""Tests of the lagometer: each arrival status has a colour and a shape, a stall has a band."""

from itertools import combinations

import pygame
import pytest

from game.client.frame_history import FrameHistory
from game.view import colours
from game.view.network.lagometer import (
    BACKGROUND,
    COLOURS,
    STARVED_COLOUR,
    Lagometer,
    paint_column,
)
from game.view.texts import ENGLISH
from game.view.theme import Theme
from net.measure.lag_monitor import ArrivalStatus
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.pixels import count

RECT = pygame.Rect(20, 20, 420, 150)
FRAME_S = 1 / 60
STALL_BAND = (66, 24, 14)


@pytest.fixture
def history() -> FrameHistory:
    return FrameHistory()


@pytest.fixture
def comparison() -> LocalComparison:
    return LocalComparison()


def draw(
    surface: pygame.Surface,
    theme: Theme,
    comparison: LocalComparison,
    history: FrameHistory,
    until: float,
) -> Lagometer:
    """Draw the TCP panel's lagometer after watching the panel at 60 Hz."""
    for n in range(1, round(until / FRAME_S) + 1):
        frame = comparison.frame("tcp", n * FRAME_S)
        history.record(n * FRAME_S, frame, 0.0)
    lagometer = Lagometer(RECT, theme, ENGLISH)
    lagometer.draw(surface, frame, history, until)
    return lagometer


def test_no_two_texts_overlap_while_a_stall_passes_under_them(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    names = len(draw(surface, theme, comparison, FrameHistory(), 0.1).text_rects)
    comparison.panels["tcp"].stall = (1.0, 1.9)
    for text in ("B 300 ms", "UDP", "I 83 ms"):
        history.annotate(1.95, text)
    most = 0
    overlapping, cut = [], []
    for n in range(1, round(7.0 / FRAME_S)):
        now = n * FRAME_S
        frame = comparison.frame("tcp", now)
        history.record(now, frame, 0.0)
        if n % 5:
            continue
        lagometer = Lagometer(RECT, theme, ENGLISH)
        lagometer.draw(surface, frame, history, now)
        rects = lagometer.text_rects
        most = max(most, len(rects))
        # With a gap beside each, or two texts would read as one.
        if any(one.inflate(6, 0).colliderect(other) for one, other in combinations(rects, 2)):
            overlapping.append(now)
        if now > 2.0 and not all(RECT.contains(rect) for rect in rects):
            cut.append(now)
    assert not overlapping
    assert not cut
    # The stall's length and the annotations are seen.
    assert most == names + 4


def test_bars_do_not_run_through_the_names_of_ages(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].lost = set(range(0, 400))
    lagometer = draw(surface, theme, comparison, history, 6.0)
    ages = [rect for rect in lagometer.text_rects if lagometer.columns.contains(rect)][1:]
    assert ages
    for rect in ages:
        assert count(surface, rect, colours.VERMILLION) == 0


def test_a_good_link_is_low_and_green(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    lagometer = draw(surface, theme, comparison, history, 6.0)
    assert count(surface, lagometer.columns, colours.GREEN) > 500
    assert count(surface, lagometer.buffer, colours.BLUE) > 500
    for colour in (colours.YELLOW, colours.VERMILLION, colours.PURPLE, STALL_BAND):
        assert count(surface, RECT, colour) == 0
    upper_half = pygame.Rect(lagometer.columns.topleft, (RECT.width, lagometer.columns.height // 2))
    assert count(surface, upper_half, colours.GREEN) == 0


def test_nothing_is_drawn_outside(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].stall = (3.0, 3.5)
    draw(surface, theme, comparison, history, 4.0)
    outside = surface.copy()
    outside.fill((0, 0, 0), RECT)
    assert count(outside, outside.get_rect(), (0, 0, 0)) == outside.get_width() * 720
    assert count(surface, RECT, (0, 0, 0)) == 0


def test_a_lost_snapshot_is_a_broken_column_of_full_height(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].lost = {200}
    lagometer = draw(surface, theme, comparison, history, 4.0)
    columns = lagometer.columns
    width = lagometer.step_px - 1
    red = count(surface, columns, colours.VERMILLION)
    assert red == width * (columns.height - 4)
    top_row = pygame.Rect(columns.left, columns.top, columns.width, 1)
    assert count(surface, top_row, colours.VERMILLION) == width


def test_while_nothing_comes_a_band_grows_at_the_right_edge(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].stall = (3.0, 9.0)
    lagometer = draw(surface, theme, comparison, history, 3.4)
    edge = pygame.Rect(RECT.right - 10, lagometer.columns.bottom - 20, 10, 20)
    assert count(surface, edge, STALL_BAND) == 200
    # White is at the top where nothing is buffered.
    last = pygame.Rect(RECT.right - 10, lagometer.buffer.top, 10, 3)
    assert count(surface, last, STARVED_COLOUR) == 30


def test_the_burst_after_a_stall_fills_the_band(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].stall = (3.0, 3.4)
    lagometer = draw(surface, theme, comparison, history, 4.0)
    assert count(surface, lagometer.columns, colours.PURPLE) > 200
    assert count(surface, RECT, STALL_BAND) > 200


def test_a_stall_longer_than_the_whole_picture_is_still_a_band(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    comparison.panels["tcp"].stall = (1.0, 90.0)
    lagometer = draw(surface, theme, comparison, history, 20.0)
    lower = pygame.Rect(lagometer.columns.left, lagometer.columns.bottom - 10, RECT.width, 10)
    assert count(surface, lower, STALL_BAND) == RECT.width * 10


def test_a_change_is_marked_from_top_to_bottom(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    history.annotate(3.0, "wifi")
    lagometer = draw(surface, theme, comparison, history, 4.0)
    line = pygame.Rect(lagometer.x_at(3.0), RECT.top, 1, RECT.height)
    assert count(surface, line, colours.WHITE) == RECT.height


def test_an_old_mark_has_gone(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    history.annotate(1.0, "wifi")
    draw(surface, theme, comparison, history, 30.0)
    assert count(surface, RECT, colours.WHITE) == 0


def test_before_the_first_snapshot_it_is_empty(
    surface: pygame.Surface, theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    lagometer = Lagometer(RECT, theme, ENGLISH)
    lagometer.draw(surface, comparison.frame("tcp", 0.01), history, 0.01)
    assert count(surface, RECT, BACKGROUND) > RECT.width * RECT.height * 0.8


def test_outside_a_narrow_window_a_cursor_is_no_error(
    theme: Theme, comparison: LocalComparison, history: FrameHistory
) -> None:
    narrow = pygame.Surface((1, 700))
    lagometer = draw(narrow, theme, comparison, history, 0.1)
    lagometer.draw_cursor(narrow, 0.05)
    assert count(narrow, narrow.get_rect(), colours.WHITE) == 0


def test_every_arrival_status_has_its_own_shape() -> None:
    slot = pygame.Rect(2, 0, 6, 60)
    shapes = set()
    for status in ArrivalStatus:
        canvas = pygame.Surface((10, 60))
        paint_column(canvas, status, slot, 30)
        mask = pygame.mask.from_threshold(canvas, COLOURS[status], (1, 1, 1))
        shapes.add((*(mask.get_at((4, y)) for y in range(60)), mask.count()))
    assert len(shapes) == len(ArrivalStatus)
