"""SNTP: the answer of a time server to one request (RFC 4330).  [pure]

A request and an answer are 48 bytes of UDP. The answer has four timestamps of 64 bits: 32 bits of
seconds since 1900, then 32 bits of their fraction. All times are Unix seconds and come in as
arguments.

``encode_reply`` answers a client as a server whose one reference is its own clock: stratum 1,
reference id ``LOCL`` ("uncalibrated local clock", RFC 4330, figure 2). The distance of that clock
from UTC is unknown, and the answer states none.
"""

import struct

__all__ = ["REPLY_BYTES", "encode_reply"]

REPLY_BYTES = 48

# From 1900-01-01, where NTP's first era begins, to 1970-01-01: 70 years with 17 leap days.
_UNIX_EPOCH_S = (70 * 365 + 17) * 86_400
_SECONDS_MODULUS = 1 << 32
_FRACTION_BITS = 32

# Leap indicator (2 bits), version (3), mode (3); stratum; poll interval; precision; root delay;
# root dispersion; reference id; reference, originate, receive and transmit timestamp.
_LAYOUT = struct.Struct("!BBbbII4sQ8sQQ")

_VERSIONS = (3, 4)
_MODE_CLIENT, _MODE_SERVER = 3, 4
_STRATUM_PRIMARY = 1
_LOCAL_CLOCK = b"LOCL"
_TRANSMIT_TIMESTAMP = slice(40, 48)


def encode_reply(
    request: bytes, *, received_at: float, sent_at: float, precision_log2: int
) -> bytes | None:
    """Return the answer to a request; None for a datagram that is no request to answer.

    ``received_at``, ``sent_at``: when the request arrived, and when the answer leaves.
    ``precision_log2``: the resolution of the clock, as a power of two of seconds.

    The answer is never longer than the request, so a forged sender address gains nothing. A key
    and a digest behind the 48 bytes are ignored, as section 5 of the RFC allows.
    """
    if len(request) < REPLY_BYTES:
        return None
    version, mode = request[0] >> 3 & 7, request[0] & 7
    if version not in _VERSIONS or mode != _MODE_CLIENT:
        return None
    received = _timestamp(received_at)
    return _LAYOUT.pack(
        version << 3 | _MODE_SERVER,
        _STRATUM_PRIMARY,
        # The poll interval in the request.
        int.from_bytes(request[2:3], signed=True),
        precision_log2,
        # No delay and no dispersion: the reference is this clock itself.
        0,
        0,
        _LOCAL_CLOCK,
        # The clock is its own reference, so it was last set just now.
        received,
        # The client recognizes the answer to its request by the timestamp that it sent. Copied
        # bit by bit, since RFC 4330, section 3, lets a client send any number here.
        request[_TRANSMIT_TIMESTAMP],
        received,
        _timestamp(sent_at),
    )


def _timestamp(unix_s: float) -> int:
    """Return the 64 bits of a time. The seconds start again at 0 in 2036 (RFC 4330, section 3)."""
    seconds, fraction = divmod(unix_s, 1.0)
    whole = (int(seconds) + _UNIX_EPOCH_S) % _SECONDS_MODULUS
    return whole << _FRACTION_BITS | int(fraction * (1 << _FRACTION_BITS))
