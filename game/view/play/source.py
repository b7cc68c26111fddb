"""Interface between the play screen and the client that it shows.

A client on a network implements it, and a match played by a test.
"""

from typing import Protocol

from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls


class Source(Protocol):
    """View of a match by one client. All methods are cheap.

    Thread: the screen's.
    """

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that the menu offers."""
        ...

    @property
    def netcode(self) -> NetcodeSettings:
        """Present netcode settings."""
        ...

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Use these netcode settings."""
        ...

    def frame(self, now: float) -> Frame:
        """Return the frame to draw at ``now``, in seconds of ``time.perf_counter``."""
        ...

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls until the next call."""
        ...

    def switch(self, transport: str) -> None:
        """Start to move the player to another transport, during the match."""
        ...

    @property
    def nagle(self) -> bool:
        """True if Nagle's algorithm is on at the start (RFC 896)."""
        ...

    def set_nagle(self, is_on: bool) -> None:
        """Turn Nagle's algorithm on or off, for both senders of a stream."""
        ...

    def set_unreliable_events(self, is_on: bool) -> None:
        """Have kicks and goals sent unreliably, or reliably."""
        ...
