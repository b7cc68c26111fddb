"""Where a screen gets its frames and sends its keys, so that it need not know a client.

Anything with these members can be drawn: a client on a network, or a match played in a test.
"""

from typing import Protocol

from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls


class Source(Protocol):
    """One player's view of a match. Every method is called from the screen's thread, and cheap."""

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that the menu offers."""
        ...

    @property
    def netcode(self) -> NetcodeSettings:
        """What is done about the delay."""
        ...

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Do this about the delay from now on."""
        ...

    def frame(self, now: float) -> Frame:
        """Return what to draw at `now`, in seconds of `time.perf_counter`."""
        ...

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls down until told otherwise."""
        ...

    def switch(self, transport: str) -> None:
        """Begin to move the player to another transport, in mid-match."""
        ...

    @property
    def nagle(self) -> bool:
        """Whether senders of a stream wait to fill a segment from the beginning."""
        ...

    def set_nagle(self, is_on: bool) -> None:
        """Let senders of a stream wait to fill a segment, or not (RFC 896)."""
        ...

    def set_unreliable_events(self, is_on: bool) -> None:
        """Have kicks and goals sent as what may be lost, or as what arrives."""
        ...
