"""Delta encoding of an array of integers against a baseline that both ends have.  [pure]

Only the differences travel. They are written as numbers of 3 bits a group, so that a small
difference takes half a byte. A byte holds two groups, the high one first: its two hexadecimal
digits. The highest bit of a group says that its number continues in the next group.

    0, then n   the next n + 1 items are as in the baseline
    odd n       the next item is (n + 1) / 2 more than in the baseline
    even n      the next item is n / 2 less than in the baseline

Items after the last number are as in the baseline. So no change takes no byte. A number that does
not end within the bytes is padding.

Variable-length groups and the two signs in turn are those of Protocol Buffers (varint and ZigZag),
with 4 bits instead of 8.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import sub

from net.errors import DecodeError

__all__ = ["apply_delta", "encode_delta"]

# More than any integer of 64 bits needs. A longer one would cost this end much time to read.
_DIGITS_MAX = 22
_PADDING = "8"
_NUMBER = re.compile("[89a-f]*[0-7]")
# Stands for a difference of zero until the runs of zeros are known.
_ZERO = "z"
_ZEROS = re.compile(f"({_ZERO}+)")
# Half of all differences are within 30, and few are beyond some thousands.
_CACHED_NUMBERS = 16 * 1024


def encode_delta(baseline: Sequence[int], current: Sequence[int]) -> bytes:
    """Return the bytes from which ``apply_delta`` makes ``current`` of ``baseline``.

    Raises ``ValueError`` if the two have different lengths.
    """
    if len(baseline) != len(current):
        raise ValueError(f"{len(current)} items have no baseline of {len(baseline)}")
    # A digit is a group. Joining and searching text is faster than shifting bits in Python.
    digits = "".join(map(_DIGITS_OF_DIFFERENCES.__getitem__, map(sub, current, baseline)))
    # Every second part is a run of zeros.
    parts = _ZEROS.split(digits.rstrip(_ZERO))
    parts[1::2] = map(_digits_of_zeros, parts[1::2])
    digits = "".join(parts)
    return bytes.fromhex(digits + _PADDING * (len(digits) % 2))


def apply_delta(baseline: Sequence[int], delta: bytes) -> list[int]:
    """Return the array that was encoded against ``baseline``.

    Raises ``DecodeError`` if the bytes cannot be those of an array as long as the baseline.
    """
    items, position = list(baseline), 0
    numbers = map(_number, _NUMBER.findall(delta.hex()))
    for number in numbers:
        if number == 0:
            run = next(numbers, None)
            if run is None:
                raise DecodeError("a run of unchanged items without its length")
            position += run + 1
        elif position < len(items):
            items[position] += (number + 1) // 2 if number % 2 else -number // 2
            position += 1
        else:
            raise DecodeError(f"changes of more than {len(items)} items")
    return items


class _DigitsOfDifferences(dict[int, str]):
    """The digits of each difference that has occurred. A look-up costs half of a cached call."""

    def __missing__(self, difference: int) -> str:
        digits = _digits(2 * difference - 1 if difference > 0 else -2 * difference)
        if len(self) < _CACHED_NUMBERS:
            self[difference] = digits
        return digits


_DIGITS_OF_DIFFERENCES = _DigitsOfDifferences({0: _ZERO})


@lru_cache(_CACHED_NUMBERS)
def _digits_of_zeros(zeros: str) -> str:
    return "0" + _digits(len(zeros) - 1)


@lru_cache(_CACHED_NUMBERS)
def _digits(number: int) -> str:
    digits = f"{number % 8:x}"
    while number := number // 8:
        digits = f"{8 + number % 8:x}{digits}"
    return digits


@lru_cache(_CACHED_NUMBERS)
def _number(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise DecodeError(f"a number of {len(digits)} groups")
    number = 0
    for digit in digits:
        number = number * 8 + int(digit, 16) % 8
    return number
