"""Delta encoding of integers: round trips, sizes, and invalid bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.errors import DecodeError
from net.sync.integer_delta import apply_delta, encode_delta

INTEGERS = st.integers(-(1 << 40), 1 << 40) | st.integers(-40, 40)
# Mostly small and often no changes, as in a game.
CHANGES = st.just(0) | st.integers(-70, 70) | INTEGERS
PAIRS = st.lists(st.tuples(INTEGERS, CHANGES), max_size=60)


@given(pairs=PAIRS)
def test_a_delta_makes_the_array_of_its_baseline(pairs):
    baseline = [before for before, _ in pairs]
    current = [before + change for before, change in pairs]
    assert apply_delta(baseline, encode_delta(baseline, current)) == current


def test_nothing_changed_takes_no_byte():
    assert encode_delta([1, 2, 3], [1, 2, 3]) == b""
    assert apply_delta([1, 2, 3], b"") == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "digits"),
    [(1, "18"), (-1, "28"), (4, "78"), (-4, "90"), (32, "f7"), (100, "b878"), (-32, "9808")],
)
def test_small_changes_take_few_digits(change, digits):
    assert encode_delta([100], [100 + change]).hex() == digits
    assert apply_delta([100], bytes.fromhex(digits)) == [100 + change]


def test_a_run_of_unchanged_items_takes_two_digits():
    baseline = [0] * 10
    assert encode_delta(baseline, [0] * 7 + [1, 0, 0]).hex() == "0618"


def test_arrays_of_different_lengths_have_no_delta():
    with pytest.raises(ValueError, match="2 items have no baseline of 1"):
        encode_delta([1], [1, 2])


@pytest.mark.parametrize(
    ("delta", "reason"),
    [
        ("1111", "changes of more than 3 items"),
        ("0f71", "changes of more than 3 items"),
        ("08", "without its length"),
        ("88888888888888888888888881", "a number of 26 groups"),
    ],
)
def test_bytes_of_no_such_array_are_rejected(delta, reason):
    with pytest.raises(DecodeError, match=reason):
        apply_delta([1, 2, 3], bytes.fromhex(delta))


@given(baseline=st.lists(INTEGERS, max_size=20), delta=st.binary(max_size=60))
def test_any_bytes_are_an_array_as_long_as_the_baseline_or_rejected(baseline, delta):
    with suppress(DecodeError):
        assert len(apply_delta(baseline, delta)) == len(baseline)
