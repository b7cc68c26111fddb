"""Tests of the stats grid: it uses its whole height."""

from dataclasses import replace
from itertools import groupby

import pygame
import pytest

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.client.netcode import NetcodeSettings
from game.client.panel_stats import PanelStats, panel_stats
from game.client.wire_loss import WireLoss
from game.view import colours
from game.view.network.stats_grid import (
    Cell,
    StatsGrid,
    make_cells,
)
from game.view.texts import ENGLISH, LANGUAGES
from game.view.theme import Theme
from net.link.profile import RelayProtocol
from net.link.stats import ConnectionStats, DirectionStats
from net.transport import Address
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.pixels import count

# Height without the lagometer, at 1280x720.
TALL_HEIGHT = 262.0
ONE_ROW_HEIGHT = 60.0
USUAL_HEIGHT = 120.0


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
    assert written[1] > 1.6 * written[0]
    # Three rows instead of two, and larger text.
    assert written[2] > 1.5 * written[1]


def stats_after(source: LocalComparison, seconds: float, history: FrameHistory) -> PanelStats:
    """Draw the TCP panel for a while; return its statistics."""
    for n in range(1, round(60 * seconds) + 1):
        frame = source.frame("tcp", n / 60)
        history.record(n / 60, frame, source.visual_error("tcp", frame))
    stats = panel_stats(frame, history, None)
    assert stats is not None
    return stats


def cell(stats: PanelStats, label: str) -> Cell:
    (found,) = (each for each in make_cells(stats, ENGLISH) if each.label == label)
    return found


def test_without_interpolation_no_frozen_time_is_claimed() -> None:
    source = LocalComparison()
    source.netcode = NetcodeSettings(interpolation=False)
    starved = cell(stats_after(source, 2.0, FrameHistory()), ENGLISH.stat_frozen)
    assert starved.value == ENGLISH.unknown
    assert starved.note == ENGLISH.stat_without_interpolation
    assert not starved.is_warm


def test_with_extrapolation_the_picture_is_not_called_frozen() -> None:
    source = LocalComparison()
    source.netcode = NetcodeSettings(extrapolation=True)
    source.panels["tcp"].stall = (1.0, 1.5)
    labels = [each.label for each in make_cells(stats_after(source, 2.0, FrameHistory()), ENGLISH)]
    assert ENGLISH.stat_extrapolated in labels
    assert ENGLISH.stat_frozen not in labels


def test_other_netcode_settings_begin_with_figures_of_their_own() -> None:
    source, history = LocalComparison(), FrameHistory()
    source.panels["tcp"].stall = (1.0, 1.5)
    before = stats_after(source, 1.6, history)
    assert before.error_p95_units
    source.netcode = replace(source.netcode, extrapolation=True)
    frame = source.frame("tcp", 1.7)
    history.record(1.7, frame, 0.0)
    assert history.error_p95 == 0.0


def test_losses_on_the_wire_belong_to_one_connection() -> None:
    loss = WireLoss()
    loss.record(0.0, link_stats(RelayProtocol.UDP, 0, sent=0, lost=0))
    loss.record(1.0, link_stats(RelayProtocol.UDP, 0, sent=100, lost=10))
    assert (loss.ratio, loss.lost_at) == (0.1, 1.0)
    # After a switch the counters of another connection begin, and nothing is carried over.
    loss.record(2.0, link_stats(RelayProtocol.TCP, 1, sent=50, lost=0))
    loss.record(3.0, link_stats(RelayProtocol.TCP, 1, sent=150, lost=5))
    assert (loss.ratio, loss.lost_at) == (0.05, 3.0)
    # A minute later only the last minute counts.
    loss.record(70.0, link_stats(RelayProtocol.TCP, 1, sent=250, lost=5))
    loss.record(71.0, link_stats(RelayProtocol.TCP, 1, sent=350, lost=5))
    assert loss.ratio == 0.0


def link_stats(protocol: RelayProtocol, number: int, sent: int, lost: int) -> ConnectionStats:
    down = DirectionStats(sent, lost, 0, 0, 0)
    return ConnectionStats(protocol, 7777, Address("127.0.0.1", 50000), number, down, down)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_is_shown_whole_or_not_at_all(theme: Theme, language: str) -> None:
    texts = LANGUAGES[language]
    shown = {
        width: StatsGrid(pygame.Rect(0, 0, width, 400), theme, texts).cells_shown
        for width in (20, 60, 160, 400)
    }
    assert shown[20] == 0
    assert shown[400] == 6
    assert list(shown.values()) == sorted(shown.values())
    assert StatsGrid(pygame.Rect(0, 0, 400, 10), theme, texts).cells_shown == 0
