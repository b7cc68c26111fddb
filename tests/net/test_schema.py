"""Schemas: dataclasses survive a round trip, other versions are read, garbage is refused."""

from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.codec import MSGPACK
from net.errors import DecodeError
from net.schema import BOOLEAN, enum_member, integer, optional, quantised, record, text, tuple_of


class Colour(IntEnum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    colour: Colour
    points: tuple[Point, ...]
    sides: int | None = None
    filled: bool = False


QUARTER = quantised(0.25, -10, 10)
POINT = record(Point, QUARTER, QUARTER)
SHAPE = record(
    Shape, text(8), enum_member(Colour), tuple_of(POINT, 3), optional(integer(1, 9)), BOOLEAN
)
SQUARE = Shape("square", Colour.BLUE, (Point(1.0, -2.25), Point(0.0, 10.0)), 4, True)
PLAIN = ["square", 2, [[4, -9], [0, 40]], 4, True]


def test_a_record_is_an_array_in_the_order_of_its_attributes():
    assert SHAPE.write(SQUARE) == PLAIN
    assert SHAPE.read(PLAIN) == SQUARE


def test_what_a_later_version_adds_is_passed_over():
    assert SHAPE.read([*PLAIN, "more", [1]]) == SQUARE


def test_what_an_earlier_version_lacks_gets_its_default():
    assert SHAPE.read(PLAIN[:3]) == Shape("square", Colour.BLUE, SQUARE.points)
    with pytest.raises(DecodeError, match="at least 3"):
        SHAPE.read(PLAIN[:2])


def test_a_wrong_item_is_refused():
    wrong_items = [
        (0, None),
        (0, 5),
        (0, "far too long"),
        (1, 3),
        (1, True),
        (1, 2.0),
        (2, "text"),
        (2, [[0, 0]] * 4),
        (2, [[0]]),
        (2, [[0, 41]]),
        (2, [[0, 0.5]]),
        (3, 0),
        (3, 10),
        (3, False),
        (4, 1),
        (4, None),
    ]
    accepted = []
    for position, wrong in wrong_items:
        array = list(PLAIN)
        array[position] = wrong
        with suppress(DecodeError):
            SHAPE.read(array)
            accepted.append((position, wrong))
    assert accepted == []


@given(x=st.floats(-10, 10), y=st.floats(-10, 10))
def test_the_error_of_quantising_is_at_most_half_a_quantum(x, y):
    read = POINT.read(MSGPACK.decode(MSGPACK.encode(POINT.write(Point(x, y)))))
    assert abs(read.x - x) <= 0.125
    assert abs(read.y - y) <= 0.125


def test_a_layout_must_match_its_dataclass():
    with pytest.raises(TypeError, match="2 attributes, the layout 1"):
        record(Point, QUARTER)
