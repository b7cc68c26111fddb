"""Schemas: dataclasses survive a round trip, other versions are read, garbage is refused."""

from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.codec import CODECS, MSGPACK
from net.errors import DecodeError
from net.schema import (
    BOOLEAN,
    bytes_of,
    bytes_up_to,
    enum_member,
    integer,
    optional,
    quantised,
    record,
    text,
    tuple_of,
)


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


def test_fields_added_by_a_later_version_are_ignored():
    assert SHAPE.read([*PLAIN, "more", [1]]) == SQUARE


def test_fields_missing_in_an_earlier_version_get_their_default():
    assert SHAPE.read(PLAIN[:3]) == Shape("square", Colour.BLUE, SQUARE.points)
    with pytest.raises(DecodeError, match="2 fields of at least 3: points is missing"):
        SHAPE.read(PLAIN[:2])


def test_defaults_at_the_end_are_left_out_as_far_as_allowed():
    @dataclass
    class Shirt:
        number: int
        size: int = 3
        sleeves: int = 2

    fields = [integer(0, 99)] * 3
    codec = record(Shirt, *fields, omitted_defaults=1)
    assert codec.write(Shirt(7)) == [7, 3]
    assert codec.write(Shirt(7, 5)) == [7, 5]
    assert codec.write(Shirt(7, 3, 1)) == [7, 3, 1]
    assert record(Shirt, *fields, omitted_defaults=2).write(Shirt(7)) == [7]
    assert record(Shirt, *fields, omitted_defaults=2).write(Shirt(7, 3, 1)) == [7, 3, 1]
    for shirt in (Shirt(7), Shirt(7, 5), Shirt(7, 3, 1)):
        assert codec.read(codec.write(shirt)) == shirt


def test_an_error_names_the_field_even_within_a_field():
    with pytest.raises(DecodeError, match=r"Shape\.points: Point\.y: 'low' is no whole number"):
        SHAPE.read(["square", 2, [[4, "low"]]])


def test_the_fields_of_a_record_are_described():
    described = [(field.name, field.description) for field in SHAPE.fields]
    assert described[:2] == [("name", "text of at most 8 characters"), ("colour", "Colour")]
    assert described[2:] == [
        ("points", "array of at most 3: Point"),
        ("sides", "integer 1 to 9, or null"),
        ("filled", "boolean"),
    ]
    assert [field.is_optional for field in SHAPE.fields] == [False, False, False, True, True]
    assert POINT.fields[0].description == "integer -40 to 40, unit 0.25"


BYTES = bytes_of(2)


def test_bytes_are_read_from_either_codec():
    for codec in CODECS.values():
        assert BYTES.read(codec.decode(codec.encode(BYTES.write(b"\x00\xff")))) == b"\x00\xff"
        assert BYTES.read(codec.decode(codec.encode(BYTES.write(b"")))) == b""


@pytest.mark.parametrize("wrong", [b"1", b"123", "00", "00f", "zzzz", " 0 0", None, 7, [0, 1]])
def test_bytes_of_another_length_are_refused(wrong):
    with pytest.raises(DecodeError):
        BYTES.read(wrong)


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


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
@given(data=st.binary(max_size=20))
def test_bytes_up_to_a_limit_pass_in_both_codecs(codec, data):
    field = bytes_up_to(20)
    assert field.read(codec.decode(codec.encode(field.write(data)))) == data


@pytest.mark.parametrize("value", [None, 1, "zz", "0", bytes(21), "00" * 21, [1]])
def test_other_values_are_no_bytes_up_to_a_limit(value):
    with pytest.raises(DecodeError):
        bytes_up_to(20).read(value)
