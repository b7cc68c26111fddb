"""Tests of a lane's state: each packet is in one place, and only a stream has a pile."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.view.packet_lane.lane_layout import lay_out_lane, pile_cells
from game.view.packet_lane.packet_positions import LEAVE_S, DirectionState, lane_state
from game.view.packet_lane.recent_packets import LanePacket
from tests.game.view.packet_lane.lossy_match import SECONDS, flow, sent

TIMES = st.floats(0.0, SECONDS)
NAMES = st.sampled_from(["tcp", "udp"])


def shown(state: DirectionState) -> list[LanePacket]:
    placed = (*state.moving, *state.falling, *state.leaving)
    return [*(each.packet for each in placed), *state.pile]


@given(NAMES, TIMES)
def test_each_packet_is_in_one_place_at_most(name: str, at: float) -> None:
    state = lane_state(flow(name), at)
    counts = Counter(map(id, (*shown(state.down), *shown(state.up))))
    assert not counts or max(counts.values()) == 1
    assert all(packet.is_up for packet in shown(state.up))
    assert not any(packet.is_up for packet in shown(state.down))


@given(NAMES, TIMES)
def test_each_packet_under_way_is_shown_between_its_ends(name: str, at: float) -> None:
    state = lane_state(flow(name), at)
    for direction in (state.down, state.up):
        assert all(0.0 <= each.position <= 1.0 for each in direction.moving)
        assert all(0.0 <= each.fallen < 1.0 for each in direction.falling)
        assert all(each.packet.is_lost for each in direction.falling)
    moving = {id(each.packet) for each in (*state.down.moving, *state.up.moving)}
    for packet in sent(name):
        if not packet.is_lost and packet.sent_at <= at < packet.arrived_at:
            assert id(packet) in moving


@given(TIMES)
def test_a_pile_has_what_arrived_and_may_not_be_read(at: float) -> None:
    pile = lane_state(flow("tcp"), at).down.pile
    starts = [packet.start for packet in pile]
    assert starts == sorted(starts)
    assert all(packet.arrived_at <= at < packet.readable_at for packet in pile)


@given(TIMES)
def test_datagrams_never_pile_up(at: float) -> None:
    state = lane_state(flow("udp"), at)
    assert not state.down.pile
    assert not state.up.pile
    assert state.down.hole is None


def test_a_pile_has_a_hole_in_front_and_leaves_at_once() -> None:
    waiting = [packet for packet in flow("tcp").down if packet.waits]
    largest = max(
        (lane_state(flow("tcp"), packet.readable_at - 1e-9).down for packet in waiting),
        key=lambda state: len(state.pile),
    )
    assert len(largest.pile) >= 3
    assert largest.hole is not None
    assert largest.hole.is_lost
    assert largest.hole.start < largest.pile[0].start
    after = lane_state(flow("tcp"), largest.pile[0].readable_at).down
    assert not {id(packet) for packet in largest.pile} & {id(packet) for packet in after.pile}
    leaving = {id(each.packet) for each in after.leaving}
    assert {id(packet) for packet in largest.pile} <= leaving
    later = lane_state(flow("tcp"), largest.pile[0].readable_at + LEAVE_S)
    assert not leaving & {id(each.packet) for each in later.down.leaving}


@given(
    st.integers(1, 60),
    st.integers(30, 500),
    st.integers(10, 90),
    st.sampled_from([0.66, 1.0, 1.5, 2.0]),
)
def test_the_cells_of_a_pile_stay_in_its_room_and_apart(
    count: int, width: int, height: int, scale: float
) -> None:
    size = (round(25 * scale), round(15 * scale))
    cells = pile_cells((100, 50, width, height), count, size, scale)
    assert len(cells) == count
    for index, cell in enumerate(cells):
        left, _, cell_width, _ = cell
        # A room narrower than the pile in pixels lets it grow out.
        assert left >= 100 or count > width
        assert left + cell_width <= 100 + width
        assert cell not in cells[:index]


@pytest.mark.parametrize("width", [60, 240, 394, 900])
def test_the_ways_of_a_lane_end_at_its_posts(width: int) -> None:
    layout = lay_out_lane((10, 20, width, 120), 1.0, has_words=True)
    assert layout.down_x(0.0) == layout.left == layout.up_x(1.0)
    assert layout.down_x(1.0) == layout.waiting[0] < layout.right == layout.up_x(0.0)
    assert layout.words[1] + layout.words[3] == 140
