"""Sanitizing of untrusted names, and unique names."""

import unicodedata

import pytest
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
    invisible = (
        "\u3164\u115f\u1160\u2800\uffa0\u17b4\u034f\ufe0f\U000e0100\U0001d159\U00016fe4\U00013441"
    )
    names = {f"U+{ord(c):04X}": sanitize_name(c * NAME_LIMIT, NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "")
    names = {f"U+{ord(c):04X}": sanitize_name(f"A{c}na", NAME_LIMIT) for c in invisible}
    assert names == dict.fromkeys(names, "Ana")


def test_an_invisible_character_keeps_no_letter_from_its_accent():
    for apart in ("", "\u200b", "\u200d\u2060", "\ufe0f", "\U000e0100", "\U0001d159"):
        assert sanitize_name(f"Jose{apart}\u0301", NAME_LIMIT) == "Jos\u00e9"


@given(st.text(max_size=40))
def test_sanitizing_twice_changes_nothing(text):
    once = sanitize_name(text, NAME_LIMIT)
    assert sanitize_name(once, NAME_LIMIT) == once


@given(st.text(st.characters(categories=["M", "Z", "C"]), max_size=40))
def test_a_name_without_a_letter_is_empty_and_not_blank(text):
    assert sanitize_name(text, NAME_LIMIT) == ""


ALIKE = (
    *(("Ana", "\u0410n\u0430"), ("Jos\u00e9", "Jose\u0301"), ("Ana", "\uff21\uff4e\uff41")),
    *(("Ana", "\U0001d400\U0001d427\U0001d41a"), ("Olli", "0lIi"), ("mo", "rno")),
    *(("Koko", "\u039a\u03bfk\u03bf"), ("a-b", "a\u2011b"), ("O'Neil", "O\u2019Neil")),
)


@pytest.mark.parametrize(("name", "other"), ALIKE)
def test_a_name_that_looks_like_a_taken_one_gets_a_number(name, other):
    assert unique_name(other, {name}).endswith(" 2")
    assert unique_name(name, {other}).endswith(" 2")


def test_names_that_look_different_stay():
    different = ("Ana", "ana", "An\u00e1", "Eva", "\u674e\u5c0f\u9f99", "\u041e\u043b\u044f")
    taken = set()
    for name in different:
        assert unique_name(name, taken) == name
        taken.add(name)


@given(st.lists(st.sampled_from(["Ana", "A" * NAME_LIMIT, "Ana 2"]), max_size=30))
def test_unique_names_are_unique_and_fit(names):
    taken = set()
    for name in names:
        unique = unique_name(name, taken)
        assert unique not in taken
        assert len(unique) <= NAME_LIMIT
        taken.add(unique)
