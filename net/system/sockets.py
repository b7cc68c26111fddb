"""Sockets for all transports: resolved, bound or connected, and configured in one way.

``connect_failure``, ``listen_failure`` and ``channel_loss`` map ``OSError`` to ``net.errors``. A
transport plugin that opens its own sockets uses them too.
"""

import asyncio
import errno
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from net.errors import (
    AddressInUse,
    AddressNotAvailable,
    ChannelLost,
    ConnectError,
    ConnectRefused,
    ConnectStage,
    ConnectTimeout,
    ListenError,
    PeerReset,
    PeerTimeout,
    ResolveError,
)
from net.system.address_racing import interleaved, race
from net.system.datagram_local_address import needs_socket_per_address, request_packet_info
from net.system.local_addresses import local_sockaddrs
from net.system.lookup import look_up
from net.transport import PORT_MAX, Address, Buffers, SocketOptions

__all__ = [
    "LOOK_UP_TIMEOUT_S",
    "Candidate",
    "address_of",
    "bound_sockets",
    "channel_loss",
    "connect_failure",
    "connected_datagram_socket",
    "connected_socket",
    "first_to_connect",
    "follow_addresses",
    "granted_buffers",
    "has_socket_per_address",
    "listen_failure",
    "resolve",
    "set_buffers",
    "set_stream_options",
]

# The send buffer of a stream. The system's default grows to megabytes: minutes of snapshots that
# can no longer be replaced by newer ones. Linux doubles this value, for its own bookkeeping.
STREAM_SEND_BUFFER_BYTES = 64 * 1024

# The part of it that may be *unsent* (``TCP_NOTSENT_LOWAT``): a quarter of a second of snapshots.
# What exceeds it waits in our outbox, where a newer LATEST message replaces it.
STREAM_UNSENT_BYTES = 4 * 1024

# Connections that wait to be accepted. A class of forty clients may join at the same moment.
LISTEN_BACKLOG = 128

# Systems give up a look-up themselves: 10 s for a dead name server, more for several.
LOOK_UP_TIMEOUT_S = 30.0

# With port 0 the system chooses a port for the first address family. The second family must get the
# same one; if it is taken there, both try again.
SAME_PORT_ATTEMPTS = 16

# The errors of a look-up that say nothing about the name.
_NO_NAME_SERVER = {socket.EAI_AGAIN, socket.EAI_FAIL}

_FAMILIES = (socket.AF_INET, socket.AF_INET6)

# Error numbers by meaning. Windows has names of its own; its ``errno`` module has both.
_IN_USE = {errno.EADDRINUSE}
_NOT_AVAILABLE = {errno.EADDRNOTAVAIL}
_NO_SUCH_FAMILY = {errno.EAFNOSUPPORT}
_UNREACHABLE = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN}
if sys.platform == "win32":
    # SO_EXCLUSIVEADDRUSE answers "access denied" to a second listener.
    _IN_USE |= {errno.WSAEADDRINUSE, errno.WSAEACCES, errno.EACCES}
    _NOT_AVAILABLE |= {errno.WSAEADDRNOTAVAIL}
    _NO_SUCH_FAMILY |= {errno.WSAEAFNOSUPPORT}
    _UNREACHABLE |= {errno.WSAETIMEDOUT, errno.WSAEHOSTUNREACH, errno.WSAENETUNREACH}


Connected = TypeVar("Connected")


class Candidate(NamedTuple):
    """One of the addresses of a host name, in the form of the socket calls."""

    family: socket.AddressFamily
    kind: socket.SocketKind
    sockaddr: tuple[Any, ...]

    def at_port(self, port: int) -> tuple[Any, ...]:
        """Return the socket address with another port."""
        return (self.sockaddr[0], port, *self.sockaddr[2:])


_WILDCARDS = [
    Candidate(socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 0)),
    Candidate(socket.AF_INET6, socket.SOCK_DGRAM, ("::", 0, 0, 0)),
]


async def connected_socket(
    address: Address,
    kind: socket.SocketKind,
    options: SocketOptions,
    prepare: Callable[[socket.socket], None] | None = None,
) -> socket.socket:
    """Return a non-blocking socket that is connected to an address.

    ``kind``: ``SOCK_STREAM`` or ``SOCK_DGRAM``.
    ``prepare``: called with each socket before it connects, to set more options.
    The addresses of a name race each other. Cancelling closes the sockets.

    Raises ``ConnectError`` if no address can be reached.
    """

    def attempt(candidate: Candidate) -> Awaitable[socket.socket]:
        return _connect(candidate, options, prepare)

    return await first_to_connect(address, kind, options, attempt, socket.socket.close)


async def first_to_connect(
    address: Address,
    kind: socket.SocketKind,
    options: SocketOptions,
    attempt: Callable[[Candidate], Awaitable[Connected]],
    discard: Callable[[Connected], Any],
) -> Connected:
    """Look up a name and connect to one of its addresses, whichever answers first.

    ``attempt`` connects to one address, and raises ``OSError`` if it cannot. When it is cancelled
    it leaves nothing behind. ``discard`` is called with what came second.

    Raises ``ConnectError`` if no address can be reached.
    """
    candidates = await resolve(address, kind, options=options)
    options.enter(ConnectStage.CONNECT)
    try:
        async with asyncio.timeout(options.stage_timeout_s) as limit:
            return await race(candidates, attempt, discard)
    except OSError as error:
        if limit.expired():
            text = f"{address} gives no answer within {options.stage_timeout_s:g} s"
            raise ConnectTimeout(text) from error
        raise connect_failure(error, address) from error


def connected_datagram_socket(candidate: Candidate, options: SocketOptions) -> socket.socket:
    """Return a non-blocking UDP socket that is connected to one address.

    Connecting UDP sends nothing: it sets the peer, and lets the system report ICMP errors.

    Raises ``OSError`` if there is no route to the address.
    """
    sock = _open(candidate, options)
    try:
        sock.connect(candidate.sockaddr)
    except OSError:
        sock.close()
        raise
    return sock


async def bound_sockets(
    address: Address, kind: socket.SocketKind, options: SocketOptions
) -> list[socket.socket]:
    """Return a non-blocking socket for each address of a host, all bound to one port.

    The host ``""`` stands for every address, IPv4 and IPv6. Port 0 lets the system choose. An
    address family that this system does not have is left out. Stream sockets are listening.

    Raises ``ListenError`` if no address can be bound.
    """
    if address.port > PORT_MAX:
        raise AddressInUse(f"no port follows {PORT_MAX}")
    try:
        candidates = await resolve(address, kind, passive=True)
    except ResolveError as error:
        raise AddressNotAvailable(str(error)) from error
    if kind == socket.SOCK_DGRAM:
        candidates = _one_for_each_address(candidates)
    attempts = SAME_PORT_ATTEMPTS if address.port == 0 else 1
    while True:
        attempts -= 1
        try:
            return _bind_each(candidates, address, options)
        except AddressInUse:
            if not attempts:
                raise


def has_socket_per_address(address: Address) -> bool:
    """Return whether ``bound_sockets`` binds UDP sockets to the addresses of this moment only.

    So it is for a host that stands for all addresses, on a system without packet info.
    """
    return any(needs_socket_per_address(each.family, each.sockaddr[0]) for each in _all_of(address))


def follow_addresses(
    address: Address, options: SocketOptions, bound: Iterable[socket.socket]
) -> tuple[list[socket.socket], list[socket.socket]]:
    """Bind UDP sockets to the addresses of this computer that are new.

    ``bound``: the sockets that ``bound_sockets`` and this function have made for ``address``.
    Returns the new sockets, and those of ``bound`` whose address is gone.
    """
    present = {_host_of(each.sockaddr): each for each in _one_for_each_address(_all_of(address))}
    old = {_host_of(sock.getsockname()): sock for sock in bound}
    new = []
    for host, candidate in present.items():
        if host not in old:
            # Gone again already, or not usable yet (IPv6 checks a new address for duplicates).
            with suppress(OSError):
                new.append(_bind(candidate, address.port, options))
    return new, [sock for host, sock in old.items() if host not in present]


def _all_of(address: Address) -> list[Candidate]:
    """Return the wildcard addresses that a host stands for."""
    return [each for each in _WILDCARDS if address.host in ("", each.sockaddr[0])]


def _host_of(sockaddr: Any) -> tuple[Any, ...]:
    """Return the address and, of IPv6, the scope: link-local addresses repeat on other cards."""
    return (sockaddr[0], *sockaddr[3:])


def _one_for_each_address(candidates: list[Candidate]) -> list[Candidate]:
    """Replace each wildcard address that one socket cannot serve by all addresses it stands for."""
    each_address = []
    for candidate in candidates:
        host, port = candidate.sockaddr[:2]
        if needs_socket_per_address(candidate.family, host):
            local = (
                candidate._replace(sockaddr=each) for each in local_sockaddrs(candidate.family)
            )
            each_address += [each._replace(sockaddr=each.at_port(port)) for each in local]
        else:
            each_address.append(candidate)
    return each_address


def set_stream_options(sock: Any, options: SocketOptions) -> None:
    """Configure a TCP socket for small messages that must not wait.

    Call it before connecting or listening: the receive buffer limits the window scale of the
    handshake (RFC 7323, section 2.3). Call it again on an accepted socket: not every system lets it
    inherit the options.
    ``sock`` is a ``socket.socket``, or what asyncio's ``get_extra_info`` returns for one.
    """
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, not options.nagle)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, STREAM_UNSENT_BYTES)
    send_bytes = options.send_buffer_bytes
    set_buffers(
        sock,
        STREAM_SEND_BUFFER_BYTES if send_bytes is None else send_bytes,
        options.receive_buffer_bytes,
    )


def set_buffers(sock: Any, send_bytes: int | None, receive_bytes: int | None) -> None:
    """Ask the system for buffer sizes; None leaves them as they are."""
    if send_bytes is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_bytes)
    if receive_bytes is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)


def granted_buffers(sock: Any) -> Buffers:
    """Return the buffer sizes that the system granted."""
    return Buffers(
        send_bytes=sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
        receive_bytes=sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
    )


def address_of(sockaddr: Any) -> Address:
    """Return the host and port of a socket address of either family."""
    return Address(sockaddr[0], sockaddr[1])


def connect_failure(error: OSError, address: Address) -> ConnectError:
    """Return the ``ConnectError`` for an ``OSError`` of connecting."""
    if isinstance(error, ConnectionRefusedError):
        return ConnectRefused(f"nobody listens at {address}")
    if isinstance(error, TimeoutError) or error.errno in _UNREACHABLE:
        return ConnectTimeout(f"{address} gives no answer ({_reason(error)})")
    return ConnectError(f"cannot connect to {address}: {_reason(error)}")


def listen_failure(error: OSError, address: Address) -> ListenError:
    """Return the ``ListenError`` for an ``OSError`` of binding or listening."""
    if error.errno in _IN_USE:
        return AddressInUse(f"port {address.port} is in use by another program")
    if error.errno in _NOT_AVAILABLE:
        return AddressNotAvailable(f"{address.host} is no address of this computer")
    return ListenError(f"cannot listen on {address}: {_reason(error)}")


def channel_loss(error: Exception, peer: Address) -> ChannelLost:
    """Return the ``ChannelLost`` for an error of an open connection."""
    if isinstance(error, ConnectionError):
        return PeerReset(f"{peer} cut the connection")
    if isinstance(error, TimeoutError) or (
        isinstance(error, OSError) and error.errno in _UNREACHABLE
    ):
        return PeerTimeout(f"{peer} no longer answers ({_reason(error)})")
    return ChannelLost(f"the connection to {peer} broke: {error}")


async def resolve(
    address: Address,
    kind: socket.SocketKind,
    passive: bool = False,
    options: SocketOptions = SocketOptions(),
) -> list[Candidate]:
    """Return the addresses of a host; with ``passive``, the addresses to listen on.

    Raises ``ResolveError`` if the name is unknown, or no name server answers.
    """
    flags = socket.AI_PASSIVE if passive else 0
    host = address.host or None
    try:
        try:
            # A numeric address needs no name server, and so no thread that waits for one.
            infos = socket.getaddrinfo(host, 0, type=kind, flags=flags | socket.AI_NUMERICHOST)
        except socket.gaierror:
            options.enter(ConnectStage.LOOK_UP)
            async with asyncio.timeout(LOOK_UP_TIMEOUT_S):
                infos = await look_up(host, kind, flags)
    # ``ValueError``: the name cannot be encoded as a domain name.
    except (OSError, ValueError) as error:
        raise _look_up_failure(error, address.host) from error
    found = (
        Candidate(family, kind, sockaddr)
        for family, _, _, _, sockaddr in infos
        if family in _FAMILIES
    )
    at_port = (each._replace(sockaddr=each.at_port(address.port)) for each in found)
    return interleaved(list(dict.fromkeys(at_port)), lambda each: each.family)


def _look_up_failure(error: OSError | ValueError, host: str) -> ResolveError:
    if isinstance(error, TimeoutError):
        return ResolveError(f"the look-up of {host!r} takes over {LOOK_UP_TIMEOUT_S:g} s")
    if isinstance(error, socket.gaierror) and error.errno in _NO_NAME_SERVER:
        return ResolveError(f"the look-up of {host!r} failed: no name server answers")
    return ResolveError(f"no host is called {host!r}")


async def _connect(
    candidate: Candidate,
    options: SocketOptions,
    prepare: Callable[[socket.socket], None] | None,
) -> socket.socket:
    sock = _open(candidate, options)
    try:
        if prepare is not None:
            prepare(sock)
        await asyncio.get_running_loop().sock_connect(sock, candidate.sockaddr)
    except BaseException:
        sock.close()
        raise
    return sock


def _bind_each(
    candidates: list[Candidate], address: Address, options: SocketOptions
) -> list[socket.socket]:
    bound: list[socket.socket] = []
    port, missing = address.port, None
    for candidate in candidates:
        try:
            bound.append(_bind(candidate, port, options))
        except OSError as error:
            if error.errno in _NO_SUCH_FAMILY | _NOT_AVAILABLE:
                missing = error
                continue
            for sock in bound:
                sock.close()
            raise listen_failure(error, address._replace(port=port)) from error
        port = bound[0].getsockname()[1]
    if missing is not None and not bound:
        raise listen_failure(missing, address) from missing
    return bound


def _bind(candidate: Candidate, port: int, options: SocketOptions) -> socket.socket:
    sock = _open(candidate, options)
    try:
        if candidate.family == socket.AF_INET6:
            # Each family has a socket of its own. Without the option the IPv6 socket would also
            # take IPv4, and the IPv4 socket could not have the port.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        _claim_port(sock, candidate.kind)
        if candidate.kind == socket.SOCK_DGRAM:
            request_packet_info(sock, candidate.sockaddr[0])
        sock.bind(candidate.at_port(port))
        if candidate.kind == socket.SOCK_STREAM:
            # Some systems report only here that another program listens on the port.
            sock.listen(LISTEN_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def _claim_port(sock: socket.socket, kind: socket.SocketKind) -> None:
    """Let a restarted server reuse its port at once, and let no other program share it."""
    if sys.platform == "win32":
        # On Windows ``SO_REUSEADDR`` would let two programs listen on the same port.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    elif kind == socket.SOCK_STREAM:
        # Old connections in TIME-WAIT would block the port for a minute. UDP has none, and there
        # the option would let two programs share the port.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _open(candidate: Candidate, options: SocketOptions) -> socket.socket:
    sock = socket.socket(candidate.family, candidate.kind)
    sock.setblocking(False)
    if candidate.kind == socket.SOCK_STREAM:
        set_stream_options(sock, options)
    else:
        set_buffers(sock, options.send_buffer_bytes, options.receive_buffer_bytes)
    return sock


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
