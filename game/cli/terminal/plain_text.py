"""Stand-ins in ASCII for characters that the encoding of an output lacks.  [pure]

They are used in two places. ``PLAIN_ERRORS`` is an error handler for encoders, so that no output
fails. Tables replace before they measure their columns, since a stand-in may be longer.
"""

import codecs
import unicodedata

# The name of the error handler, for ``errors=`` of a text stream.
PLAIN_ERRORS = "jitterball.plain"

_UNKNOWN = "?"
_STAND_INS = {
    **{"\N{MULTIPLICATION SIGN}": "x", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "—": "-"},
    **{"\N{LEFT SINGLE QUOTATION MARK}": "'", "\N{RIGHT SINGLE QUOTATION MARK}": "'"},
    **{"±": "+/-", "·": ".", "…": "...", "°": " deg", "≤": "<=", "≥": ">=", "≈": "~", "•": "*"},
    **{"→": "->", "←": "<-", "↑": "^", "↓": "v", "↔": "<->", "“": '"', "”": '"'},
    **{"«": '"', "»": '"', "¿": "?", "¡": "!", "µ": "u", "✓": "ok", "✗": "no"},
    # The sparkline of the live table.
    **dict(zip("▁▂▃▄▅▆▇█", "_.-~=+*#", strict=True)),
}
# Unicode's line-drawing block. Rich replaces those of its tables itself, but not lines in texts.
_BOX_DRAWING = range(0x2500, 0x2580)
_HORIZONTAL = frozenset("─━┄┅┈┉╌╍═╴╶╸╺")
_VERTICAL = frozenset("│┃┆┇┊┋╎╏║╵╷╹╻")


def encodable(text: str, encoding: str) -> str:
    """Return ``text`` with a stand-in for each character that ``encoding`` lacks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, PLAIN_ERRORS).decode(encoding)
    except LookupError:
        return encodable(text, "ascii")
    return text


def stand_in(character: str) -> str:
    """Return ASCII text that means the same as a character, "?" if there is none."""
    if character in _STAND_INS:
        return _STAND_INS[character]
    if ord(character) in _BOX_DRAWING:
        return "-" if character in _HORIZONTAL else "|" if character in _VERTICAL else "+"
    # An accented letter without its accents; a wide or stylish form as the plain one.
    folded = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return folded or ("" if unicodedata.combining(character) else _UNKNOWN)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(stand_in, lacking)), error.end


codecs.register_error(PLAIN_ERRORS, _replace)
