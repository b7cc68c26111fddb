"""Probes and replies: their bytes, and the side that asks.  [pure]

    PROBE  8 bytes "JBPROBE1", u64 nonce, zeros up to 512 bytes in all
    REPLY  8 bytes "JBREPLY1", u64 nonce of the probe, then the application's bytes

The side that answers is in ``net/discovery/responder.py``.
"""

import struct
from random import Random
from typing import NamedTuple

__all__ = [
    "BODY_MAX_BYTES",
    "DISCOVERY_PORTS",
    "HEADER",
    "MULTICAST_GROUP",
    "PROBE_BYTES",
    "PROBE_MAGIC",
    "REPLY_MAGIC",
    "ProbeSender",
    "Reply",
]

# A server takes the first that is free, and an asker asks at all of them. So several servers on
# one computer are found, and no two programs share a port.
DISCOVERY_PORTS = (7773, 7774, 7775, 7776)
# Transient and link-local (RFC 4291, section 2.7): no router passes it on.
MULTICAST_GROUP = "ff12::4a42:5052"
PROBE_BYTES = 512

# A reply later than this belongs to a probe that is forgotten.
REPLY_TIMEOUT_S = 3.0

HEADER = struct.Struct("!8sQ")
PROBE_MAGIC = b"JBPROBE1"
REPLY_MAGIC = b"JBREPLY1"
BODY_MAX_BYTES = PROBE_BYTES - HEADER.size


class Reply(NamedTuple):
    """A reply's bytes for the application, and the round-trip time of its probe."""

    body: bytes
    rtt_s: float


class ProbeSender:
    """The side that asks. The nonces come from ``rng``: a reply without a probe is no reply."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._sent_at: dict[int, float] = {}

    def probe(self, now: float) -> bytes:
        """Return the bytes of a new probe, which is sent at ``now``."""
        # In the order of sending, so the oldest are first.
        for nonce in [n for n, at in self._sent_at.items() if now - at > REPLY_TIMEOUT_S]:
            del self._sent_at[nonce]
        nonce = self._rng.getrandbits(64)
        self._sent_at[nonce] = now
        return HEADER.pack(PROBE_MAGIC, nonce).ljust(PROBE_BYTES, b"\0")

    def read(self, datagram: bytes, now: float) -> Reply | None:
        """Return the reply in a datagram; None if it is no reply to a probe of ours."""
        if not HEADER.size <= len(datagram) <= PROBE_BYTES:
            return None
        magic, nonce = HEADER.unpack_from(datagram)
        sent_at = self._sent_at.get(nonce)
        # Several servers answer one probe, so its nonce stays.
        if magic != REPLY_MAGIC or sent_at is None or now - sent_at > REPLY_TIMEOUT_S:
            return None
        return Reply(datagram[HEADER.size :], now - sent_at)
