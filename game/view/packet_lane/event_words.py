"""Words of packet events, each beside the packet that it is about."""

from collections.abc import Sequence

import pygame

from game.view import colours
from game.view.colours import Colour
from game.view.packet_lane.events import EventKind, LaneEvent
from game.view.packet_lane.lane_layout import BACKGROUND, LaneLayout
from game.view.packet_lane.packet_positions import LaneState, loss_position
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.wrapped_text import wrapped_lines

_TEXT_SIZE = 12.0
# Space between two texts side by side.
_GAP = 20.0
# Distance from the middle of a packet to the words below it.
_REACH = 8.0
_LOSSES = (
    EventKind.LOST,
    EventKind.LOST_FOR_GOOD,
    EventKind.LOST_IN_BURST,
    EventKind.LOST_IN_QUEUE,
    EventKind.COPY_LOST,
    EventKind.COPY_LOST_TIMER,
)


def event_text(event: LaneEvent, texts: Texts) -> str:
    """Return the words of an event."""
    words = {
        EventKind.LOST: texts.event_lost,
        EventKind.LOST_FOR_GOOD: texts.event_lost_for_good,
        EventKind.LOST_IN_BURST: texts.event_lost_in_burst,
        EventKind.LOST_IN_QUEUE: texts.event_lost_in_queue,
        EventKind.COPY_LOST: texts.event_copy_lost,
        EventKind.COPY_LOST_TIMER: texts.event_copy_lost_timer,
        EventKind.SENT_TOGETHER: texts.event_sent_together,
        EventKind.TIMER_RUNS: texts.event_timer_runs,
        EventKind.HOLE_REPORTED: texts.event_hole_reported,
        EventKind.RESENT_FAST: texts.event_resent_fast,
        EventKind.RESENT_RACK: texts.event_resent_rack,
        EventKind.RESENT_PROBE: texts.event_resent_probe,
        EventKind.RESENT_TIMEOUT: texts.event_resent_timeout,
        EventKind.HOLE_FILLED: texts.event_hole_filled,
    }
    value_ms = texts.number(event.value_s * 1000)
    return words[event.kind].format(value=value_ms, count=event.count)


def waiting_text(count: int, texts: Texts) -> str:
    """Return the words for packets behind a hole."""
    return texts.lane_waiting_one if count == 1 else texts.lane_waiting.format(count=count)


def draw_event_words(
    surface: pygame.Surface,
    layout: LaneLayout,
    theme: Theme,
    texts: Texts,
    *,
    state: LaneState,
    events: Sequence[LaneEvent],
) -> None:
    """Draw the words of events below the tracks, and a line from each to its packet.

    The newest come first: where there is no room, the oldest are left out.
    """
    area = pygame.Rect(layout.words)
    taken: list[pygame.Rect] = []
    lines = [
        (event_text(event, texts), _colour(event), *_point(layout, state, event))
        for event in reversed(events)
    ]
    waiting = len(state.down.pile)
    if waiting:
        room = pygame.Rect(layout.waiting)
        lines.insert(0, (waiting_text(waiting, texts), colours.YELLOW, room.centerx, room.bottom))
    placed: list[tuple[pygame.Surface, pygame.Rect]] = []
    # A burst of losses says it once.
    said: set[str] = set()
    for words, colour, x, y in lines:
        if words in said:
            continue
        said.add(words)
        image = _words_image(words, area.width - theme.px(8), theme, colour)
        rect = image.get_rect(midtop=(x, area.top))
        rect.clamp_ip(area.inflate(-theme.px(6), 0))
        rect.top = area.top
        while (index := rect.inflate(theme.px(_GAP), 0).collidelist(taken)) >= 0:
            rect.top = taken[index].bottom
        if rect.bottom > area.bottom:
            continue
        taken.append(rect)
        placed.append((image, rect))
        # It would run through the packet's number if it began in the middle.
        below = min(y + theme.px(_REACH), rect.top)
        pygame.draw.line(surface, colour, (x, below), (x, rect.top + theme.px(3)))
    # Above all lines, which would run through the words.
    for image, rect in placed:
        surface.fill(BACKGROUND, rect)
        surface.blit(image, rect)


def _words_image(words: str, width: int, theme: Theme, colour: Colour) -> pygame.Surface:
    """Return an image of words, in several lines if they are wider than ``width``."""
    if theme.text_width(words, _TEXT_SIZE, bold=True) <= width:
        return theme.text(words, _TEXT_SIZE, colour, bold=True)
    lines = [
        theme.fitted(line, _TEXT_SIZE, width, colour, bold=True)
        for line in wrapped_lines(words, width, theme, _TEXT_SIZE, bold=True)
    ]
    size = max(line.get_width() for line in lines), sum(line.get_height() for line in lines)
    image = pygame.Surface(size, pygame.SRCALPHA)
    top = 0
    for line in lines:
        image.blit(line, (0, top))
        top += line.get_height()
    return image


def _point(layout: LaneLayout, state: LaneState, event: LaneEvent) -> tuple[int, int]:
    """Return the place of the packet that an event is about."""
    if event.kind in _LOSSES:
        return layout.down_x(loss_position(event.packet)), layout.down_y
    if event.kind is EventKind.HOLE_FILLED:
        return layout.waiting[0] + layout.waiting[2], layout.down_y
    if event.kind is EventKind.TIMER_RUNS:
        return layout.left, layout.down_y
    if event.kind is EventKind.HOLE_REPORTED:
        for placed in state.up.moving:
            if placed.packet is event.packet:
                return layout.up_x(placed.position), layout.up_y
        return layout.left, layout.up_y
    for placed in state.down.moving:
        if placed.packet is event.packet:
            return layout.down_x(placed.position), layout.down_y
    for placed in state.down.leaving:
        if placed.packet is event.packet:
            return layout.leaving_x(placed.position), layout.down_y
    # It has arrived, or was lost on its way.
    return layout.waiting[0], layout.down_y


def _colour(event: LaneEvent) -> Colour:
    if event.kind in _LOSSES:
        return colours.WARM
    if event.kind is EventKind.HOLE_REPORTED:
        return colours.SKY
    if event.kind is EventKind.HOLE_FILLED:
        return colours.YELLOW
    if event.kind is EventKind.SENT_TOGETHER:
        return colours.GREEN
    return colours.PURPLE
