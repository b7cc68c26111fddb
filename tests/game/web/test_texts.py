"""The words of the page: the same in both languages, and all that the page asks for."""

import re

import pytest

from game.cli.spanish_messages import SPANISH_MESSAGES
from game.web.page_files import page_files
from tests.game.server_texts import texts_for_clients


def languages(javascript) -> dict[str, dict[str, str]]:
    return javascript("texts", "return module.LANGUAGES;")


def braces(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))


def test_both_languages_have_every_text(javascript):
    english, spanish = languages(javascript)["en"], languages(javascript)["es"]
    assert english.keys() == spanish.keys()
    differing = [key for key in english if braces(english[key]) != braces(spanish[key])]
    assert differing == []


def test_every_text_that_the_page_names_exists(javascript):
    files = page_files()
    named = set(re.findall(r'data-(?:text|label)="(\w+)"', files["index.html"].content.decode()))
    for name in ("main.js", "hud.js", "join_form.js"):
        named |= set(re.findall(r"texts\.(?!js\b)(\w+)", files[name].content.decode()))
    assert named <= languages(javascript)["en"].keys()


def test_no_text_is_never_used(javascript):
    used = "".join(
        file.content.decode() for name, file in page_files().items() if name != "texts.js"
    )
    unused = [key for key in languages(javascript)["en"] if not re.search(rf"\b{key}\b", used)]
    assert unused == []


# The worker that has parsed the source for others.
@pytest.mark.xdist_group("source")
def test_the_page_has_spanish_words_for_each_text_of_a_server(javascript):
    expected = {text: SPANISH_MESSAGES[text] for text in texts_for_clients()}
    assert len(expected) > 25
    assert javascript("server_texts", "return module.SPANISH;") == expected
    assert javascript("server_texts", "return module.SERVER_CLOSED;") in expected


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("this server has no chat", "este servidor no tiene chat"),
        ("only Ana (2) stops this match", "solo Ana (2) puede parar este partido"),
        ("give a number from 1 to 99", "indica un número de 1 a 99"),
        (
            "room 'main': all 40 player slots of the match are taken",
            "sala 'main': las 40 plazas de jugador del partido están ocupadas",
        ),
        ("Sit down, please: we begin", "Sit down, please: we begin"),
        ("", ""),
    ],
)
def test_a_text_of_a_server_is_shown_in_the_language_of_the_page(javascript, english, spanish):
    script = "return ['es', 'en'].map((language) => module.serverText(data, language));"
    assert javascript("server_texts", script, english) == [spanish, english]


def test_the_teachers_page_has_every_text_in_both_languages(tmp_path, run_node):
    files = page_files("teacher_page")
    (tmp_path / "texts.js").write_bytes(files["texts.js"].content)
    words = run_node(tmp_path, "texts", "return module.LANGUAGES;")
    english, spanish = words["en"], words["es"]
    assert english.keys() == spanish.keys()
    assert [key for key in english if braces(english[key]) != braces(spanish[key])] == []
    used = "".join(file.content.decode() for name, file in files.items() if name != "texts.js")
    named = set(re.findall(r'data-(?:text|label)="(\w+)"', used))
    named |= set(re.findall(r"texts\.(?!js\b)(\w+)", used)) | set(
        re.findall(r'label: "(\w+)"', used)
    )
    assert named <= english.keys()
    # A device's word is looked up by what a report calls it.
    unused = {key for key in english if not re.search(rf"\b{key}\b", used)}
    assert unused <= {"window", "page"}


def test_the_language_is_the_one_asked_for_else_the_browsers(javascript):
    script = "return data.map(([asked, browsers]) => module.chosenLanguage(asked, browsers));"
    cases = [["es", ["en"]], [None, ["fr", "es-AR", "en"]], ["xx", ["fr"]], [None, []]]
    assert javascript("texts", script, cases) == ["es", "es", "en", "en"]
