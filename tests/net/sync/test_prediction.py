"""Prediction on a toy: a counter that inputs move, on a server any number of steps away."""

from collections import deque
from math import hypot
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.sync.prediction import (
    HALF_LIFE_S,
    MAX_PENDING_INPUTS,
    CorrectionSmoother,
    CorrectionStats,
    Predictor,
)


def add(state: float, input_: float) -> float:
    return state + input_


def apart(one: float, other: float) -> float:
    return abs(one - other)


def new_predictor(reconciling: bool = True) -> Predictor[float, float]:
    return Predictor(0, add, apart, reconciling=reconciling)


@given(
    inputs=st.lists(st.integers(-5, 5), min_size=1, max_size=60),
    delay=st.integers(0, 20),
    seed=st.integers(0, 1000),
)
def test_where_nobody_interferes_nothing_is_corrected(inputs, delay, seed):
    predictor, rng = new_predictor(), Random(seed)
    truths = [0]
    for sequence, input_ in enumerate(inputs, 1):
        truths.append(truths[-1] + input_)
        assert predictor.predict(sequence, input_) == truths[-1]
        acked = max(0, sequence - delay)
        if rng.random() < 0.6:
            correction = predictor.reconcile(acked, truths[acked])
            assert correction.distance == 0
            assert correction.after == predictor.state == truths[-1]
            assert predictor.pending == sequence - acked
    assert predictor.stats().count == 0


def test_what_others_did_is_corrected_once_and_the_own_inputs_stay():
    predictor = new_predictor()
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    correction = predictor.reconcile(3, 3 - 10)
    assert (correction.before, correction.after, correction.distance) == (5, -5, 10)
    assert predictor.reconcile(4, 4 - 10).distance == 0
    figures = predictor.stats()
    assert (figures.reconciliations, figures.count, figures.mean, figures.largest) == (2, 1, 10, 10)
    predictor.reset_stats()
    assert predictor.stats() == CorrectionStats(0, 0, 0.0, 0.0)
    assert predictor.state == -5


def test_without_reconciliation_a_truth_undoes_the_inputs_since():
    predictor = new_predictor(reconciling=False)
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    assert predictor.reconcile(3, 3).after == 3
    assert predictor.predict(6, 1) == 4
    predictor.reconciling = True
    assert predictor.reconcile(5, 5).after == 6


def test_a_truth_that_comes_twice_or_late_changes_nothing_that_was_acknowledged():
    predictor = new_predictor()
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    predictor.reconcile(4, 4)
    predictor.reconcile(4, 4)
    assert predictor.state == 5
    assert predictor.pending == 1


def test_what_the_wire_rounded_is_no_correction():
    predictor = Predictor(0.0, add, apart, tolerance=0.02)
    predictor.predict(1, 1.0)
    predictor.reconcile(1, 1.015)
    assert predictor.stats().count == 0
    predictor.reconcile(1, 1.5)
    assert predictor.stats().count == 1


def test_without_truths_the_prediction_stops_and_memory_is_bounded():
    predictor = new_predictor()
    for sequence in range(1, 1000):
        predictor.predict(sequence, 1)
    assert predictor.state == predictor.pending == MAX_PENDING_INPUTS
    assert predictor.reconcile(999, 999).after == 999
    assert predictor.predict(1000, 1) == 1000


def test_the_state_given_is_left_as_it_was():
    truth = (1, 2)
    predictor = Predictor(truth, lambda state, x: (*state, x), lambda a, b: float(a != b))
    predictor.predict(1, 3)
    predictor.reconcile(0, truth)
    assert truth == (1, 2)
    assert predictor.state == (1, 2, 3)


def test_an_offset_begins_where_the_thing_was_drawn_and_halves():
    offset = CorrectionSmoother(snap_distance=100.0)
    offset.add(10.0, 8.0, -4.0)
    assert offset.offset_at(10.0) == (8.0, -4.0)
    assert offset.offset_at(10.0 + HALF_LIFE_S) == pytest.approx((4.0, -2.0))
    assert offset.offset_at(11.0) == pytest.approx((0.0, 0.0), abs=1e-5)


def test_a_leap_is_drawn_as_one():
    offset = CorrectionSmoother(snap_distance=100.0)
    offset.add(1.0, 60.0, 0.0)
    offset.add(1.0, 60.0, 0.0)
    assert offset.offset_at(1.0) == (0.0, 0.0)


@given(
    corrections=st.lists(
        st.tuples(st.floats(0, 0.1), st.floats(-9, 9), st.floats(-9, 9)), max_size=30
    )
)
def test_what_is_drawn_never_jumps(corrections):
    """At the moment of a correction, the thing drawn (truth + offset) stays where it was."""
    offset, x, y, now = CorrectionSmoother(snap_distance=1e9), 0.0, 0.0, 0.0
    for elapsed_s, dx, dy in corrections:
        now += elapsed_s
        before = (x + offset.offset_at(now)[0], y + offset.offset_at(now)[1])
        x, y = x - dx, y - dy
        offset.add(now, dx, dy)
        after = (x + offset.offset_at(now)[0], y + offset.offset_at(now)[1])
        assert after == pytest.approx(before, abs=1e-6)
        assert hypot(*offset.offset_at(now + 1.0)) <= hypot(*offset.offset_at(now)) * 1e-5 + 1e-9


def test_a_round_trip_late_the_input_shows_at_once():
    """Over a way of five steps each, an input shows after ten; predicted, at once."""
    predictor, wire, server = new_predictor(), deque([0] * 10), 0
    for sequence in range(1, 50):
        wire.append(sequence)
        shown = predictor.predict(sequence, 1)
        used = wire.popleft()
        server = max(server, used)
        predictor.reconcile(used, server)
        assert shown == sequence
        assert server == max(0, sequence - 10)
