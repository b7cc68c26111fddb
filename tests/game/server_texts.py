"""The texts that a server sends to be shown to a player, read from its source."""

import ast
from collections.abc import Iterator

from tests.source import Module, modules

# The functions that send a text, and the number of that argument.
_SENDING = {"refuse": 1, "Refusal": 1, "send_close": 0, "dismiss": 0, "MatchFullError": 0}
# The functions that return a text, which their caller sends.
_RETURNING = {"_rejection_reason", "_apply", "_set_limit"}
_MODULES = (
    *("game.server.", "game.match.roster"),
    *("net.session.server", "net.session.authenticator", "net.security.server_limits"),
)
# Each of these is one of the others, or names what is wrong with a message, which no page sends.
_SENT_ON = {
    "str(error)",
    "reason",
    "refusal.text",
    "self.permit.rejection_reason",
    "str(full)",
    "_set_limit(room, request)",
}


def template(node: ast.expr) -> str:
    """Return a literal with ``{}`` for each value; empty if the node is no literal."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) or "{}" for part in node.values)
    return ""


def texts_for_clients() -> set[str]:
    """Return the templates of all texts; fails if one is neither a literal nor known."""
    sending = [each for each in modules().values() if each.name.startswith(_MODULES)]
    return {
        text
        for module in sending
        for node in _sent(module)
        for text in _templates(node, module, sending)
        if text
    }


def _sent(module: Module) -> Iterator[ast.expr]:
    """Yield the expressions whose values are sent."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(ast.Name(name) | ast.Attribute(_, name), arguments) if (
                name in _SENDING and len(arguments) > _SENDING[name]
            ):
                yield arguments[_SENDING[name]]
            case ast.FunctionDef(name) if name in _RETURNING:
                yield from (
                    each.value
                    for each in ast.walk(node)
                    if isinstance(each, ast.Return) and each.value is not None
                )


def _templates(node: ast.expr, module: Module, sending: list[Module]) -> Iterator[str]:
    """Yield the template of an expression, or those that are assigned to its name."""
    if isinstance(node, ast.Name) and (values := _assigned(node.id, module, sending)):
        yield from map(template, values)
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield template(node)
    else:
        assert ast.unparse(node) in _SENT_ON, f"{module.name} sends {ast.unparse(node)}"


def _assigned(name: str, module: Module, sending: list[Module]) -> list[ast.expr]:
    """Return what is assigned to a name in its module; to a constant, in any."""
    return [
        node.value
        for each in (sending if name.isupper() else [module])
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == name
    ]
