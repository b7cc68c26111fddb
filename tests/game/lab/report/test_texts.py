"""The texts of the report in both languages, with the same placeholders."""

from dataclasses import fields
from string import Formatter

from game.lab.report.texts import ENGLISH, LANGUAGES, SPANISH, ReportTexts, report_texts

# The words of a link's label are tested with the texts of the window.
KEYS = [field.name for field in fields(ReportTexts) if field.name != "link_words"]
# The same in both languages.
INTERNATIONAL = {"disconnected_value", "duration_value", "bots", "rtt"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_text_is_empty_and_all_fill_in_the_same_names():
    texts = {(code, key): getattr(LANGUAGES[code], key) for code in LANGUAGES for key in KEYS}
    assert not [where for where, text in texts.items() if not text.strip() == text != ""]
    assert not [
        (where, text)
        for where, text in texts.items()
        if placeholders(text) != placeholders(getattr(ENGLISH, where[1]))
    ]


def test_spanish_is_not_english():
    same = {key for key in KEYS if getattr(SPANISH, key) == getattr(ENGLISH, key)}
    assert same <= INTERNATIONAL


def test_a_language_code_finds_its_texts():
    cases = {"es_AR.UTF-8": SPANISH, "ES": SPANISH, "en": ENGLISH, "fr": ENGLISH}
    assert [code for code, texts in cases.items() if report_texts(code) is not texts] == []


def test_numbers_have_the_decimal_mark_of_the_language():
    text = "12.5 / 100 ±0.25 ms. Final"
    assert ENGLISH.numbers(text) == text
    assert SPANISH.numbers(text) == "12,5 / 100 ±0,25 ms. Final"
    assert (ENGLISH.separators, SPANISH.separators) == (".,", ",.")
