"""Schemas of messages: dataclasses as arrays of plain values, field by field.  [pure]

A ``FieldCodec`` is the pair of functions that write and read one kind of value. ``record`` combines
the field codecs of a dataclass's attributes, so the layout of a message is a readable table.
Reading checks type, range and length.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import IntEnum
from typing import Any, Generic, TypeVar

from net.codec import Value
from net.errors import DecodeError

T = TypeVar("T")
Number = TypeVar("Number", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class FieldCodec(Generic[T]):
    """The functions that write and read one kind of value, and its description.

    ``read`` raises ``DecodeError`` if the value is of another kind or out of range.
    ``description`` is the type as ``docs/protocol.md`` states it.
    """

    write: Callable[[T], Value]
    read: Callable[[Value], T]
    description: str


@dataclass(frozen=True, slots=True)
class RecordField:
    """One item of a record's array: attribute name, type, and whether it may be left out."""

    name: str
    description: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class RecordCodec(FieldCodec[T]):
    """The codec of a dataclass, with the items of its array in order."""

    fields: tuple[RecordField, ...]


def _read_boolean(value: Value) -> bool:
    if type(value) is not bool:
        raise DecodeError(f"{value!r:.40} is neither true nor false")
    return value


BOOLEAN: FieldCodec[bool] = FieldCodec(bool, _read_boolean, "boolean")

# A value that another layer reads.
ANY: FieldCodec[Value] = FieldCodec(lambda value: value, lambda value: value, "any value")


def integer(minimum: int, maximum: int) -> FieldCodec[int]:
    """Return the codec of an integer from ``minimum`` to ``maximum``, both included."""

    def read(value: Value) -> int:
        if type(value) is not int or not minimum <= value <= maximum:
            raise DecodeError(f"{value!r:.40} is no whole number from {minimum} to {maximum}")
        return value

    return FieldCodec(int, read, f"integer {minimum} to {maximum}")


def quantised(quantum: float, minimum: float, maximum: float) -> FieldCodec[float]:
    """Return the codec of a float that is sent as a whole number of quanta.

    The value read differs from the value written by at most half a ``quantum``.
    """
    quanta = integer(round(minimum / quantum), round(maximum / quantum))
    return FieldCodec(
        lambda number: round(number / quantum),
        lambda value: quanta.read(value) * quantum,
        f"{quanta.description}, unit {quantum:g}",
    )


def text(limit: int) -> FieldCodec[str]:
    """Return the codec of a text of at most ``limit`` characters."""

    def read(value: Value) -> str:
        if type(value) is not str or len(value) > limit:
            raise DecodeError(f"{value!r:.40} is no text of at most {limit} characters")
        return value

    return FieldCodec(str, read, f"text of at most {limit} characters")


def bytes_of(size: int) -> FieldCodec[bytes]:
    """Return the codec of ``size`` bytes, or none; in JSON they are hexadecimal digits."""

    def read(value: Value) -> bytes:
        if type(value) is str and len(value) in (0, 2 * size):
            value = _from_digits(value)
        if type(value) is not bytes or len(value) not in (0, size):
            raise DecodeError(f"{value!r:.40} are no {size} bytes")
        return value

    return FieldCodec(bytes, read, f"{size} bytes or none")


def bytes_up_to(limit: int) -> FieldCodec[bytes]:
    """Return the codec of at most ``limit`` bytes; in JSON they are hexadecimal digits."""

    def read(value: Value) -> bytes:
        if type(value) is str and len(value) <= 2 * limit:
            value = _from_digits(value)
        if type(value) is not bytes or len(value) > limit:
            raise DecodeError(f"{value!r:.40} are not at most {limit} bytes")
        return value

    return FieldCodec(bytes, read, f"at most {limit} bytes")


def _from_digits(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise DecodeError(f"{text!r:.40} are no hexadecimal digits") from error


def enum_member(numbers: type[Number]) -> FieldCodec[Number]:
    """Return the codec of a member of an ``IntEnum``."""
    members = {member.value: member for member in numbers}

    def read(value: Value) -> Number:
        if type(value) is not int or value not in members:
            raise DecodeError(f"{value!r:.40} is no {numbers.__name__}")
        return members[value]

    return FieldCodec(int, read, numbers.__name__)


def optional(field: FieldCodec[T]) -> FieldCodec[T | None]:
    """Return the codec of a value that may also be None."""
    return FieldCodec(
        lambda item: None if item is None else field.write(item),
        lambda value: None if value is None else field.read(value),
        f"{field.description}, or null",
    )


def tuple_of(field: FieldCodec[T], limit: int) -> FieldCodec[tuple[T, ...]]:
    """Return the codec of a tuple of at most ``limit`` values of one kind."""

    def read(value: Value) -> tuple[T, ...]:
        if not isinstance(value, list) or len(value) > limit:
            raise DecodeError(f"{value!r:.40} is no array of at most {limit} items")
        return tuple(map(field.read, value))

    return FieldCodec(
        lambda items: [field.write(item) for item in items],
        read,
        f"array of at most {limit}: {field.description}",
    )


def record(
    cls: Callable[..., T],
    *layout: FieldCodec[Any],
    title: str | None = None,
    omitted_defaults: int = 0,
) -> RecordCodec[T]:
    """Return the codec of a dataclass; ``layout`` has the codecs of its attributes in order.

    ``title``: the name of the array in descriptions and errors; None for that of the dataclass.
    ``omitted_defaults``: this many of the last attributes are left out of the array while they, and
    all behind them, have their defaults. So what has no use for them costs no byte.

    Peers of other versions are understood: additional items at the end are ignored, and missing
    items at the end get the dataclass's defaults.

    Raises ``TypeError`` if the layout does not have as many items as the dataclass.
    """
    attributes = fields(cls)  # type: ignore[arg-type]
    if len(attributes) != len(layout):
        raise TypeError(f"{cls} has {len(attributes)} attributes, the layout {len(layout)}")
    items = tuple(
        RecordField(attribute.name, field.description, attribute.default is not MISSING)
        for attribute, field in zip(attributes, layout, strict=True)
    )
    names = [item.name for item in items]
    needed = sum(not item.is_optional for item in items)
    shown = title or cls.__name__

    never_omitted = len(attributes) - omitted_defaults
    defaults = [attribute.default for attribute in attributes]
    writers = [field.write for field in layout]

    def write(item: T) -> Value:
        values = [getattr(item, name) for name in names]
        while len(values) > never_omitted and values[-1] == defaults[len(values) - 1]:
            values.pop()
        return [write_field(value) for write_field, value in zip(writers, values, strict=False)]

    def read(value: Value) -> T:
        if not isinstance(value, list):
            raise DecodeError(f"{shown} is an array, and {value!r:.40} is none")
        if len(value) < needed:
            raise DecodeError(
                f"{shown} has {len(value)} fields of at least {needed}: "
                f"{names[len(value)]} is missing"
            )
        try:
            return cls(*[field.read(item) for field, item in zip(layout, value, strict=False)])
        except DecodeError as error:
            # Looked for only now, so that valid messages do not pay for it.
            name = names[_first_unreadable(layout, value)]
            raise DecodeError(f"{shown}.{name}: {error}") from error

    return RecordCodec(write, read, shown, items)


def _first_unreadable(layout: Sequence[FieldCodec[Any]], value: Sequence[Value]) -> int:
    """Return the index of the first item that its codec does not read."""
    for index, (field, item) in enumerate(zip(layout, value, strict=False)):
        try:
            field.read(item)
        except DecodeError:
            return index
    raise AssertionError("all items are readable")
