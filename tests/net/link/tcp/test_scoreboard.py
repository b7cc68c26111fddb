"""Tests of the scoreboard: counts by state, and loss detection by time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.tcp.scoreboard import AckResult, Scoreboard
from net.link.tcp_segment import MSS_BYTES, Block, Packet, PacketType

RTT_S = 0.05
STEP_S = 0.02


def board_with(segments: int, size: int = 64) -> Scoreboard:
    """Return a board on which a segment was sent every ``STEP_S``, from time 0 on."""
    board = Scoreboard()
    for n in range(segments):
        board.add(n * size, (n + 1) * size, n * STEP_S)
    return board


def acked(
    board: Scoreboard, ack: int, *sacks: Block, now: float = 1.0, echo: float = 9.0
) -> AckResult:
    packet = Packet(PacketType.ORDINARY, 0, 0, ack, sacks, None, now, echo)
    return board.acknowledge(packet, now, 0, RTT_S)


def counts(board: Scoreboard) -> tuple[int, int, int]:
    return board.sacked_out, board.lost_out, board.resent_out


def test_cumulative_acknowledgement_takes_segments_off() -> None:
    board = board_with(3)
    result = acked(board, 128, now=0.1)
    assert (result.advanced, result.delivered, board.in_flight()) == (True, 2, 1)
    assert (result.first_acked_at, result.last_acked_at) == (0.0, STEP_S)


def test_sack_takes_out_of_flight_what_it_covers_wholly() -> None:
    board = board_with(5)
    result = acked(board, 0, (64, 128), (192, 300))
    assert (result.sacked, result.delivered) == (True, 2)
    assert counts(board) == (2, 0, 0)
    assert board.in_flight() == 3


def test_sack_told_again_is_no_news() -> None:
    board = board_with(3)
    acked(board, 0, (64, 128))
    result = acked(board, 0, (64, 128))
    assert (result.sacked, result.delivered) == (False, 0)


def test_sacked_segment_is_delivered_once() -> None:
    board = board_with(3)
    acked(board, 0, (64, 192))
    assert acked(board, 192).delivered == 1
    assert counts(board) == (0, 0, 0)
    assert board.in_flight() == 0


def test_rack_marks_what_was_sent_a_round_trip_and_more_before_an_arrival() -> None:
    board = board_with(4)
    # The third is SACKed a round trip after it was sent: the first two are overdue by then.
    now = 2 * STEP_S + RTT_S
    acked(board, 0, (128, 192), now=now)
    assert board.detect_losses(now, window_s=0.0) == 0.0
    assert [segment.lost for segment in board.segments] == [True, True, False, False]
    assert board.in_flight() == 1


def test_rack_waits_for_what_is_not_yet_overdue() -> None:
    board = board_with(2)
    now = STEP_S + RTT_S
    acked(board, 0, (64, 128), now=now)
    wait_s = board.detect_losses(now, window_s=0.03)
    assert wait_s == pytest.approx(0.03 - STEP_S)
    assert board.lost_out == 0


def test_rack_finds_a_lost_retransmission() -> None:
    board = board_with(2, size=MSS_BYTES)
    board.mark_lost(board.segments[0])
    board.resend(board.segments[0], 0.1)
    assert board.in_flight() == 2
    board.add(2 * MSS_BYTES, 3 * MSS_BYTES, 0.12)
    now = 0.12 + RTT_S
    acked(board, 0, (2 * MSS_BYTES, 3 * MSS_BYTES), now=now)
    board.detect_losses(now, window_s=0.0)
    assert board.segments[0].lost
    assert not board.segments[0].in_flight_again
    assert board.lost_total == 3  # it twice, and the second segment


def test_resent_segment_in_flight_is_not_lost_by_older_arrivals() -> None:
    board = board_with(3)
    board.mark_lost(board.segments[0])
    board.resend(board.segments[0], 0.1)
    acked(board, 0, (128, 192), now=0.11)
    board.detect_losses(0.11, window_s=0.0)
    assert board.segments[0].in_flight_again


def test_timeout_marks_the_head_and_what_is_older_than_a_round_trip() -> None:
    board = board_with(4)
    board.rack.rtt_s = RTT_S
    board.mark_expired(3 * STEP_S + 0.015)
    assert [segment.lost for segment in board.segments] == [True, True, False, False]


def test_small_segments_lost_together_come_back_in_one() -> None:
    board = board_with(5)
    for segment in list(board.segments)[:3]:
        board.mark_lost(segment)
    acked(board, 0, (192, 256))
    board.resend(board.segments[0], 1.0)
    assert [(each.start, each.end) for each in board.segments] == [(0, 192), (192, 256), (256, 320)]
    assert counts(board) == (1, 1, 1)


def test_resending_together_stops_at_a_full_segment() -> None:
    board = board_with(5, size=600)
    board.mark_lost(board.segments[0])
    board.resend(board.segments[0], 1.0)
    assert board.segments[0].end == 1200 <= MSS_BYTES


def test_unmarking_leaves_nothing_lost() -> None:
    board = board_with(3)
    for segment in board.segments:
        board.mark_lost(segment)
    board.unmark_lost()
    assert counts(board) == (0, 0, 0)


def test_segment_unmarked_while_its_retransmission_is_out_waits_for_the_timeout() -> None:
    board = board_with(2, size=MSS_BYTES)
    head = board.segments[0]
    board.mark_lost(head)
    board.resend(head, 0.1)
    board.unmark_lost()
    # RACK finds it lost once, and does not judge it again.
    for n in (2, 3):
        board.add(n * MSS_BYTES, (n + 1) * MSS_BYTES, 0.1 * n)
        now = 0.1 * n + RTT_S
        acked(board, 0, (n * MSS_BYTES, (n + 1) * MSS_BYTES), now=now)
        board.detect_losses(now, window_s=0.0)
        assert (head.lost, head.in_flight_again) == (True, True)
    board.mark_expired(1.0)
    assert (head.lost, head.in_flight_again) == (True, False)


def test_original_below_a_sacked_one_is_reordering() -> None:
    board = board_with(3)
    acked(board, 0, (128, 192))
    assert not board.rack.reordering_seen
    acked(board, 64)
    assert board.rack.reordering_seen


def test_resent_segment_below_a_sacked_one_is_none() -> None:
    board = board_with(3)
    acked(board, 0, (64, 192))
    board.mark_lost(board.segments[0])
    board.resend(board.segments[0], 0.5)
    acked(board, 192)
    assert not board.rack.reordering_seen


@given(st.data())
def test_counts_agree_with_the_segments_after_anything(data: st.DataObject) -> None:
    board, now = board_with(12), 1.0
    for _ in range(data.draw(st.integers(1, 15))):
        now += 0.01
        step = data.draw(st.sampled_from(["ack", "sack", "detect", "expire", "resend"]))
        if step == "ack":
            acked(board, max(board.una, data.draw(st.integers(0, 12)) * 64), now=now)
        elif step == "sack":
            start = data.draw(st.integers(board.una // 64 + 1, 13))
            acked(board, board.una, (start * 64, data.draw(st.integers(start, 14)) * 64), now=now)
        elif step == "detect":
            board.detect_losses(now, 0.0)
        elif step == "expire" and board.segments:
            board.mark_expired(now)
        else:
            lost = [each for each in board.segments if each.lost and not each.in_flight_again]
            if lost:
                board.resend(lost[0], now)
        segments = board.segments
        assert board.sacked_out == sum(each.sacked for each in segments)
        assert board.lost_out == sum(each.lost for each in segments)
        assert board.resent_out == sum(each.in_flight_again for each in segments)
        assert 0 <= board.in_flight() <= len(segments)
        assert not any(each.sacked and (each.lost or each.in_flight_again) for each in segments)
