"""Sockets as every transport needs them: resolved, bound or connected, and set up the same way.

Maps ``OSError`` to ``net.errors`` where sockets are opened and where they fail. Knows no message,
no frame and no datagram format.
"""

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from net.errors import (
    AddressInUse,
    AddressNotAvailable,
    ChannelLost,
    ConnectError,
    ConnectRefused,
    ConnectTimeout,
    ListenError,
    PeerReset,
    PeerTimeout,
    ResolveError,
)
from net.transport import Address, Buffers, SocketOptions

# What the kernel may hold of a stream. The default grows to megabytes: minutes of snapshots that
# nobody can replace any more. Linux doubles it, for its own book-keeping.
STREAM_SEND_BUFFER_BYTES = 64 * 1024

# Of these, what may wait *unsent*: a quarter of a second of snapshots. What waits beyond it waits
# in our outbox, where a newer LATEST message replaces it.
STREAM_UNSENT_BYTES = 4 * 1024

# A class of forty clients may all join at the same moment.
LISTEN_BACKLOG = 128

# Where a name has several addresses, the next is tried after this: longer than a handshake takes
# over a satellite, shorter than people wait.
NEXT_ADDRESS_AFTER_S = 2.0

# With port 0 the second family must get the port that the system chose for the first.
SAME_PORT_ATTEMPTS = 16

_FAMILIES = (socket.AF_INET, socket.AF_INET6)

# Windows has names of its own for these, and its errno module knows both.
_IN_USE = {errno.EADDRINUSE}
_NOT_OURS = {errno.EADDRNOTAVAIL}
_NO_SUCH_FAMILY = {errno.EAFNOSUPPORT}
_NO_ANSWER = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN}
if sys.platform == "win32":
    # SO_EXCLUSIVEADDRUSE answers "access denied" to a second listener.
    _IN_USE |= {errno.WSAEADDRINUSE, errno.WSAEACCES, errno.EACCES}
    _NOT_OURS |= {errno.WSAEADDRNOTAVAIL}
    _NO_SUCH_FAMILY |= {errno.WSAEAFNOSUPPORT}
    _NO_ANSWER |= {errno.WSAETIMEDOUT, errno.WSAEHOSTUNREACH, errno.WSAENETUNREACH}


class Candidate(NamedTuple):
    """One of the addresses that a name stands for, as the socket calls want it."""

    family: socket.AddressFamily
    kind: socket.SocketKind
    sockaddr: tuple[Any, ...]

    def at_port(self, port: int) -> tuple[Any, ...]:
        """Return the socket address with another port."""
        return (self.sockaddr[0], port, *self.sockaddr[2:])


async def connected_socket(
    address: Address,
    kind: socket.SocketKind,
    options: SocketOptions,
    prepare: Callable[[socket.socket], None] | None = None,
) -> socket.socket:
    """Open a non-blocking socket that is connected to an address.

    ``kind`` is ``SOCK_STREAM`` or ``SOCK_DGRAM``. The addresses of a name are tried in turn;
    ``prepare`` may set more on each socket before it connects. Cancelling closes the socket.

    Raises ``ConnectError``.
    """
    candidates = await resolve(address, kind)
    for candidate in candidates[:-1]:
        try:
            async with asyncio.timeout(NEXT_ADDRESS_AFTER_S):
                return await _connect(candidate, options, prepare)
        except (OSError, TimeoutError):
            continue
    try:
        return await _connect(candidates[-1], options, prepare)
    except OSError as error:
        raise connect_failure(error, address) from error


def connected_datagram_socket(candidate: Candidate, options: SocketOptions) -> socket.socket:
    """Open a non-blocking UDP socket that is connected to one address.

    Nobody is asked, so there is nothing to wait for. Raises ``OSError``.
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
    """Bind a non-blocking socket to each address that a host stands for, all on one port.

    The host ``""`` stands for every address, IPv4 and IPv6. Port 0 lets the system choose. A
    family that this system does not have is left out. Stream sockets are listening.

    Raises ``ListenError``.
    """
    try:
        candidates = await resolve(address, kind, passive=True)
    except ResolveError as error:
        raise AddressNotAvailable(str(error)) from error
    attempts = SAME_PORT_ATTEMPTS if address.port == 0 else 1
    while True:
        attempts -= 1
        try:
            return _bind_each(candidates, address, options)
        except AddressInUse:
            if not attempts:
                raise


def set_stream_options(sock: Any, options: SocketOptions) -> None:
    """Set up a TCP socket for small messages that must not wait.

    Call it before connecting or listening (a window cannot grow later than that), and again on
    what was accepted: not every system hands the options down. ``sock`` is a ``socket.socket``
    or what asyncio gives out for one.
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
    """Ask the system for buffer sizes; ``None`` leaves its own choice."""
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
    """Return the error that says why nobody could be reached at an address."""
    if isinstance(error, ConnectionRefusedError):
        return ConnectRefused(f"nobody listens at {address}")
    if isinstance(error, TimeoutError) or error.errno in _NO_ANSWER:
        return ConnectTimeout(f"{address} gives no answer ({_reason(error)})")
    return ConnectError(f"cannot connect to {address}: {_reason(error)}")


def listen_failure(error: OSError, address: Address) -> ListenError:
    """Return the error that says why an address cannot be listened on."""
    if error.errno in _IN_USE:
        return AddressInUse(f"port {address.port} is in use by another program")
    if error.errno in _NOT_OURS:
        return AddressNotAvailable(f"{address.host} is no address of this machine")
    return ListenError(f"cannot listen on {address}: {_reason(error)}")


def channel_loss(error: Exception, peer: Address) -> ChannelLost:
    """Return the error that says how the conversation with a peer was lost."""
    if isinstance(error, ConnectionError):
        return PeerReset(f"{peer} cut the connection")
    if isinstance(error, TimeoutError) or (
        isinstance(error, OSError) and error.errno in _NO_ANSWER
    ):
        return PeerTimeout(f"{peer} no longer answers ({_reason(error)})")
    return ChannelLost(f"the connection to {peer} broke: {error}")


async def resolve(
    address: Address, kind: socket.SocketKind, passive: bool = False
) -> list[Candidate]:
    """Return the addresses that a host and port stand for; ``passive``: to listen on.

    Raises ``ResolveError``.
    """
    flags = socket.AI_PASSIVE if passive else 0
    host = address.host or None
    try:
        try:
            # Numbers need no name server, so no thread to wait for one.
            infos = socket.getaddrinfo(
                host, address.port, type=kind, flags=flags | socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            infos = await asyncio.get_running_loop().getaddrinfo(
                host, address.port, type=kind, flags=flags
            )
    # ValueError: a name that no encoding of domain names allows.
    except (OSError, ValueError) as error:
        raise ResolveError(f"no host is called {address.host!r}") from error
    found = (
        Candidate(family, kind, sockaddr)
        for family, _, _, _, sockaddr in infos
        if family in _FAMILIES
    )
    return list(dict.fromkeys(found))


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
            if error.errno in _NO_SUCH_FAMILY | _NOT_OURS:
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
            # Both families get a socket of their own, or the second could not have the port.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        _claim_port(sock, candidate.kind)
        sock.bind(candidate.at_port(port))
        if candidate.kind == socket.SOCK_STREAM:
            # Only now does the system say that somebody else listens there.
            sock.listen(LISTEN_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def _claim_port(sock: socket.socket, kind: socket.SocketKind) -> None:
    """Let a restarted server have its port back at once, and nobody share it."""
    if sys.platform == "win32":
        # There SO_REUSEADDR means that two programs may listen on the same port.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    elif kind == socket.SOCK_STREAM:
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
