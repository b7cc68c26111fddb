"""Claims of a lesson about a run, such as ``tcp.longest_freeze_ms > 150``.  [pure]

A claim compares a figure of a transport with a number, or with a figure of another transport and a
number: ``tcp.age_p95_ms > udp.age_p95_ms + 30``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from game.lesson.figures import FIGURES, RunFigures

__all__ = ["Claim", "ClaimError", "FigureOf", "parse_claim", "parse_figure"]

_NUMBER = r"\d+(?:\.\d+)?"
_FIGURE = r"([a-z0-9-]+)\.([a-z0-9_]+)"
_CLAIM = re.compile(
    rf"{_FIGURE}\s*([<>])\s*(?:({_NUMBER})|{_FIGURE}(?:\s*([+-])\s*({_NUMBER}))?)", re.ASCII
)


class ClaimError(ValueError):
    """Invalid claim. The message is one line that says what would be right."""


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A figure (one of ``FIGURES``) of a transport."""

    transport: str
    figure: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Comparison of ``left`` with ``right`` (or 0) plus ``offset``."""

    left: FigureOf
    is_above: bool
    right: FigureOf | None
    offset: float

    @property
    def transports(self) -> tuple[str, ...]:
        """The transports that the claim is about."""
        return tuple(each.transport for each in (self.left, self.right) if each is not None)

    def holds(self, figures: Mapping[str, RunFigures]) -> bool:
        """Return whether a run with these figures, by transport, shows what is claimed.

        A figure that is not known shows nothing.
        """
        left, right = _value(self.left, figures), _value(self.right, figures)
        if left is None or right is None:
            return False
        limit = right + self.offset
        return left > limit if self.is_above else left < limit


def parse_claim(text: str) -> Claim:
    """Parse a claim. Raises ``ClaimError`` if it is invalid."""
    match = _CLAIM.fullmatch(text.strip())
    if match is None:
        raise ClaimError(f"{text!r} is no claim; write it like tcp.longest_freeze_ms > 150")
    transport, figure, sign, number, other, other_figure, plus, offset = match.groups()
    right = None if other is None else _figure_of(other, other_figure)
    value = float(number or offset or 0.0)
    return Claim(
        _figure_of(transport, figure), sign == ">", right, -value if plus == "-" else value
    )


def parse_figure(text: str) -> FigureOf:
    """Parse a transport and its figure. Raises ``ClaimError`` if it is invalid."""
    match = re.fullmatch(_FIGURE, text.strip(), re.ASCII)
    if match is None:
        raise ClaimError(f"{text!r} is no figure; write it like tcp.longest_freeze_ms")
    return _figure_of(*match.groups())


def _figure_of(transport: str, figure: str) -> FigureOf:
    if figure not in FIGURES:
        near = get_close_matches(figure, FIGURES, n=1)
        raise ClaimError(
            f"no figure {figure!r}; did you mean {near[0]}?"
            if near
            else f"no figure {figure!r}: there are {', '.join(FIGURES)}"
        )
    return FigureOf(transport, figure)


def _value(of: FigureOf | None, figures: Mapping[str, RunFigures]) -> float | None:
    return 0.0 if of is None else figures.get(of.transport, {}).get(of.figure)
