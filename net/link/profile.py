"""What a link does to packets: delay, jitter, loss, rate and queue, one direction each.  [pure]

Values only. How they act on a packet stands in `datagram_path.py` and `tcp_path.py`, how a person
writes them in `spec.py`, and the ready-made ones in `presets.py`.
"""

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class LinkProfile:
    """One direction of a link; every figure is one-way.

    The jitter is a deviation from `delay_s` to both sides: its bound when uniform, its standard
    deviation when normal; a delay is never under zero. A packet that jitter would let overtake
    another waits behind it, unless the link `reorders`. `burst` is the mean length of a run of
    losses, 1 for independent ones. `rate_bps` is what the link carries in bits a second, headers
    included; what comes faster waits in a queue, as long as it holds no more than `queue_bytes` or,
    if those are None, `queue_s` of waiting, and else is dropped (drop-tail).

    `nagle` and `congestion` ("cubic" or "reno") are not the link's but its sender's: a relay has to
    be told of them, since it cannot see another process's socket options.
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
    """Both directions: `up` from the client to the server, `down` back.

    `name` is the preset's, empty for a link of one's own; it does not make two links different.
    """

    up: LinkProfile = LinkProfile()
    down: LinkProfile = LinkProfile()
    name: str = field(default="", compare=False)

    @classmethod
    def symmetric(cls, profile: LinkProfile, name: str = "") -> "Link":
        """Return the link that does the same each way."""
        return cls(profile, profile, name)


class RelayProtocol(Enum):
    """What a relay carries."""

    TCP = "tcp"
    UDP = "udp"
