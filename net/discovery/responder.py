"""Responder: the side that answers probes, and how many it answers.  [pure]

A probe is as long as the longest reply. So a server is no amplifier: who forges the address of a
victim sends at least as many bytes as the victim receives.
"""

from collections.abc import Callable

from net.discovery.probe import BODY_MAX_BYTES, HEADER, PROBE_BYTES, PROBE_MAGIC, REPLY_MAGIC
from net.security.client_network import client_network
from net.security.token_bucket import KeyedTokenBuckets, TokenBucket

__all__ = ["DiscoveryResponder"]

# An asker sends one probe a second to each port, over each of its addresses.
REPLIES_PER_S = 8.0
REPLIES_BURST = 32.0
# The replies to all networks together: what a flood with forged addresses can cost.
ALL_REPLIES_PER_S = 100.0
ALL_REPLIES_BURST = 200.0


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
        if len(datagram) != PROBE_BYTES or not datagram.startswith(PROBE_MAGIC):
            self.dropped += 1
            return None
        # The network's own bucket first: one that asks too often must not empty that of all.
        allowed = self._buckets.consume(client_network(host), 1.0, now)
        if not (allowed and self._all.consume(1.0, now)):
            self.dropped += 1
            return None
        _, nonce = HEADER.unpack_from(datagram)
        body = self._describe()
        if len(body) > BODY_MAX_BYTES:
            raise ValueError(f"a reply of {len(body)} bytes is longer than its probe allows")
        self.answered += 1
        return HEADER.pack(REPLY_MAGIC, nonce) + body
