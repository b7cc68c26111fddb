"""Bytes to plain values and back; the only module that imports msgpack.

Two codecs over the same values, so that a class can compare sizes: msgpack, and JSON to read with
one's own eyes. A value is None, a bool, an int of 64 bits, a finite float, text, or an array of
values; msgpack carries bytes too. There are no maps: names of fields would be most of a message,
and both ends know the order. Whatever a stranger sends, ``decode`` returns a value or raises
``DecodeError``, and keeps no more memory than the message justifies.
Knows no message's meaning.  [pure]
"""

import json
from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import NoReturn, Protocol, TypeAlias, cast

import msgpack  # type: ignore[import-untyped]
from msgpack import fallback

from net.errors import DecodeError
from net.transport import MESSAGE_LIMIT_BYTES

Value: TypeAlias = "bool | int | float | str | bytes | Sequence[Value] | None"

# The numbers of a snapshot of 40 players are half of this. An array's length is believed, and its
# memory taken, before its items have come: so many, times msgpack's own 1,024 levels, times 8
# bytes, is 4 MiB at worst, and given back at once.
ARRAY_LIMIT = 512

# Payload in message, list in payload, record in list, pair in record: half of this is in use.
DEPTH_LIMIT = 8

# What msgpack can express: from the least int64 to the greatest uint64.
_INT_RANGE = range(-(1 << 63), 1 << 64)
_INT_DIGITS = len(str(_INT_RANGE.start))


class Codec(Protocol):
    """A way to write values as bytes."""

    @property
    def name(self) -> str:
        """What a person types to choose it."""

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``.

        A caller's mistake (a value that is none, NaN in JSON, lone surrogates) raises
        ``TypeError``, ``ValueError`` or ``OverflowError``.
        """

    def decode(self, data: bytes) -> Value:
        """Return the value that is all of ``data``; arrays come as lists.

        Raises ``DecodeError`` and nothing else: not a value, more than one, too long, too deep.
        """


class MsgpackCodec:
    """Write values in msgpack: small and fast."""

    name = "msgpack"

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``, as ``Codec`` says."""
        return cast(bytes, msgpack.packb(value))

    def decode(self, data: bytes) -> Value:
        """Return the value that is all of ``data``, as ``Codec`` says."""
        if len(data) > MESSAGE_LIMIT_BYTES:
            raise DecodeError(f"{len(data)} bytes are longer than any message")
        try:
            value: Value = _unpack(data)
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"no msgpack: {error}") from error
        _check(value if type(value) is list else [value])
        return value


class JsonCodec:
    """Write values in JSON, without spaces: to read on the wire, and to compare with."""

    name = "json"

    def encode(self, value: Value) -> bytes:
        """Return the bytes of ``value``, as ``Codec`` says; ``bytes`` are no JSON."""
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    def decode(self, data: bytes) -> Value:
        """Return the value that is all of ``data``, as ``Codec`` says."""
        if len(data) > MESSAGE_LIMIT_BYTES:
            raise DecodeError(f"{len(data)} bytes are longer than any message")
        try:
            # Not left to `json`, which guesses UTF-16 and lets lone surrogates pass.
            value: Value = _JSON_DECODER.decode(data.decode())
        except (ValueError, RecursionError) as error:
            raise DecodeError(f"no JSON: {error}") from error
        _check(value if type(value) is list else [value])
        return value


def codec_is_fast() -> bool:
    """Say whether msgpack's C extension is loaded.

    Without it everything works, thirty times slower: a server should warn.
    """
    return msgpack.Packer is not fallback.Packer


def _refuse_map(pairs: Sequence[object]) -> NoReturn:
    raise ValueError("maps are not used here")


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError(f"extension type {code} is not used here")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _bounded_int(digits: str) -> int:
    # A stranger's thousand digits are not worth the time of reading them.
    number = int(digits) if len(digits) <= _INT_DIGITS else None
    if number is None or number not in _INT_RANGE:
        raise ValueError("a number of more than 64 bits")
    return number


def _check(array: list[Value], depth: int = 1) -> None:
    """Refuse what a parser lets through; one pass in C suffices for an array of whole numbers."""
    types = set(map(type, array))
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
    """Refuse half of a surrogate pair, which JSON can spell and nothing can encode again."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DecodeError("text with half a character") from error


_unpack = partial(
    msgpack.unpackb,
    max_array_len=ARRAY_LIMIT,
    max_map_len=0,
    max_ext_len=0,
    # An empty map, and an empty extension, are within those limits.
    object_pairs_hook=_refuse_map,
    ext_hook=_refuse_extension,
)

_JSON_DECODER = json.JSONDecoder(
    object_pairs_hook=_refuse_map, parse_int=_bounded_int, parse_constant=_refuse_constant
)

MSGPACK: Codec = MsgpackCodec()
JSON: Codec = JsonCodec()
CODECS: dict[str, Codec] = {codec.name: codec for codec in (MSGPACK, JSON)}
