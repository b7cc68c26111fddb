"""Interface between the comparison screen and the clients that it shows.

Clients on a network implement it, and a match played by a test.
"""

from collections.abc import Mapping
from typing import Protocol

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls
from net.link.packet_log import FlowLog
from net.link.profile import Link
from net.link.stats import ConnectionStats


class CompareSource(Protocol):
    """Views of one match by several clients. All methods are cheap.

    Thread: the screen's. A panel keeps the name of the transport that it started with.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the panels, from left to right."""
        ...

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that a player may switch to."""
        ...

    @property
    def reference_is_delayed(self) -> bool:
        """True if the reference state itself arrives over the emulated link."""
        ...

    def has_head_of_line_blocking(self, transport: str) -> bool:
        """Return whether a lost packet delays all packets behind it on this transport."""
        ...

    def frame(self, name: str, now: float) -> Frame:
        """Return the frame to draw at ``now``, in seconds of ``time.perf_counter``."""
        ...

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the server's state at a time of its clock; None if it is not known."""
        ...

    def reference_newest_time_s(self) -> float | None:
        """Return the latest server time with a known state; None before the first."""
        ...

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return the distance between drawn ball and server's ball, in pitch units."""
        ...

    def link_stats(self) -> Mapping[str, ConnectionStats]:
        """Return what the emulated link did to each panel's connection."""
        ...

    @property
    def packet_clock_offset_s(self) -> float:
        """Seconds to add to a time of the packet log for the clock of ``frame``."""
        ...

    def packet_log(self, name: str) -> list[FlowLog]:
        """Return the packets of a panel's link since the last call."""
        ...

    def set_controls(self, name: str, controls: Controls | None) -> None:
        """Hold these controls for a panel's player; None leaves the player to its bot."""
        ...

    def switch(self, name: str, transport: str) -> None:
        """Start to move a panel's player to another transport, during the match."""
        ...

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Use these netcode settings in all panels."""
        ...

    def set_unreliable_events(self, is_on: bool) -> None:
        """Have kicks and goals sent to all panels unreliably, or reliably."""
        ...

    def set_link(self, link: Link) -> None:
        """Emulate this link from the next packet on."""
        ...

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet in both directions for a while."""
        ...
