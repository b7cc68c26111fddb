"""Sanitizing of untrusted names, and unique names."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from game.protocol.names import NAME_LIMIT, sanitize_name, unique_name


@given(st.text(max_size=200))
def test_a_sanitized_name_is_one_short_line_without_hidden_characters(text):
    name = sanitize_name(text, NAME_LIMIT)
    assert len(name) <= NAME_LIMIT
    assert name == name.strip()
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_letters_of_all_languages_are_kept():
    for name in ("Ñandú", "Zoë", "Łukasz", "Ζωή", "李小龙", "अनु"):
        assert sanitize_name(name, NAME_LIMIT) == unicodedata.normalize("NFC", name)


def test_characters_that_reorder_or_cover_other_text_are_removed():
    assert sanitize_name("evil\u202egnp\x07\n.exe", NAME_LIMIT) == "evilgnp.exe"
    assert sanitize_name("a" + "\u0301" * 50 + "b", NAME_LIMIT).count("\u0301") <= 2


def test_invisible_characters_are_removed():
    invisible = "\u3164\u115f\u1160\u2800\uffa0\u17b4\u034f\ufe0f\U000e0100"
    names = {f"U+{ord(c):04X}": sanitize_name(c * NAME_LIMIT, NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "")
    names = {f"U+{ord(c):04X}": sanitize_name(f"A{c}na", NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "Ana")


@given(st.lists(st.sampled_from(["Ana", "A" * NAME_LIMIT, "Ana 2"]), max_size=30))
def test_unique_names_are_unique_and_fit(names):
    taken = set()
    for name in names:
        unique = unique_name(name, taken)
        assert unique not in taken
        assert len(unique) <= NAME_LIMIT
        taken.add(unique)
