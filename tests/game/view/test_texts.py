"""Tests of the texts: each language is complete and fills in the same names."""

from dataclasses import fields
from string import Formatter

from game.view.texts import ENGLISH, LANGUAGES, SPANISH, Texts, texts_for

KEYS = [field.name for field in fields(Texts)]
# Texts that are the same in both languages.
INTERNATIONAL = {
    "link_jitter",
    "megabits",
    "lag_rtt",
    "kilobytes",
    "legend",
    "nagle",
    "stat_jitter",
    "rtt",
    "milliseconds",
    "unknown",
    "scored_by",
    "menu_title",
    "final",
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_text_is_empty_and_all_fill_in_the_same_names() -> None:
    texts = {(code, key): getattr(LANGUAGES[code], key) for code in LANGUAGES for key in KEYS}
    assert not [where for where, text in texts.items() if not text.strip()]
    assert not [
        (where, text)
        for where, text in texts.items()
        if placeholders(text) != placeholders(getattr(ENGLISH, where[1]))
    ]


def test_spanish_is_not_english() -> None:
    same = {key for key in KEYS if getattr(SPANISH, key) == getattr(ENGLISH, key)}
    assert same <= INTERNATIONAL


def test_a_language_code_finds_its_texts() -> None:
    expected = {
        "en": ENGLISH,
        "es": SPANISH,
        "es_AR.UTF-8": SPANISH,
        "Spanish_Spain": ENGLISH,
        "ES": SPANISH,
        "fr": ENGLISH,
        "C.UTF-8": ENGLISH,
        "": ENGLISH,
    }
    wrong = [code for code, texts in expected.items() if texts_for(code) is not texts]
    assert not wrong
