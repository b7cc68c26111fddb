"""Settings of the comparison, and the effect of each change on the source.  [pure]

Keys, buttons and sliders all call these methods.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from game.client.frame_history import FREEZE_SHOWN_S
from game.client.netcode import NetcodeSettings
from game.view.compare.input_router import InputRouter
from game.view.compare.link_editor import LinkEditor
from game.view.compare.link_parameters import LinkParameter
from game.view.compare.source import CompareSource
from game.view.netcode_controls import NetcodeControls
from game.view.texts import Texts
from net.link.profile import Link

# Long enough for TCP's retransmission timeout (at least 200 ms) to expire.
BURST_S = 0.3


class GhostMode(Enum):
    """State of the server that the ghosts (white outlines) show."""

    OFF = "off"
    RENDER_TIME = "render time"
    PRESENT = "present"

    @property
    def next(self) -> "GhostMode":
        """The mode after this one; after the last, the first."""
        order = list(GhostMode)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """Settings of a comparison that are used together, as a lesson does.

    ``freeze_shown_s``: how long the length of a freeze stays after its end.
    """

    link: Link
    netcode: NetcodeSettings
    unreliable_events: bool
    ghosts: GhostMode
    shows_lagometers: bool
    shows_details: bool
    shows_lanes: bool
    shows_figures: bool
    freeze_shown_s: float = FREEZE_SHOWN_S


class CompareControls:
    """Controls of a comparison: they hold its settings and pass each change to ``source``.

    ``transports`` are the present ones of the panels, by panel. ``on_annotate`` receives each
    change that the lagometers should show: the panel that it concerns (None: all panels) and a
    short text.
    """

    def __init__(
        self,
        source: CompareSource,
        link_editor: LinkEditor,
        netcode: NetcodeSettings,
        on_annotate: Callable[[str | None, str], None],
        texts: Texts,
    ) -> None:
        self.link_editor = link_editor
        self.netcode = NetcodeControls(
            netcode, source.set_netcode, lambda text: on_annotate(None, text), texts
        )
        self.input_router = InputRouter(source.names)
        self.transports = {name: name for name in source.names}
        self.ghosts = GhostMode.RENDER_TIME
        self.shows_trails = True
        self.shows_details = self.shows_lagometers = self.shows_lanes = False
        self.shows_help = False
        self.shows_figures = True
        self.freeze_shown_s = FREEZE_SHOWN_S
        self.unreliable_events = False
        self._source = source
        self._on_annotate = on_annotate
        self._texts = texts

    @property
    def nagle(self) -> bool:
        """True if senders of a stream use Nagle's algorithm (RFC 896)."""
        return self.link_editor.nagle

    @property
    def settings(self) -> CompareSettings:
        """The present settings."""
        return CompareSettings(
            self.link_editor.link,
            self.netcode.settings,
            self.unreliable_events,
            self.ghosts,
            self.shows_lagometers,
            self.shows_details,
            self.shows_lanes,
            self.shows_figures,
            self.freeze_shown_s,
        )

    def use(self, settings: CompareSettings) -> None:
        """Use these settings, without annotations."""
        self.use_link(settings.link)
        self.netcode.use(settings.netcode)
        if settings.unreliable_events != self.unreliable_events:
            self.unreliable_events = settings.unreliable_events
            self._source.set_unreliable_events(settings.unreliable_events)
        self.ghosts = settings.ghosts
        self.shows_lagometers = settings.shows_lagometers
        self.shows_details = settings.shows_details
        self.shows_lanes = settings.shows_lanes
        self.shows_figures = settings.shows_figures
        self.freeze_shown_s = settings.freeze_shown_s

    def use_link(self, link: Link) -> None:
        """Emulate any link, without an annotation."""
        self.link_editor.use(link)
        self._source.set_link(self.link_editor.link)

    def use_transports(self, transports: Sequence[str]) -> None:
        """Have the first panels use these transports, one each, where none does already."""
        present = self.transports
        missing = [name for name in transports if name not in present.values()]
        free = [panel for panel, name in present.items() if name not in transports]
        for panel, transport in zip(free, missing, strict=False):
            self._source.switch(panel, transport)

    def cycle_ghosts(self) -> None:
        """Show ghosts at the render time, ghosts at the server's present, or no ghosts."""
        self.ghosts = self.ghosts.next

    def toggle_trails(self) -> None:
        """Show or hide the trail of the ball."""
        self.shows_trails = not self.shows_trails

    def toggle_lagometers(self) -> None:
        """Show or hide the lagometers."""
        self.shows_lagometers = not self.shows_lagometers

    def toggle_lanes(self) -> None:
        """Show or hide the packets under way."""
        self.shows_lanes = not self.shows_lanes

    def toggle_details(self) -> None:
        """Show all figures, sliders and lagometers, or only what a player feels."""
        self.shows_details = self.shows_lagometers = not self.shows_details

    def toggle_help(self) -> None:
        """Show or hide the help overlay."""
        self.shows_help = not self.shows_help

    def select_preset(self, name: str) -> None:
        """Emulate the preset called ``name``."""
        self.link_editor.select(name)
        self._tell_link(name)

    def cycle_presets(self, step: int) -> None:
        """Emulate the next preset; with ``step`` -1 the previous one."""
        self.link_editor.cycle(step)
        self._tell_link(self.link_editor.name)

    def set_parameter(self, parameter: LinkParameter, position: float) -> None:
        """Set one link parameter, without an annotation: a drag is a hundred changes."""
        self.link_editor.set_parameter(parameter, position)
        self._source.set_link(self.link_editor.link)

    def annotate_parameter(self, text: str) -> None:
        """Annotate a link parameter whose slider was released."""
        self._on_annotate(None, text)

    def burst(self) -> None:
        """Lose every packet for ``BURST_S``."""
        self.lose_packets(BURST_S)

    def lose_packets(self, duration_s: float) -> None:
        """Lose every packet for ``duration_s``."""
        self._source.burst_loss(duration_s)
        length_ms = self._texts.number(duration_s * 1000.0)
        self._on_annotate(None, self._texts.outage.format(value=length_ms))

    def toggle_nagle(self) -> None:
        """Turn Nagle's algorithm on or off, for both senders of a stream."""
        self.link_editor.nagle = not self.link_editor.nagle
        self._tell_link(self._texts.switched(self._texts.nagle, self.link_editor.nagle))

    def toggle_unreliable_events(self) -> None:
        """Send kicks and goals unreliably, or reliably again."""
        self.unreliable_events = not self.unreliable_events
        self._source.set_unreliable_events(self.unreliable_events)
        what = self._texts.unreliable_events
        self._on_annotate(None, self._texts.switched(what, self.unreliable_events))

    def switch(self, transport: str) -> None:
        """Move a player to another transport: the panel with the focus, else the first panel."""
        self._source.switch(self.input_router.focus or self._source.names[0], transport)

    def _tell_link(self, text: str) -> None:
        self._source.set_link(self.link_editor.link)
        self._on_annotate(None, text)
