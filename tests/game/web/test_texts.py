"""The words of the page: the same in both languages, and all that the page asks for."""

import re

from game.web.page_files import page_files


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
