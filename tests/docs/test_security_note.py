"""Every test that SECURITY.md names as holding a promise is there."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
NOTE = (HOUSE / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", NOTE)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_promise_is_held_by_a_test(path: str, name: str) -> None:
    tree = ast.parse((HOUSE / path).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, functions)}


def test_promises_are_held_by_tests_at_all() -> None:
    assert len(NAMED) > 20
