"""The game over a recorded link: its figures are those over the link that was recorded."""

import pytest

from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.spec import parse_link, recorded_link
from tests.net.link.recorded import recorded

# The transports lose other packets over the recording: it was made with another seed.
RECORDER_SEED = 99


def overlap(one, other):
    return one[0] <= other[1] and other[0] <= one[1]


def intervals(run):
    """Return the 95% intervals of what a player notices."""
    estimates = run.frozen_ratio, run.stalls_over_125ms_per_min
    means = run.snapshot_age_ms, run.age_when_drawn_ms, run.visual_error
    return [(each.low, each.high) for each in estimates] + [
        (each.mean_low, each.mean_high) for each in means
    ]


@pytest.mark.parametrize(
    ("spec", "seconds"),
    [
        ("delay=25ms,loss=5%", 20.0),
        pytest.param("delay=60ms,loss=2%", 120.0, marks=pytest.mark.slow),
        pytest.param("delay=10ms,loss=10%", 120.0, marks=pytest.mark.slow),
    ],
)
def test_figures_over_a_recording_are_those_over_the_link(spec, seconds):
    link = parse_link(spec)
    again = recorded_link("room.link.json", recorded(link, RECORDER_SEED, seconds + 5.0))
    original = simulate(SimulationSettings(link, seconds=seconds, bots=0))
    replayed = simulate(SimulationSettings(again, seconds=seconds, bots=0))
    for name, analysis in original.items():
        pairs = zip(intervals(analysis.run), intervals(replayed[name].run), strict=True)
        for one, other in pairs:
            assert overlap(one, other), (name, one, other)
        assert replayed[name].run.snapshot_age_ms.p50 == pytest.approx(
            analysis.run.snapshot_age_ms.p50, abs=0.5
        )


def test_all_transports_stall_in_the_same_hole():
    room = recorded(parse_link("delay=20ms"), 7, 20.0)
    hole = tuple(
        None if 8.0 <= at < 10.0 else delay
        for at, delay in zip(room.down.sent_at_s, room.down.delay_s, strict=True)
    )
    down = type(room.down)(room.down.sent_at_s, hole, 0, 0, (), ())
    link = recorded_link("hole.link.json", type(room)(**_fields(room) | {"down": down}))
    runs = simulate(SimulationSettings(link, seconds=10.0, bots=0))
    for analysis in runs.values():
        assert 1900 <= analysis.run.longest_freeze_ms <= 3500


def _fields(room):
    return {name: getattr(room, name) for name in room.__slots__}
