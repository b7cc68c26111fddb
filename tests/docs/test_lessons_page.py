"""Tests of ``docs/lessons.md``: its lesson is one, and its tables name what there is."""

import re
from pathlib import Path

from game.lesson.claim import parse_claim
from game.lesson.figures import FIGURES
from game.lesson.parser import parse_lesson

PAGE = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text("utf-8")


def test_the_lesson_of_the_page_is_valid() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert parse_lesson("page", text).answer == "C"


def test_the_claims_of_the_page_are_valid() -> None:
    claims = re.findall(r"^    (tcp\..*)$", PAGE, re.MULTILINE)
    assert len(claims) == 2
    for claim in claims:
        assert parse_claim(claim).left.transport == "tcp"


def test_the_page_has_every_figure() -> None:
    table = PAGE.partition("| figure | meaning |")[2]
    assert set(re.findall(r"`(\w+)`", table)) == set(FIGURES)
