"""Parsing and formatting of server addresses: ``HOST``, ``HOST:PORT``, ``[::1]:7777``.  [pure]"""

from net.transport import PORT_MAX, Address

# The base port, to which each transport adds its offset.
DEFAULT_PORT = 7777
# Transports of ours use the offsets 0 and 1, and a third party's the next.
HTTP_PORT_OFFSET = 3
# In class mode: a WebSocket past the relay, for the ghosts of the page.
REFERENCE_PORT_OFFSET = 4


def parse_address(text: str, default_port: int) -> Address:
    """Parse a host with an optional port; only an IPv6 address with a port needs brackets.

    Raises ``ValueError`` with one line for the user.
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
    """Return what to type for a host, with the port only if it is not the default."""
    if port == default_port:
        return host
    address = str(Address(host, port))
    # Some shells expand brackets as a pattern.
    return f'"{address}"' if ":" in host else address


def _parse_port(port_text: str, text: str) -> int:
    if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text) <= PORT_MAX):
        raise ValueError(
            f"{port_text!r} in {text!r} is no port: a port is a number from 1 to {PORT_MAX}"
        )
    return int(port_text)
