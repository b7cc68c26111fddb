"""TCP handshake of one end: retransmission of SYN and SYN-ACK until they are answered.  [pure]

The client repeats its SYN each second, four times, before the timeout doubles (Linux since 6.5,
``tcp_syn_linear_timeouts``). The server's timeout doubles at once.
"""

from math import inf

from net.link.tcp.retransmission_timeout import RTO_INITIAL_S, RTO_MAX_S
from net.link.tcp.timer import expiry
from net.link.tcp_segment import PacketType

__all__ = ["Handshake"]

# Linux's default of ``tcp_syn_linear_timeouts``.
LINEAR_SYN_TIMEOUTS = 4


class Handshake:
    """Handshake state of one end, which sends ``kind``: SYN at the client, SYN_ACK at the server.

    ``at`` is the time of the next retransmission, infinity for never.
    """

    __slots__ = ("_kind", "_sent", "_sent_at", "at", "is_open")

    def __init__(self, kind: PacketType) -> None:
        self.is_open = False
        self.at = inf
        self._kind = kind
        self._sent = 0
        self._sent_at = 0.0

    @property
    def was_sent(self) -> bool:
        """True if this end's packet was sent at least once."""
        return self._sent > 0

    def note_sent(self, now: float) -> None:
        """Count a transmission of this end's packet, and plan the next."""
        self._sent += 1
        self._sent_at = now
        linear = LINEAR_SYN_TIMEOUTS if self._kind == PacketType.SYN else 0
        doublings = max(self._sent - 1 - linear, 0)
        self.at = expiry(now, min(RTO_INITIAL_S * 2**doublings, RTO_MAX_S))

    def complete(self, now: float) -> float | None:
        """Open this end and return the round trip in seconds.

        None after a retransmission: either copy may have been answered (RFC 6298, section 3).
        """
        self.is_open = True
        self.at = inf
        return now - self._sent_at if self._sent == 1 else None
