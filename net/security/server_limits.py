"""Rate and connection limits that stop one client from exhausting the server.  [pure]

Connections are counted by client network (``net/security/client_network.py``): an IPv4 address,
or the /64 network of an IPv6 address. Rates are token buckets (``net/security/token_bucket.py``).
The defaults leave room for a class of forty behind one address. Each may run three clients side
by side that all switch their transport at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from net.security.token_bucket import MAX_IDLE_NETWORKS, TokenBucket

__all__ = [
    "MESSAGE_COST_BYTES",
    "REJECTION_TIMEOUT_S",
    "ConnectionLimiter",
    "ConnectionPermit",
    "ServerLimits",
]

# Added to the length of each message, so that one bucket limits bytes and messages at once. A
# flood of tiny messages costs processor time, not bytes.
MESSAGE_COST_BYTES = 128

# To send the reason of a rejection, a channel must stay open for a moment. So many may do so at
# once that people learn the reason, and so few that nobody else is kept out. The rest is dropped.
REJECTIONS_PER_NETWORK = 8
REJECTIONS_MAX = 64

# The hello arrives one round trip after the channel has opened.
REJECTION_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of one server.

    A client that plays sends about 70 messages and 11 KB a second, ``MESSAGE_COST_BYTES``
    included. After a TCP stall, ten seconds of messages may arrive at once.

    ``peer_*`` limits one connection, ``network_*`` all connections of one client network
    together. A connection within ``guaranteed_*`` is served even if its network is over the limit.
    The flood came from another client of the same network.
    ``trusts_loopback`` exempts clients on the server's own computer from the limits per network.
    """

    connections: int = 2048
    connections_per_network: int = 256
    handshakes_per_s: float = 64.0
    handshakes_burst: float = 256.0
    handshake_timeout_s: float = 15.0
    peer_bytes_per_s: float = 64 * 1024.0
    peer_burst_bytes: float = 512 * 1024.0
    network_bytes_per_s: float = 2 * 1024 * 1024.0
    network_burst_bytes: float = 8 * 1024 * 1024.0
    guaranteed_bytes_per_s: float = 16 * 1024.0
    guaranteed_burst_bytes: float = 64 * 1024.0
    trusts_loopback: bool = True


@dataclass(slots=True)
class _NetworkUsage:
    """Counters and buckets of one client network.

    ``active`` counts admitted connections, ``rejecting`` those to which a rejection is being sent.
    """

    is_trusted: bool
    handshakes: TokenBucket
    received_bytes: TokenBucket
    active: int = 0
    rejecting: int = 0


class ConnectionPermit:
    """Count and rate limits of one connection, from ``ConnectionLimiter.acquire`` to ``release``.

    ``rejection_reason`` is empty if the connection is admitted.
    ``drop_silently``: too many rejections are already pending, so this one is not announced.
    """

    __slots__ = (
        "_guaranteed_bytes",
        "_received_bytes",
        "_release",
        "_usage",
        "drop_silently",
        "rejection_reason",
    )

    def __init__(
        self,
        usage: _NetworkUsage,
        rejection_reason: str,
        drop_silently: bool,
        release: Callable[["ConnectionPermit", _NetworkUsage], None],
        *,
        received_bytes: TokenBucket,
        guaranteed_bytes: TokenBucket,
    ) -> None:
        self.rejection_reason = rejection_reason
        self.drop_silently = drop_silently
        self._usage = usage
        self._release = release
        self._received_bytes = received_bytes
        self._guaranteed_bytes = guaranteed_bytes

    def consume(self, cost_bytes: float, now: float) -> bool:
        """Take bytes for a message; return whether the connection is within its limits."""
        if not self._received_bytes.consume(cost_bytes, now):
            return False
        usage = self._usage
        # Clients behind one address share a bucket. When others have emptied it, a client that
        # sends little is still served from its own guaranteed bucket.
        return (
            usage.is_trusted
            or usage.received_bytes.consume(cost_bytes, now)
            or self._guaranteed_bytes.consume(cost_bytes, now)
        )

    def release(self) -> None:
        """Give the permit back. Called exactly once, when the connection has ended."""
        self._release(self, self._usage)


class ConnectionLimiter:
    """Counter of a server's connections, which decides if one more is admitted.

    Rejected connections use up no admitted one's share: they are counted apart, and are few.
    ``is_trusted`` says whether a client network is exempt from the limits per network.
    """

    def __init__(self, limits: ServerLimits, is_trusted: Callable[[str], bool]) -> None:
        self._limits = limits
        self._is_trusted = is_trusted
        self._usage_by_network: dict[str, _NetworkUsage] = {}
        self.active = 0
        self.rejecting = 0

    def __len__(self) -> int:
        """Return how many client networks are remembered."""
        return len(self._usage_by_network)

    def acquire(self, network: str, now: float) -> ConnectionPermit:
        """Count a new connection of a client network, until its permit is released."""
        usage = self._usage(network, now)
        rejection_reason = self._rejection_reason(usage, now)
        drop_silently = bool(rejection_reason) and (
            usage.rejecting >= REJECTIONS_PER_NETWORK or self.rejecting >= REJECTIONS_MAX
        )
        limits = self._limits
        permit = ConnectionPermit(
            *(usage, rejection_reason, drop_silently, self._release),
            received_bytes=TokenBucket(limits.peer_bytes_per_s, limits.peer_burst_bytes, now),
            guaranteed_bytes=TokenBucket(
                limits.guaranteed_bytes_per_s, limits.guaranteed_burst_bytes, now
            ),
        )
        self._count(permit, usage, +1)
        return permit

    def _release(self, permit: ConnectionPermit, usage: _NetworkUsage) -> None:
        self._count(permit, usage, -1)

    def _count(self, permit: ConnectionPermit, usage: _NetworkUsage, change: int) -> None:
        if not permit.rejection_reason:
            self.active += change
            usage.active += change
        elif not permit.drop_silently:
            self.rejecting += change
            usage.rejecting += change

    def _rejection_reason(self, usage: _NetworkUsage, now: float) -> str:
        limits = self._limits
        if self.active >= limits.connections:
            return f"the server has {limits.connections} connections already"
        if usage.is_trusted:
            return ""
        if usage.active >= limits.connections_per_network:
            return f"your address has {limits.connections_per_network} connections already"
        # Attempts are limited too: each costs the server a handshake, though none stays.
        if not usage.handshakes.consume(1.0, now):
            return f"more than {limits.handshakes_per_s:.0f} attempts a second from your address"
        return ""

    def _usage(self, network: str, now: float) -> _NetworkUsage:
        usage = self._usage_by_network.get(network)
        if usage is None:
            if len(self._usage_by_network) >= MAX_IDLE_NETWORKS:
                self._forget_idle()
            limits = self._limits
            usage = self._usage_by_network[network] = _NetworkUsage(
                self._is_trusted(network),
                TokenBucket(limits.handshakes_per_s, limits.handshakes_burst, now),
                TokenBucket(limits.network_bytes_per_s, limits.network_burst_bytes, now),
            )
        return usage

    def _forget_idle(self) -> None:
        self._usage_by_network = {
            network: usage
            for network, usage in self._usage_by_network.items()
            if usage.active or usage.rejecting
        }
