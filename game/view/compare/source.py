"""What a comparison draws and steers, so that its screen need not know a client or a relay.

Anything with these members can be compared: clients on a network, or matches played in a test.
"""

from collections.abc import Mapping
from typing import Protocol

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls
from net.link.profile import Link
from net.link.stats import ConnectionStats


class CompareSource(Protocol):
    """Several players' views of one match. Called from the screen's thread, and all of it cheap.

    A panel is called by the transport that it began with, whatever it uses now.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """The panels, from the left."""
        ...

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that a player may be moved to."""
        ...

    @property
    def reference_is_delayed(self) -> bool:
        """Whether nobody sees the server past the emulated link."""
        ...

    def has_head_of_line_blocking(self, transport: str) -> bool:
        """Return whether a lost packet holds up all behind it (head-of-line blocking)."""
        ...

    def frame(self, name: str, now: float) -> Frame:
        """Return what a panel is to draw at `now`, in seconds of `time.perf_counter`."""
        ...

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the true state at a time of the server's clock; None while nobody can know it."""
        ...

    def reference_newest_time_s(self) -> float | None:
        """Return the latest time for which the truth is known; None before the first."""
        ...

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return how far from the truth a frame drew the ball, in pitch units."""
        ...

    def link_stats(self) -> Mapping[str, ConnectionStats]:
        """Return what the emulated link has done to each panel's connection."""
        ...

    def set_controls(self, name: str, controls: Controls | None) -> None:
        """Hold these controls of a panel's player; None leaves it to its bot."""
        ...

    def switch(self, name: str, transport: str) -> None:
        """Begin to move a panel's player to another transport, in mid-match."""
        ...

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Do this about the delay, in all panels, from now on."""
        ...

    def set_unreliable_events(self, is_on: bool) -> None:
        """Have kicks and goals sent as what may be lost, to all panels."""
        ...

    def set_link(self, link: Link) -> None:
        """Emulate this link from the next packet on."""
        ...

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet, both ways, for a while."""
        ...
