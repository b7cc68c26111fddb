"""Everything that can be set while comparing, and what a change does.  [pure]

Keys, buttons and sliders all end here. Knows none of them, and of the network only a source.
"""

from collections.abc import Callable
from enum import Enum

from game.client.netcode import NetcodeSettings
from game.view.compare.input_routing import InputRouter
from game.view.compare.live_link import LinkEditor, LinkParameter
from game.view.compare.source import CompareSource
from game.view.netcode_controls import NetcodeControls, on_off

# As long as a lorry between the antennas.
BURST_S = 0.3


class GhostMode(Enum):
    """Which truth the white outlines show."""

    OFF = "off"
    RENDER_TIME = "render time"
    PRESENT = "present"

    @property
    def following(self) -> "GhostMode":
        """The next one, round and round."""
        order = list(GhostMode)
        return order[(order.index(self) + 1) % len(order)]


class CompareControls:
    """Hold the settings of a comparison and tell `source` what changes.

    `mark` is told each change that the lagometers should show: the panel that it concerns (None:
    all of them) and what to call it.
    """

    def __init__(
        self,
        source: CompareSource,
        live_link: LinkEditor,
        techniques: NetcodeSettings,
        mark: Callable[[str | None, str], None],
    ) -> None:
        self.live_link = live_link
        self.technique_desk = NetcodeControls(
            techniques, source.set_techniques, lambda text: mark(None, text)
        )
        self.steering = InputRouter(source.names)
        self.ghosts = GhostMode.RENDER_TIME
        self.shows_trails = True
        self.shows_lagometers = True
        self.shows_help = False
        self.unreliable_events = False
        self._source = source
        self._mark = mark

    @property
    def nagle(self) -> bool:
        """Whether both senders of a stream wait to fill a segment (RFC 896)."""
        return self.live_link.nagle

    def cycle_ghosts(self) -> None:
        """Show no truth, that of the render time, or that of the server's present."""
        self.ghosts = self.ghosts.following

    def toggle_trails(self) -> None:
        """Show or hide the ball's way."""
        self.shows_trails = not self.shows_trails

    def toggle_lagometers(self) -> None:
        """Show or hide the lagometers."""
        self.shows_lagometers = not self.shows_lagometers

    def toggle_help(self) -> None:
        """Show or hide what all the keys do."""
        self.shows_help = not self.shows_help

    def choose_preset(self, name: str) -> None:
        """Emulate a preset."""
        self.live_link.choose(name)
        self._tell_link(name)

    def cycle_presets(self, step: int) -> None:
        """Emulate the next preset, or with -1 the one before."""
        self.live_link.walk(step)
        self._tell_link(self.live_link.name)

    def turn(self, dial: LinkParameter, position: float) -> None:
        """Turn one dial of the link, without a mark: a drag is a hundred changes."""
        self.live_link.turn(dial, position)
        self._source.set_link(self.live_link.link)

    def mark_turned(self, text: str) -> None:
        """Mark that a dial was turned, and let go."""
        self._mark(None, text)

    def burst(self) -> None:
        """Lose everything for a moment."""
        self._source.burst_loss(BURST_S)
        self._mark(None, f"B {BURST_S * 1000:.0f} ms")

    def toggle_nagle(self) -> None:
        """Let both senders of a stream wait to fill a segment, or not (RFC 896)."""
        self.live_link.nagle = not self.live_link.nagle
        self._tell_link(f"Nagle {on_off(self.live_link.nagle)}")

    def toggle_latest_events(self) -> None:
        """Send kicks and goals as what may be lost, or as what arrives."""
        self.unreliable_events = not self.unreliable_events
        self._source.set_latest_events(self.unreliable_events)
        self._mark(None, f"LATEST {on_off(self.unreliable_events)}")

    def switch(self, transport: str) -> None:
        """Move a player to another transport: where the keys are, else in the first panel."""
        self._source.switch(self.steering.focus or self._source.names[0], transport)

    def _tell_link(self, text: str) -> None:
        self._source.set_link(self.live_link.link)
        self._mark(None, text)
