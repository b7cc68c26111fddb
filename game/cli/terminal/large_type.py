"""Large type for a terminal on a projector: addresses in letters of several lines.  [pure]

A pixel is half a line high, as the modules of a QR code in a terminal are.
"""

from collections.abc import Mapping, Sequence

# Seven rows and one below the line. ``#`` is ink, spaces separate the letters.
_SHEETS = (
    (
        "0123456789",
        """
        .##. .#. .##. #### ..#. #### .##. #### .##. .##.
        #..# ##. #..# ...# .##. #... #... ...# #..# #..#
        #..# .#. ...# ..#. #.#. ###. ###. ..#. #..# #..#
        #..# .#. ..#. .##. #.#. ...# #..# ..#. .##. .###
        #..# .#. .#.. ...# #### ...# #..# .#.. #..# ...#
        #..# .#. #... #..# ..#. #..# #..# .#.. #..# ...#
        .##. ### #### .##. ..#. .##. .##. .#.. .##. .##.
        .... ... .... .... .... .... .... .... .... ....
        """,
    ),
    (
        "abcdefghijklm",
        """
        .... #... .... ...# .... .##. .... #... # .# #... #. .....
        .... #... .... ...# .... #... .... #... . .. #... #. .....
        .##. ###. .##. .### .##. ###. .### ###. # .# #..# #. ##.#.
        ...# #..# #..# #..# #..# #... #..# #..# # .# #.#. #. #.#.#
        .### #..# #... #..# #### #... #..# #..# # .# ##.. #. #.#.#
        #..# #..# #..# #..# #... #... #..# #..# # .# #.#. #. #.#.#
        .### ###. .##. .### .### #... .### #..# # .# #..# ## #.#.#
        .... .... .... .... .... .... .##. .... . #. .... .. .....
        """,
    ),
    (
        "nopqrstuvwxyz",
        """
        .... .... .... .... ... .... .#.. .... ..... ..... .... .... ....
        .... .... .... .... ... .... .#.. .... ..... ..... .... .... ....
        ###. .##. ###. .### #.# .### ###. #..# #...# #...# #..# #..# ####
        #..# #..# #..# #..# ##. #... .#.. #..# #...# #.#.# #..# #..# ..#.
        #..# #..# #..# #..# #.. .##. .#.. #..# #...# #.#.# .##. #..# .#..
        #..# #..# #..# #..# #.. ...# .#.. #..# .#.#. #.#.# #..# .### #...
        #..# .##. ###. .### #.. ###. ..## .### ..#.. .#.#. #..# ...# ####
        .... .... #... ...# ... .... .... .... ..... ..... .... .##. ....
        """,
    ),
    (
        ".:/#-_%[]",
        """
        . . ...# .#.#. ... .... ##..# ## ##
        . . ...# .#.#. ... .... ##..# #. .#
        . # ..#. ##### ... .... ...#. #. .#
        . . ..#. .#.#. ### .... ..#.. #. .#
        . . .#.. ##### ... .... .#... #. .#
        . # .#.. .#.#. ... .... #..## #. .#
        # . #... .#.#. ... #### #..## ## ##
        . . .... ..... ... .... ..... .. ..
        """,
    ),
)
_INK = "#"
_GAP = "."
# Characters by the ink in their upper and in their lower half.
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
# A line is broken before one of these, if there is one, and not between others.
_BREAK_BEFORE = ":/#"

Glyph = Sequence[str]


def _glyphs() -> Mapping[str, Glyph]:
    glyphs: dict[str, Glyph] = {}
    for letters, drawn in _SHEETS:
        rows = [line.split() for line in drawn.split("\n") if line.strip()]
        glyphs |= zip(letters, zip(*rows, strict=True), strict=True)
    return glyphs


_GLYPHS = _glyphs()


def large_type(text: str, width: int) -> list[str]:
    """Return lines of a terminal, at most ``width`` columns wide, that show a text in large type.

    It is twice as large where that fits on one line. What does not fit goes on below. Capital
    letters are shown as small ones. A text with other characters gives no lines.
    """
    letters = text.lower()
    if not letters or not _GLYPHS.keys() >= set(letters):
        return []
    if 2 * _width(letters) <= width:
        return [_doubled(row) for row in _rows(letters)]
    lines: list[str] = []
    for part in _parts(letters, width):
        rows = _rows(part)
        lines += ["".join(map(_half, *pair)) for pair in zip(rows[::2], rows[1::2], strict=True)]
    return lines


def _rows(letters: str) -> list[str]:
    return [_GAP.join(row) for row in zip(*map(_GLYPHS.__getitem__, letters), strict=True)]


def _width(letters: str) -> int:
    return sum(len(_GLYPHS[letter][0]) + 1 for letter in letters) - 1


def _parts(letters: str, width: int) -> list[str]:
    """Return parts that fit into the width; a letter wider than that is a part of its own."""
    parts: list[str] = []
    while letters:
        end = max(1, sum(_width(letters[: n + 1]) <= width for n in range(len(letters))))
        if end < len(letters):
            breaks = [n for n in range(1, end + 1) if letters[n] in _BREAK_BEFORE]
            # Not far to the left: a long secret behind the mark would take more lines then.
            if breaks and breaks[-1] > end // 2:
                end = breaks[-1]
        parts.append(letters[:end])
        letters = letters[end:]
    return parts


def _half(above: str, below: str) -> str:
    return _HALVES[above == _INK, below == _INK]


def _doubled(row: str) -> str:
    return "".join("██" if pixel == _INK else "  " for pixel in row)
