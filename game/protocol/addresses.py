"""Addresses as people type them: ``HOST``, ``HOST:PORT``, ``::1``, ``[::1]:7777``.  [pure]

Looks at the spelling only; whether there is such a host is for the network to say.
"""

from net.transport import (
    Address,
)

PORT_MAX = 65535


def parse_address(text: str, default_port: int) -> Address:
    """Read a host with an optional port; brackets are needed only around an IPv6 with a port.

    Raises ``ValueError`` with one line for the person who typed it.
    """
    typed = text.strip()
    if typed.startswith("["):
        host, bracket, rest = typed[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f"{text!r} is no address: an IPv6 with a port looks like [::1]:7777")
        port_text = rest[1:] if rest else None
    elif typed.count(":") > 1:
        host, port_text = typed, None
    else:
        host, colon, after = typed.partition(":")
        port_text = after if colon else None
    if not host or any(character.isspace() or character in "/[]" for character in host):
        raise ValueError(f"{text!r} is no address: give a host, or HOST:PORT as 192.168.1.38:7777")
    return Address(host, default_port if port_text is None else _parse_port(port_text, text))


def format_host(host: str, port: int, default_port: int) -> str:
    """Return what to type for a host, with the port only where it must be said."""
    if port == default_port:
        return host
    address = str(Address(host, port))
    # Some shells take brackets for a pattern.
    return f'"{address}"' if ":" in host else address


def _parse_port(port_text: str, text: str) -> int:
    if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text) <= PORT_MAX):
        raise ValueError(
            f"{port_text!r} in {text!r} is no port: a port is a number from 1 to {PORT_MAX}"
        )
    return int(port_text)


DEFAULT_PORT = 7777
