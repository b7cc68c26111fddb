"""Scenes built from snapshots: interpolation, extrapolation, prediction; in virtual time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.client.extrapolation import EXTRAPOLATION_LIMIT_S
from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.scene_builder import (
    TELEPORT_UNITS,
    SceneBuilder,
    interpolate,
)
from game.match.controls import Controls
from game.match.pitch import PITCHES, PitchSize
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import (
    BallState,
    Goal,
    JoinResponse,
    OwnState,
    PhaseChanged,
    PlayerState,
    ReadyPlayers,
    Roster,
    RosterEntry,
    Snapshot,
)
from net.sync.clock_filter import ClockFilter

OWN = 3
INTERVAL_S = 2 / 60
# Offset of the server's clock to ours, and the one-way delay of a snapshot.
OFFSET_S, DELAY_S = 500.0, 0.025
PLAIN = NetcodeSettings(prediction=PredictionMode.OFF)
ROSTER = Roster(0, (RosterEntry(OWN, "Ana", Team.ORANGE, False, 0, "udp"),))
RESPONSE = JoinResponse(OWN, "main", 60, 2, 150.0, (0, 0), ROSTER)
RIGHT = Controls(127, 0, False)


def snapshot(number: int, x: float = 0.0, vx: float = 0.0, **changes) -> Snapshot:
    """Return the ``number``th snapshot, with the ball at ``x`` and the own player beside it."""
    made = Snapshot(
        tick=2 * number,
        time_s=OFFSET_S + number * INTERVAL_S,
        late_s=0.0,
        phase=Phase.PLAY,
        half=1,
        clock_s=0.0,
        score=(0, 0),
        kickoff_team=None,
        swapped=False,
        ball=BallState(x, 0.0, vx, 0.0),
        players=(PlayerState(OWN, Team.ORANGE, x, 100.0, vx, 0.0, False, 0),),
    )
    return replace(made, **changes)


def arrival_s(number: int) -> float:
    """Return when the ``number``th snapshot arrives, by our clock."""
    return number * INTERVAL_S + DELAY_S


def builder_with(
    *numbers: int, netcode: NetcodeSettings = PLAIN, speed: float = 0.0
) -> SceneBuilder:
    """Return a builder with these snapshots; the ball moves ``speed`` units between two."""
    clock = ClockFilter()
    # A round trip of 2 * DELAY_S: the clock offset is known exactly.
    clock.add(0.0, OFFSET_S + DELAY_S, OFFSET_S + DELAY_S, 2 * DELAY_S)
    builder = SceneBuilder(RESPONSE, clock, netcode, now=0.0)
    for number in numbers:
        state = snapshot(number, x=speed * number, vx=speed / INTERVAL_S)
        builder.add(OwnState(OWN, number, 0), state, arrival_s(number))
    return builder


def scene_of(builder: SceneBuilder, now: float):
    return builder.scene(builder.sample(now), now)


def test_before_the_first_snapshot_there_is_nothing_to_draw():
    builder = builder_with()
    assert builder.sample(1.0) is None
    assert builder.age_s(1.0) is None
    assert builder.newest_time_s is None


def test_everything_is_drawn_two_intervals_in_the_past():
    builder = builder_with(*range(31), speed=6.0)
    now = arrival_s(30)
    assert builder.interpolation_s == pytest.approx(2 * INTERVAL_S)
    assert builder.render_time_s(now) == pytest.approx(OFFSET_S + 28 * INTERVAL_S)
    assert scene_of(builder, now).ball_x == pytest.approx(6.0 * 28)
    assert scene_of(builder, now + INTERVAL_S / 2).ball_x == pytest.approx(6.0 * 28.5)


def test_the_interpolation_delay_can_be_chosen_or_turned_off():
    builder = builder_with(*range(31), speed=6.0)
    builder.netcode = replace(PLAIN, interpolation_s=INTERVAL_S)
    assert scene_of(builder, arrival_s(30)).ball_x == pytest.approx(6.0 * 29)
    builder.netcode = replace(PLAIN, interpolation=False)
    assert scene_of(builder, arrival_s(30) + INTERVAL_S / 2).ball_x == pytest.approx(6.0 * 30)


def test_one_lost_snapshot_does_not_show():
    whole, holed = builder_with(*range(31), speed=6.0), builder_with(*range(29), 30, speed=6.0)
    now = arrival_s(30) + INTERVAL_S / 2
    assert not holed.sample(now).starved
    assert scene_of(holed, now).ball_x == pytest.approx(scene_of(whole, now).ball_x)


def test_without_snapshots_the_scene_freezes_or_is_extrapolated():
    builder = builder_with(*range(31), speed=6.0)
    now = arrival_s(30) + 5 * INTERVAL_S
    assert builder.sample(now).starved
    assert scene_of(builder, now).ball_x == pytest.approx(6.0 * 30)
    builder.netcode = replace(PLAIN, extrapolation=True)
    assert scene_of(builder, now).ball_x == pytest.approx(6.0 * 33)
    much_later = scene_of(builder, now + 10.0)
    assert much_later.ball_x == pytest.approx(6.0 * (30 + EXTRAPOLATION_LIMIT_S / INTERVAL_S))


@given(
    st.sampled_from(PitchSize),
    st.floats(-720.0, 720.0),
    st.floats(-600.0, 600.0),
    st.floats(0.0, 2.0),
)
def test_nothing_is_extrapolated_off_the_pitch(size, speed, x, silence_s):
    builder = builder_with(netcode=replace(PLAIN, extrapolation=True))
    only = snapshot(0, x=x, vx=speed, pitch_size=size)
    builder.add(OwnState(OWN, 0, 0), only, arrival_s(0))
    scene = scene_of(builder, arrival_s(0) + silence_s)
    assert scene.pitch is PITCHES[size]
    assert abs(scene.ball_x) <= max(abs(x), PITCHES[size].outer_half_width)


def test_players_who_are_ready_are_marked_until_the_wait_is_over():
    builder = builder_with(*range(3))
    now = arrival_s(3)
    builder.apply_event(ReadyPlayers(9, (OWN,), (7,)))
    scene = scene_of(builder, now)
    assert (scene.ready_ids, scene.awaited_ids) == ((OWN,), (7,))
    assert [player.is_ready for player in scene.players] == [True]
    builder.apply_event(ReadyPlayers(9, (), ()))
    assert [player.is_ready for player in scene_of(builder, now).players] == [False]


def test_a_teleport_is_not_interpolated():
    far = BallState(TELEPORT_UNITS + 1.0, 0.0, 0.0, 0.0)
    near = BallState(TELEPORT_UNITS - 1.0, 0.0, 0.0, 0.0)
    here = BallState(0.0, 0.0, 0.0, 0.0)
    assert interpolate(here, near, 0.5) == pytest.approx(((TELEPORT_UNITS - 1.0) / 2, 0.0))
    assert interpolate(here, far, 0.99) == (0.0, 0.0)
    assert interpolate(here, far, 1.0) == (far.x, 0.0)


def test_snapshots_may_arrive_in_any_order():
    in_order = builder_with(*range(10), speed=6.0)
    shuffled = builder_with(0, 2, 1, 4, 3, 6, 5, 8, 9, 7, speed=6.0)
    now = arrival_s(9)
    assert shuffled.newest.tick == 18
    # The late arrival of 7 does not change the minimum delay.
    assert scene_of(shuffled, now).ball_x == pytest.approx(scene_of(in_order, now).ball_x)


def test_the_own_player_is_marked_and_the_roster_names_it():
    builder = builder_with(0)
    (player,) = scene_of(builder, arrival_s(0)).players
    assert (player.name, player.is_own, player.is_bot) == ("Ana", True, False)
    builder.apply_event(Roster(2, (RosterEntry(OWN, "Bo", Team.ORANGE, True, 0, ""),)))
    (player,) = scene_of(builder, arrival_s(0)).players
    assert (player.name, player.is_bot) == ("Bo", True)


def test_with_prediction_the_own_player_is_drawn_ahead_and_the_ball_with_it_or_not():
    builder = builder_with(*range(5), netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    now = arrival_s(4)
    for sequence in range(5, 15):
        builder.predict(sequence, RIGHT, now)
    scene = scene_of(builder, now)
    assert scene.players[0].x > 5.0
    assert scene.ball_x == pytest.approx(0.0)
    builder.netcode = PLAIN
    builder.predict(15, RIGHT, now)
    assert scene_of(builder, now).players[0].x == pytest.approx(0.0)


def test_a_snapshot_corrects_a_prediction_once():
    builder = builder_with(0, netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    builder.predict(1, RIGHT, arrival_s(0))
    for number in range(1, 4):
        builder.add(OwnState(OWN, 0, 0), snapshot(number, x=50.0), arrival_s(number))
    # A snapshot older than the newest corrects nothing.
    builder.add(OwnState(OWN, 0, 0), snapshot(2, x=90.0), arrival_s(4))
    assert builder.prediction.corrections.reconciliations == 3
    assert builder.prediction.corrections.count == 1


def test_another_channel_starts_its_own_statistics():
    builder = builder_with(0, netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    builder.predict(1, RIGHT, arrival_s(0))
    builder.add(OwnState(OWN, 0, 0), snapshot(3, x=50.0), arrival_s(3))
    assert builder.lag_monitor.stats(arrival_s(3)).loss_ratio == 0.5
    builder.reset_stats(arrival_s(3))
    assert builder.prediction.corrections.count == 0
    builder.add(OwnState(OWN, 0, 0), snapshot(4, x=50.0), arrival_s(4))
    assert builder.lag_monitor.stats(arrival_s(4)).loss_ratio == 0.0


def test_another_render_time_starts_its_own_ratio_of_starved_frames():
    builder = builder_with(0)
    for frame in range(10):
        builder.lag_monitor.add_frame(arrival_s(0) + frame / 60, True)
    assert builder.lag_monitor.stats(arrival_s(5)).frozen_ratio == 1.0
    builder.netcode = replace(PLAIN, interpolation=False)
    builder.lag_monitor.add_frame(arrival_s(6), False)
    assert builder.lag_monitor.stats(arrival_s(6)).frozen_ratio == 0.0


def test_a_spectator_predicts_nothing():
    response = replace(RESPONSE, player_id=None)
    builder = SceneBuilder(response, ClockFilter(), NetcodeSettings(), now=0.0)
    builder.add(OwnState(255, 0, 0), snapshot(0), arrival_s(0))
    builder.predict(1, RIGHT, arrival_s(0))
    assert builder.prediction is None
    assert not scene_of(builder, arrival_s(0)).players[0].is_own


def test_with_unreliable_events_the_score_follows_goal_events_only():
    builder = builder_with(0)
    builder.announced_score = (0, 0)
    builder.add(OwnState(OWN, 0, 0), snapshot(1, score=(1, 0)), arrival_s(1))
    assert scene_of(builder, arrival_s(5)).score == (0, 0)
    builder.apply_event(Goal(4, Team.SKY, None, False, (1, 1)))
    assert scene_of(builder, arrival_s(5)).score == (1, 1)
    builder.add(OwnState(OWN, 0, 0), snapshot(2, score=(0, 0)), arrival_s(2))
    builder.apply_event(PhaseChanged(6, Phase.KICK_OFF, 1))
    assert scene_of(builder, arrival_s(5)).score == (0, 0)


def test_the_age_of_a_snapshot_is_known_now_and_at_its_arrival():
    builder = builder_with(*range(31))
    now = arrival_s(30)
    assert builder.age_s(now) == pytest.approx(DELAY_S)
    assert builder.age_s(now + 0.1) == pytest.approx(DELAY_S + 0.1)
    assert [column.age_s for column in builder.lag_monitor.columns] == pytest.approx([DELAY_S] * 31)


@pytest.mark.parametrize(
    ("client_pause_s", "server_pause_s"),
    [
        # A computer sleeps for a minute. Its clock stops on Linux and macOS, and runs on Windows.
        # The server's computer, the client's, or both.
        (0.0, 60.0),
        (60.0, 0.0),
        (60.0, 60.0),
    ],
)
def test_after_a_suspend_interpolation_continues_at_once(client_pause_s, server_pause_s):
    builder = builder_with(*range(30), netcode=PLAIN)
    for number in range(30, 60):
        resumed = snapshot(number, time_s=OFFSET_S + server_pause_s + number * INTERVAL_S)
        at = arrival_s(number) + client_pause_s
        builder.add(OwnState(OWN, number, 0), resumed, at)
        sample = builder.sample(at)
        assert not sample.starved
        # The scene is as old as before, whatever the clocks have done.
        drawn_s = sample.before.time_s + sample.fraction * (
            sample.after.time_s - sample.before.time_s
        )
        if number > 30:
            assert resumed.time_s - drawn_s == pytest.approx(builder.interpolation_s, abs=1e-6)
