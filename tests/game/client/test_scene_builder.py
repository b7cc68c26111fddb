"""From snapshots to the scene as it is drawn, in virtual time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.scene_builder import (
    EXTRAPOLATION_LIMIT_S,
    TELEPORT_UNITS,
    SceneBuilder,
    interpolate,
)
from game.match.controls import Controls
from game.match.pitch import PITCH
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import (
    BallState,
    Goal,
    JoinResponse,
    OwnState,
    PhaseChanged,
    PlayerState,
    Roster,
    RosterEntry,
    Snapshot,
)
from net.sync.clock import ClockFilter

OWN = 3
INTERVAL_S = 2 / 60
# How far the server's clock is ahead of ours, and how long a snapshot is under way.
OFFSET_S, DELAY_S = 500.0, 0.025
PLAIN = NetcodeSettings(prediction=PredictionMode.OFF)
ROSTER = Roster(0, (RosterEntry(OWN, "Ana", Team.ORANGE, False, 0, "udp"),))
WELCOME = JoinResponse(OWN, "main", 60, 2, 150.0, (0, 0), ROSTER)
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


def picture_with(
    *numbers: int, netcode: NetcodeSettings = PLAIN, speed: float = 0.0
) -> SceneBuilder:
    """Return a picture that has these snapshots; the ball moves ``speed`` units between two."""
    clock = ClockFilter()
    # Pings of 2 * DELAY_S: the clock is known exactly.
    clock.add(0.0, OFFSET_S + DELAY_S, OFFSET_S + DELAY_S, 2 * DELAY_S)
    picture = SceneBuilder(WELCOME, clock, netcode, now=0.0)
    for number in numbers:
        state = snapshot(number, x=speed * number, vx=speed / INTERVAL_S)
        picture.add(OwnState(OWN, number, 0), state, arrival_s(number))
    return picture


def scene_of(picture: SceneBuilder, now: float):
    return picture.scene(picture.sample(now), now)


def test_before_the_first_snapshot_there_is_nothing_to_draw():
    picture = picture_with()
    assert picture.sample(1.0) is None
    assert picture.age_s(1.0) is None
    assert picture.newest_time_s is None


def test_everything_is_drawn_two_intervals_in_the_past():
    picture = picture_with(*range(31), speed=6.0)
    now = arrival_s(30)
    assert picture.interpolation_s == pytest.approx(2 * INTERVAL_S)
    assert picture.render_time_s(now) == pytest.approx(OFFSET_S + 28 * INTERVAL_S)
    assert scene_of(picture, now).ball_x == pytest.approx(6.0 * 28)
    assert scene_of(picture, now + INTERVAL_S / 2).ball_x == pytest.approx(6.0 * 28.5)


def test_the_interpolation_delay_can_be_chosen_or_turned_off():
    picture = picture_with(*range(31), speed=6.0)
    picture.netcode = replace(PLAIN, interpolation_s=INTERVAL_S)
    assert scene_of(picture, arrival_s(30)).ball_x == pytest.approx(6.0 * 29)
    picture.netcode = replace(PLAIN, interpolation=False)
    assert scene_of(picture, arrival_s(30) + INTERVAL_S / 2).ball_x == pytest.approx(6.0 * 30)


def test_the_loss_of_one_snapshot_is_not_seen():
    whole, holed = picture_with(*range(31), speed=6.0), picture_with(*range(29), 30, speed=6.0)
    now = arrival_s(30) + INTERVAL_S / 2
    assert not holed.sample(now).starved
    assert scene_of(holed, now).ball_x == pytest.approx(scene_of(whole, now).ball_x)


def test_a_silence_freezes_the_picture_unless_it_is_carried_on():
    picture = picture_with(*range(31), speed=6.0)
    now = arrival_s(30) + 5 * INTERVAL_S
    assert picture.sample(now).starved
    assert scene_of(picture, now).ball_x == pytest.approx(6.0 * 30)
    picture.netcode = replace(PLAIN, extrapolation=True)
    assert scene_of(picture, now).ball_x == pytest.approx(6.0 * 33)
    much_later = scene_of(picture, now + 10.0)
    assert much_later.ball_x == pytest.approx(6.0 * (30 + EXTRAPOLATION_LIMIT_S / INTERVAL_S))


@given(st.floats(-720.0, 720.0), st.floats(-600.0, 600.0), st.floats(0.0, 2.0))
def test_nothing_is_carried_off_the_pitch(speed, x, silence_s):
    picture = picture_with(netcode=replace(PLAIN, extrapolation=True))
    picture.add(OwnState(OWN, 0, 0), snapshot(0, x=x, vx=speed), arrival_s(0))
    scene = scene_of(picture, arrival_s(0) + silence_s)
    assert abs(scene.ball_x) <= PITCH.outer_half_width


def test_a_kick_off_does_not_glide():
    far = BallState(TELEPORT_UNITS + 1.0, 0.0, 0.0, 0.0)
    near = BallState(TELEPORT_UNITS - 1.0, 0.0, 0.0, 0.0)
    here = BallState(0.0, 0.0, 0.0, 0.0)
    assert interpolate(here, near, 0.5) == pytest.approx(((TELEPORT_UNITS - 1.0) / 2, 0.0))
    assert interpolate(here, far, 0.99) == (0.0, 0.0)
    assert interpolate(here, far, 1.0) == (far.x, 0.0)


def test_snapshots_may_come_in_any_order():
    in_order = picture_with(*range(10), speed=6.0)
    shuffled = picture_with(0, 2, 1, 4, 3, 6, 5, 8, 9, 7, speed=6.0)
    now = arrival_s(9)
    assert shuffled.newest.tick == 18
    # The later arrival of 7 is no reason to draw less of the past: the least delay stands.
    assert scene_of(shuffled, now).ball_x == pytest.approx(scene_of(in_order, now).ball_x)


def test_the_own_player_is_marked_and_the_team_sheet_names_it():
    picture = picture_with(0)
    (player,) = scene_of(picture, arrival_s(0)).players
    assert (player.name, player.is_own, player.is_bot) == ("Ana", True, False)
    picture.apply_event(Roster(2, (RosterEntry(OWN, "Bo", Team.ORANGE, True, 0, ""),)))
    (player,) = scene_of(picture, arrival_s(0)).players
    assert (player.name, player.is_bot) == ("Bo", True)


def test_with_prediction_the_own_player_is_drawn_ahead_and_the_ball_with_it_or_not():
    picture = picture_with(*range(5), netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    now = arrival_s(4)
    for sequence in range(5, 15):
        picture.predict(sequence, RIGHT, now)
    scene = scene_of(picture, now)
    assert scene.players[0].x > 5.0
    assert scene.ball_x == pytest.approx(0.0)
    picture.netcode = PLAIN
    picture.predict(15, RIGHT, now)
    assert scene_of(picture, now).players[0].x == pytest.approx(0.0)


def test_a_snapshot_corrects_a_prediction_once():
    picture = picture_with(0, netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    picture.predict(1, RIGHT, arrival_s(0))
    for number in range(1, 4):
        picture.add(OwnState(OWN, 0, 0), snapshot(number, x=50.0), arrival_s(number))
    # What is older than what is known corrects nothing.
    picture.add(OwnState(OWN, 0, 0), snapshot(2, x=90.0), arrival_s(4))
    assert picture.prediction.corrections.reconciliations == 3
    assert picture.prediction.corrections.count == 1


def test_another_channel_is_measured_by_itself():
    picture = picture_with(0, netcode=replace(PLAIN, prediction=PredictionMode.OWN_PLAYER))
    picture.predict(1, RIGHT, arrival_s(0))
    picture.add(OwnState(OWN, 0, 0), snapshot(3, x=50.0), arrival_s(3))
    assert picture.lag_monitor.stats(arrival_s(3)).loss_ratio == 0.5
    picture.reset_stats(arrival_s(3))
    assert picture.prediction.corrections.count == 0
    picture.add(OwnState(OWN, 0, 0), snapshot(4, x=50.0), arrival_s(4))
    assert picture.lag_monitor.stats(arrival_s(4)).loss_ratio == 0.0


def test_a_watcher_predicts_nothing():
    welcome = replace(WELCOME, player_id=None)
    picture = SceneBuilder(welcome, ClockFilter(), NetcodeSettings(), now=0.0)
    picture.add(OwnState(255, 0, 0), snapshot(0), arrival_s(0))
    picture.predict(1, RIGHT, arrival_s(0))
    assert picture.prediction is None
    assert not scene_of(picture, arrival_s(0)).players[0].is_own


def test_the_scoreboard_of_events_believes_only_what_it_is_told():
    picture = picture_with(0)
    picture.announced_score = (0, 0)
    picture.add(OwnState(OWN, 0, 0), snapshot(1, score=(1, 0)), arrival_s(1))
    assert scene_of(picture, arrival_s(5)).score == (0, 0)
    picture.apply_event(Goal(4, Team.SKY, None, False, (1, 1)))
    assert scene_of(picture, arrival_s(5)).score == (1, 1)
    picture.add(OwnState(OWN, 0, 0), snapshot(2, score=(0, 0)), arrival_s(2))
    picture.apply_event(PhaseChanged(6, Phase.KICK_OFF, 1))
    assert scene_of(picture, arrival_s(5)).score == (0, 0)


def test_age_and_lagometer_know_how_old_a_snapshot_was_when_it_came():
    picture = picture_with(*range(31))
    now = arrival_s(30)
    assert picture.age_s(now) == pytest.approx(DELAY_S)
    assert picture.age_s(now + 0.1) == pytest.approx(DELAY_S + 0.1)
    assert [column.age_s for column in picture.lag_monitor.columns] == pytest.approx([DELAY_S] * 31)


@pytest.mark.parametrize(
    ("ours_s", "theirs_s"),
    [
        # A laptop's lid is closed for a minute: on Linux and macOS its clock stands still
        # meanwhile, on Windows it goes on. Ours, theirs, or with the same match going on.
        (0.0, 60.0),
        (60.0, 0.0),
        (60.0, 60.0),
    ],
)
def test_after_a_lid_was_closed_the_picture_flows_at_once(ours_s, theirs_s):
    picture = picture_with(*range(30), netcode=PLAIN)
    for number in range(30, 60):
        woken = snapshot(number, time_s=OFFSET_S + theirs_s + number * INTERVAL_S)
        at = arrival_s(number) + ours_s
        picture.add(OwnState(OWN, number, 0), woken, at)
        sample = picture.sample(at)
        assert not sample.starved
        # The picture is as old as ever, whatever the clocks have done.
        drawn_s = sample.before.time_s + sample.fraction * (
            sample.after.time_s - sample.before.time_s
        )
        if number > 30:
            assert woken.time_s - drawn_s == pytest.approx(picture.interpolation_s, abs=1e-6)
