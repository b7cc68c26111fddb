"""TCP's opening at one end: SYN and SYN-ACK, sent again until they are answered.  [pure]

The client's first timeouts come every second, four of them, before they double (Linux since 6.5,
`tcp_syn_linear_timeouts`); the server's double at once. Does not send: it says what is due.
"""

from math import inf

from net.link.tcp.packet import PacketType
from net.link.tcp.rtt import RTO_INITIAL_S, RTO_MAX_S
from net.link.tcp.timer import expiry

LINEAR_SYN_TIMEOUTS = 4


class Handshake:
    """Opens one end by sending `kind`: SYN at the client, SYN_ACK at the server."""

    __slots__ = ("_kind", "_sent", "_sent_at", "at", "is_open")

    def __init__(self, kind: PacketType) -> None:
        self.is_open = False
        self.at = inf  # when `kind` is to be sent again
        self._kind = kind
        self._sent = 0
        self._sent_at = 0.0

    def note_sent(self, now: float) -> None:
        """Note that this end's packet went out, and wait for the answer."""
        self._sent += 1
        self._sent_at = now
        linear = LINEAR_SYN_TIMEOUTS if self._kind == PacketType.SYN else 0
        doublings = max(self._sent - 1 - linear, 0)
        self.at = expiry(now, min(RTO_INITIAL_S * 2**doublings, RTO_MAX_S))

    def complete(self, now: float) -> float | None:
        """Open; return the round trip, None if it is not known which transmission was answered."""
        self.is_open = True
        self.at = inf
        return now - self._sent_at if self._sent == 1 else None
