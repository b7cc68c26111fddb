"""Source files of the three packages, parsed once for the tests that read them."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOP_PACKAGES = ("game", "net", "plugins")


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its dotted name and its syntax tree."""

    name: str
    tree: ast.Module

    @property
    def is_pure(self) -> bool:
        """True if the first paragraph of the docstring says ``[pure]``."""
        return "[pure]" in (ast.get_docstring(self.tree) or "").split("\n\n")[0]


@cache
def modules() -> dict[str, Module]:
    """Return every module by its dotted name; a package goes by the name of its folder."""
    found = {}
    for top in TOP_PACKAGES:
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            name = name.removesuffix(".__init__")
            found[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
    return found
