"""Layout of the comparison's panels: the pitch gets the most room, the rest is whole or absent.

When space is short, parts go in this order: the second row of figures, the notes below them, the
lagometer, the figures, the lane. Slow motion has no figures; it needs the lane with its words most.
"""

from dataclasses import dataclass

import pygame

from game.match.pitch import MEDIUM_PITCH
from game.view.network.stats_grid import grid_height
from game.view.packet_lane.lane_layout import TRACKS_HEIGHT, WORDS_HEIGHT
from game.view.pitch.viewport import Viewport
from game.view.theme import Theme

TITLE_SIZE = 20.0
CAPTION_SIZE = 13.0
SIMPLE_CAPTION_SIZE = 16.0
_PADDING = 10.0
_LAGOMETER_HEIGHT = 84.0
_LAGOMETER_MOST = 170.0
# As low as its columns can be told apart. The names of its parts need more height.
_LAGOMETER_LEAST = 50.0
_GAP = 8.0
# The other pitches have almost the same proportions.
_PITCH_ASPECT = MEDIUM_PITCH.outer_half_width / MEDIUM_PITCH.outer_half_height
# Width of title, figures and lagometer beside a pitch.
_SIDE_WIDTH = 230.0
# Least height of a pitch, relative to one that fills the panel's width.
_LEAST_PITCH_SHARE = 0.65
# In slow motion, packets and the graph around the cursor say more than a larger pitch.
_LEAST_REPLAY_PITCH_SHARE = 0.5
# Panels in one row are compared more easily, so another arrangement must gain this much.
_WORTH_A_ROW = 1.25
_WORTH_A_SIDE = 1.05
_WITHOUT_STATS = 0.8
_WITHOUT_LANE = 0.5
# A lane beside which nothing else is left would show packets of a match that cannot be seen.
_LANES_IN_PANEL = 2


@dataclass(frozen=True, slots=True)
class PanelLayout:
    """Rectangles of one panel's parts; a part without a rectangle is not drawn."""

    title: pygame.Rect
    pitch: pygame.Rect
    lagometer: pygame.Rect | None
    stats: pygame.Rect | None
    lane: pygame.Rect | None = None

    def score(self, needs_lane: bool) -> float:
        """Return the pixels per pitch unit, reduced without a needed lane and without figures.

        Figures make the difference plain.
        """
        scale = Viewport.fit(MEDIUM_PITCH, *self.pitch).scale
        if needs_lane and self.lane is None:
            scale *= _WITHOUT_LANE
        return scale * _WITHOUT_STATS if self.stats is None else scale


@dataclass(frozen=True, slots=True)
class PanelParts:
    """Parts that a person wants to see beside title and pitch.

    Without ``figures`` a panel has none, whatever space there is.
    """

    lagometer: bool
    details: bool
    lane: bool = False
    is_replay: bool = False
    figures: bool = True

    @property
    def needs_lane(self) -> bool:
        """True if a panel should have a lane."""
        return self.lane or self.is_replay


def lay_out_panel(rect: pygame.Rect, theme: Theme, parts: PanelParts) -> PanelLayout:
    """Return the layout with the larger pitch: everything below each other, or beside the pitch."""
    inside = rect.inflate(-2 * theme.px(_PADDING), -2 * theme.px(_PADDING))
    stacked, beside = _stacked(inside, theme, parts), _beside(inside, theme, parts)
    if parts.is_replay and stacked.lane is not None and stacked.lagometer is not None:
        # The whole width for both of them.
        return stacked
    least = stacked.score(parts.needs_lane) * _WORTH_A_SIDE
    return beside if beside.score(parts.needs_lane) > least else stacked


def title_height(theme: Theme, has_details: bool = False) -> int:
    """Return the height in pixels of a panel's title and caption."""
    title = theme.text("0", TITLE_SIZE, bold=True).get_height()
    if has_details:
        return title + theme.text("0", CAPTION_SIZE).get_height()
    return title + theme.text("0", SIMPLE_CAPTION_SIZE, bold=True).get_height()


def arrange_panels(
    area: pygame.Rect, count: int, theme: Theme, parts: PanelParts
) -> list[pygame.Rect]:
    """Return the panels' rectangles: in one row, or in as many as give larger pitches."""
    best = _in_columns(area, count, count, theme)
    scale = lay_out_panel(best[0], theme, parts).score(parts.needs_lane) * _WORTH_A_ROW
    for columns in range(count - 1, 0, -1):
        rects = _in_columns(area, count, columns, theme)
        other = lay_out_panel(rects[0], theme, parts).score(parts.needs_lane)
        if other > scale:
            best, scale = rects, other
    return best


def _in_columns(area: pygame.Rect, count: int, columns: int, theme: Theme) -> list[pygame.Rect]:
    gap = theme.px(_GAP)
    rows = -(-count // columns)
    width = max(1, (area.width - (columns - 1) * gap) // columns)
    height = max(1, (area.height - (rows - 1) * gap) // rows)
    rects = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, top = area.left + column * (width + gap), area.top + row * (height + gap)
        rects.append(pygame.Rect(left, top, width, height))
    return rects


def _stacked(inside: pygame.Rect, theme: Theme, parts: PanelParts) -> PanelLayout:
    gap = theme.px(_GAP)
    title = pygame.Rect(inside.topleft, (inside.width, title_height(theme, parts.details)))
    space = max(1, inside.bottom - title.bottom)
    wide_enough = round(inside.width / _PITCH_ASPECT)
    share = _LEAST_REPLAY_PITCH_SHARE if parts.is_replay else _LEAST_PITCH_SHARE
    least = min(round(wide_enough * share), space)
    for stats_height, lagometer_height, lane_height in _heights(theme, parts, space):
        heights = (stats_height, lagometer_height, lane_height)
        below = sum(height + gap for height in heights if height)
        if space - below >= least:
            break
    height = max(1, min(space - below, wide_enough))
    width = min(inside.width, round(height * _PITCH_ASPECT))
    left = inside.left + (inside.width - width) // 2
    pitch = pygame.Rect(left, title.bottom, width, height)
    # The pitch cannot use more height than its width allows; lagometer and figures take the rest.
    spare = space - below - pitch.height
    if lagometer_height:
        grown = min(spare, theme.px(_LAGOMETER_MOST) - lagometer_height)
        lagometer_height += max(0, grown)
    bottom = pitch.bottom
    lagometer = stats = lane = None
    if lane_height:
        lane = pygame.Rect(inside.left, bottom + gap, inside.width, lane_height)
        bottom = lane.bottom
    if lagometer_height:
        lagometer = pygame.Rect(inside.left, bottom + gap, inside.width, lagometer_height)
        bottom = lagometer.bottom
    if stats_height:
        top = bottom + gap
        stats = pygame.Rect(inside.left, top, inside.width, inside.bottom - top)
    return PanelLayout(title, pitch, lagometer, stats, lane)


def _heights(theme: Theme, parts: PanelParts, space: int) -> list[tuple[int, int, int]]:
    """Return heights of figures, lagometer and lane, from all that is wanted to nothing."""
    tracks = theme.px(TRACKS_HEIGHT)
    if parts.is_replay:
        lane, lagometer = tracks + theme.px(WORDS_HEIGHT), theme.px(_LAGOMETER_HEIGHT)
        low = theme.px(_LAGOMETER_LEAST)
        heights = [(0, lagometer, lane), (0, low, lane), (0, 0, lane), (0, 0, tracks)]
        # The packets are what slow motion is for, so the pitch gets smaller first.
        return heights if space > tracks * _LANES_IN_PANEL else [*heights, (0, 0, 0)]
    if not parts.figures:
        lagometer = theme.px(_LAGOMETER_HEIGHT) if parts.lagometer else 0
        lane = tracks if parts.lane else 0
        return [(0, lagometer, lane), (0, 0, lane), (0, 0, 0)]
    without_lane = [(*heights, 0) for heights in _heights_without_lane(theme, parts)]
    if not parts.lane:
        return without_lane
    return [*((*heights[:2], tracks) for heights in without_lane), (0, 0, 0)]


def _heights_without_lane(theme: Theme, parts: PanelParts) -> list[tuple[int, int]]:
    if parts.details:
        much, little = grid_height(theme, 2, True), grid_height(theme, 1, True)
    else:
        much, little = grid_height(theme, 1, True), grid_height(theme, 1, False)
    choices = [(much, 0), (little, 0), (0, 0)]
    if parts.lagometer:
        lagometer = theme.px(_LAGOMETER_HEIGHT)
        lowest = (grid_height(theme, 1, False), theme.px(_LAGOMETER_LEAST))
        return [(much, lagometer), (little, lagometer), lowest, *choices]
    return choices


def _beside(inside: pygame.Rect, theme: Theme, parts: PanelParts) -> PanelLayout:
    gap = theme.px(_GAP)
    lane = None
    if parts.needs_lane:
        # Below all the rest: packets need a long way more than a high place.
        height = theme.px(TRACKS_HEIGHT + (WORDS_HEIGHT if parts.is_replay else 0.0))
        if inside.height > height * _LANES_IN_PANEL:
            lane = pygame.Rect(inside.left, inside.bottom - height, inside.width, height)
            inside = inside.inflate(0, -height - gap)
            inside.bottom = lane.top - gap
    side = theme.px(_SIDE_WIDTH)
    wide_enough = round(inside.height * _PITCH_ASPECT)
    pitch_width = max(1, min(inside.width - side - gap, wide_enough))
    pitch_height = max(1, min(inside.height, round(pitch_width / _PITCH_ASPECT)))
    top = inside.top + (inside.height - pitch_height) // 2
    pitch = pygame.Rect(inside.left, top, pitch_width, pitch_height)
    left = pitch.right + gap
    column = pygame.Rect(left, inside.top, max(1, inside.right - left), max(1, inside.height))
    title = pygame.Rect(column.topleft, (column.width, title_height(theme, parts.details)))
    rest = pygame.Rect(column.left, title.bottom + gap, column.width, column.bottom - title.bottom)
    rest.height = max(1, rest.height - gap)
    lagometer = None
    height = theme.px(_LAGOMETER_HEIGHT)
    if parts.lagometer and rest.height >= height + gap + grid_height(theme, 1, True):
        lagometer = pygame.Rect(rest.left, rest.bottom - height, rest.width, height)
        rest.height -= height + gap
    stats = rest if parts.figures and not parts.is_replay else None
    return PanelLayout(title, pitch, lagometer, stats, lane)
