"""Names as strangers type them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.protocol.names import NAME_LIMIT, sanitize_name, unique_name


@given(st.text(max_size=200))
def test_a_clean_name_is_one_short_line_without_anything_hidden(text):
    name = sanitize_name(text, NAME_LIMIT)
    assert len(name) <= NAME_LIMIT
    assert name == name.strip()
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_letters_of_all_languages_stay():
    for name in ("Ñandú", "Zoë", "Łukasz", "Ζωή", "李小龙", "अनु"):
        assert sanitize_name(name, NAME_LIMIT) == unicodedata.normalize("NFC", name)


def test_what_would_reorder_or_bury_the_text_around_it_goes():
    assert sanitize_name("evil\u202egnp\x07\n.exe", NAME_LIMIT) == "evilgnp.exe"
    assert sanitize_name("a" + "\u0301" * 50 + "b", NAME_LIMIT).count("\u0301") <= 2


@pytest.mark.parametrize("blank", "\u3164\u115f\u1160\u2800\uffa0\u17b4\u034f\ufe0f\U000e0100")
def test_what_nothing_is_seen_of_makes_no_name_and_no_difference(blank):
    assert sanitize_name(blank * NAME_LIMIT, NAME_LIMIT) == ""
    assert sanitize_name(f"A{blank}na", NAME_LIMIT) == "Ana"


@given(st.lists(st.sampled_from(["Ana", "A" * NAME_LIMIT, "Ana 2"]), max_size=30))
def test_unique_names_are_unique_and_fit(names):
    taken = set()
    for name in names:
        shown = unique_name(name, taken)
        assert shown not in taken
        assert len(shown) <= NAME_LIMIT
        taken.add(shown)
