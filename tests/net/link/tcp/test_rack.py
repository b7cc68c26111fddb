"""Tests of RACK: the newest arrival, and the reordering window."""

import pytest

from net.link.tcp.rack import INITIAL_REORDERING, PERSISTENCE, Rack

MIN_RTT_S = 0.05


def rack_that_saw(sent_at: float, end: int, now: float) -> Rack:
    rack = Rack()
    rack.note_arrival(sent_at, end, resent=False, now=now, min_rtt_s=MIN_RTT_S)
    return rack


def test_newest_is_by_time_of_sending_and_then_by_place_in_the_stream() -> None:
    rack = rack_that_saw(1.0, 200, now=1.05)
    assert rack.sent_before_newest(0.9, 500)
    assert rack.sent_before_newest(1.0, 100)
    assert not rack.sent_before_newest(1.0, 200)
    assert not rack.sent_before_newest(1.1, 100)


def test_older_arrival_changes_the_round_trip_but_not_the_newest() -> None:
    rack = rack_that_saw(1.0, 200, now=1.05)
    rack.note_arrival(0.9, 100, resent=False, now=1.06, min_rtt_s=MIN_RTT_S)
    assert rack.newest_sent_at == 1.0
    assert rack.rtt_s == pytest.approx(0.16)


def test_answer_too_soon_after_a_retransmission_is_to_the_original() -> None:
    rack = rack_that_saw(1.0, 200, now=1.05)
    rack.advanced = False
    rack.note_arrival(1.04, 100, resent=True, now=1.06, min_rtt_s=MIN_RTT_S)
    assert rack.newest_sent_at == 1.0
    assert not rack.advanced


def test_window_is_a_quarter_of_the_round_trip_and_none_on_evidence() -> None:
    rack = Rack()
    assert rack.reordering_window_s(False, 1, MIN_RTT_S, 0.06) == pytest.approx(MIN_RTT_S / 4)
    assert rack.reordering_window_s(True, 1, MIN_RTT_S, 0.06) == 0.0
    assert rack.reordering_window_s(False, INITIAL_REORDERING, MIN_RTT_S, 0.06) == 0.0


def test_seen_reordering_keeps_the_window_open_in_recovery_too() -> None:
    rack = Rack()
    rack.note_reordering(distance_bytes=8 * 1448, mss_bytes=1448)
    assert rack.reordering == 8
    assert rack.reordering_window_s(True, 5, MIN_RTT_S, 0.06) == pytest.approx(MIN_RTT_S / 4)


def test_needless_retransmissions_widen_the_window_up_to_the_round_trip() -> None:
    rack = Rack()
    rack.widen()
    assert rack.reordering_window_s(False, 0, MIN_RTT_S, 0.06) == pytest.approx(MIN_RTT_S / 2)
    for _ in range(10):
        rack.widen()
    assert rack.reordering_window_s(False, 0, MIN_RTT_S, 0.06) == 0.06


def test_widened_window_is_forgotten_after_enough_recoveries() -> None:
    rack = Rack()
    rack.widen()
    for _ in range(PERSISTENCE):
        assert rack.window_steps == 2
        rack.note_recovery()
    assert rack.window_steps == 1
