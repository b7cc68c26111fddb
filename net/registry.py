"""net/registry.py."""

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

from net.errors import PluginLoadError, UnknownTransport
from net.transport import Transport

ENTRY_POINT_GROUP = "jitterball.transports"


def installed_transports() -> dict[str, EntryPoint]:
    """Return the entry points of all installed transports by name, built-in ones first."""
    found = {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}
    built_in_first = sorted(found, key=lambda name: (not is_built_in(found[name]), name))
    return {name: found[name] for name in built_in_first}


def load_transport(name: str) -> Transport:
    """Load the transport that is installed under ``name``.

    Raises ``UnknownTransport``, which names the nearest right one, and ``PluginLoadError``.
    """
    installed = installed_transports()
    if name not in installed:
        near = get_close_matches(name, installed, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"installed are {', '.join(installed)}"
        raise UnknownTransport(f"no transport {name!r}: {hint}")
    try:
        transport = installed[name].load()()
    # A stranger's module may fail in any way while it is imported.
    except Exception as error:
        raise PluginLoadError(
            f"transport {name!r} ({installed[name].value}) cannot be loaded: {error}"
        ) from error
    if not isinstance(transport, Transport):
        raise PluginLoadError(f"transport {name!r} ({installed[name].value}) is no net.Transport")
    return transport


def is_built_in(entry: EntryPoint) -> bool:
    """Say whether an entry point is one of Jitterball's own."""
    return entry.module.partition(".")[0] == "plugins"
