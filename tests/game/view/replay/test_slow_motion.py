"""Tests of slow motion without a screen: kept moments, stalls, position, speed and pause."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.client.frame import Frame, NetworkStats
from game.view.replay.playback import SPEEDS, Playback
from game.view.replay.recent_frames import KEPT_S, Clip, Moment, PanelMoment
from game.view.replay.slow_motion import SlowMotion
from game.view.replay.stalls import OFFER_S
from net.measure.lag_monitor import ArrivalStatus, LagColumn
from tests.game.view.local_source import LocalSource

FRAME_S = 1 / 60


@pytest.fixture(scope="module")
def frame() -> Frame:
    return replace(LocalSource(players=2).frame(0.0), events=())


def stalled(frame: Frame, end_s: float, gap_s: float) -> Frame:
    """Return a frame whose newest snapshot arrived at ``end_s``, ``gap_s`` after the one before."""
    columns = tuple(
        LagColumn(n, at, ArrivalStatus.ON_TIME, at, 0.02, gap)
        for n, (at, gap) in enumerate(((end_s - gap_s, 0.033), (end_s, gap_s)))
    )
    return replace(frame, network=NetworkStats(0.05, 0.03, 0.0, columns=columns))


def filled(frame: Frame, until_s: float) -> SlowMotion:
    slow_motion = SlowMotion()
    for n in range(round(until_s / FRAME_S) + 1):
        slow_motion.record(n * FRAME_S, [PanelMoment(frame)])
    return slow_motion


def clip_of(frame: Frame, count: int = 61) -> Clip:
    return Clip(tuple(Moment(n * FRAME_S, (PanelMoment(frame),)) for n in range(count)))


def test_the_last_ten_seconds_are_kept(frame: Frame) -> None:
    slow_motion = filled(frame, 12.0)
    slow_motion.play(0.0, 100.0)
    assert slow_motion.playback is not None
    clip = slow_motion.playback.clip
    assert clip.end_s == pytest.approx(12.0)
    assert clip.end_s - clip.begin_s == pytest.approx(KEPT_S, abs=FRAME_S)
    assert slow_motion.playback.at == clip.begin_s


def test_a_tenth_of_the_speed_shows_each_frame_ten_times(frame: Frame) -> None:
    slow_motion = filled(frame, 2.0)
    slow_motion.play(1.0, 1.5, speed=0.1)
    shown = [slow_motion.advance(5.0 + n * FRAME_S) for n in range(60)]
    times = [moment.at for moment in shown if moment is not None]
    assert len(times) == 60
    assert times == sorted(times)
    assert 6 <= len(set(times)) <= 7


def test_the_playback_pauses_at_the_end_and_says_so(frame: Frame) -> None:
    slow_motion = filled(frame, 2.0)
    slow_motion.play(1.0, 1.05, speed=0.5)
    shown = [slow_motion.is_over for n in range(30) if slow_motion.advance(n * FRAME_S)]
    assert not any(shown[:6])
    assert all(shown[7:])
    assert slow_motion.playback is not None
    assert slow_motion.playback.is_paused
    assert slow_motion.playback.at == pytest.approx(1.05)
    slow_motion.playback.toggle_pause()
    assert slow_motion.playback.at == pytest.approx(1.0)
    assert not slow_motion.is_over


def test_later_moments_do_not_change_an_open_clip(frame: Frame) -> None:
    slow_motion = filled(frame, 1.0)
    slow_motion.play(0.5, 1.0)
    slow_motion.record(30.0, [PanelMoment(frame)])
    assert slow_motion.playback is not None
    assert slow_motion.playback.clip.end_s == pytest.approx(1.0)
    assert slow_motion.advance(30.0) is not None
    slow_motion.close()
    assert slow_motion.advance(30.0) is None


def test_a_stall_plays_with_some_time_around_it(frame: Frame) -> None:
    slow_motion = filled(frame, 3.0)
    slow_motion.record(3.1, [PanelMoment(frame), PanelMoment(stalled(frame, 3.0, 0.412))])
    stall = slow_motion.stall_to_play(3.1)
    assert stall is not None
    assert stall.panel == 1
    assert stall.length_s == pytest.approx(0.412)
    slow_motion.play_stall(3.1)
    assert slow_motion.playback is not None
    assert slow_motion.playback.begin_s < 3.0 - 0.412
    assert slow_motion.playback.end_s > 3.0


def test_a_newer_and_shorter_stall_replaces_neither_the_offer_nor_what_is_played(
    frame: Frame,
) -> None:
    slow_motion = filled(frame, 3.0)
    slow_motion.record(3.1, [PanelMoment(stalled(frame, 3.0, 0.35))])
    slow_motion.record(5.1, [PanelMoment(stalled(frame, 5.0, 0.22))])
    for now in (5.2, 9.5):
        offer, stall = slow_motion.offer(now), slow_motion.stall_to_play(now)
        # The longer one is no longer offered at 9.5 s, so the line and the key change together.
        expected = 0.35 if now < 9.0 else 0.22
        assert offer is not None
        assert offer == stall
        assert offer.length_s == pytest.approx(expected)
    stall = slow_motion.stall_to_play(12.0)
    assert slow_motion.offer(12.0) is None
    assert stall is not None
    assert stall.length_s == pytest.approx(0.35)


def test_a_stall_that_is_no_longer_kept_is_not_played(frame: Frame) -> None:
    slow_motion = filled(frame, 3.0)
    slow_motion.record(3.1, [PanelMoment(stalled(frame, 3.0, 0.35))])
    slow_motion.record(3.0 + KEPT_S, [PanelMoment(frame)])
    assert slow_motion.stall_to_play(3.0 + KEPT_S) is None


@pytest.mark.parametrize(("gap_s", "is_offered"), [(0.15, False), (OFFER_S + 0.01, True)])
def test_only_a_long_stall_is_offered_and_for_a_while_only(
    frame: Frame, gap_s: float, is_offered: bool
) -> None:
    slow_motion = filled(frame, 3.0)
    slow_motion.record(3.1, [PanelMoment(stalled(frame, 3.0, gap_s))])
    assert (slow_motion.offer(3.2) is not None) == is_offered
    assert slow_motion.offer(60.0) is None


def test_no_stall_is_offered_in_slow_motion(frame: Frame) -> None:
    slow_motion = filled(frame, 3.0)
    slow_motion.record(3.1, [PanelMoment(stalled(frame, 3.0, 0.4))])
    slow_motion.toggle(3.1)
    assert slow_motion.offer(3.2) is None
    slow_motion.toggle(3.3)
    assert not slow_motion.is_open
    assert slow_motion.offer(3.2) is not None


def test_nothing_plays_before_the_first_moment() -> None:
    slow_motion = SlowMotion()
    slow_motion.toggle(1.0)
    assert not slow_motion.is_open


def test_speeds_are_the_five_and_no_others(frame: Frame) -> None:
    playback = Playback(clip_of(frame), 0.0, 1.0, 0.1)
    seen = []
    for _ in range(6):
        seen.append(playback.speed)
        playback.change_speed(1)
    assert seen == [1 / 10, 1 / 20, 1 / 50, 1 / 50, 1 / 50, 1 / 50]
    for _ in range(6):
        playback.change_speed(-1)
    assert playback.speed == SPEEDS[0] == 1 / 2


def test_a_step_moves_by_one_frame_and_pauses(frame: Frame) -> None:
    playback = Playback(clip_of(frame), 0.5, 1.0, 0.1)
    playback.step(1)
    assert playback.at == pytest.approx(0.5 + FRAME_S)
    playback.step(-2)
    assert playback.at == pytest.approx(0.5 - FRAME_S)
    assert playback.is_paused


Change = tuple[str, float]
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.floats(0.0, 3.0)),
        st.tuples(st.just("step"), st.integers(-90, 90)),
        st.tuples(st.just("seek"), st.floats(-5.0, 5.0)),
        st.tuples(st.just("pause"), st.just(0.0)),
        st.tuples(st.just("speed"), st.integers(-3, 3)),
    ),
    max_size=30,
)


@given(CHANGES, st.floats(-1.0, 2.0), st.floats(-1.0, 2.0))
def test_the_position_never_leaves_the_clip(
    changes: list[Change], begin_s: float, end_s: float
) -> None:
    clip = clip_of(replace(LocalSource(players=1).frame(0.0), events=()))
    playback = Playback(clip, begin_s, end_s, 0.1)
    now = 0.0
    for name, value in changes:
        match name:
            case "advance":
                now += value
                playback.advance(now)
            case "step":
                playback.step(int(value))
            case "seek":
                playback.seek(value)
            case "pause":
                playback.toggle_pause()
            case "speed":
                playback.change_speed(int(value))
        assert clip.begin_s <= playback.at <= clip.end_s
        assert playback.speed in SPEEDS
        assert clip.moments[clip.index_at(playback.at)].at <= playback.at
