"""Everything that can be set while comparing, and what a change does.  [pure]

Keys, buttons and sliders all end here. Knows none of them, and of the network only a source.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from game.techniques import Techniques
from game.view.compare_source import CompareSource
from game.view.live_link import Dial, LiveLink
from game.view.steering import Steering

# As long as a lorry between the antennas.
BURST_S = 0.3
INTERPOLATION_STEP_S = 1 / 60
INTERPOLATION_MAX_S = 0.3
# Two intervals of the usual 30 snapshots a second, until somebody sets something else.
INTERPOLATION_DEFAULT_S = 2 / 30


class Ghosts(Enum):
    """Which truth the white outlines show."""

    OFF = "off"
    RENDER_TIME = "render time"
    PRESENT = "present"

    @property
    def following(self) -> "Ghosts":
        """The next one, round and round."""
        order = list(Ghosts)
        return order[(order.index(self) + 1) % len(order)]


class Desk:
    """Hold the settings of a comparison and tell `source` what changes.

    `mark` is told each change that the lagometers should show: the panel that it concerns (None:
    all of them) and what to call it.
    """

    def __init__(
        self,
        source: CompareSource,
        live_link: LiveLink,
        techniques: Techniques,
        mark: Callable[[str | None, str], None],
    ) -> None:
        self.live_link = live_link
        self.techniques = techniques
        self.steering = Steering(source.names)
        self.ghosts = Ghosts.RENDER_TIME
        self.shows_trails = True
        self.shows_lagometers = True
        self.shows_help = False
        self.latest_events = False
        self._source = source
        self._mark = mark

    @property
    def interpolation_s(self) -> float:
        """By how much everything is drawn later, when interpolation is on."""
        chosen_s = self.techniques.interpolation_s
        return INTERPOLATION_DEFAULT_S if chosen_s is None else chosen_s

    def walk_ghosts(self) -> None:
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

    def walk_presets(self, step: int) -> None:
        """Emulate the next preset, or with -1 the one before."""
        self.live_link.walk(step)
        self._tell_link(self.live_link.name)

    def turn(self, dial: Dial, position: float) -> None:
        """Turn one dial of the link, without a mark: a drag is a hundred changes."""
        self.live_link.turn(dial, position)
        self._source.set_link(self.live_link.link)

    def mark_turned(self, text: str) -> None:
        """Mark that a dial was turned, and let go."""
        self._mark(None, text)

    def burst(self) -> None:
        """Lose everything for a moment."""
        self._source.burst(BURST_S)
        self._mark(None, f"B {BURST_S * 1000:.0f} ms")

    def toggle_nagle(self) -> None:
        """Let both senders of a stream wait to fill a segment, or not (RFC 896)."""
        self.live_link.nagle = not self.live_link.nagle
        self._tell_link(f"Nagle {_on_off(self.live_link.nagle)}")

    def toggle_latest_events(self) -> None:
        """Send kicks and goals as what may be lost, or as what arrives."""
        self.latest_events = not self.latest_events
        self._source.set_latest_events(self.latest_events)
        self._mark(None, f"LATEST {_on_off(self.latest_events)}")

    def switch(self, transport: str) -> None:
        """Move a player to another transport: where the keys are, else in the first panel."""
        self._source.switch(self.steering.focus or self._source.names[0], transport)

    def toggle_interpolation(self) -> None:
        """Draw between snapshots, in the past; or the newest as it is."""
        self._set(replace(self.techniques, interpolation=not self.techniques.interpolation))
        self._mark_interpolation()

    def change_interpolation(self, step_s: float) -> None:
        """Draw earlier or later, within what makes sense."""
        delay_s = min(max(self.interpolation_s + step_s, 0.0), INTERPOLATION_MAX_S)
        self._set(replace(self.techniques, interpolation=True, interpolation_s=delay_s))
        self._mark_interpolation()

    def toggle_extrapolation(self) -> None:
        """Carry on where nothing newer has come, or freeze."""
        self._set(replace(self.techniques, extrapolation=not self.techniques.extrapolation))
        self._mark(None, f"X {_on_off(self.techniques.extrapolation)}")

    def walk_prediction(self) -> None:
        """Predict nothing, the own player, or the ball too."""
        self._set(replace(self.techniques, prediction=self.techniques.prediction.following))
        self._mark(None, f"P {self.techniques.prediction.value}")

    def toggle_reconciliation(self) -> None:
        """Replay on a truth what it does not know yet, or take it for the present."""
        self._set(replace(self.techniques, reconciliation=not self.techniques.reconciliation))
        self._mark(None, f"R {_on_off(self.techniques.reconciliation)}")

    def _set(self, techniques: Techniques) -> None:
        self.techniques = techniques
        self._source.set_techniques(techniques)

    def _mark_interpolation(self) -> None:
        is_on = self.techniques.interpolation
        self._mark(None, f"I {self.interpolation_s * 1000:.0f} ms" if is_on else "I off")

    def _tell_link(self, text: str) -> None:
        self._source.set_link(self.live_link.link)
        self._mark(None, text)


def _on_off(is_on: bool) -> str:
    return "on" if is_on else "off"
