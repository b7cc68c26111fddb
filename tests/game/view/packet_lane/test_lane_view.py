"""Tests of the lane on screen: the pile, the hole and the words are to be seen."""

from dataclasses import replace
from functools import partial

import pygame
import pytest

from game.view import colours
from game.view.packet_lane.event_words import event_text
from game.view.packet_lane.events import lane_events
from game.view.packet_lane.lane_clip import LIVE_DELAY_S, LaneClip, live_state
from game.view.packet_lane.lane_legend import LaneLegend
from game.view.packet_lane.lane_shapes import draw_snapshot, draw_waiting
from game.view.packet_lane.lane_view import LaneView
from game.view.packet_lane.packet_positions import (
    DirectionState,
    FallingPacket,
    LaneState,
    PlacedPacket,
)
from game.view.packet_lane.recent_packets import LanePacket, PacketHistory
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from net.link.packet_log import DropCause
from net.link.tcp_segment import ResendCause
from tests.game.view.packet_lane.lossy_match import SECONDS, flow, flow_log, packets
from tests.game.view.pixels import count, differs

RECT = pygame.Rect(20, 30, 394, 120)


def largest_pile_at() -> float:
    """Return the time just before the largest pile leaves."""
    clip = LaneClip(packets("tcp"))
    waiting, at = clip.largest_pile()
    state = clip.state(at)
    assert state is not None
    assert len(state.down.pile) == waiting >= 3
    times = [each.readable_at - 1e-6 for each in flow("tcp").down if each.waits]

    def size(at: float) -> int:
        state = clip.state(at)
        return len(state.down.pile) if state is not None else 0

    return max(times, key=size)


@pytest.fixture
def view(theme: Theme) -> LaneView:
    return LaneView(RECT, theme, LANGUAGES["en"], has_words=True)


def test_a_stream_has_a_pile_behind_a_hole_and_datagrams_have_none(
    surface: pygame.Surface, view: LaneView
) -> None:
    at = largest_pile_at()
    tracks = pygame.Rect(RECT.left, RECT.top, RECT.width, 50)
    yellow = {}
    for name in ("tcp", "udp"):
        view.draw(surface, LaneClip(packets(name)).state(at))
        yellow[name] = count(surface, tracks, colours.YELLOW)
    assert yellow["tcp"] > 300
    assert yellow["udp"] == 0


def test_a_lane_draws_inside_its_rectangle_at_all_times(
    surface: pygame.Surface, view: LaneView
) -> None:
    clip = LaneClip(packets("tcp"))
    surface.fill(colours.PANEL)
    for n in range(0, round(SECONDS * 10)):
        at = n / 10
        view.draw(surface, clip.state(at), clip.events(at, 1 / 10))
    outside = surface.copy()
    outside.fill(colours.PANEL, RECT)
    assert count(outside, outside.get_rect(), colours.PANEL) == outside.width * outside.height


def test_words_are_only_below_the_tracks(surface: pygame.Surface, view: LaneView) -> None:
    clip, at = LaneClip(packets("tcp")), largest_pile_at()
    view.draw(surface, clip.state(at))
    before = surface.copy()
    events = clip.events(at, 1 / 2)
    assert events
    view.draw(surface, clip.state(at), events)
    words = pygame.Rect(RECT.left, RECT.bottom - 60, RECT.width, 60)
    assert pygame.image.tobytes(before.subsurface(words), "RGB") != pygame.image.tobytes(
        surface.subsurface(words), "RGB"
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [(30, 20), (240, 120), (900, 260)])
def test_a_lane_of_any_size_can_be_drawn(
    surface: pygame.Surface, language: str, size: tuple[int, int]
) -> None:
    clip, at = LaneClip(packets("tcp")), largest_pile_at()
    view = LaneView(pygame.Rect((0, 0), size), Theme((1280, 720), 2.0), LANGUAGES[language], True)
    view.draw(surface, clip.state(at), clip.events(at, 1 / 2))


def test_a_live_lane_is_a_little_late_so_that_all_records_are_there() -> None:
    history = PacketHistory()
    history.add([flow_log("tcp")], 0.0, SECONDS)
    now = 3.0
    state = live_state(history, now)
    past = LaneClip(packets("tcp")).state(now - LIVE_DELAY_S)
    assert state is not None
    assert past is not None
    assert [each.position for each in state.down.moving] == [
        each.position for each in past.down.moving
    ]
    assert live_state(PacketHistory(), now) is None


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_legend_shows_each_shape_and_leaves_out_what_does_not_fit(
    surface: pygame.Surface, theme: Theme, language: str
) -> None:
    shown = (
        *(colours.GREEN, colours.VERMILLION, colours.PURPLE, colours.YELLOW, colours.SKY),
        # The dot of an input; all words are muted.
        colours.TEXT,
    )
    rect = pygame.Rect(0, 100, 1260, 18)
    LaneLegend(rect, theme, LANGUAGES[language]).draw(surface)
    assert all(count(surface, rect, colour) for colour in shown)
    surface.fill((0, 0, 0))
    narrow = pygame.Rect(500, 100, 300, 18)
    LaneLegend(narrow, theme, LANGUAGES[language]).draw(surface)
    assert count(surface, narrow, colours.GREEN)
    assert not count(surface, surface.get_rect(), colours.SKY)


def packet(tick: int | None, drop: DropCause = DropCause.NONE) -> LanePacket:
    """Return a packet to the player, with a snapshot if it has a ``tick``."""
    ticks = () if tick is None else (tick,)
    return LanePacket(
        is_up=False,
        sent_at=0.0,
        arrived_at=1.0,
        readable_at=1.0,
        drop=drop,
        resend=ResendCause.NONE,
        start=0,
        end=0,
        sacks=(),
        ticks=ticks,
        has_data=True,
    )


def state_of(*moving: PlacedPacket, falling: tuple[FallingPacket, ...] = ()) -> LaneState:
    nothing = DirectionState((), (), (), None, ())
    return LaneState(DirectionState(moving, falling, (), None, ()), nothing)


def image_of(surface: pygame.Surface, view: LaneView, state: LaneState) -> bytes:
    view.draw(surface, state)
    return pygame.image.tobytes(surface.subsurface(RECT), "RGB")


def test_a_small_packet_does_not_cover_a_number(surface: pygame.Surface, view: LaneView) -> None:
    numbered, small = PlacedPacket(packet(922), 0.5), PlacedPacket(packet(None), 0.5)
    alone = image_of(surface, view, state_of(numbered))
    assert image_of(surface, view, state_of(numbered, small)) == alone
    assert image_of(surface, view, state_of(small)) != alone


def test_crowded_packets_are_one_bar_with_their_count(
    surface: pygame.Surface, view: LaneView
) -> None:
    def crowd(first_tick: int, count: int) -> LaneState:
        places = (0.2 + 0.5 * n / count for n in range(count))
        return state_of(*(PlacedPacket(packet(first_tick + n), at) for n, at in enumerate(places)))

    # The numbers of the snapshots are not drawn, but how many there are.
    assert image_of(surface, view, crowd(100, 40)) == image_of(surface, view, crowd(500, 40))
    assert image_of(surface, view, crowd(100, 3)) != image_of(surface, view, crowd(500, 3))
    assert image_of(surface, view, crowd(100, 40)) != image_of(surface, view, crowd(100, 41))


def test_no_packet_covers_the_names_of_server_and_player(
    surface: pygame.Surface, view: LaneView
) -> None:
    empty = state_of()
    posts = [pygame.Rect(x, RECT.top, 40, 58) for x in (RECT.left, RECT.right - 40)]

    def names(state: LaneState) -> list[bytes]:
        view.draw(surface, state)
        return [pygame.image.tobytes(surface.subsurface(post), "RGB") for post in posts]

    before = names(empty)
    for at in (0.0, 0.02, 1.0):
        assert names(state_of(PlacedPacket(packet(100), at))) == before


@pytest.mark.parametrize("passing", [None, 0.5])
def test_the_number_of_a_lost_packet_is_bright_to_the_end(
    surface: pygame.Surface, view: LaneView, passing: float | None
) -> None:
    others = () if passing is None else (PlacedPacket(packet(100), passing),)
    bright = []
    for fallen in (0.0, 0.5, 0.99):
        lost = FallingPacket(packet(888, DropCause.LOSS), 0.5, fallen)
        view.draw(surface, state_of(*others, falling=(lost,)))
        mask = pygame.mask.from_threshold(surface.subsurface(RECT), colours.WARM, (60, 60, 60))
        bright.append(mask.count())
    assert min(bright) > 40
    assert bright == pytest.approx([bright[0]] * 3, abs=10)


def test_a_lost_packet_does_not_write_into_the_number_of_a_newer_one(
    surface: pygame.Surface, view: LaneView
) -> None:
    def bright(*ticks_and_fallen: tuple[int, float]) -> int:
        falling = tuple(
            FallingPacket(packet(tick, DropCause.LOSS), 0.5, fallen)
            for tick, fallen in ticks_and_fallen
        )
        view.draw(surface, state_of(falling=falling))
        mask = pygame.mask.from_threshold(surface.subsurface(RECT), colours.WARM, (60, 60, 60))
        return mask.count()

    assert bright((111, 1.0), (888, 0.2)) == pytest.approx(bright((888, 0.2)), abs=10)
    assert bright((111, 0.5), (222, 0.3), (888, 0.0)) == pytest.approx(bright((888, 0.0)), abs=10)


def test_what_is_sent_again_has_the_shape_of_a_copy_in_both_directions(
    surface: pygame.Surface, view: LaneView
) -> None:
    def reached(resend: ResendCause, is_up: bool) -> tuple[int, int]:
        """Return how many pixels have the colour of a copy, and of its edge."""
        each = replace(packet(None), resend=resend, is_up=is_up)
        moving = DirectionState((PlacedPacket(each, 0.4),), (), (), None, ())
        nothing = DirectionState((), (), (), None, ())
        state = LaneState(nothing, moving) if is_up else LaneState(moving, nothing)
        view.draw(surface, state)
        return count(surface, RECT, colours.PURPLE), count(surface, RECT, colours.WHITE)

    for is_up in (False, True):
        assert reached(ResendCause.NONE, is_up) == (0, 0)
        assert min(reached(ResendCause.FAST, is_up)) > 5


def test_a_snapshot_that_has_waited_looks_on_its_way_out_as_in_the_pile(
    surface: pygame.Surface, theme: Theme
) -> None:
    box = pygame.Rect(4, 4, 25, 15)
    images = []
    for draw in (partial(draw_snapshot, has_waited=True), draw_waiting, draw_snapshot):
        surface.fill(colours.BLACK)
        draw(surface, box, theme)
        images.append(surface.copy())
    assert not differs(images[0], images[1], box)
    assert differs(images[0], images[2], box)
    # A bar tells it from a snapshot that need not wait, also without its colour.
    middle = [images[0].get_at((x, box.centery)) for x in range(box.left, box.right)]
    assert len(set(map(tuple, middle))) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_a_narrow_lane_are_whole(
    surface: pygame.Surface, theme: Theme, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted, cut = Theme.fitted, []
    narrow = LaneView(pygame.Rect(0, 0, 250, 160), theme, LANGUAGES[language], has_words=True)

    def note(theme: Theme, text: str, size: float, width: int, *args, **kwargs) -> pygame.Surface:
        if theme.text_width(text, size, bold=True) > width:
            cut.append(text)
        return fitted(theme, text, size, width, *args, **kwargs)

    monkeypatch.setattr(Theme, "fitted", note)
    clip, widest = LaneClip(packets("tcp")), 0
    for event in lane_events(flow("tcp")):
        narrow.draw(surface, clip.state(event.at), [event])
        words = event_text(event, LANGUAGES[language])
        widest = max(widest, theme.text_width(words, 12.0, bold=True))
    assert widest > 250
    assert not cut
