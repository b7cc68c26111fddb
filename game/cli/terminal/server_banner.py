"""What ``jitterball serve`` says when it starts: where it is, how to join, and who can."""

import sys
from collections.abc import Iterator, Mapping

from game.cli.options.security import fingerprint_line
from game.cli.options.sockets import describe_buffers
from game.cli.terminal.lan_addresses import lan_addresses
from game.cli.terminal.qr_code import qr_code
from game.protocol.addresses import DEFAULT_PORT, format_host
from game.server.local import LOOPBACK
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.transport import Address, Transport

_LOOPBACK_HOSTS = (LOOPBACK, "::1", "localhost")


def server_banner(
    server: GameServer, transports: Mapping[str, Transport], page_port: int | None
) -> Iterator[str]:
    """Say where the server listens, how others join, and who is let in.

    ``page_port`` is that of the web page, None without one. In a terminal its address is shown as
    a QR code too.
    """
    settings = server.settings
    hosts = [settings.host] if settings.host else _hosts_for_others(server)
    where = settings.host or "every address of this computer"
    yield f"listening on {where}, port {server.base_port}, seed {settings.seed}"
    if hosts == [LOOPBACK] and not settings.host:
        yield "no network found: only this computer can join"
    for host in hosts:
        typed = format_host(host, server.base_port, DEFAULT_PORT)
        for name, transport in transports.items():
            tls = " --tls" if settings.sockets.tls and transport.guarantees.supports_tls else ""
            yield f"join: jitterball play {typed} --transport {name}{tls}"
    if page_port is not None:
        yield from _how_to_open(settings, hosts, page_port)
    yield _who_gets_in(settings, hosts)
    yield from _what_can_be_read(settings, transports)
    yield from describe_buffers(settings.sockets)
    yield "Ctrl-C ends it"


def _how_to_open(settings: ServerSettings, hosts: list[str], port: int) -> Iterator[str]:
    scheme = "https" if settings.sockets.tls else "http"
    urls = [f"{scheme}://{Address(host, port)}/" for host in hosts]
    for url in urls:
        yield f"in a browser, on a phone too: {url}"
    if sys.stdout.isatty():
        yield qr_code(urls[0])


def _who_gets_in(settings: ServerSettings, hosts: list[str]) -> str:
    only_here = all(host in _LOOPBACK_HOSTS for host in hosts)
    who = "this computer only" if only_here else "everyone whose computer reaches this one"
    if settings.password:
        return f"reachable by {who}; a password is set, and who does not know it stays out"
    return f"reachable by {who}; no password is set (see --password), so all of them may join"


def _what_can_be_read(
    settings: ServerSettings, transports: Mapping[str, Transport]
) -> Iterator[str]:
    tls = settings.sockets.tls
    if tls is not None:
        yield f"certificate's fingerprint, for --fingerprint: {fingerprint_line(tls)}"
    readable = [
        name
        for name, transport in transports.items()
        if not (settings.password and transport.guarantees.supports_encryption)
        and not (tls and transport.guarantees.supports_tls)
    ]
    if readable:
        yield f"not encrypted, who listens on the way can read it: {', '.join(readable)}"


def _hosts_for_others(server: GameServer) -> list[str]:
    """Return our addresses of those families that the server listens on."""
    listens_on_ipv6 = any(":" in each.host for one in server.listeners for each in one.addresses)
    found = [host for host in lan_addresses() if listens_on_ipv6 or ":" not in host]
    return found or [LOOPBACK]
