"""Everything that can be set while comparing, and what a change does.  [pure]

Keys, buttons and sliders all end here. Knows none of them, and of the network only a source.
"""

from collections.abc import Callable
from enum import Enum

from game.client.netcode import NetcodeSettings
from game.view.compare.input_router import InputRouter
from game.view.compare.link_editor import LinkEditor, LinkParameter
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
    def next(self) -> "GhostMode":
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
        link_editor: LinkEditor,
        netcode: NetcodeSettings,
        on_annotate: Callable[[str | None, str], None],
    ) -> None:
        self.link_editor = link_editor
        self.netcode = NetcodeControls(
            netcode, source.set_netcode, lambda text: on_annotate(None, text)
        )
        self.input_router = InputRouter(source.names)
        self.ghosts = GhostMode.RENDER_TIME
        self.shows_trails = True
        self.shows_lagometers = True
        self.shows_help = False
        self.unreliable_events = False
        self._source = source
        self._on_annotate = on_annotate

    @property
    def nagle(self) -> bool:
        """Whether both senders of a stream wait to fill a segment (RFC 896)."""
        return self.link_editor.nagle

    def cycle_ghosts(self) -> None:
        """Show no truth, that of the render time, or that of the server's present."""
        self.ghosts = self.ghosts.next

    def toggle_trails(self) -> None:
        """Show or hide the ball's way."""
        self.shows_trails = not self.shows_trails

    def toggle_lagometers(self) -> None:
        """Show or hide the lagometers."""
        self.shows_lagometers = not self.shows_lagometers

    def toggle_help(self) -> None:
        """Show or hide what all the keys do."""
        self.shows_help = not self.shows_help

    def select_preset(self, name: str) -> None:
        """Emulate a preset."""
        self.link_editor.select(name)
        self._tell_link(name)

    def cycle_presets(self, step: int) -> None:
        """Emulate the next preset, or with -1 the one before."""
        self.link_editor.cycle(step)
        self._tell_link(self.link_editor.name)

    def set_parameter(self, parameter: LinkParameter, position: float) -> None:
        """Turn one dial of the link, without a mark: a drag is a hundred changes."""
        self.link_editor.set_parameter(parameter, position)
        self._source.set_link(self.link_editor.link)

    def annotate_parameter(self, text: str) -> None:
        """Mark that a dial was turned, and let go."""
        self._on_annotate(None, text)

    def burst(self) -> None:
        """Lose everything for a moment."""
        self._source.burst_loss(BURST_S)
        self._on_annotate(None, f"B {BURST_S * 1000:.0f} ms")

    def toggle_nagle(self) -> None:
        """Let both senders of a stream wait to fill a segment, or not (RFC 896)."""
        self.link_editor.nagle = not self.link_editor.nagle
        self._tell_link(f"Nagle {on_off(self.link_editor.nagle)}")

    def toggle_unreliable_events(self) -> None:
        """Send kicks and goals as what may be lost, or as what arrives."""
        self.unreliable_events = not self.unreliable_events
        self._source.set_unreliable_events(self.unreliable_events)
        self._on_annotate(None, f"LATEST {on_off(self.unreliable_events)}")

    def switch(self, transport: str) -> None:
        """Move a player to another transport: where the keys are, else in the first panel."""
        self._source.switch(self.input_router.focus or self._source.names[0], transport)

    def _tell_link(self, text: str) -> None:
        self._source.set_link(self.link_editor.link)
        self._on_annotate(None, text)
