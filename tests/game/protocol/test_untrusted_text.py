"""Removal of misleading characters from text that other people typed."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from game.protocol.names import NAME_LIMIT
from game.protocol.untrusted_text import sanitize_text, unchanged_text


@given(st.text(max_size=200))
def test_a_sanitized_name_is_one_short_line_without_hidden_characters(text):
    name = sanitize_text(text, NAME_LIMIT)
    assert len(name) <= NAME_LIMIT
    assert name == name.strip()
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_letters_of_all_languages_are_kept():
    for name in ("Ñandú", "Zoë", "Łukasz", "Ζωή", "李小龙", "अनु"):
        assert sanitize_text(name, NAME_LIMIT) == unicodedata.normalize("NFC", name)


def test_characters_that_reorder_or_cover_other_text_are_removed():
    assert sanitize_text("evil\u202egnp\x07\n.exe", NAME_LIMIT) == "evilgnp.exe"
    assert sanitize_text("a" + "\u0301" * 50 + "b", NAME_LIMIT).count("\u0301") <= 2


def test_invisible_characters_are_removed():
    invisible = (
        "\u3164\u115f\u1160\u2800\uffa0\u17b4\u034f\ufe0f\U000e0100\U0001d159\U00016fe4\U00013441"
    )
    names = {f"U+{ord(c):04X}": sanitize_text(c * NAME_LIMIT, NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "")
    names = {f"U+{ord(c):04X}": sanitize_text(f"A{c}na", NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "Ana")


def test_an_invisible_character_keeps_no_letter_from_its_accent():
    for apart in ("", "\u200b", "\u200d\u2060", "\ufe0f", "\U000e0100", "\U0001d159"):
        assert sanitize_text(f"Jose{apart}\u0301", NAME_LIMIT) == "Jos\u00e9"


@given(st.text(max_size=40))
def test_sanitizing_twice_changes_nothing(text):
    once = sanitize_text(text, NAME_LIMIT)
    assert sanitize_text(once, NAME_LIMIT) == once


@given(st.text(st.characters(categories=["M", "Z", "C"]), max_size=40))
def test_a_name_without_a_letter_is_empty_and_not_blank(text):
    assert sanitize_text(text, NAME_LIMIT) == ""


def test_a_typed_name_may_have_its_accents_apart_and_loses_nothing():
    assert unchanged_text("Jose\u0301", NAME_LIMIT) == "Jos\u00e9"
    assert unchanged_text("", NAME_LIMIT) == ""
    for text in ("x" * (NAME_LIMIT + 1), "a\u202eb", "a\u200bb", " a", "a  b"):
        assert unchanged_text(text, NAME_LIMIT) is None
