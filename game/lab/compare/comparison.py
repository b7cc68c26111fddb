"""The source of the comparison's screens: a client group with one panel for each client.

Thread: the methods are called from the thread that draws.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic, perf_counter

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.lab.compare.client_group import ClientGroup
from game.match.controls import NEUTRAL, Controls
from net.link.packet_log import FlowLog
from net.link.profile import Link
from net.link.stats import ConnectionStats
from net.transport import Transport


class ClientGroupSource:
    """A view of a client group that runs in the network thread.

    ``transports`` are the ones a client can switch to. ``check`` raises the exception that ended
    the network thread, if there was one. ``reference_is_delayed`` is true without a reference
    client: then every view of the match comes through the emulated link.
    ``translate`` puts the text of a frame's status into the language of the window.
    ``packet_clock_offset_s`` takes a time of the packet log to the clock of ``frame``.
    """

    def __init__(
        self,
        group: ClientGroup,
        transports: Mapping[str, Transport],
        check: Callable[[], None],
        translate: Callable[[str], str] = str,
    ) -> None:
        self.names = tuple(group.clients)
        self.transports = tuple(transports)
        self.reference_is_delayed = group.reference_is_delayed
        # The log has the clock that all processes share, the frames the finer one of this process.
        self.packet_clock_offset_s = perf_counter() - monotonic()
        self._group = group
        self._transports_by_name = transports
        self._check = check
        self._translate = translate
        self._bots = {name: client.controller for name, client in group.clients.items()}

    def has_head_of_line_blocking(self, transport: str) -> bool:
        """Return whether a lost packet delays all data sent after it."""
        return self._transports_by_name[transport].guarantees.head_of_line_blocking

    def frame(self, name: str, now: float) -> Frame:
        """Return the frame to draw in a panel at ``now`` (``perf_counter`` seconds)."""
        self._check()
        frame = self._group.clients[name].frame(now)
        return replace(frame, status_text=self._translate(frame.status_text))

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the reference scene at a server time; None if it is not known yet."""
        return self._group.reference_scene(server_time_s)

    def reference_newest_time_s(self) -> float | None:
        """Return the newest server time with a reference scene; None before the first."""
        return self._group.reference_newest_time_s()

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return the distance of the drawn ball from the reference, in pitch units."""
        return self._group.visual_error(name, frame)

    def link_stats(self) -> Mapping[str, ConnectionStats]:
        """Return the emulated link's counters for the connection of each panel."""
        return self._group.link_stats()

    def packet_log(self, name: str) -> list[FlowLog]:
        """Return the packets of a panel's link since the last call (``net.link.packet_log``)."""
        return self._group.packet_log(name)

    def set_controls(self, name: str, controls: Controls | None) -> None:
        """Set the controls of a panel's player; None gives the player back to its bot."""
        client = self._group.clients[name]
        client.controller = self._bots[name] if controls is None else None
        if client.controller is None:
            client.set_controls(controls or NEUTRAL)

    def switch(self, name: str, transport: str) -> None:
        """Start to move a panel's player to another transport, during the match."""
        self._group.clients[name].switch(transport)

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Use these netcode settings in all panels from now on."""
        for client in self._group.clients.values():
            client.netcode = netcode

    def set_unreliable_events(self, is_on: bool) -> None:
        """Ask the server to send kicks and goals as messages that may be lost, to all panels."""
        for client in self._group.clients.values():
            client.request = replace(client.request, unreliable_events=is_on)

    def set_link(self, link: Link) -> None:
        """Emulate ``link`` from the next packet on."""
        self._group.set_link(link)

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet in both directions for ``duration_s``."""
        self._group.burst_loss(duration_s)
