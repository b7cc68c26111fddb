"""What the kernel counted on a TCP connection: segments, bytes, retransmissions.

The kernel retransmits behind the application's back; Linux tells through ``TCP_INFO`` how often.
Elsewhere one can only guess from one's own reads and writes. Knows no message and no frame.
"""

import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

# struct tcp_info of <linux/tcp.h>: it only ever grows at the end, so offsets stay valid.
_OPTIONS = struct.Struct("=5xB")
_TOTAL_RETRANS = struct.Struct("=100xI")
_SEGS_OUT_IN = struct.Struct("=136xII")
_BYTES_SENT = struct.Struct("=200xQ")
_STRUCT_BYTES = 208

_TIMESTAMPS = 1

_TCP_HEADER_BYTES = 20
_TIMESTAMPS_OPTION_BYTES = 12


@dataclass(frozen=True, slots=True)
class TcpInfo:
    """Counters of one connection since it was opened, as its own kernel keeps them.

    ``segments`` hold pure acknowledgements and the handshake too; ``bytes_sent`` are payload,
    retransmissions included; ``tcp_header_bytes`` is what each segment's TCP header takes with
    the options that were agreed on (RFC 7323).
    """

    segments_sent: int
    segments_received: int
    segments_retransmitted: int
    bytes_sent: int
    tcp_header_bytes: int


def read_tcp_info(sock: Any) -> TcpInfo | None:
    """Ask the kernel for a connected socket's counters; None where it does not tell."""
    if sys.platform != "linux":
        return None
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _STRUCT_BYTES)
    except OSError:
        return None
    return parse_tcp_info(raw)


def parse_tcp_info(raw: bytes) -> TcpInfo | None:
    """Read the fields we use out of a ``struct tcp_info``; None if a kernel has them not yet."""
    if len(raw) < _STRUCT_BYTES:
        return None
    (options,) = _OPTIONS.unpack_from(raw)
    (retransmitted,) = _TOTAL_RETRANS.unpack_from(raw)
    segments_sent, segments_received = _SEGS_OUT_IN.unpack_from(raw)
    (bytes_sent,) = _BYTES_SENT.unpack_from(raw)
    option_bytes = _TIMESTAMPS_OPTION_BYTES if options & _TIMESTAMPS else 0
    return TcpInfo(
        segments_sent=segments_sent,
        segments_received=segments_received,
        segments_retransmitted=retransmitted,
        bytes_sent=bytes_sent,
        tcp_header_bytes=_TCP_HEADER_BYTES + option_bytes,
    )


def estimate_tcp_info(writes: int, reads: int, bytes_sent: int) -> TcpInfo:
    """Return what the counters would be if each write and each read had been one segment.

    Acknowledgements and retransmissions cannot be seen from here, so it is a lower bound.
    """
    return TcpInfo(
        segments_sent=writes,
        segments_received=reads,
        segments_retransmitted=0,
        bytes_sent=bytes_sent,
        tcp_header_bytes=_TCP_HEADER_BYTES,
    )
