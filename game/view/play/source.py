"""Interface between the play screen and the client that it shows.

A client on a network implements it, and a match played by a test.
"""

from typing import Protocol

from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls
from game.protocol.messages import RoomRequest
from net.link.packet_log import FlowLog


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

    @property
    def packet_clock_offset_s(self) -> float:
        """Seconds to add to a time of the packet log for the clock of ``frame``."""
        ...

    def packet_log(self) -> list[FlowLog]:
        """Return the packets of the link since the last call; none without an emulated link."""
        ...

    def ask_room(self, request: RoomRequest) -> None:
        """Ask the room for another team, to watch, for a pause, or to show a line of chat."""
        ...

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls until the next call."""
        ...

    def switch(self, transport: str) -> None:
        """Start to move the player to another transport, during the match."""
        ...

    def vote(self, transport: str) -> None:
        """Vote in a blind test: the player takes this transport for the own one."""
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
