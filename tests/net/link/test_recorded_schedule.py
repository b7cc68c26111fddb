"""Tests of schedules: the fate of a packet at a time, changing rates, and where a playback is."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.loss import PacketDrawStream
from net.link.packet_log import DropCause
from net.link.packet_path import PacketPath, link_paths
from net.link.profile import Link, LinkProfile
from net.link.recorded_schedule import Playback, PlayedSchedule, Schedule
from net.link.recording import schedule_of
from net.link.spec import recorded_link
from tests.net.link.recorded import direction, recording

HOLE = recording(direction([0.02] * 80 + [None] * 40 + [0.03] * 80))
RATES = Schedule(3.0, rate_at_s=(0.0, 1.0, 2.0), rate_bps=(8000.0, 0.0, 16000.0))


def test_a_packet_gets_the_fate_of_the_probe_that_was_sent_nearest_in_time() -> None:
    schedule = schedule_of(HOLE.up, 1.0)
    assert schedule.fate(0.1) == (0.02, 0.0)
    assert schedule.fate(0.397) == (0.02, 0.0)
    assert schedule.fate(0.398) == (0.02, 1.0)
    assert schedule.fate(0.5).loss_ratio == 1.0
    assert schedule.fate(0.61) == (0.03, 0.0)


def test_nothing_is_lost_after_the_end_and_the_last_delay_stays() -> None:
    schedule = schedule_of(direction([0.02, None]), 1.0)
    assert schedule.fate(1.5) == (0.02, 0.0)


def test_far_from_a_probe_a_packet_is_lost_as_often_as_the_probes_around() -> None:
    ping = schedule_of(direction([0.02, None, 0.02, 0.02, 0.02] * 4, interval_s=1.0), 20.0)
    assert ping.fate(6.5).loss_ratio == pytest.approx(0.2)
    # A hole between two lost probes is a hole, however far apart they are.
    hole = schedule_of(direction([0.02, None, None, 0.02], interval_s=1.0), 4.0)
    assert hole.fate(1.5).loss_ratio == 1.0


def test_every_transport_loses_at_the_same_moments_whatever_its_seed() -> None:
    link = recorded_link("room.link.json", HOLE)
    for seed in (1, 2):
        up, _ = link_paths(link, seed)
        lost = [at for at in (index / 60 for index in range(60)) if not up.send(at, 100)]
        assert lost == [index / 60 for index in range(24, 36)]
        assert up.drop_cause is DropCause.BURST


def test_a_playback_begins_where_it_is_told_and_begins_again_if_it_loops() -> None:
    schedule = schedule_of(HOLE.up, 1.0)
    played = PlayedSchedule(schedule, start_s=0.3, loops=True, origin_s=100.0)
    assert played.position_s(100.2) == pytest.approx(0.5)
    assert played.fate(100.2).loss_ratio == 1.0
    assert played.fate(101.2).loss_ratio == 1.0
    assert PlayedSchedule(schedule, start_s=0.3, origin_s=100.0).position_s(101) == 1.3


def test_a_changed_link_goes_on_where_the_recording_is() -> None:
    first = recorded_link("room.link.json", HOLE).playing(100.0)
    changed = Link(
        LinkProfile(delay_s=0.02), LinkProfile(), playback=Playback("room", "", *_both())
    )
    assert first.playback == recorded_link("room.link.json", HOLE).playback
    again = recorded_link("room.link.json", HOLE).playing(105.0, first)
    assert again.playback is not None
    assert again.playback.origin_s == 100.0
    other = changed.playing(105.0, first)
    assert other.playback is not None
    assert other.playback.origin_s == 105.0


def _both() -> tuple[Schedule, Schedule]:
    return RATES, RATES


def test_a_packet_waits_through_a_time_without_rate() -> None:
    path = PacketPath(LinkProfile(queue_s=5.0), PacketDrawStream(7, "up"), PlayedSchedule(RATES))
    assert path.send(0.0, 500) == [0.5]
    assert path.send(0.0, 500) == [1.0]
    # 8000 bits at 16000 bits a second, from the end of the outage on.
    assert path.send(0.5, 1000) == [pytest.approx(2.5)]


def test_a_queue_in_bytes_counts_what_waits_at_changing_rates() -> None:
    profile = LinkProfile(queue_bytes=1500)
    path = PacketPath(profile, PacketDrawStream(7, "up"), PlayedSchedule(RATES))
    assert [len(path.send(0.9, 500)) for _ in range(4)] == [1, 1, 1, 0]
    assert path.drop_cause is DropCause.QUEUE


def test_a_rate_of_the_profile_replaces_the_recorded_ones() -> None:
    profile = LinkProfile(rate_bps=8e6)
    path = PacketPath(profile, PacketDrawStream(7, "up"), PlayedSchedule(RATES))
    assert path.send(1.5, 1000) == [pytest.approx(1.501)]


@given(st.floats(0.0, 20.0), st.floats(0.0, 1e5), st.booleans())
def test_what_leaves_is_what_the_rate_lets_through(at: float, bits: float, loops: bool) -> None:
    played = PlayedSchedule(RATES, loops=loops)
    left_at = played.leaves_at(at, bits)
    assert at <= left_at < inf
    assert played.bits_between(at, left_at) == pytest.approx(bits, abs=1.0)


def test_delay_loss_and_rate_can_be_taken_out() -> None:
    schedule = schedule_of(HOLE.up, 1.0)
    assert schedule.without_delay().fate(0.5) == (0.0, 1.0)
    assert schedule.without_loss().fate(0.5) == (0.02, 0.0)
    assert RATES.without_rate().rate_bps == ()
