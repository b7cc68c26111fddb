"""Link settings: delay, jitter, loss, rate and queue of each direction.  [pure]

``packet_path.py`` applies them to packets, ``spec.py`` parses them, ``presets.py`` names some.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from net.link.recorded_schedule import Playback, PlayedSchedule

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
    ``playback`` is the recording that the link plays. The profiles add to it: their delay to its
    delay, their losses to its losses. A rate limit in a profile replaces that of the recording.
    """

    up: LinkProfile = LinkProfile()
    down: LinkProfile = LinkProfile()
    name: str = field(default="", compare=False)
    playback: Playback | None = None

    @classmethod
    def symmetric(cls, profile: LinkProfile, name: str = "") -> "Link":
        """Return the link with the same profile in both directions."""
        return cls(profile, profile, name)

    @property
    def up_schedule(self) -> PlayedSchedule | None:
        """The schedule of ``up`` as it is played; None without a recording."""
        return self.playback.played(self.playback.up) if self.playback else None

    @property
    def down_schedule(self) -> PlayedSchedule | None:
        """The schedule of ``down`` as it is played; None without a recording."""
        return self.playback.played(self.playback.down) if self.playback else None

    def playing(self, now: float, before: "Link | None" = None) -> "Link":
        """Return the link with its recording begun at ``now``, unless it has begun.

        A recording that the link ``before`` plays goes on where it is.
        """
        if self.playback is None or self.playback.origin_s is not None:
            return self
        origin_s = now
        if before is not None and before.playback == self.playback and before.playback is not None:
            origin_s = now if before.playback.origin_s is None else before.playback.origin_s
        return replace(self, playback=replace(self.playback, origin_s=origin_s))


class RelayProtocol(Enum):
    """Protocol that a relay forwards."""

    TCP = "tcp"
    UDP = "udp"
