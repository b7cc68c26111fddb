"""Drawing of a lane: shapes of packets under way, broken ones, and the pile behind a hole.

Each kind has its shape as well as its colour. A snapshot is a box with its number, and a copy a
hexagon with it. Snapshots too close together for their numbers are one bar with their count. Other
data is a small square. A lost packet breaks into two halves that fall, and its number stays to be
read. On the way to the server, an input is a dot, and an acknowledgement an arrow. One that reports
a hole is an arrow with a gap behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from game.view import colours
from game.view.colours import Colour
from game.view.packet_lane.event_words import draw_event_words
from game.view.packet_lane.events import LaneEvent
from game.view.packet_lane.lane_layout import BACKGROUND, Rect, lay_out_lane, pile_cells
from game.view.packet_lane.lane_shapes import (
    draw_acknowledgement,
    draw_bare_acknowledgement,
    draw_copy,
    draw_cross,
    draw_hole,
    draw_input,
    draw_other_data,
    draw_player,
    draw_report,
    draw_resent_input,
    draw_server,
    draw_snapshot,
    draw_waiting,
    small_size,
)
from game.view.packet_lane.packet_positions import DirectionState, FallingPacket, LaneState
from game.view.packet_lane.recent_packets import LanePacket
from game.view.texts import Texts
from game.view.theme import Theme, blit_faded
from net.link.tcp_segment import ResendCause

_ROAD: Colour = (24, 30, 41)
_WAITING: Colour = (33, 31, 22)
_POST_SIZE = 10.5
_NUMBER_SIZE = 10.5
_BOX = (25.0, 15.0)
# Between the counts of two bars.
_CROWD_PADDING = 6.0
# Side of the squares of what waits at the server.
_WAITING_UP = 5.0
_FALL_HEIGHT = 9.0
# Half the side of the cross at a loss.
_CROSS = 4.0
# Several snapshots in one packet look like a stack of cards.
_STACK_STEP = 3.0
_STACK_MOST = 4
# The last digits of a tick are enough to tell snapshots apart.
_NUMBERS = 1000


def snapshot_number(tick: int) -> str:
    """Return the short number that lane and pitch show for a snapshot."""
    return str(tick % _NUMBERS)


class LaneView:
    """Lane in one rectangle. Make a new one for another rectangle or theme.

    With ``has_words`` there is space for the words of events below the tracks.
    """

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts, has_words: bool) -> None:
        self.rect = rect
        self._theme = theme
        self._texts = texts
        self._has_words = has_words
        names = (texts.lane_server, texts.lane_player)
        name_width = max(theme.text_width(name, _POST_SIZE) for name in names)
        place = (*rect.topleft, *rect.size)
        self._layout = lay_out_lane(place, theme.scale, has_words, name_width)
        # Small windows have text that is large for their boxes.
        self._number_width = theme.text_width("888", _NUMBER_SIZE, bold=True)
        box_width = max(theme.px(_BOX[0]), self._number_width + theme.px(6))
        self._box = (box_width, theme.px(_BOX[1]))
        left, right = self._layout.left, self._layout.right
        self._road = pygame.Rect(left, rect.top, max(0, right - left), rect.height)
        self._background = self._paint_background()

    def draw(
        self,
        surface: pygame.Surface,
        state: LaneState | None,
        events: Sequence[LaneEvent] = (),
        is_linked: bool = True,
    ) -> None:
        """Draw the packets of ``state``, and the words of the present ``events``.

        Without an emulated link (``is_linked``) a line says why there are none.
        """
        around = surface.get_clip()
        surface.set_clip(self.rect.clip(around))
        surface.blit(self._background, self.rect)
        if not is_linked:
            self._draw_reason(surface)
        elif state is not None:
            # Packets come out from behind the server, and do not cover its name or the player's.
            surface.set_clip(self._road.clip(surface.get_clip()))
            self._draw_up(surface, state.up)
            self._draw_down(surface, state.down)
            surface.set_clip(self.rect.clip(around))
            if self._has_words:
                draw_event_words(
                    surface, self._layout, self._theme, self._texts, state=state, events=events
                )
        surface.set_clip(around)

    def _draw_reason(self, surface: pygame.Surface) -> None:
        """Say why there are no packets."""
        layout = self._layout
        road = pygame.Rect(layout.left, self.rect.top, layout.right - layout.left, 0)
        space = road.width - self._theme.px(8)
        words = self._theme.fitted(self._texts.lane_no_link, _NUMBER_SIZE + 2, space, colours.TEXT)
        surface.blit(words, words.get_rect(center=(road.centerx, layout.down_y)))

    def _paint_background(self) -> pygame.Surface:
        theme, layout = self._theme, self._layout
        image = pygame.Surface((max(1, self.rect.width), max(1, self.rect.height))).convert()
        image.fill(BACKGROUND)
        origin = (-self.rect.left, -self.rect.top)
        road = theme.px(3)
        for y in (layout.down_y, layout.up_y):
            line = pygame.Rect(layout.left, y - road // 2, layout.right - layout.left, road)
            image.fill(_ROAD, line.move(origin))
        image.fill(_WAITING, pygame.Rect(layout.waiting).move(origin))
        for post, name in (
            (layout.server, self._texts.lane_server),
            (layout.player, self._texts.lane_player),
        ):
            area = pygame.Rect(post).move(origin)
            image.blit(theme.rounded_rect(area.size, colours.BUTTON, 5), area)
            words = theme.text(name, _POST_SIZE, colours.TEXT)
            if words.get_width() <= area.width - 2:
                image.blit(words, words.get_rect(center=area.center))
            elif post == layout.server:
                draw_server(image, area, theme)
            else:
                draw_player(image, area, theme)
        return image

    def _draw_down(self, surface: pygame.Surface, state: DirectionState) -> None:
        layout = self._layout
        # First: the cross stays at a place that other packets pass.
        self._draw_falling(surface, state.falling)
        under_way = [(layout.down_x(each.position), each.packet, False) for each in state.moving]
        under_way += [
            (layout.leaving_x(each.position), each.packet, each.packet.waits)
            for each in state.leaving
        ]
        numbered: list[_Numbered] = []
        copies: list[_Numbered] = []
        for x, packet, has_waited in under_way:
            if packet.tick is None:
                # Before those with a number, which a small packet must not cover.
                self._draw_small(surface, packet, (x, layout.down_y))
            elif packet.resend is ResendCause.NONE:
                numbered.append(_Numbered(x, packet.tick, packet, has_waited))
            else:
                copies.append(_Numbered(x, packet.tick, packet, has_waited))
        groups = _groups(numbered, self._number_width)
        crowds = [group for group in groups if len(group) > 1]
        for group in groups:
            if len(group) == 1:
                self._draw_snapshot(surface, group[0])
        for group in crowds:
            has_waited = all(each.has_waited for each in group)
            draw_snapshot(surface, self._bar_of(group), self._theme, has_waited)
        # Two bars may overlap, and neither may cover the other's words.
        for group in crowds:
            self._draw_count(surface, group)
        # Copies last: everything else waits for them.
        for each in copies:
            box = self._box_at(each.x)
            draw_copy(surface, box, self._theme)
            self._draw_number(surface, each.tick, box, colours.INK)
        self._draw_pile(surface, state)

    def _box_at(self, x: int) -> pygame.Rect:
        """Return the box of a packet with a number on the way to the player."""
        box = pygame.Rect((0, 0), self._box)
        box.center = x, self._layout.down_y
        return box

    def _draw_snapshot(self, surface: pygame.Surface, placed: "_Numbered") -> None:
        box = self._box_at(placed.x)
        self._draw_others_inside(surface, placed.packet, box)
        draw_snapshot(surface, box, self._theme, placed.has_waited)
        self._draw_number(surface, placed.tick, box, colours.INK)

    def _bar_of(self, group: Sequence["_Numbered"]) -> pygame.Rect:
        """Return the bar for packets whose numbers would cover each other."""
        return self._box_at(group[0].x).union(self._box_at(group[-1].x))

    def _draw_count(self, surface: pygame.Surface, group: Sequence["_Numbered"]) -> None:
        """Write the number of its packets into a bar."""
        # Where a bar ends outside the road, its words stand in the part that is seen.
        seen = self._bar_of(group).clip(self._road)
        for words in (self._texts.lane_crowd.format(count=len(group)), f"x{len(group)}"):
            image = self._theme.text(words, _NUMBER_SIZE, colours.INK, bold=True)
            if image.get_width() + self._theme.px(_CROWD_PADDING) <= seen.width:
                surface.blit(image, image.get_rect(center=seen.center))
                return

    def _draw_others_inside(
        self, surface: pygame.Surface, packet: LanePacket, box: pygame.Rect
    ) -> None:
        """Draw the edges of the older snapshots in a packet below the box of the newest."""
        step = self._theme.px(_STACK_STEP)
        for depth in range(min(len(packet.ticks), _STACK_MOST) - 1, 0, -1):
            under = box.move(depth * step, depth * step)
            draw_snapshot(surface, under, self._theme)
            pygame.draw.rect(surface, BACKGROUND, under, 1, border_radius=step)

    def _draw_small(
        self, surface: pygame.Surface, packet: LanePacket, centre: tuple[int, int]
    ) -> None:
        """Draw data without a snapshot, or a bare acknowledgement."""
        if packet.resend is not ResendCause.NONE:
            width, height = small_size(self._theme)
            box = pygame.Rect(0, 0, 2 * width, height + height // 2)
            box.center = centre
            draw_copy(surface, box, self._theme)
        elif packet.has_data:
            draw_other_data(surface, centre, self._theme)
        else:
            draw_bare_acknowledgement(surface, centre, self._theme)

    def _draw_number(
        self, surface: pygame.Surface, tick: int, box: pygame.Rect, colour: Colour
    ) -> None:
        words = self._theme.text(snapshot_number(tick), _NUMBER_SIZE, colour, bold=True)
        if words.get_width() > box.width:
            return
        surface.blit(words, words.get_rect(center=box.center))

    def _draw_pile(self, surface: pygame.Surface, state: DirectionState) -> None:
        if not state.pile:
            return
        layout = self._layout
        cells = pile_cells(layout.waiting, len(state.pile) + 1, self._box, self._theme.scale)
        self._draw_hole(surface, state.hole, cells[0])
        for packet, cell in zip(state.pile, cells[1:], strict=True):
            self._draw_waiting(surface, packet, cell)

    def _draw_hole(self, surface: pygame.Surface, hole: LanePacket | None, cell: Rect) -> None:
        """Draw the place of the missing packet."""
        box = pygame.Rect(cell)
        draw_hole(surface, box, self._theme)
        if hole is not None and hole.tick is not None:
            self._draw_number(surface, hole.tick, box, colours.WARM)

    def _draw_waiting(self, surface: pygame.Surface, packet: LanePacket, cell: Rect) -> None:
        box = pygame.Rect(cell)
        if packet.tick is None:
            # Other data takes a place in the pile too, but a small one.
            box = box.inflate(-box.width // 2, -box.height // 3)
        draw_waiting(surface, box, self._theme)
        if packet.tick is not None:
            self._draw_number(surface, packet.tick, box, colours.INK)

    def _draw_falling(self, surface: pygame.Surface, falling: Sequence[FallingPacket]) -> None:
        """Draw lost packets, the newest last; no number is drawn where a newer one stands."""
        boxes = [self._falling_box(each) for each in falling]
        for index, (each, box) in enumerate(zip(falling, boxes, strict=True)):
            x, y = self._layout.down_x(each.position), self._layout.down_y
            draw_cross(surface, (x, y), self._theme.px(_CROSS), self._theme.px(2))
            self._draw_halves(surface, box, each.fallen)
            newer = zip(falling[index + 1 :], boxes[index + 1 :], strict=True)
            is_covered = any(
                other.packet.tick is not None and box.colliderect(other_box)
                for other, other_box in newer
            )
            if each.packet.tick is not None and not is_covered:
                surface.fill(BACKGROUND, box.inflate(0, -self._theme.px(3)))
                self._draw_number(surface, each.packet.tick, box, colours.WARM)

    def _falling_box(self, falling: FallingPacket) -> pygame.Rect:
        """Return the place of a lost packet, beside its cross and below the road.

        No other packet covers its number there.
        """
        theme = self._theme
        drop = (self._box[1] + theme.px(_CROSS)) // 2
        drop += round(theme.px(_FALL_HEIGHT) * falling.fallen**2)
        size = self._box if falling.packet.tick is not None else small_size(theme)
        box = pygame.Rect((0, 0), size)
        x = self._layout.down_x(falling.position) + theme.px(_CROSS) + theme.px(3)
        box.midleft = x, self._layout.down_y + drop
        return box

    def _draw_halves(self, surface: pygame.Surface, box: pygame.Rect, fallen: float) -> None:
        """Draw both halves; they part up and down, so a number between them can be read."""
        apart = self._theme.px(1) + round(self._theme.px(6) * fallen)
        half = max(2, box.height // 2)
        image = pygame.Surface((box.width, half), pygame.SRCALPHA)
        image.fill(colours.VERMILLION)
        opacity = max(0.0, 1.0 - fallen)
        for bottom in (box.centery - apart + 1, box.centery + half + apart):
            blit_faded(surface, image, image.get_rect(bottomleft=(box.left, bottom)), opacity)

    def _draw_up(self, surface: pygame.Surface, state: DirectionState) -> None:
        layout = self._layout
        for placed in state.moving:
            self._draw_up_packet(
                surface, placed.packet, (layout.up_x(placed.position), layout.up_y)
            )
        # What waits at the server: a row of small squares.
        side = self._theme.px(_WAITING_UP)
        for index in range(len(state.pile)):
            x = layout.left + index * (side + 1)
            if x < layout.waiting[0]:
                surface.fill(colours.YELLOW, (x, layout.up_y - side // 2, side, side))
        for falling in state.falling:
            self._draw_up_falling(surface, falling)

    def _draw_up_packet(
        self, surface: pygame.Surface, packet: LanePacket, centre: tuple[int, int]
    ) -> None:
        if packet.sacks:
            draw_report(surface, centre, self._theme)
        elif not packet.has_data:
            draw_acknowledgement(surface, centre, self._theme)
        elif packet.resend is not ResendCause.NONE:
            draw_resent_input(surface, centre, self._theme)
        else:
            draw_input(surface, centre, self._theme)

    def _draw_up_falling(self, surface: pygame.Surface, falling: FallingPacket) -> None:
        centre = (self._layout.up_x(falling.position), self._layout.up_y)
        draw_cross(surface, centre, self._theme.px(3), self._theme.px(1.5))


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A packet with the number of a snapshot, centred at ``x``."""

    x: int
    tick: int
    packet: LanePacket
    has_waited: bool


def _groups(packets: Sequence[_Numbered], least_step: int) -> list[list[_Numbered]]:
    """Return packets from left to right, in groups whose numbers would cover each other."""
    groups: list[list[_Numbered]] = []
    for each in sorted(packets, key=lambda packet: packet.x):
        if groups and each.x - groups[-1][-1].x < least_step:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups
