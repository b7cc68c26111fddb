"""Limits on the streams that one client network begins.  [pure]

A server limits connections too (``net/security/server_limits.py``), but counts them when a channel
opens. By then a stream has cost a handshake, with TLS a signature.
"""

from collections.abc import Iterable

from net.security.client_network import client_network
from net.security.token_bucket import KeyedTokenBuckets

__all__ = ["ArrivalLimiter", "has_too_many_half_open"]

# Streams of one client network. A class behind one NAT address fits into the burst.
STREAMS_PER_S = 64.0
STREAMS_BURST = 256.0

# Streams of one client network whose handshake is not complete. A class behind one NAT address
# may connect all at once; a client that only opens connections is stopped here. Loopback is
# exempt.
HALF_OPEN_PER_NETWORK = 128


class ArrivalLimiter:
    """Rate of arriving streams, for each client network."""

    def __init__(self) -> None:
        self._rates = KeyedTokenBuckets(STREAMS_PER_S, STREAMS_BURST)

    def admit(self, host: str, now: float) -> bool:
        """Return whether a stream from ``host`` may begin now."""
        return self._rates.consume(client_network(host), 1.0, now)


def has_too_many_half_open(host: str, half_open_hosts: Iterable[str]) -> bool:
    """Return whether the network of ``host`` has as many half-open streams as it may."""
    network = client_network(host)
    count = sum(client_network(each) == network for each in half_open_hosts)
    return count >= HALF_OPEN_PER_NETWORK
