"""Link settings: delay, jitter, loss, rate and queue of each direction.  [pure]

``datagram_path.py`` applies them to packets, ``spec.py`` parses them, ``presets.py`` names some.
"""

from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Link", "LinkProfile", "RelayProtocol"]


@dataclass(frozen=True, slots=True)
class LinkProfile:
    """One direction of a link. All values are one-way.

    - ``jitter_s``: deviation from ``delay_s`` to both sides. It is the bound of a uniform
      distribution, or the standard deviation of a normal one. A delay is never negative.
    - ``reorders``: jitter may let packets overtake each other. Else a packet waits for the other.
    - ``burst``: mean length of a run of losses in packets, 1 for independent losses.
    - ``rate_bps``: bits a second, headers included. Packets that come faster wait in a queue.
    - ``queue_bytes``: size of the queue, or if None ``queue_s``: the longest wait. A packet that
      does not fit is dropped (drop-tail).
    - ``nagle``, ``congestion`` ("cubic" or "reno"): options of the modelled sender, not of the
      link. A relay cannot see the socket options of another process.
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
    """Both directions of a link: ``up`` from client to server, ``down`` back.

    ``name`` is the name of the preset, empty for another link. It does not count in comparisons.
    """

    up: LinkProfile = LinkProfile()
    down: LinkProfile = LinkProfile()
    name: str = field(default="", compare=False)

    @classmethod
    def symmetric(cls, profile: LinkProfile, name: str = "") -> "Link":
        """Return the link with the same profile in both directions."""
        return cls(profile, profile, name)


class RelayProtocol(Enum):
    """Protocol that a relay forwards."""

    TCP = "tcp"
    UDP = "udp"
