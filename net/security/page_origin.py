"""The check that a web page which connects to this server was served by this server.  [pure]

A browser sends the ``Origin`` of the page (RFC 6454) with every WebSocket handshake. A foreign page
must not reach a server on its visitor's computer or LAN.

Equal host names alone do not prove it. A foreign site can let its name point to an address of this
LAN (DNS rebinding). So without TLS a host must be an address, or a name that public DNS does not
resolve. With TLS the certificate proves the name.
"""

import re
from ipaddress import ip_address

# Reserved for local networks: RFC 6761, RFC 6762, RFC 8375, and what home routers use.
_LOCAL_DOMAINS = ("localhost", "local", "home.arpa", "internal", "lan", "home")


# Nothing else may get from a request into a header of an answer.
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")


def host_of(host_header: str) -> str:
    """Return the host of a ``Host`` header, lower case, without port and brackets."""
    text = host_header.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


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
    host = host_of(host_header)
    return bool(_HOST.fullmatch(host)) and (is_encrypted or is_local_host(host))


def is_own_page(origin: str, host_header: str, page_port: int, is_encrypted: bool) -> bool:
    """Return whether a page of ``origin`` came from ``page_port`` of the host of this request."""
    host = host_of(host_header)
    scheme, usual_port = ("https", 443) if is_encrypted else ("http", 80)
    shown_host = f"[{host}]" if ":" in host else host
    own = {f"{scheme}://{shown_host}:{page_port}"}
    if page_port == usual_port:
        # Browsers leave out the port that a scheme implies.
        own.add(f"{scheme}://{shown_host}")
    return is_own_host(host_header, is_encrypted) and origin.lower() in own


_LOCAL_SUFFIXES = tuple(f".{domain}" for domain in _LOCAL_DOMAINS)
