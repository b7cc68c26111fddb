"""Names as strangers type them, made fit to be shown.  [pure]

Knows no player and no room. Unicode is welcome, but not what would hide or reorder the text
around it: control, format and bidirectional characters, line breaks, private and unassigned ones,
nor letters of which nothing is seen.
"""

import unicodedata
from collections.abc import Container

NAME_LIMIT = 16
ROOM_LIMIT = 24
DEFAULT_NAME = "player"
DEFAULT_ROOM = "main"

# Cc control, Cf format (with the bidirectional overrides), Cs surrogate, Co private, Cn unassigned,
# Zl and Zp line and paragraph separators.
_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Letters, marks and a symbol by their category, but nothing is seen of them: a name of these alone
# is blank, and two names that differ in them look the same. Fillers of Hangul, the empty Braille
# pattern; a joiner, inherent vowels, variation selectors (all but Braille's are what Unicode calls
# Default_Ignorable_Code_Point).
_INVISIBLE = frozenset(
    map(
        chr,
        (
            *(0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800),
            *(0x034F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
# Letters may carry accents, but a tower of them ("Zalgo") covers the lines above.
_COMBINING_LIMIT = 2


def sanitize_name(text: str, limit: int) -> str:
    """Return ``text`` without what cannot be shown, in one line of at most ``limit`` characters."""
    shown: list[str] = []
    combining = 0
    for character in unicodedata.normalize("NFC", text[: limit * 8]):
        category = unicodedata.category(character)
        combining = combining + 1 if category in ("Mn", "Me") else 0
        is_shown = category not in _UNSHOWABLE and character not in _INVISIBLE
        if not is_shown or combining > _COMBINING_LIMIT:
            continue
        shown.append(" " if category == "Zs" else character)
    return " ".join("".join(shown).split())[:limit].strip()


def unique_name(name: str, taken: Container[str]) -> str:
    """Return ``name``, or with the least number behind it that makes it a new one: ``Ana 2``."""
    candidate = name
    number = 1
    while candidate in taken:
        number += 1
        suffix = f" {number}"
        candidate = name[: NAME_LIMIT - len(suffix)].rstrip() + suffix
    return candidate
