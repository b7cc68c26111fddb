"""SNTP by ``struct`` (RFC 4330): ``python sntp_struct.py [HOST] [PORT]``.

It teaches the 48 bytes of a request and an answer, and the offset of two clocks from four
timestamps. Start ``jitterball serve --sntp-port 7123`` first. It leaves out a second request: of
several, the one with the least delay is the best.
"""

import socket
import struct
import sys
import time

HOST, PORT = [*sys.argv[1:], *["127.0.0.1", "7123"][len(sys.argv) - 1 :]]
TIMEOUT_S = 2.0
# NTP counts from 1900, Unix from 1970.
UNIX_EPOCH_S = 2_208_988_800
# Flags, stratum, poll, precision; root delay, root dispersion, reference id; then the times of
# reference, originate, receive and transmit: 32 bits of seconds and 32 bits of their fraction.
LAYOUT = struct.Struct("!BBbb 4s4s4s QQQQ")


def to_ntp(unix_s):
    """Return the 64 bits of a time."""
    return round((unix_s + UNIX_EPOCH_S) * 2**32)


def to_unix(ntp):
    """Return the Unix seconds of 64 bits."""
    return ntp / 2**32 - UNIX_EPOCH_S


# Version 4 in bits 3 to 5, mode 3 (client) in bits 0 to 2.
sent_ntp = to_ntp(time.time())
request = LAYOUT.pack(4 << 3 | 3, 0, 0, 0, b"", b"", b"", 0, 0, 0, sent_ntp)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.settimeout(TIMEOUT_S)
    try:
        sock.connect((HOST, int(PORT)))
        sock.send(request)
        answer = sock.recv(1024)
    except OSError as error:
        sys.exit(f"no time from {HOST}:{PORT}: {error}")
t4 = time.time()
flags, stratum, _, _, _, _, reference, _, originate, receive, transmit = LAYOUT.unpack(answer[:48])
# An answer that does not repeat our time is not one to this request.
if flags & 7 != 4 or originate != sent_ntp:
    sys.exit("not an answer to this request")
t1, t2, t3 = to_unix(sent_ntp), to_unix(receive), to_unix(transmit)
print(f"stratum {stratum}, reference {reference.rstrip(bytes(1)).decode('ascii', 'replace')}")
print(f"offset {((t2 - t1) + (t3 - t4)) / 2 * 1000:+.3f} ms")
print(f"delay {((t4 - t1) - (t3 - t2)) * 1000:.3f} ms")
