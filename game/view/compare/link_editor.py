"""The emulated link while people change it: walk the presets, move one value.  [pure]

What a slider changes holds for both directions. Knows no slider and no relay.
"""

from dataclasses import dataclass, replace
from math import log
from typing import Any

from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.link.spec import NO_LINK


@dataclass(frozen=True, slots=True)
class LinkParameter:
    """One value of a link as something to turn: `field` of `LinkProfile`, from `low` to `high`.

    Values are whole steps of 1 / `steps_per_unit`; a `curve` above 1 gives small ones more room.
    Where `is_rate`, the scale is logarithmic, and its end is no limit at all.
    """

    field: str
    low: float
    high: float
    steps_per_unit: int = 1
    curve: float = 1.0
    is_rate: bool = False

    def position(self, profile: LinkProfile) -> float:
        """Return where the dial stands, 0 to 1."""
        value = getattr(profile, self.field)
        if self.is_rate:
            if value is None:
                return 1.0
            share = log(max(value, self.low) / self.low) / log(self.high / self.low)
            return float(min(share, 1.0) * _LIMITED)
        share = (value - self.low) / (self.high - self.low)
        return float(min(max(share, 0.0), 1.0) ** (1.0 / self.curve))

    def value(self, position: float) -> float | None:
        """Return what the dial sets at a position, 0 to 1; None is no limit."""
        if self.is_rate:
            if position > _LIMITED:
                return None
            rate_bps = self.low * (self.high / self.low) ** (position / _LIMITED)
            # Two digits: more would promise what a hand cannot set.
            return float(f"{rate_bps:.1e}")
        value = self.low + (self.high - self.low) * position**self.curve
        # By division, so that 0.05 is 0.05 and not a hair more.
        return round(float(value) * self.steps_per_unit) / self.steps_per_unit


# The last twentieth of the way is "no limit".
_LIMITED = 0.95
# As far as a class wants to go: a satellite's delay; beyond these nobody can play anyway.
LINK_PARAMETERS = (
    LinkParameter("delay_s", 0.0, 0.4, 1000, 2.0),
    LinkParameter("jitter_s", 0.0, 0.1, 1000, 2.0),
    LinkParameter("loss_ratio", 0.0, 0.3, 1000, 2.0),
    LinkParameter("burst", 1.0, 10.0, 2),
    LinkParameter("rate_bps", 32_000.0, 20_000_000.0, is_rate=True),
)


class LinkEditor:
    """A link that can be changed: presets to walk through, values to turn one by one."""

    def __init__(self, link: Link) -> None:
        self.presets = {NO_LINK: Link(name=NO_LINK), **PRESETS}
        self.nagle = link.up.nagle
        self._link = link

    @property
    def name(self) -> str:
        """The preset that it is; empty for a link of one's own."""
        return NO_LINK if self._link == Link() else self._link.name

    @property
    def link(self) -> Link:
        """The link as it is to be emulated now."""
        link = self._link
        up, down = replace(link.up, nagle=self.nagle), replace(link.down, nagle=self.nagle)
        return replace(link, up=up, down=down)

    def select(self, name: str) -> None:
        """Take a preset."""
        self._link = self.presets[name]

    def cycle(self, step: int) -> None:
        """Take the preset `step` places after this one, round and round.

        From a link of one's own that is the first, or backwards the last.
        """
        names = list(self.presets)
        if self.name in names:
            self.select(names[(names.index(self.name) + step) % len(names)])
        else:
            self.select(names[0 if step > 0 else -1])

    def set_parameter(self, parameter: LinkParameter, position: float) -> None:
        """Set one value in both directions, by a dial's position of 0 to 1."""
        change: dict[str, Any] = {parameter.field: parameter.value(position)}
        self._link = Link(replace(self._link.up, **change), replace(self._link.down, **change))

    def position(self, parameter: LinkParameter) -> float:
        """Return where a dial stands: at the way down's value, where the snapshots come."""
        return parameter.position(self._link.down)
