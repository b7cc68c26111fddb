"""Frozen dataclasses as arrays of plain values, field by field.  [pure]

A ``FieldCodec`` pairs the two directions of one kind of value; ``record`` makes a field of a
dataclass from the fields of its attributes, so the layout of a message is a table that can be read.
What is read is checked: type, range and length. Knows no codec, no wire and no message.
"""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from enum import IntEnum
from typing import Any, Generic, TypeVar

from net.codec import Value
from net.errors import DecodeError

T = TypeVar("T")
Number = TypeVar("Number", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class FieldCodec(Generic[T]):
    """The two directions of one kind of value; ``read`` raises ``DecodeError``."""

    write: Callable[[T], Value]
    read: Callable[[Value], T]


def _read_boolean(value: Value) -> bool:
    if type(value) is not bool:
        raise DecodeError(f"{value!r:.40} is neither true nor false")
    return value


BOOLEAN: FieldCodec[bool] = FieldCodec(bool, _read_boolean)


def integer(least: int, greatest: int) -> FieldCodec[int]:
    """Make a field of whole numbers, both ends included."""

    def read(value: Value) -> int:
        if type(value) is not int or not least <= value <= greatest:
            raise DecodeError(f"{value!r:.40} is no whole number from {least} to {greatest}")
        return value

    return FieldCodec(int, read)


def quantised(quantum: float, least: float, greatest: float) -> FieldCodec[float]:
    """Make a field of floats that travel as a whole number of ``quantum``.

    What is read differs from what was written by at most half a quantum.
    """
    quanta = integer(round(least / quantum), round(greatest / quantum))
    return FieldCodec(
        lambda number: round(number / quantum), lambda value: quanta.read(value) * quantum
    )


def text(limit: int) -> FieldCodec[str]:
    """Make a field of text of at most ``limit`` characters, any characters."""

    def read(value: Value) -> str:
        if type(value) is not str or len(value) > limit:
            raise DecodeError(f"{value!r:.40} is no text of at most {limit} characters")
        return value

    return FieldCodec(str, read)


def enum_member(numbers: type[Number]) -> FieldCodec[Number]:
    """Make a field of the members of an ``IntEnum``."""
    members = {member.value: member for member in numbers}

    def read(value: Value) -> Number:
        if type(value) is not int or value not in members:
            raise DecodeError(f"{value!r:.40} is no {numbers.__name__}")
        return members[value]

    return FieldCodec(int, read)


def optional(field: FieldCodec[T]) -> FieldCodec[T | None]:
    """Make a field that may also be None."""
    return FieldCodec(
        lambda item: None if item is None else field.write(item),
        lambda value: None if value is None else field.read(value),
    )


def tuple_of(field: FieldCodec[T], limit: int) -> FieldCodec[tuple[T, ...]]:
    """Make a field of up to ``limit`` equal fields."""

    def read(value: Value) -> tuple[T, ...]:
        if not isinstance(value, list) or len(value) > limit:
            raise DecodeError(f"{value!r:.40} is no array of at most {limit} items")
        return tuple(map(field.read, value))

    return FieldCodec(lambda items: [field.write(item) for item in items], read)


def record(cls: Callable[..., T], *layout: FieldCodec[Any]) -> FieldCodec[T]:
    """Make a field of a dataclass, given the fields of its attributes in their order.

    For peers of other versions: unknown items at the end are passed over, and items that are
    missing at the end get the dataclass's defaults.
    """
    attributes = fields(cls)  # type: ignore[arg-type]
    if len(attributes) != len(layout):
        raise TypeError(f"{cls} has {len(attributes)} attributes, the layout {len(layout)}")
    names = [attribute.name for attribute in attributes]
    needed = sum(attribute.default is MISSING for attribute in attributes)

    def write(item: T) -> Value:
        return [field.write(getattr(item, name)) for name, field in zip(names, layout, strict=True)]

    def read(value: Value) -> T:
        if not isinstance(value, list) or len(value) < needed:
            raise DecodeError(f"{value!r:.40} is no array of at least {needed} items")
        known = zip(layout, value, strict=False)
        return cls(*[field.read(item) for field, item in known])

    return FieldCodec(write, read)
