"""The worksheet's commands exist, and are the same in both languages."""

import re
from itertools import pairwise
from pathlib import Path

from net.link.spec import parse_link
from tests.docs.command_options import options_of

DOCS = Path(__file__).parents[2] / "docs"
SHEETS = ("lab.md", "lab.es.md")


def commands(sheet: str) -> list[list[str]]:
    text = (DOCS / sheet).read_text(encoding="utf-8")
    lines = re.findall(r"^    (?:PYTHONPATH=\S+ )?(jitterball .*)$", text, re.MULTILINE)
    return [line.split()[1:] for line in lines]


def test_both_languages_run_the_same():
    english, spanish = map(commands, SHEETS)
    assert english == spanish
    assert len(english) > 10


def test_every_command_and_option_exists():
    for name, *arguments in commands(SHEETS[0]):
        assert {each for each in arguments if each.startswith("--")} <= options_of(name), name


def test_every_link_can_be_read():
    links = [
        value
        for _, *arguments in commands(SHEETS[0])
        for option, value in pairwise(arguments)
        if option == "--link"
    ]
    assert links
    for link in links:
        assert parse_link(link)
