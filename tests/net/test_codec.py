"""Codecs: values survive a round trip, and untrusted input does no harm."""

import json
import math
import tracemalloc
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.codec import (
    ARRAY_LIMIT,
    CODECS,
    DEPTH_LIMIT,
    JSON,
    MSGPACK,
    Codec,
    codec_of_array,
)
from net.errors import DecodeError
from net.transport import MESSAGE_LIMIT_BYTES

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=6), max_leaves=20)

both = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS.keys())


def depth_of(value: object) -> int:
    if not isinstance(value, list):
        return 0
    return 1 + max(map(depth_of, value), default=0)


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def assert_is_value(value: object) -> None:
    assert type(value) in (type(None), bool, int, float, str, bytes, list)
    if isinstance(value, float):
        assert math.isfinite(value)
    if isinstance(value, int):
        assert -(2**63) <= value < 2**64
    if isinstance(value, str):
        value.encode()
    if isinstance(value, list):
        for item in value:
            assert_is_value(item)


@both
@given(value=VALUES)
def test_a_value_comes_back_equal_and_of_the_same_type(codec: Codec, value):
    if depth_of(value) <= DEPTH_LIMIT:
        assert repr(codec.decode(codec.encode(value))) == repr(value)


@both
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_decode_error(codec: Codec, data):
    with suppress(DecodeError):
        assert_is_value(codec.decode(data))


@both
@given(value=VALUES, position=st.integers(0), byte=st.integers(0, 255))
def test_one_wrong_byte_is_a_value_or_a_decode_error(codec: Codec, value, position, byte):
    data = bytearray(codec.encode(value))
    data[position % len(data)] = byte
    with suppress(DecodeError):
        assert_is_value(codec.decode(bytes(data)))


@given(text=st.text(alphabet='[]{}",:0123456789.eE+-\\untrfalsNI ', max_size=60))
def test_almost_json_is_a_value_or_a_decode_error(text):
    with suppress(DecodeError):
        assert_is_value(JSON.decode(text.encode()))


def test_every_first_byte_of_msgpack_with_any_tail():
    tails = (b"", b"\0", b"\0\0", b"\0\xff", b"\4\xff" + bytes(4), bytes(16), b"\xff" * 20)
    starts = {tail[:length] for tail in tails for length in range(len(tail) + 1)}
    broken = {}
    for first, rest in product(range(256), starts):
        data = bytes((first,)) + rest
        try:
            assert_is_value(MSGPACK.decode(data))
        except DecodeError:
            continue
        except Exception as error:
            broken[data] = error
    assert not broken


@both
def test_a_prefix_or_a_second_value_is_refused(codec: Codec):
    data = codec.encode([1, [True, None], "text", 2.5])
    for length in range(len(data)):
        with pytest.raises(DecodeError):
            codec.decode(data[:length])
    with pytest.raises(DecodeError):
        codec.decode(data + data)


@both
def test_depth_is_limited(codec: Codec):
    assert codec.decode(codec.encode(nested(DEPTH_LIMIT))) == nested(DEPTH_LIMIT)
    with pytest.raises(DecodeError, match="deeper"):
        codec.decode(codec.encode(nested(DEPTH_LIMIT + 1)))


@pytest.mark.parametrize(
    ("codec", "data"),
    [(JSON, b"[" * MESSAGE_LIMIT_BYTES), (MSGPACK, b"\x91" * MESSAGE_LIMIT_BYTES)],
    ids=["json", "msgpack"],
)
def test_the_deepest_nesting_a_message_can_hold_is_refused(codec: Codec, data: bytes):
    with pytest.raises(DecodeError):
        codec.decode(data)


@both
def test_a_message_over_the_limit_is_refused_unread(codec: Codec):
    codec.decode(codec.encode("a" * (MESSAGE_LIMIT_BYTES - 10)))
    with pytest.raises(DecodeError, match="longer than any message"):
        codec.decode(codec.encode("a" * (MESSAGE_LIMIT_BYTES + 1)))


def test_lengths_that_are_promised_and_not_kept_take_little_memory():
    promise = b"\xdc" + ARRAY_LIMIT.to_bytes(2, "big")
    tracemalloc.start()
    try:
        with pytest.raises(DecodeError):
            MSGPACK.decode(promise * (MESSAGE_LIMIT_BYTES // len(promise)))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 6 * 2**20


def accepted(codec: Codec, inputs: list[bytes]) -> list[bytes]:
    """Return the inputs that the codec decodes; all of them should be refused."""
    decoded = []
    for data in inputs:
        with suppress(DecodeError):
            codec.decode(data)
            decoded.append(data)
    return decoded


def test_msgpack_that_is_no_value():
    inputs = [
        b"\xdc\x02\x01",  # an array of 513
        b"\xdd\xff\xff\xff\xff",  # an array of four thousand million
        b"\x80",  # an empty map
        b"\x81\x01\x02",
        b"\xde\x00\x00",
        b"\xd6\xff\x00\x00\x00\x00",  # a timestamp
        b"\xd4\x05\x00",  # an extension
        b"\xc7\x00\x05",  # an empty extension
        b"\xc7\x00\xff",
        b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",  # NaN
        b"\x91\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00",  # [infinity]
        b"\x91\x91\xca\x7f\x80\x00\x00",  # [[infinity]] of 32 bits
        b"\xa1\xff",  # no UTF-8
        b"\xa3\xed\xa0\x80",  # a lone surrogate
        b"\xc1",  # never used
    ]
    assert accepted(MSGPACK, inputs) == []


def test_json_that_is_no_value():
    texts = [
        "{}",
        '{"a":1}',
        "[NaN]",
        "Infinity",
        "-Infinity",
        "1e999",
        "[[-1e999]]",
        "18446744073709551616",
        "-9223372036854775809",
        "[" + "9" * 5000 + "]",
        r'"\ud800"',
        r'[["\uDFFF"]]',
        "\ufeff1",
        "[1,]",
        "nul",
    ]
    assert accepted(JSON, [text.encode() for text in texts]) == []


def test_json_in_another_encoding_is_refused():
    with pytest.raises(DecodeError):
        JSON.decode("[1,2]".encode("utf-16"))


def test_json_refuses_to_encode_what_is_no_json():
    with pytest.raises(ValueError, match="JSON"):
        JSON.encode(math.nan)
    with pytest.raises(TypeError):
        JSON.encode({1, 2})


def test_json_carries_bytes_as_hexadecimal_digits():
    assert JSON.encode([b"\x00\xff", "00ff"]) == b'["00ff","00ff"]'


@pytest.mark.parametrize("codec", CODECS.values(), ids=list(CODECS))
@pytest.mark.parametrize("length", [0, 3, 16, 300])
def test_an_array_tells_its_codec(codec: Codec, length: int):
    assert codec_of_array(codec.encode([1] * length)) is codec


@pytest.mark.parametrize("value", [None, True, 7, -1, "text", 0.5])
def test_a_value_that_is_no_array_names_no_codec(value):
    assert [codec_of_array(codec.encode(value)) for codec in CODECS.values()] == [None, None]
    assert codec_of_array(b"") is None


def test_msgpack_carries_bytes():
    assert MSGPACK.decode(MSGPACK.encode([b"\x00\xff"])) == [b"\x00\xff"]


def test_arrays_are_smaller_in_msgpack():
    value = [12345, -678, 90, True]
    assert len(MSGPACK.encode(value)) == 9
    assert JSON.encode(value) == json.dumps(value).replace(" ", "").encode()
