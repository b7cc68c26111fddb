"""A lineup as the comparison's screens see it: one panel a client, everything changed at once.

Called from the thread that draws. Knows no pixels and no plugin by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.lab.compare.side_by_side import ClientGroup
from game.match.controls import NEUTRAL, Controls
from net.link.profile import Link
from net.link.stats import ConnectionStats
from net.transport import Transport


class ClientGroupSource:
    """Draw and steer the clients of a lineup that runs in the network's thread.

    ``transports`` are those that a player may be moved to. ``check`` raises what ended that
    thread, if something did. ``reference_is_delayed``: nobody sees the server past the emulated
    link.
    """

    def __init__(
        self, lineup: ClientGroup, transports: Mapping[str, Transport], check: Callable[[], None]
    ) -> None:
        self.names = tuple(lineup.clients)
        self.transports = tuple(transports)
        self.reference_is_delayed = lineup.reference_is_delayed
        self._lineup = lineup
        self._plugins = transports
        self._check = check
        self._pilots = {name: client.controller for name, client in lineup.clients.items()}

    def has_head_of_line_blocking(self, transport: str) -> bool:
        """Return whether a lost packet holds up all behind it (head-of-line blocking)."""
        return self._plugins[transport].guarantees.head_of_line_blocking

    def frame(self, name: str, now: float) -> Frame:
        """Return what a panel is to draw at ``now`` (``perf_counter`` seconds)."""
        self._check()
        return self._lineup.clients[name].frame(now)

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the true state at a time of the server's clock; None while nobody can know it."""
        return self._lineup.reference_scene(server_time_s)

    def reference_newest_time_s(self) -> float | None:
        """Return the latest time for which the truth is known; None before the first."""
        truth = self._lineup.reference
        witnesses = [truth] if truth is not None else self._lineup.clients.values()
        times = [witness.newest_time_s for witness in witnesses]
        return max((time_s for time_s in times if time_s is not None), default=None)

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return how far from the truth a frame drew the ball, in pitch units."""
        return self._lineup.visual_error(name, frame)

    def link_stats(self) -> Mapping[str, ConnectionStats]:
        """Return what the emulated link has done to each panel's connection."""
        return self._lineup.link_stats()

    def set_controls(self, name: str, controls: Controls | None) -> None:
        """Hold these controls of a panel's player; None leaves it to its bot."""
        client = self._lineup.clients[name]
        client.controller = self._pilots[name] if controls is None else None
        if client.controller is None:
            client.set_controls(controls or NEUTRAL)

    def switch(self, name: str, transport: str) -> None:
        """Begin to move a panel's player to another transport, in mid-match."""
        self._lineup.clients[name].switch(transport)

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Do this about the delay, in all panels, from now on."""
        for client in self._lineup.clients.values():
            client.netcode = netcode

    def set_unreliable_events(self, is_on: bool) -> None:
        """Have kicks and goals sent as what may be lost, to all panels."""
        for client in self._lineup.clients.values():
            client.request = replace(client.request, unreliable_events=is_on)

    def set_link(self, link: Link) -> None:
        """Emulate this link from the next packet on."""
        self._lineup.set_link(link)

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet, both ways, for a while."""
        self._lineup.burst_loss(duration_s)
