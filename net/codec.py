"""Codecs between plain values and bytes: msgpack, and JSON for reading and comparing.  [pure]

Both codecs carry the same values, so that a class can compare sizes. A value is None, a bool, an
int of 64 bits, a finite float, text, bytes, or an array of values. JSON carries bytes as text of
hexadecimal digits, and only the field's type tells them from other text. There are no maps: the
field names would be most of a message, and both ends know the order of the fields.

``decode`` is safe for untrusted input: it returns a value or raises ``DecodeError``, and uses no
more memory than the message justifies.
"""

import json
from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import Any, NoReturn, Protocol, TypeAlias, cast

import msgpack  # type: ignore[import-untyped]

from net.errors import DecodeError
from net.transport import MESSAGE_LIMIT_BYTES

Value: TypeAlias = "bool | int | float | str | bytes | Sequence[Value] | None"

# Twice the numbers of a snapshot of 40 players. msgpack allocates an array of the claimed length
# before the items are read. This length, times msgpack's own limit of 1,024 levels, times 8 bytes,
# is 4 MiB at worst, and freed at once.
ARRAY_LIMIT = 512

# Four levels are used: payload in message, list in payload, record in list, pair in record.
DEPTH_LIMIT = 8

# The integers of msgpack: from the smallest int64 to the largest uint64.
_INT_RANGE = range(-(1 << 63), 1 << 64)
_INT_DIGITS = len(str(_INT_RANGE.start))
_INTEGERS_ONLY = {int}


class Codec(Protocol):
    """An encoding of values as bytes."""

    @property
    def name(self) -> str:
        """The name that a user types to choose it."""

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``.

        Raises ``TypeError``, ``ValueError`` or ``OverflowError`` for a mistake of the caller: an
        object that is no value, NaN in JSON, a lone surrogate.
        """

    def decode(self, data: bytes) -> Value:
        """Return the one value in ``data``; arrays become lists.

        Raises ``DecodeError``, and nothing else, if there is no value, more than one, or one that
        is too long or too deep.
        """


class MsgpackCodec:
    """msgpack: small and fast."""

    name = "msgpack"

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``, see ``Codec``."""
        return cast(bytes, msgpack.packb(value))

    def decode(self, data: bytes) -> Value:
        """Return the value in ``data``, see ``Codec``."""
        if len(data) > MESSAGE_LIMIT_BYTES:
            raise DecodeError(f"{len(data)} bytes are longer than any message")
        try:
            value: Value = _unpack(data)
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"no msgpack: {error}") from error
        _check(value if type(value) is list else [value])
        return value


class JsonCodec:
    """JSON without spaces: readable in a packet capture, and for comparing sizes."""

    name = "json"

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``, see ``Codec``."""
        text = json.dumps(
            value,
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
            # Called only for what JSON does not have.
            default=bytes.hex,
        )
        return text.encode()

    def decode(self, data: bytes) -> Value:
        """Return the value in ``data``, see ``Codec``."""
        if len(data) > MESSAGE_LIMIT_BYTES:
            raise DecodeError(f"{len(data)} bytes are longer than any message")
        try:
            # Decoded here, because ``json`` would also accept UTF-16 and lone surrogates.
            value: Value = _JSON_DECODER.decode(data.decode())
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"no JSON: {error}") from error
        _check(value if type(value) is list else [value])
        return value


def encode_trusted(value: object) -> bytes:
    """Return the msgpack of a value for another process of this program.

    Tuples of every kind become arrays, and an ``IntEnum`` its number.
    """
    return cast(bytes, msgpack.packb(value))


def decode_trusted(data: bytes) -> Any:
    """Return the value that ``encode_trusted`` wrote, with arrays as tuples.

    Not for what another program sent: there is no limit on length or depth.
    """
    return msgpack.unpackb(data, use_list=False)


def _refuse_map(pairs: Sequence[object]) -> NoReturn:
    raise ValueError("maps are not used here")


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError(f"extension type {code} is not used here")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _bounded_int(digits: str) -> int:
    # ``int`` takes quadratic time for thousands of digits, so the length is checked first.
    number = int(digits) if len(digits) <= _INT_DIGITS else None
    if number is None or number not in _INT_RANGE:
        raise ValueError("a number of more than 64 bits")
    return number


def _check(array: list[Value], depth: int = 1) -> None:
    """Raise ``DecodeError`` for what a parser accepts and ``Value`` excludes."""
    # One pass in C finds the types. An array of integers, as in an input, needs no more.
    types = set(map(type, array))
    if types == _INTEGERS_ONLY:
        return
    if float in types and not all(isfinite(item) for item in array if type(item) is float):
        raise DecodeError("a float that is no number")
    if str in types:
        for item in array:
            if type(item) is str:
                _check_text(item)
    if list in types:
        if depth == DEPTH_LIMIT:
            raise DecodeError(f"arrays nested deeper than {DEPTH_LIMIT}")
        for item in array:
            if type(item) is list:
                _check(item, depth + 1)


def _check_text(text: str) -> None:
    """Raise ``DecodeError`` for half of a surrogate pair: JSON can spell it, UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DecodeError("text with half a character") from error


_unpack = partial(
    msgpack.unpackb,
    max_array_len=ARRAY_LIMIT,
    max_map_len=0,
    max_ext_len=0,
    # Those limits still allow an empty map and an empty extension.
    object_pairs_hook=_refuse_map,
    ext_hook=_refuse_extension,
)

_JSON_DECODER = json.JSONDecoder(
    object_pairs_hook=_refuse_map, parse_int=_bounded_int, parse_constant=_refuse_constant
)

MSGPACK: Codec = MsgpackCodec()
JSON: Codec = JsonCodec()
CODECS: dict[str, Codec] = {codec.name: codec for codec in (MSGPACK, JSON)}


def codec_of_array(data: bytes) -> Codec | None:
    """Return the codec that an encoded array is written in; None for no array.

    The first byte tells: ``[`` in JSON, the type and length of the array in msgpack.
    """
    first = data[:1]
    if first == b"[":
        return JSON
    # ``fixarray``, ``array 16`` and ``array 32`` of the msgpack specification.
    return MSGPACK if b"\x90" <= first <= b"\x9f" or first in (b"\xdc", b"\xdd") else None
