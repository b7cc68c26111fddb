"""The page on plugins leads to what exists, and shows the template as it is."""

import re
import tomllib
from pathlib import Path

from game.protocol.addresses import HTTP_PORT_OFFSET, REFERENCE_PORT_OFFSET
from net.registry import ENTRY_POINT_GROUP

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "plugins.md").read_text(encoding="utf-8")
TEMPLATE = DOCS / "plugin-template"


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) > 8
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_entry_point_is_that_of_the_template():
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [(name, value)] = project["entry-points"][ENTRY_POINT_GROUP].items()
    assert f'    [project.entry-points."{ENTRY_POINT_GROUP}"]\n    {name} = "{value}"\n' in PAGE
    module, _, class_name = value.partition(":")
    assert f"class {class_name}(Transport)" in (TEMPLATE / f"{module}.py").read_text("utf-8")


def test_the_offsets_are_those_in_use():
    assert f"the web page {HTTP_PORT_OFFSET}" in PAGE
    template = (TEMPLATE / "jitterball_lines.py").read_text(encoding="utf-8")
    offset = int(re.search(r"port_offset = (\d+)", template)[1])
    assert f"the template {offset}" in PAGE
    assert offset > max(HTTP_PORT_OFFSET, REFERENCE_PORT_OFFSET)
