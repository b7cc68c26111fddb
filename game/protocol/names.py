"""Names of players and rooms: sanitizing of untrusted text, and unique names.  [pure]

Unicode is allowed, but no character that hides or reorders the text around it. These are control,
format and bidirectional characters, line breaks, private, unassigned and invisible ones.
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
# Invisible, though their categories are letter, mark or symbol. A name of these alone is blank, and
# two names that differ in them look the same. Hangul fillers, the empty Braille pattern, a joiner,
# inherent vowels and variation selectors; Unicode calls all but Braille's
# ``Default_Ignorable_Code_Point``.
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
# More than two accents on a letter ("Zalgo" text) would cover the lines above.
_COMBINING_LIMIT = 2


def sanitize_name(text: str, limit: int) -> str:
    """Return the visible characters of ``text``, in one line of at most ``limit`` characters."""
    shown: list[str] = []
    combining = 0
    # Cut first: normalizing a long text takes long, and eight code points can be one character.
    for character in unicodedata.normalize("NFC", text[: limit * 8]):
        category = unicodedata.category(character)
        combining = combining + 1 if category in ("Mn", "Me") else 0
        is_shown = category not in _UNSHOWABLE and character not in _INVISIBLE
        if not is_shown or combining > _COMBINING_LIMIT:
            continue
        shown.append(" " if category == "Zs" else character)
    return " ".join("".join(shown).split())[:limit].strip()


def unique_name(name: str, taken: Container[str]) -> str:
    """Return ``name``, with a number behind it if it is taken: ``Ana 2``."""
    candidate = name
    number = 1
    while candidate in taken:
        number += 1
        suffix = f" {number}"
        candidate = name[: NAME_LIMIT - len(suffix)].rstrip() + suffix
    return candidate
