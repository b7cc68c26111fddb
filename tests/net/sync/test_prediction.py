"""Prediction and reconciliation of a counter, on a server any number of steps away."""

from collections import deque
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from net.sync.prediction import (
    MAX_PENDING_INPUTS,
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
def test_without_interference_nothing_is_corrected(inputs, delay, seed):
    predictor, rng = new_predictor(), Random(seed)
    server_states = [0]
    for sequence, input_ in enumerate(inputs, 1):
        server_states.append(server_states[-1] + input_)
        assert predictor.predict(sequence, input_) == server_states[-1]
        acked = max(0, sequence - delay)
        if rng.random() < 0.6:
            correction = predictor.reconcile(acked, server_states[acked])
            assert correction.distance == 0
            assert correction.after == predictor.state == server_states[-1]
            assert predictor.pending == sequence - acked
    assert predictor.stats().count == 0


def test_interference_is_corrected_once_and_own_inputs_stay():
    predictor = new_predictor()
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    correction = predictor.reconcile(3, 3 - 10)
    assert (correction.before, correction.after, correction.distance) == (5, -5, 10)
    assert predictor.reconcile(4, 4 - 10).distance == 0
    stats = predictor.stats()
    assert (stats.reconciliations, stats.count, stats.mean, stats.largest) == (2, 1, 10, 10)
    predictor.reset_stats()
    assert predictor.stats() == CorrectionStats(0, 0, 0.0, 0.0)
    assert predictor.state == -5


def test_without_reconciliation_a_server_state_undoes_later_inputs():
    predictor = new_predictor(reconciling=False)
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    assert predictor.reconcile(3, 3).after == 3
    assert predictor.predict(6, 1) == 4
    predictor.reconciling = True
    assert predictor.reconcile(5, 5).after == 6


def test_a_duplicate_server_state_changes_nothing():
    predictor = new_predictor()
    for sequence in range(1, 6):
        predictor.predict(sequence, 1)
    predictor.reconcile(4, 4)
    predictor.reconcile(4, 4)
    assert predictor.state == 5
    assert predictor.pending == 1


def test_rounding_on_the_wire_is_no_correction():
    predictor = Predictor(0.0, add, apart, tolerance=0.02)
    predictor.predict(1, 1.0)
    predictor.reconcile(1, 1.015)
    assert predictor.stats().count == 0
    predictor.reconcile(1, 1.5)
    assert predictor.stats().count == 1


def test_without_server_states_the_prediction_stops_and_memory_is_bounded():
    predictor = new_predictor()
    for sequence in range(1, 1000):
        predictor.predict(sequence, 1)
    assert predictor.state == predictor.pending == MAX_PENDING_INPUTS
    assert predictor.reconcile(999, 999).after == 999
    assert predictor.predict(1000, 1) == 1000


def test_the_given_state_is_not_changed():
    server_state = (1, 2)
    predictor = Predictor(server_state, lambda state, x: (*state, x), lambda a, b: float(a != b))
    predictor.predict(1, 3)
    predictor.reconcile(0, server_state)
    assert server_state == (1, 2)
    assert predictor.state == (1, 2, 3)


def test_an_input_shows_at_once_over_any_round_trip():
    """With five steps each way an input shows after ten steps; predicted, at once."""
    predictor, wire, server = new_predictor(), deque([0] * 10), 0
    for sequence in range(1, 50):
        wire.append(sequence)
        shown = predictor.predict(sequence, 1)
        used = wire.popleft()
        server = max(server, used)
        predictor.reconcile(used, server)
        assert shown == sequence
        assert server == max(0, sequence - 10)
