"""Tests of recordings made from probes, and of the property that a recording is true."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.lab.record.probe_log import NothingRecorded, ProbeLog, recording_of
from net.link.profile import Link, LinkProfile
from net.link.recording import decode_recording, encode_recording
from tests.game.lab.record.probed import BEGAN_AT, NOTES, probe_log

# Of a normal distribution: one run in a hundred thousand is farther away.
Z = 4.5


@given(st.floats(0.001, 0.2), st.floats(0.0, 0.4), st.integers(0, 2**32))
def test_a_path_of_constant_delay_and_loss_is_recorded_as_it_is(delay_s, loss_ratio, seed):
    profile = LinkProfile(delay_s=delay_s, loss_ratio=loss_ratio)
    log = probe_log(Link.symmetric(profile), seed, seconds=12.0, rate_hz=50.0)
    recording = decode_recording(encode_recording(recording_of(log, NOTES)))
    for direction in (recording.up, recording.down):
        arrived = [delay for delay in direction.delay_s if delay is not None]
        assert min(arrived) == pytest.approx(delay_s, abs=0.0005)
        assert max(arrived) == pytest.approx(delay_s, abs=0.0005)
        n_probes = len(direction.delay_s)
        lost_ratio = 1 - len(arrived) / n_probes
        bound = Z * sqrt(loss_ratio * (1 - loss_ratio) / n_probes) + 2 / n_probes
        assert abs(lost_ratio - loss_ratio) <= bound
    assert recording.clock is not None
    assert recording.clock.asymmetry_max_s == pytest.approx(delay_s, abs=0.0005)


def test_copies_and_overtaking_are_counted():
    profile = LinkProfile(delay_s=0.05, jitter_s=0.02, reorders=True, duplicate_ratio=0.1)
    recording = recording_of(probe_log(Link.symmetric(profile), 7), NOTES)
    for direction in (recording.up, recording.down):
        assert direction.duplicated == pytest.approx(600, rel=0.2)
        assert direction.reordered > 100


def test_a_lost_probe_of_the_server_was_sent_between_its_neighbours():
    profile = LinkProfile(delay_s=0.05, loss_ratio=0.5)
    recording = recording_of(probe_log(Link.symmetric(profile), 7, seconds=5.0), NOTES)
    times_s = recording.down.sent_at_s
    assert len(times_s) == 1000
    assert times_s == pytest.approx([n / 200 for n in range(1000)], abs=0.0005)


@pytest.mark.parametrize("loss_ratio", [0.0, 0.1, 0.5])
def test_a_pause_of_the_program_is_neither_a_delay_nor_a_loss(loss_ratio):
    profile = LinkProfile(delay_s=0.05, loss_ratio=loss_ratio)
    log = probe_log(Link.symmetric(profile), 7)
    began_at, ended_at = BEGAN_AT + 10.0, BEGAN_AT + 14.0
    # Nothing was sent; the first hundred probes waited in the socket, and the others were dropped.
    log.up = [(n, at) for n, at in log.up if not began_at <= log.sent_at[n] < ended_at]
    keeps = [at for at in log.sent_at if not began_at <= at < ended_at]
    number_of = {at: number for number, at in enumerate(keeps)}
    log.up = [(number_of[log.sent_at[n]], at) for n, at in log.up]
    log.sent_at = keeps
    waited = [probe for probe in log.down if began_at <= probe.received_at < ended_at]
    log.down = [
        *(probe for probe in log.down if probe.received_at < began_at),
        *(probe._replace(received_at=ended_at + 0.001) for probe in waited[:100]),
        *(probe for probe in log.down if probe.received_at >= ended_at),
    ]
    log.pauses = [(began_at, ended_at)]
    recording = recording_of(log, NOTES)
    for direction in (recording.up, recording.down):
        arrived = [delay for delay in direction.delay_s if delay is not None]
        assert max(arrived) == pytest.approx(0.05, abs=0.0005)
        assert 1 - len(arrived) / len(direction.delay_s) == pytest.approx(loss_ratio, abs=0.03)
        # The last probe before the pause and the first one after it arrived.
        before = [sent_at_s for sent_at_s in direction.sent_at_s if sent_at_s < 12.0]
        assert direction.delay_s[len(before) - 1] is not None
        assert direction.delay_s[len(before)] is not None
        # The rest of the thirty seconds is there, at 200 probes a second.
        assert len(direction.delay_s) == pytest.approx(26 * 200, abs=0.2 * 200)


def test_a_recording_without_an_answer_is_an_error():
    for log in (ProbeLog(), ProbeLog(sent_at=[0.0])):
        with pytest.raises(NothingRecorded):
            recording_of(log, NOTES)
