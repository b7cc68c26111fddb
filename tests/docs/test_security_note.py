"""Every test that SECURITY.md names as holding a promise exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = sorted(
    set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text("utf-8")))
)


def functions_of(path: str) -> set[str]:
    if not (ROOT / path).exists():
        return set()
    nodes = ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in nodes if isinstance(node, functions)}


def test_every_promise_is_held_by_a_test() -> None:
    assert len(NAMED) > 20
    missing = [f"{path}::{name}" for path, name in NAMED if name not in functions_of(path)]
    assert not missing, "\n".join(missing)
