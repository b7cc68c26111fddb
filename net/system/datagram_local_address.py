"""The local address of each datagram, on UDP sockets that are bound to every address.

A host has several addresses: of each network card, of loopback, aliases. A datagram sent from a
socket that is bound to all of them leaves from the one that the route prefers. A client that asked
another one does not accept that answer. ``IP_PKTINFO`` (Linux, macOS) and ``IPV6_PKTINFO``
(RFC 3542) tell the address that was asked, and set the one to answer from.

On such a socket the address of a peer is a *path*: the socket address with the control message
appended that sends from the right local address. Paths are compared and passed back as they are.
"""

import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["datagram_functions", "needs_socket_per_address", "request_packet_info"]

# As ``socket.recvfrom`` and ``socket.sendto``.
Receive = Callable[[int], tuple[bytes, Any]]
Send = Callable[[bytes, Any], Any]

_WILDCARDS = ("0.0.0.0", "::")

# Python knows this constant on Linux from 3.12 on.
_IP_PKTINFO = {"linux": 8, "darwin": 26}.get(sys.platform)
# Windows' Python has no control messages.
_HAS_CONTROL_MESSAGES = hasattr(socket.socket, "recvmsg")

# ``struct in_pktinfo``: interface index, local address, destination in the header.
_IPV4_LAYOUT = struct.Struct("@I4s4s")
# ``struct in6_pktinfo``: destination, interface index.
_IPV6_LAYOUT = struct.Struct("@16sI")

_NO_ADDRESS = bytes(4)


def needs_socket_per_address(family: int, host: str) -> bool:
    """Return whether ``host`` stands for all addresses, and this system has no packet info.

    Then only a socket that is bound to one address answers from that address.
    """
    return host in _WILDCARDS and family not in _CONTROLS


def request_packet_info(sock: socket.socket, host: str) -> None:
    """Have the system tell the local address of each datagram, where it can.

    Call it before a UDP socket is bound to ``host``. Another host than all addresses needs none.
    """
    control = _CONTROLS.get(sock.family)
    if host in _WILDCARDS and control is not None:
        sock.setsockopt(control.level, control.request, 1)


def datagram_functions(sock: socket.socket) -> tuple[Receive, Send]:
    """Return ``recvfrom`` and ``sendto`` of a UDP socket, with paths where it has packet info."""
    control = _CONTROLS.get(sock.family)
    if control is not None and sock.getsockopt(control.level, control.request):
        return _with_packet_info(sock, control)
    return sock.recvfrom, sock.sendto


def _with_packet_info(sock: socket.socket, packet_info: "_Control") -> tuple[Receive, Send]:
    recvmsg, sendmsg, sendto = sock.recvmsg, sock.sendmsg, sock.sendto
    # Names of this function: they are looked up for every datagram.
    level, _, kind, size, reply_info = packet_info
    control_bytes = socket.CMSG_SPACE(size)

    def receive(limit_bytes: int) -> tuple[bytes, Any]:
        datagram, control, _, address = recvmsg(limit_bytes, control_bytes)
        for each in control:
            if each[0] == level and each[1] == kind:
                return datagram, (*address, reply_info(each[2]))
        return datagram, (*address, b"")

    def send(datagram: bytes, path: Any) -> Any:
        if not path[-1]:
            return sendto(datagram, path[:-1])
        return sendmsg((datagram,), ((level, kind, path[-1]),), 0, path[:-1])

    return receive, send


def _ipv4_reply(info: bytes) -> bytes:
    """Return the packet info of an answer: the local address, over whichever interface."""
    _, local, destination = _IPV4_LAYOUT.unpack(info)
    # Not the destination: that of a broadcast is no address to send from.
    return _IPV4_LAYOUT.pack(0, local if local != _NO_ADDRESS else destination, _NO_ADDRESS)


def _ipv6_reply(info: bytes) -> bytes:
    """Return the packet info of an answer; empty after a multicast."""
    destination, interface = _IPV6_LAYOUT.unpack(info)
    if destination[0] == 0xFF:
        return b""
    # Only a link-local address belongs to one interface (RFC 4007, section 6).
    is_link_local = destination[0] == 0xFE and destination[1] & 0xC0 == 0x80
    return _IPV6_LAYOUT.pack(destination, interface if is_link_local else 0)


class _Control(NamedTuple):
    """The control message of one address family: level, option that requests it, type, size.

    ``reply_info`` makes the content of the answer's from that of the question's.
    """

    level: int
    request: int
    kind: int
    size: int
    reply_info: Callable[[bytes], bytes]


_CONTROLS: dict[int, _Control] = {}
if _HAS_CONTROL_MESSAGES and _IP_PKTINFO is not None:
    _CONTROLS[socket.AF_INET] = _Control(
        socket.IPPROTO_IP, _IP_PKTINFO, _IP_PKTINFO, _IPV4_LAYOUT.size, _ipv4_reply
    )
if _HAS_CONTROL_MESSAGES and hasattr(socket, "IPV6_RECVPKTINFO"):
    _CONTROLS[socket.AF_INET6] = _Control(
        socket.IPPROTO_IPV6,
        socket.IPV6_RECVPKTINFO,
        socket.IPV6_PKTINFO,
        _IPV6_LAYOUT.size,
        _ipv6_reply,
    )
