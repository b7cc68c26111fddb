"""How much of everything a stranger may have, so that nobody's share can be taken.  [pure]

Rates are token buckets, connections are counted by *visitor*
(``net.security.client_network.client_network``: an address, or the network of an IPv6 one).
Defaults leave room for a class of forty behind one address, each with three clients side by side
that all switch their transport at once. Knows no connection, no message and no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass

from net.security.rate_limit import MAX_IDLE_NETWORKS, TokenBucket

# One message costs this beside its own bytes, so that a single bucket bounds both: what a flood
# of tiny messages costs us is not their bytes.
MESSAGE_COST_BYTES = 128


# Over a limit a channel is told so, which needs a channel for a moment: enough that people learn
# why, too few to keep anybody else out. Beyond it is cut.
REJECTIONS_PER_NETWORK = 8


REJECTIONS_MAX = 64


# Time enough for a hello to come over any link worth playing on.
REJECTION_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one server allows.

    A client plays with about 70 messages a second, 11 KB with their price; what a stall of TCP has
    held up for ten seconds may come in one go. When a visitor's peers send too much together, those
    that are modest are heard nevertheless: it was not they. The computer that the server runs on
    is trusted with as many connections as fit, and as many messages.
    """

    connections: int = 2048
    connections_per_network: int = 256
    handshakes_per_s: float = 64.0
    handshakes_burst: float = 256.0
    handshake_timeout_s: float = 10.0
    peer_bytes_per_s: float = 64 * 1024.0
    peer_burst_bytes: float = 512 * 1024.0
    network_bytes_per_s: float = 2 * 1024 * 1024.0
    network_burst_bytes: float = 8 * 1024 * 1024.0
    guaranteed_bytes_per_s: float = 16 * 1024.0
    guaranteed_burst_bytes: float = 64 * 1024.0
    trusts_loopback: bool = True


@dataclass(slots=True)
class _NetworkUsage:
    """What is counted of one visitor: channels that are wanted, and others that are to be told."""

    is_trusted: bool
    handshakes: TokenBucket
    received_bytes: TokenBucket
    active: int = 0
    rejecting: int = 0


class ConnectionPermit:
    """One channel, counted until it ends.

    ``rejection_reason`` says why it is one too many, "" if it is not; ``drop_silently`` that so
    many wait to be told such a thing that this one is not.
    """

    __slots__ = ("_turnstile", "_visitor", "drop_silently", "rejection_reason")

    def __init__(
        self,
        turnstile: "ConnectionLimiter",
        visitor: _NetworkUsage,
        rejection_reason: str,
        drop_silently: bool,
    ) -> None:
        self.rejection_reason = rejection_reason
        self.drop_silently = drop_silently
        self._turnstile = turnstile
        self._visitor = visitor

    def consume(self, cost_bytes: float, now: float) -> bool:
        """Spend of what the visitor's channels may send together; return whether it was enough."""
        return self._visitor.is_trusted or self._visitor.received_bytes.consume(cost_bytes, now)

    def release(self) -> None:
        """Take the channel off again; called once, when it has ended."""
        self._turnstile.count(self._visitor, self, -1)


class ConnectionLimiter:
    """Counts the channels of a server, and says when one more is too many.

    Those that it turns away take nobody's place: they are counted apart, and are few.
    """

    def __init__(self, limits: ServerLimits, is_trusted: Callable[[str], bool]) -> None:
        self._limits = limits
        self._is_trusted = is_trusted
        self._visitors: dict[str, _NetworkUsage] = {}
        self.active = 0
        self.rejecting = 0

    def acquire(self, network: str, now: float) -> ConnectionPermit:
        """Count a channel of a visitor, until its stay ends."""
        visitor = self._visitor(network, now)
        rejection_reason = self._why_unwanted(visitor, now)
        drop_silently = bool(rejection_reason) and (
            visitor.rejecting >= REJECTIONS_PER_NETWORK or self.rejecting >= REJECTIONS_MAX
        )
        stay = ConnectionPermit(self, visitor, rejection_reason, drop_silently)
        self.count(visitor, stay, +1)
        return stay

    def count(self, visitor: _NetworkUsage, stay: ConnectionPermit, change: int) -> None:
        """Count a stay where it belongs, or take it off; one that is cut is nowhere."""
        if not stay.rejection_reason:
            self.active += change
            visitor.active += change
        elif not stay.drop_silently:
            self.rejecting += change
            visitor.rejecting += change

    def _why_unwanted(self, visitor: _NetworkUsage, now: float) -> str:
        limits = self._limits
        if self.active >= limits.connections:
            return f"the server has {limits.connections} connections already"
        if visitor.is_trusted:
            return ""
        if visitor.active >= limits.connections_per_network:
            return f"your address has {limits.connections_per_network} connections already"
        if not visitor.handshakes.consume(1.0, now):
            return f"more than {limits.handshakes_per_s:.0f} attempts a second from your address"
        return ""

    def _visitor(self, name: str, now: float) -> _NetworkUsage:
        found = self._visitors.get(name)
        if found is None:
            if len(self._visitors) >= MAX_IDLE_NETWORKS:
                self._forget_absent()
            limits = self._limits
            found = self._visitors[name] = _NetworkUsage(
                self._is_trusted(name),
                TokenBucket(limits.handshakes_per_s, limits.handshakes_burst, now),
                TokenBucket(limits.network_bytes_per_s, limits.network_burst_bytes, now),
            )
        return found

    def _forget_absent(self) -> None:
        self._visitors = {
            name: visitor
            for name, visitor in self._visitors.items()
            if visitor.active or visitor.rejecting
        }
