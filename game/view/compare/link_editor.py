"""Emulated link that is edited live: presets, and single parameters.  [pure]

A parameter that a slider changes holds for both directions.
"""

from dataclasses import replace
from typing import Any

from game.view.compare.link_parameters import LinkParameter
from net.link.presets import PRESETS
from net.link.profile import Link
from net.link.spec import NO_LINK


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
