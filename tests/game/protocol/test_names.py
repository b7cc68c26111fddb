"""Unique names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.protocol.names import NAME_LIMIT, unique_name

ALIKE = (
    *(("Ana", "\u0410n\u0430"), ("Jos\u00e9", "Jose\u0301"), ("Ana", "\uff21\uff4e\uff41")),
    *(("Ana", "\U0001d400\U0001d427\U0001d41a"), ("Olli", "0lIi"), ("mo", "rno")),
    *(("Koko", "\u039a\u03bfk\u03bf"), ("a-b", "a\u2011b"), ("O'Neil", "O\u2019Neil")),
)


@pytest.mark.parametrize(("name", "other"), ALIKE)
def test_a_name_that_looks_like_a_taken_one_gets_a_number(name, other):
    assert unique_name(other, {name}).endswith(" 2")
    assert unique_name(name, {other}).endswith(" 2")


def test_names_that_look_different_stay():
    different = ("Ana", "ana", "An\u00e1", "Eva", "\u674e\u5c0f\u9f99", "\u041e\u043b\u044f")
    taken = set()
    for name in different:
        assert unique_name(name, taken) == name
        taken.add(name)


@given(st.lists(st.sampled_from(["Ana", "A" * NAME_LIMIT, "Ana 2"]), max_size=30))
def test_unique_names_are_unique_and_fit(names):
    taken = set()
    for name in names:
        unique = unique_name(name, taken)
        assert unique not in taken
        assert len(unique) <= NAME_LIMIT
        taken.add(unique)
