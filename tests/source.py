"""Source files of the three packages, parsed once for the tests that read them."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOP_PACKAGES = ("game", "net", "plugins")


# The nodes of a syntax tree that some test reads.
KINDS = (ast.Import, ast.ImportFrom, ast.Attribute, ast.Name, ast.Call, ast.Dict, ast.Raise)


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its dotted name, its syntax tree, and the nodes of ``KINDS``."""

    name: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    @property
    def is_pure(self) -> bool:
        """True if the first paragraph of the docstring says ``[pure]``."""
        return "[pure]" in (ast.get_docstring(self.tree) or "").split("\n\n")[0]


def parse(name: str, source: str) -> Module:
    """Return a module of this source."""
    tree = ast.parse(source)
    # To walk through a tree takes longer than to parse it, hence once.
    return Module(name, tree, tuple(node for node in ast.walk(tree) if isinstance(node, KINDS)))


@cache
def modules() -> dict[str, Module]:
    """Return every module by its dotted name; a package goes by the name of its folder."""
    found = {}
    for top in TOP_PACKAGES:
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            name = name.removesuffix(".__init__")
            found[name] = parse(name, path.read_text(encoding="utf-8"))
    return found
