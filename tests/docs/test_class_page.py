"""``docs/class.md``: its commands, buttons, ports and links are those of the program."""

import re
from pathlib import Path

import pytest

from game.cli.options.transports import usable_transports
from game.protocol.addresses import DEFAULT_PORT, HTTP_PORT_OFFSET, REFERENCE_PORT_OFFSET
from net.discovery.probe import DISCOVERY_PORTS
from net.link.presets import PRESETS
from tests.docs.command_options import options_of
from tests.source import ROOT

PAGES = {"en": ROOT / "docs" / "class.md", "es": ROOT / "docs" / "class.es.md"}
BUTTONS = ROOT / "game" / "web" / "teacher_page" / "texts.js"
each_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[str]:
    """Return the lines that are to be typed."""
    return [line.strip() for line in re.findall(r"^ {4,}(\w.*)$", text_of(page), re.MULTILINE)]


def commands(page: Path) -> list[list[str]]:
    found = re.findall(r"(?:^ {4,}|`)jitterball ([^`\n|]*)", text_of(page), re.MULTILINE)
    return [line.split(" 2>")[0].split() for line in found]


def test_both_languages_type_the_same() -> None:
    english, spanish = map(blocks, PAGES.values())
    assert english == spanish
    assert len(english) > 10
    first, second = map(commands, PAGES.values())
    assert sorted(first) == sorted(second)


def test_every_command_and_option_exists() -> None:
    for name, *arguments in commands(PAGES["en"]):
        options = {"--help"} | options_of(name)
        assert {each for each in arguments if each.startswith("--")} <= options, name


@each_page
def test_every_bold_word_of_the_plans_is_a_button_or_a_preset(page: Path) -> None:
    rows = [line for line in text_of(page).splitlines() if line.startswith("|")]
    bold = {word for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row)}
    assert len(bold) >= 6
    buttons = BUTTONS.read_text(encoding="utf-8")
    assert not {word for word in bold if word not in PRESETS and f'"{word}"' not in buttons}


@each_page
def test_the_minutes_of_each_plan_add_up(page: Path) -> None:
    for title, plan in re.findall(
        r"^## \D*(\d+) minut\w+\n(.*?)(?=^## )", text_of(page), re.M | re.S
    ):
        minutes = re.findall(r"^\| (\d+) \|", plan, re.MULTILINE)
        assert sum(map(int, minutes)) == int(title)
        assert len(minutes) == 6


@each_page
def test_the_firewall_opens_every_port(page: Path) -> None:
    game = {DEFAULT_PORT + each.port_offset for each in usable_transports().values()}
    web = {DEFAULT_PORT + offset for offset in (HTTP_PORT_OFFSET, REFERENCE_PORT_OFFSET)}
    tcp, udp = game | web, game | set(DISCOVERY_PORTS)
    text = text_of(page)
    ranges = re.findall(r"(?:LocalPort |allow |add-port=|tcp --add-port=)(\d+)[-:](\d+)", text)
    opened = [set(range(int(first), int(last) + 1)) for first, last in ranges]
    # Windows, ufw, firewalld, and the two lines that take ufw's back.
    assert sum(tcp <= each for each in opened) >= 4
    assert sum(udp <= each for each in opened) >= 4
    assert all(tcp <= each or udp <= each for each in opened)
    for port in tcp:
        assert f"| {port}, " in text


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = text_of(page)
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        assert (page.parent / file).exists()
        assert not anchor or file or anchor in anchors


def test_the_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"(docs/{page.name})" in readme for page in PAGES.values())
