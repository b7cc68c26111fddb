"""Removal of misleading characters from text that people typed: names, chat, titles.  [pure]

Unicode is allowed, but no character that hides or reorders the text around it. These are control,
format and bidirectional characters, line breaks, private, unassigned and invisible ones.
"""

import unicodedata

# Cc control, Cf format (with the bidirectional overrides), Cs surrogate, Co private, Cn unassigned,
# Zl and Zp line and paragraph separators.
_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Invisible, though their categories are letter, mark or symbol. A name of these alone is blank, and
# two names that differ in them look the same. Unicode calls most of them
# ``Default_Ignorable_Code_Point``.
_INVISIBLE = frozenset(
    map(
        chr,
        (
            # Hangul fillers, the empty Braille pattern, a joiner, inherent vowels of Khmer.
            *(0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5),
            # The fillers of Khitan and of Egyptian, and a musical note without a head.
            *(0x16FE4, 0x13441, 0x13442, 0x1D159),
            # Variation selectors.
            *(0x180B, 0x180C, 0x180D, 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
        ),
    )
)
# More than two accents on a letter ("Zalgo" text) would cover the lines above.
_COMBINING_LIMIT = 2


def sanitize_text(text: str, limit: int) -> str:
    """Return the visible characters of ``text``, in one line of at most ``limit`` characters.

    The result is empty or has a visible character, and applying it again changes nothing.
    """
    # Cut first: normalizing a long text takes long, and eight code points can be one character.
    visible = "".join(filter(_is_visible, text[: limit * 8]))
    # Only now: an invisible character between a letter and its accent keeps them apart.
    shown = _without_excess_marks(unicodedata.normalize("NFC", visible))
    return " ".join(shown.split())[:limit].strip()


def unchanged_text(text: str, limit: int) -> str | None:
    """Return a typed text as it is shown; None if ``sanitize_text`` would take something from it.

    An accent may come as a character of its own, as some terminals and file names have it.
    """
    shown = sanitize_text(text, limit)
    return shown if shown == unicodedata.normalize("NFC", text) else None


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _UNSHOWABLE and character not in _INVISIBLE


def _without_excess_marks(text: str) -> str:
    """Return ``text`` with plain spaces, and without the marks that would cover other text."""
    shown: list[str] = []
    # A mark without a letter before it would stand on whatever is drawn before the name.
    room = 0
    for character in text:
        category = unicodedata.category(character)
        if category == "Zs":
            shown.append(" ")
            room = 0
        elif not category.startswith("M"):
            shown.append(character)
            room = _COMBINING_LIMIT
        elif room > 0:
            shown.append(character)
            room -= category != "Mc"
    return "".join(shown)
