"""What a link does to packets: delay, jitter, loss, rate and queue, one direction each.  [pure]

Values only: how they act on a packet stands in `datagram_path.py`, how a person writes them in
`spec.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkProfile:
    """One direction of a link; every figure is one-way.

    The jitter is a deviation from `delay_s` to both sides: its bound when uniform, its standard
    deviation when normal. A packet that jitter would let overtake another waits behind it, unless
    `reorders`. `burst` is the mean length of a run of losses, 1 when independent. `rate_bps` is
    what the link carries, headers included; what comes faster waits in a queue of `queue_bytes` or
    `queue_s`, and what does not fit there is dropped (drop-tail).
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    jitter_is_normal: bool = False
    reorders: bool = False
    loss_ratio: float = 0.0
    burst: float = 1.0
    duplicate_ratio: float = 0.0
    rate_bps: float | None = None
    queue_s: float = 0.1
    queue_bytes: int | None = None
    nagle: bool = False
    congestion: str = "cubic"


@dataclass(frozen=True, slots=True)
class Link:
    """Both directions: `up` from the client to the server, `down` back."""

    up: LinkProfile = LinkProfile()
    down: LinkProfile = LinkProfile()
