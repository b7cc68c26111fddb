"""The strict reading of JSON into dataclasses.  [pure]

An error names the path of a missing, unknown or wrong value, such as ``runs[0].rtt_ms.p50``.
Limits of a number or a text are given by ``typing.Annotated``.
"""

import json
from dataclasses import dataclass, fields, is_dataclass
from math import inf
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

# Beyond any count or duration here, and still exact in a double. Sums of such numbers are finite.
NUMBER_MAX = 10**15
# The longest name is a link with every setting in both directions.
_TEXT_MAX = 1000

T = TypeVar("T")


class JsonError(Exception):
    """A JSON text that does not fit; the message says in one line what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The smallest and the largest value of a number, both allowed."""

    low: float = -inf
    high: float = inf


NotNegative = Annotated[float, Limits(low=0.0)]
Count = Annotated[int, Limits(low=0)]


def read_json(kind: type[T], plain: Any) -> T:
    """Return a JSON value as a dataclass. Raises ``JsonError`` if it does not fit."""
    read: Any = _read(kind, plain, "")
    return read  # type: ignore[no-any-return]


def parse_json(text: str) -> Any:
    """Return the JSON value in a text. Raises ``JsonError`` if it is not valid."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise JsonError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise JsonError("not JSON that can be read: nested too deeply") from error


def shown(value: Any) -> str:
    """Return a value for a message: short, and with control characters escaped."""
    try:
        return ascii(value)[:40]
    except (RecursionError, ValueError):
        return f"this {type(value).__name__}"


def _refuse_constant(name: str) -> Any:
    # Python's reader takes NaN and Infinity, which are not JSON (RFC 8259, section 6).
    raise ValueError(f"{name} is not a number")


def _read(kind: Any, value: Any, place: str) -> Any:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, limits = get_args(kind)
        return _read_number(inner, value, place, limits)
    if origin in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not type(None))
        return None if value is None else _read(inner, value, place)
    if origin is Literal:
        return _read_word(get_args(kind), value, place)
    if origin is tuple:
        items = _checked(value, list, "a list", place)
        inner = get_args(kind)[0]
        return tuple(_read(inner, each, f"{place}[{index}]") for index, each in enumerate(items))
    if origin is dict:
        items = _checked(value, dict, "an object", place)
        return {_text(key, place): _read(str, each, _at(place, key)) for key, each in items.items()}
    if is_dataclass(kind):
        return _read_dataclass(kind, value, place)
    if kind is str:
        return _text(value, place)
    if kind is bool:
        return _checked(value, bool, "true or false", place)
    return _read_number(kind, value, place, Limits())


def _read_number(kind: Any, value: Any, place: str, limits: Limits) -> float:
    what, kinds = ("a whole number", int) if kind is int else ("a number", (int, float))
    number = _checked(value, kinds, what, place)
    # Written so that an infinity, which ``1e999`` becomes, is refused too.
    if not max(limits.low, -NUMBER_MAX) <= number <= min(limits.high, NUMBER_MAX):
        raise JsonError(f"{place}: {shown(value)} is not {what}{_range(limits)}")
    return kind(number)  # type: ignore[no-any-return]


def _range(limits: Limits) -> str:
    low, high = max(limits.low, -NUMBER_MAX), min(limits.high, NUMBER_MAX)
    return f" from {low:g} to {high:g}"


def _read_word(words: tuple[str, ...], value: Any, place: str) -> str:
    if value not in words:
        raise JsonError(f"{place}: {shown(value)} is not one of {', '.join(words)}")
    return str(value)


def _read_dataclass(kind: Any, value: Any, place: str) -> Any:
    items = _checked(value, dict, "an object", place)
    hints = get_type_hints(kind, include_extras=True)
    names = [each.name for each in fields(kind)]
    for name in names:
        if name not in items:
            raise JsonError(f"{_at(place, name)}: is missing")
    for name in items:
        if name not in hints:
            raise JsonError(f"{_at(place, name)}: unknown field")
    made = kind(**{name: _read(hints[name], items[name], _at(place, name)) for name in names})
    try:
        check = getattr(made, "check", None)
        if check is not None:
            check()
    except ValueError as error:
        raise JsonError(f"{place or 'the file'}: {error}") from error
    return made


def _at(place: str, name: str) -> str:
    name = name if name.isprintable() else shown(name)
    return f"{place}.{name}" if place else name


def _text(value: Any, place: str) -> str:
    text: str = _checked(value, str, "a text", place)
    # Line breaks, control characters and lone surrogates can be neither drawn nor written.
    if not text.isprintable():
        raise JsonError(f"{place}: {shown(text)} has a character that cannot be shown")
    if len(text) > _TEXT_MAX:
        raise JsonError(f"{place}: a text of {len(text)} characters, more than {_TEXT_MAX}")
    return text


def _checked(value: Any, kind: Any, what: str, place: str) -> Any:
    # In Python a bool is an int too.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise JsonError(f"{place or 'the file'}: {shown(value)} is not {what}")
    return value
