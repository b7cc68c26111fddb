"""Check of a web page that connects: this server must have served it.  [pure]

A browser sends the ``Origin`` of the page (RFC 6454) with every WebSocket handshake. A foreign page
must not reach a server on the computer or LAN of the person who opened it.

Equal host names alone do not prove it. A foreign site can let its name point to an address of this
LAN (DNS rebinding). So without TLS a host must be an address, or a name that public DNS does not
resolve. With TLS the certificate proves the name.
"""

import re
from ipaddress import ip_address

# Reserved for local networks: RFC 6761, RFC 6762, RFC 8375, and what home routers use.
_LOCAL_DOMAINS = ("localhost", "local", "home.arpa", "internal", "lan", "home")


# The port that a URL leaves out, by whether the connection is encrypted.
_USUAL_PORTS = {False: 80, True: 443}

# Nothing else may get from a request into a header of an answer.
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")


def split_host(host_header: str, is_encrypted: bool) -> tuple[str, int]:
    """Return host and port of a ``Host`` header: lower case, without brackets.

    Without a port it is the one that the scheme implies. Raises ``ValueError`` for what is no host.
    """
    text = host_header.strip().lower()
    host, _, port = text[1:].partition("]") if text.startswith("[") else text.partition(":")
    port = port.removeprefix(":")
    if not _HOST.fullmatch(host) or not ((port.isascii() and port.isdigit()) or not port):
        raise ValueError(f"{host_header!r:.80} is no host")
    return host, int(port) if port else _USUAL_PORTS[is_encrypted]


def is_local_host(host: str) -> bool:
    """Return whether a host is an address, or a name that public DNS does not resolve."""
    try:
        ip_address(host)
    except ValueError:
        name = host.removesuffix(".")
        return bool(name) and ("." not in name or name.endswith(_LOCAL_SUFFIXES))
    return True


def is_own_host(host_header: str, is_encrypted: bool) -> bool:
    """Return whether a request's ``Host`` is one that only this server can have."""
    try:
        host, _ = split_host(host_header, is_encrypted)
    except ValueError:
        return False
    return is_encrypted or is_local_host(host)


def is_own_page(origin: str, host_header: str, port_offset: int, is_encrypted: bool) -> bool:
    """Return whether this server served the page of ``origin`` that sent this request.

    ``port_offset`` is the page's port less the one that received the request. A relay may stand
    before both, so their difference is compared and not the port itself.
    """
    if not is_own_host(host_header, is_encrypted):
        return False
    host, port = split_host(host_header, is_encrypted)
    scheme = "https" if is_encrypted else "http"
    own = f"{scheme}://{f'[{host}]' if ':' in host else host}"
    page_port = port + port_offset
    # Browsers leave out the port that a scheme implies.
    own += "" if page_port == _USUAL_PORTS[is_encrypted] else f":{page_port}"
    return origin.lower() == own


_LOCAL_SUFFIXES = tuple(f".{domain}" for domain in _LOCAL_DOMAINS)
