"""Probes and replies: their bytes, the side that answers and the side that asks.  [pure]

    PROBE  8 bytes "JBPROBE1", u64 nonce, zeros up to 512 bytes in all
    REPLY  8 bytes "JBREPLY1", u64 nonce of the probe, then the application's bytes

A probe is as long as the longest reply. So a server is no amplifier: who forges the address of a
victim sends at least as many bytes as the victim receives.
"""

import struct
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from net.security.client_network import client_network
from net.security.rate_limit import KeyedTokenBuckets, TokenBucket

__all__ = [
    "BODY_MAX_BYTES",
    "DISCOVERY_PORTS",
    "MULTICAST_GROUP",
    "PROBE_BYTES",
    "DiscoveryResponder",
    "ProbeSender",
    "Reply",
]

# A server takes the first that is free, and an asker asks at all of them. So several servers on
# one computer are found, and no two programs share a port.
DISCOVERY_PORTS = (7773, 7774, 7775, 7776)
# Transient and link-local (RFC 4291, section 2.7): no router passes it on.
MULTICAST_GROUP = "ff12::4a42:5052"
PROBE_BYTES = 512

# An asker sends one probe a second to each port, over each of its addresses.
REPLIES_PER_S = 8.0
REPLIES_BURST = 32.0
# The replies to all networks together: what a flood with forged addresses can cost.
ALL_REPLIES_PER_S = 100.0
ALL_REPLIES_BURST = 200.0

# A reply later than this belongs to a probe that is forgotten.
REPLY_TIMEOUT_S = 3.0

_HEADER = struct.Struct("!8sQ")
_PROBE = b"JBPROBE1"
_REPLY = b"JBREPLY1"
BODY_MAX_BYTES = PROBE_BYTES - _HEADER.size


class Reply(NamedTuple):
    """A reply's bytes for the application, and the round-trip time of its probe."""

    body: bytes
    rtt_s: float


class DiscoveryResponder:
    """The side that answers probes.

    ``describe`` returns the application's bytes, at most ``BODY_MAX_BYTES``.
    ``answered``, ``dropped``: datagrams since the start.
    """

    def __init__(self, describe: Callable[[], bytes], now: float) -> None:
        self.answered = 0
        self.dropped = 0
        self._describe = describe
        self._buckets = KeyedTokenBuckets(REPLIES_PER_S, REPLIES_BURST)
        self._all = TokenBucket(ALL_REPLIES_PER_S, ALL_REPLIES_BURST, now)

    def answer(self, datagram: bytes, host: str, now: float) -> bytes | None:
        """Return the reply to a datagram from ``host``; None to what gets no reply.

        Raises ``ValueError`` if the application's bytes are too long.
        """
        if len(datagram) != PROBE_BYTES or not datagram.startswith(_PROBE):
            self.dropped += 1
            return None
        # The network's own bucket first: one that asks too often must not empty that of all.
        allowed = self._buckets.consume(client_network(host), 1.0, now)
        if not (allowed and self._all.consume(1.0, now)):
            self.dropped += 1
            return None
        _, nonce = _HEADER.unpack_from(datagram)
        body = self._describe()
        if len(body) > BODY_MAX_BYTES:
            raise ValueError(f"a reply of {len(body)} bytes is longer than its probe allows")
        self.answered += 1
        return _HEADER.pack(_REPLY, nonce) + body


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
        return _HEADER.pack(_PROBE, nonce).ljust(PROBE_BYTES, b"\0")

    def read(self, datagram: bytes, now: float) -> Reply | None:
        """Return the reply in a datagram; None if it is no reply to a probe of ours."""
        if not _HEADER.size <= len(datagram) <= PROBE_BYTES:
            return None
        magic, nonce = _HEADER.unpack_from(datagram)
        sent_at = self._sent_at.get(nonce)
        # Several servers answer one probe, so its nonce stays.
        if magic != _REPLY or sent_at is None or now - sent_at > REPLY_TIMEOUT_S:
            return None
        return Reply(datagram[_HEADER.size :], now - sent_at)
