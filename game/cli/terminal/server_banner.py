"""The first lines of ``jitterball serve``: addresses, commands to join, and security."""

import sys
from collections.abc import Iterator, Mapping

from game.cli.options.certificates import fingerprint_line
from game.cli.options.sockets import describe_buffers
from game.cli.terminal.class_addresses import Posters
from game.cli.terminal.qr_code import qr_code
from game.protocol.addresses import DEFAULT_PORT, format_host
from game.server.local import LOOPBACK
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.system.lan_addresses import (
    LanAddresses,
    is_every_address,
    is_local_only,
    lan_addresses,
)
from net.transport import Address, TlsConfig, Transport


def server_banner(
    server: GameServer,
    transports: Mapping[str, Transport],
    *,
    page_port: int | None,
    sntp_port: int | None,
    teacher_secret: str = "",
    has_posters: bool = False,
) -> Iterator[str]:
    """Yield lines with the addresses, the commands to join, and who can join.

    ``page_port`` is the port of the web page, None without one. In a terminal its address is also
    shown as a QR code. ``teacher_secret`` opens the teacher's page there. ``has_posters``: posters
    show these two addresses and the key that ends the server.
    ``sntp_port`` is the port of the SNTP server, None without one.
    """
    settings = server.settings
    where = settings.host or "all addresses of this computer"
    yield f"listening on {where}, port {server.base_port}, seed {settings.seed}"
    found = _addresses(server)
    if not found.typed:
        yield _no_address_line(found)
    hosts = _hosts(found)
    for host in hosts:
        typed = format_host(host, server.base_port, DEFAULT_PORT)
        for name, transport in transports.items():
            tls = _tls_option(settings, transport)
            yield f"join: jitterball play {typed} --transport {name}{tls}"
    if page_port is not None and not has_posters:
        yield from _page_lines(settings, hosts, page_port)
        if teacher_secret:
            url = _page_url(settings, hosts[0], page_port, teacher_secret)
            yield f"for the teacher alone: {url}"
            if sys.stdout.isatty():
                yield qr_code(url)
    if server.classroom.relay is not None:
        yield "class mode: a relay emulates the link of everybody, as the teacher's page sets it"
    if sntp_port is not None:
        yield f"time by SNTP: UDP port {sntp_port}"
    yield _access_line(settings, is_local_only(server.hosts))
    yield from _encryption_lines(settings, transports)
    yield from describe_buffers(settings.sockets)
    if not has_posters:
        yield "Ctrl-C ends it"


def class_posters(server: GameServer, page_port: int, teacher_secret: str) -> Posters:
    """Return the posters with the addresses of the page and of the teacher's page."""
    settings, hosts = server.settings, _hosts(_addresses(server))
    urls = [_page_url(settings, host, page_port) for host in hosts]
    return Posters(urls, _page_url(settings, hosts[0], page_port, teacher_secret))


def _hosts(found: LanAddresses) -> list[str]:
    """Return the addresses to type, the best one first."""
    return list(found.typed) or [LOOPBACK]


def _page_lines(settings: ServerSettings, hosts: list[str], port: int) -> Iterator[str]:
    urls = [_page_url(settings, host, port) for host in hosts]
    for url in urls:
        yield f"in a browser, on a phone too: {url}"
    if sys.stdout.isatty():
        yield qr_code(urls[0])


def _page_url(settings: ServerSettings, host: str, port: int, teacher_secret: str = "") -> str:
    """Return the address of the players' page, or with a secret that of the teacher's page."""
    scheme = "https" if settings.sockets.tls else "http"
    # A browser sends no fragment, so the secret is in no request and in no log of a proxy.
    path = f"teacher#{teacher_secret}" if teacher_secret else ""
    return f"{scheme}://{Address(host, port)}/{path}"


def _tls_option(settings: ServerSettings, transport: Transport) -> str:
    """Return what a client must type for TLS: the fingerprint, which no authority needs to sign."""
    tls = _certificate_of(settings, transport)
    if tls is None:
        return ""
    return f" --fingerprint {fingerprint_line(tls)}"


def _certificate_of(settings: ServerSettings, transport: Transport) -> TlsConfig | None:
    """Return the certificate that a transport shows; None if it uses no TLS."""
    if not transport.guarantees.supports_tls:
        return None
    sockets = settings.sockets
    always = transport.guarantees.always_encrypts
    return sockets.tls or (sockets.own_certificate if always else None)


def _no_address_line(found: LanAddresses) -> str:
    if found.link_local:
        return (
            f"other computers on the same cable can join at {found.link_local[0]}, "
            "with % and the name of their network card behind it"
        )
    return "no network found: until there is one, only this computer can join"


def _access_line(settings: ServerSettings, is_local_only: bool) -> str:
    who = "this computer only" if is_local_only else "every computer on the network"
    if settings.password:
        return f"reachable by {who}; a password is set, and players need it to join"
    return f"reachable by {who}; no password is set (see --password), so all can join"


def _encryption_lines(
    settings: ServerSettings, transports: Mapping[str, Transport]
) -> Iterator[str]:
    tls = settings.sockets.tls or settings.sockets.own_certificate
    if tls is not None:
        yield f"fingerprint of the certificate, for --fingerprint: {fingerprint_line(tls)}"
    readable = [
        name
        for name, transport in transports.items()
        if not (settings.password and transport.guarantees.supports_encryption)
        and _certificate_of(settings, transport) is None
    ]
    if readable:
        yield f"not encrypted, readable on the network: {', '.join(readable)}"


def _addresses(server: GameServer) -> LanAddresses:
    """Return the one address that the server listens on, or this computer's if it listens on all.

    Those are of the address families that the server listens on.
    """
    if not is_every_address(server.settings.host):
        return LanAddresses((server.settings.host,), ())
    families = {":" in host for host in server.hosts}
    typed, link_local = lan_addresses()
    return LanAddresses(
        tuple(host for host in typed if (":" in host) in families),
        link_local if True in families else (),
    )
