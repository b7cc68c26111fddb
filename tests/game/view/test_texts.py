"""Tests of the texts: each language is complete and fills in the same names."""

from dataclasses import fields
from string import Formatter

from game.view.texts import ENGLISH, LANGUAGES, SPANISH, Texts, texts_for
from net.link.label import link_label
from net.link.spec import parse_link


def words_of(texts: Texts) -> dict[str, str]:
    """Return each text with its key, those of the link's label included."""
    words = {field.name: getattr(texts, field.name) for field in fields(Texts)}
    link_words = words.pop("link_words")
    return words | {f"link_words.{f.name}": getattr(link_words, f.name) for f in fields(link_words)}


# Texts that are the same in both languages.
INTERNATIONAL = {
    "link_jitter",
    "link_words.rate",
    "stat_traffic",
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
    texts = {
        (code, key): text for code in LANGUAGES for key, text in words_of(LANGUAGES[code]).items()
    }
    english = words_of(ENGLISH)
    assert not [where for where, text in texts.items() if not text.strip()]
    assert not [
        (where, text)
        for where, text in texts.items()
        if placeholders(text) != placeholders(english[where[1]])
    ]


def test_spanish_is_not_english() -> None:
    same = words_of(SPANISH).items() & words_of(ENGLISH).items()
    assert {key for key, _ in same} <= INTERNATIONAL


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


def test_numbers_have_the_decimal_mark_of_the_language() -> None:
    assert ENGLISH.number(1.25, 1) == "1.2"
    assert SPANISH.number(1.25, 1) == "1,2"
    assert SPANISH.number(1234.5) == "1234"
    assert SPANISH.short_number(0.125) == "0,125"


def test_the_label_of_a_link_is_in_the_language() -> None:
    link = parse_link("up.delay=2.5ms,down.loss=5%,down.burst=3,down.rate=1.5mbit,down.reorder=on")
    assert link_label(link, 7, SPANISH.link_words) == (
        "ENLACE subida 2,5 ms; bajada desordenado, 5 % de pérdida en ráfagas de 3, 1,5 Mbit/s, "
        "semilla 7"
    )
    assert link_label(None, 7, SPANISH.link_words) == "ENLACE ninguno"
