"""The map of the course leads to what exists, and is the same in both languages."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from net.link.spec import parse_link
from tests.docs.command_options import options_of

DOCS = Path(__file__).parents[2] / "docs"
ROOT = DOCS.parent
MAPS = ("course.md", "course.es.md")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")

# A topic of the course, by a word of its row.
TOPICS = (
    *("Layers", "addresses", "Ports", "TCP against UDP", "`bind`", "backlog", "`accept`"),
    *("`connect`", "`sendall`", "`recv`", "`recvfrom`", "`shutdown`", "Buffers", "non-blocking"),
    *("`SO_REUSEADDR`", "Context managers", "Threads", "asyncio", "WebSocket", "msgpack"),
    *("Time", "HTTP", "Errors"),
)


def rows(page: str) -> list[str]:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and "`" in line]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


@cache
def names_in(path: str) -> set[str]:
    """Return what a module defines: names, and names of members behind their class."""
    names = set()

    def add(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            match node:
                case ast.ClassDef(name=name, body=members):
                    names.add(prefix + name)
                    add(members, f"{prefix}{name}.")
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    names.add(prefix + name)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names.add(prefix + name)
                case ast.Assign(targets=targets):
                    names.update(prefix + each.id for each in targets if isinstance(each, ast.Name))

    add(ast.parse((ROOT / path).read_text(encoding="utf-8")).body, "")
    return names


@pytest.mark.parametrize("page", MAPS)
def test_every_link_leads_to_a_file(page):
    links = [target for _, target in LINK.findall((DOCS / page).read_text(encoding="utf-8"))]
    assert len(links) > 60
    assert [link for link in links if not (DOCS / link).is_file()] == []


@pytest.mark.parametrize("page", MAPS)
def test_every_row_is_whole(page):
    assert len(rows(page)) >= len(TOPICS)
    for row in rows(page):
        topic, text, alone, real, command = cells(row)
        assert topic
        # Two sentences.
        assert len(re.findall(r"[.]( |$)", text)) == 2, row
        assert all(target.startswith("examples/") for _, target in LINK.findall(alone)), row
        assert LINK.findall(alone), row
        assert LINK.findall(real), row
        assert re.fullmatch(r"`(jitterball|python) .+`", command), row


@pytest.mark.parametrize("page", MAPS)
def test_every_name_is_defined_where_the_link_leads(page):
    wrong = [
        (name, target)
        for row in rows(page)
        for name, target in LINK.findall(cells(row)[3])
        if name.strip("`") not in names_in(target.removeprefix("../"))
    ]
    assert wrong == []


def test_no_topic_is_missing():
    topics = " ".join(cells(row)[0] for row in rows(MAPS[0]))
    assert [topic for topic in TOPICS if topic not in topics] == []


def test_every_recipe_is_on_the_map():
    page = (DOCS / MAPS[0]).read_text(encoding="utf-8")
    recipes = (DOCS / "examples" / "sockets").glob("*.py")
    assert [
        path.name for path in recipes if f"({path.relative_to(DOCS).as_posix()})" not in page
    ] == []


def test_both_languages_have_the_same_links_and_commands():
    english, spanish = ([cells(row)[2:] for row in rows(page)] for page in MAPS)
    assert english == spanish


def test_every_command_and_option_exists():
    for row in rows(MAPS[0]):
        program, name, *arguments = cells(row)[4].strip("`").split()
        if program == "python":
            assert (ROOT / name).is_file(), name
            continue
        assert {each for each in arguments if each.startswith("--")} <= options_of(name), row
        for option, value in pairwise(arguments):
            if option == "--link":
                parse_link(value)


def test_the_readme_leads_to_the_map():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"(docs/{page})" in readme for page in MAPS)
