"""TCP counters of the kernel: segments, bytes, retransmissions.

The kernel retransmits without telling the application. Linux reports how often through the socket
option ``TCP_INFO``. On other systems the counters are estimated from the numbers of reads and
writes.
"""

import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

# Fields of ``struct tcp_info`` in ``<linux/tcp.h>``. The struct only grows at its end, so the
# offsets stay valid in later kernels.
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
    """The counters of one connection since it was opened, at this end.

    ``segments_*``: with pure acknowledgements and the handshake.
    ``bytes_sent``: payload, with retransmissions.
    ``tcp_header_bytes``: the TCP header of one segment, with the negotiated options (RFC 7323).
    """

    segments_sent: int
    segments_received: int
    segments_retransmitted: int
    bytes_sent: int
    tcp_header_bytes: int


def read_tcp_info(sock: Any) -> TcpInfo | None:
    """Return the kernel's counters of a connected socket; None if it has none."""
    if sys.platform != "linux":
        return None
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _STRUCT_BYTES)
    except OSError:
        return None
    return parse_tcp_info(raw)


def parse_tcp_info(raw: bytes) -> TcpInfo | None:
    """Return the counters in a ``struct tcp_info``; None if the kernel is too old for them."""
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
    """Return estimated counters, with one segment for each write and each read.

    Acknowledgements and retransmissions are invisible here, so the estimate is a lower bound.
    """
    return TcpInfo(
        segments_sent=writes,
        segments_received=reads,
        segments_retransmitted=0,
        bytes_sent=bytes_sent,
        tcp_header_bytes=_TCP_HEADER_BYTES,
    )
