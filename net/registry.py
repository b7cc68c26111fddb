"""The transports that are installed, found by entry point.

A package adds a transport with an entry point in its ``pyproject.toml``; nothing here is edited::

    [project.entry-points."jitterball.transports"]
    yours = "your_module:YourTransport"

Jitterball's own transports are installed in the same way.
"""

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from net.errors import MissingLibrary, PluginLoadError, UnknownTransport
from net.transport import Transport

__all__ = ["ENTRY_POINT_GROUP", "installed_transports", "is_built_in", "load_transport"]

ENTRY_POINT_GROUP = "jitterball.transports"

# Built in, but not part of every installation. The keys of the others must not depend on it.
_LATER = ("quic",)


def installed_transports() -> Mapping[str, EntryPoint]:
    """Return the entry points of all installed transports by name, built-in ones first.

    Keys and lists follow this order. No plugin is imported.
    """
    return _found_along(tuple(sys.path))


# The search reads the metadata of every package, which takes as long as a frame.
@cache
def _found_along(path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    found = {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}
    built_in_first = sorted(
        found, key=lambda name: (not is_built_in(found[name]), name in _LATER, name)
    )
    return {name: found[name] for name in built_in_first}


def load_transport(name: str) -> Transport:
    """Import the plugin that is installed under ``name`` and return its transport.

    Raises ``UnknownTransport`` if there is none; its message suggests the nearest name.
    Raises ``PluginLoadError`` if the plugin cannot be imported, or is no ``Transport``; as
    ``MissingLibrary`` if it needs a package that is not installed.
    """
    installed = installed_transports()
    if name not in installed:
        near = get_close_matches(name, installed, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"installed are {', '.join(installed)}"
        raise UnknownTransport(f"no transport {name!r}: {hint}")
    try:
        transport = installed[name].load()()
    except MissingLibrary:
        raise
    # The module of a third party may raise anything while it is imported.
    except Exception as error:
        raise PluginLoadError(
            f"transport {name!r} ({installed[name].value}) cannot be loaded: {error}"
        ) from error
    if not isinstance(transport, Transport):
        raise PluginLoadError(f"transport {name!r} ({installed[name].value}) is no net.Transport")
    return transport


def is_built_in(entry: EntryPoint) -> bool:
    """Return whether an entry point is one of Jitterball's own."""
    return entry.module.partition(".")[0] == "plugins"
