"""The page's msgpack writes the bytes that Python's library writes, and reads what it wrote."""

import random

import msgpack
import pytest

from tests.game.web.conftest import PAGE

EDGES = [
    *(0, 1, 31, 32, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**53 - 1),
    *(-1, -32, -33, -127, -128, -129, -32_768, -32_769, -(2**31), -(2**31) - 1, -(2**53) + 1),
    *(0.5, -1.5e-300, 1 / 3),
]
TEXTS = [
    "",
    "a",
    "ñ" * 15,
    "x" * 31,
    "x" * 32,
    "é" * 127,
    "x" * 255,
    "x" * 256,
    "⚽🦊",
    "x" * 7_000,
]
VALUES = [
    *EDGES,
    *TEXTS,
    None,
    True,
    False,
    [],
    [1, [2, [3, [4, [5, [6, [7]]]]]]],
    [0] * 15,
    [0] * 16,
    list(range(512)),
]


def test_it_is_small():
    """A reader sees all of it at once."""
    assert len((PAGE / "msgpack.js").read_text().splitlines()) < 120


def test_values_have_the_bytes_of_pythons_library(javascript):
    written = javascript(
        "msgpack", "return data.map((value) => hex(module.encode(value)));", VALUES
    )
    assert written == [msgpack.packb(value).hex() for value in VALUES]


def test_bytes_have_the_bytes_of_pythons_library(javascript):
    sizes = [0, 1, 255, 256, 4000]
    script = "return data.map((size) => hex(module.encode(new Uint8Array(size))));"
    assert javascript("msgpack", script, sizes) == [msgpack.packb(bytes(n)).hex() for n in sizes]


def test_messages_encoded_by_python_are_decoded(javascript):
    script = "return data.map((text) => module.decode(bytes(text)));"
    packed = [msgpack.packb(value).hex() for value in VALUES]
    assert javascript("msgpack", script, packed) == VALUES


@pytest.mark.parametrize(
    "bad",
    [
        *("", "c1", "80", "d40000", "92 01", "a2 61", "0101", "c4 05 00", "a1 ff", "dd00000001c0"),
        *("dc 0201" + "c0" * 513, "91" * 9 + "c0", "cf", "dcffff"),
    ],
)
def test_bad_bytes_are_decode_errors(javascript, bad):
    script = """
        try { module.decode(bytes(data)); } catch (error) {
          return error instanceof module.DecodeError;
        }
        return "no error";"""
    assert javascript("msgpack", script, bad.replace(" ", "")) is True


def test_random_bytes_give_a_value_or_a_decode_error(javascript):
    rng = random.Random(7)
    samples = [rng.randbytes(rng.randrange(1, 40)).hex() for _ in range(3000)]
    script = """
        return data.filter((text) => {
          try { module.decode(bytes(text)); } catch (error) {
            return !(error instanceof module.DecodeError);
          }
          return false;
        });"""
    assert javascript("msgpack", script, samples) == []
