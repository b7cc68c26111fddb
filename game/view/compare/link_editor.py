"""Emulated link that is edited live: presets, and single parameters.  [pure]

A parameter that a slider changes holds for both directions.
"""

from dataclasses import dataclass, replace
from math import log
from typing import Any

from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.link.spec import NO_LINK


@dataclass(frozen=True, slots=True)
class LinkParameter:
    """Link parameter with a slider: the ``field`` of ``LinkProfile``, from ``low`` to ``high``.

    Values are rounded to 1 / ``steps_per_unit``. A ``curve`` above 1 gives small values more of the
    slider. With ``is_rate`` the scale is logarithmic, and the end of the slider is "no limit".
    """

    field: str
    low: float
    high: float
    steps_per_unit: int = 1
    curve: float = 1.0
    is_rate: bool = False

    def position(self, profile: LinkProfile) -> float:
        """Return the slider's position, 0 to 1."""
        value = getattr(profile, self.field)
        if self.is_rate:
            if value is None:
                return 1.0
            share = log(max(value, self.low) / self.low) / log(self.high / self.low)
            return float(min(share, 1.0) * _LIMITED)
        share = (value - self.low) / (self.high - self.low)
        return float(min(max(share, 0.0), 1.0) ** (1.0 / self.curve))

    def value(self, position: float) -> float | None:
        """Return the value at a slider's position, 0 to 1. None means no limit."""
        if self.is_rate:
            if position > _LIMITED:
                return None
            rate_bps = self.low * (self.high / self.low) ** (position / _LIMITED)
            # Two digits: a hand on a slider cannot set more.
            return float(f"{rate_bps:.1e}")
        value = self.low + (self.high - self.low) * position**self.curve
        # Divide instead of multiplying by 0.001, so that 5% is exactly 0.05.
        return round(float(value) * self.steps_per_unit) / self.steps_per_unit


# The last twentieth of the slider is "no limit".
_LIMITED = 0.95
# The largest delay is near a satellite's. Beyond these values nobody can play.
LINK_PARAMETERS = (
    LinkParameter("delay_s", 0.0, 0.4, 1000, 2.0),
    LinkParameter("jitter_s", 0.0, 0.1, 1000, 2.0),
    LinkParameter("loss_ratio", 0.0, 0.3, 1000, 2.0),
    LinkParameter("burst", 1.0, 10.0, 2),
    LinkParameter("rate_bps", 32_000.0, 20_000_000.0, is_rate=True),
)


class LinkEditor:
    """Editor of a link: it steps through presets and sets single parameters."""

    def __init__(self, link: Link) -> None:
        self.presets = {NO_LINK: Link(name=NO_LINK), **PRESETS}
        self.nagle = link.up.nagle
        self._link = link
        if link.playback is not None:
            # With a button of its own: after a preset, the recording can be chosen again.
            self._link = replace(link, name=link.playback.name)
            self.presets[link.playback.name] = self._link

    @property
    def name(self) -> str:
        """Name of the preset in use; empty for a link with edited parameters."""
        return NO_LINK if self._link == Link() else self._link.name

    @property
    def link(self) -> Link:
        """The link to emulate now."""
        link = self._link
        up, down = replace(link.up, nagle=self.nagle), replace(link.down, nagle=self.nagle)
        return replace(link, up=up, down=down)

    def select(self, name: str) -> None:
        """Use the preset called ``name``."""
        self._link = self.presets[name]

    def use(self, link: Link) -> None:
        """Use any link."""
        self._link, self.nagle = link, link.up.nagle

    def cycle(self, step: int) -> None:
        """Use the preset ``step`` positions after this one, in a circle.

        After a link with edited parameters, use the first preset (``step`` above 0) or the last.
        """
        names = list(self.presets)
        if self.name in names:
            self.select(names[(names.index(self.name) + step) % len(names)])
        else:
            self.select(names[0 if step > 0 else -1])

    def set_parameter(self, parameter: LinkParameter, position: float) -> None:
        """Set a parameter in both directions from its slider's position, 0 to 1."""
        change: dict[str, Any] = {parameter.field: parameter.value(position)}
        link = self._link
        up, down = replace(link.up, **change), replace(link.down, **change)
        self._link = replace(link, up=up, down=down, name="")

    def position(self, parameter: LinkParameter) -> float:
        """Return a parameter's slider position, 0 to 1.

        It is that of the server-to-client direction, which carries the snapshots.
        """
        return parameter.position(self._link.down)
