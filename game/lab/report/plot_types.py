"""Plots as values, with their texts and colours, for any drawing library.  [pure]

``plotly_plots`` draws them for the report's page and ``png_plots`` as pictures, so both show
the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Self

from game.lab.report.downsampling import Point

# The Okabe-Ito colours that are clear on white; the first three are for the built-in transports.
# The first four are told apart with any kind of colour-blindness.
COLOURS = ("#D55E00", "#0072B2", "#CC79A7", "#56B4E9", "#009E73", "#E69F00")
# Dashes of lines, and symbols of dots below: series differ without colour too.
DASHES = ("solid", "dash", "dot", "dashdot")
GREY = "#A0A8B2"
# The digits of the numbers on a logarithmic axis: the finest of these with few enough numbers.
_LOG_DIGITS = ((1, 2, 5), (1, 3), (1,))
_TICKS_MAX = 7
# The symbols on a line: enough to follow it through the others, and few enough to see its course.
LINE_SYMBOLS_MAX = 12
# The dots of a category stand within this part of its width.
_SPREAD = 0.5
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


@dataclass(frozen=True, slots=True)
class SeriesStyle:
    """The style of a series in all plots: colour, dash of its lines, symbol of its dots.

    ``marks_lines``: a few symbols stand on its lines too.
    """

    colour: str
    dash: str
    symbol: str
    marks_lines: bool = False

    @classmethod
    def numbered(cls, colour: int, dash: int, symbol: int, *, marks_lines: bool = False) -> Self:
        """Return the style with these numbers, which begin again after the last of each."""
        return cls(
            COLOURS[colour % len(COLOURS)],
            DASHES[dash % len(DASHES)],
            SYMBOLS[symbol % len(SYMBOLS)],
            marks_lines,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; with ``is_step`` each value holds until the next one.

    A point whose value is NaN is a gap in the line.
    """

    name: str
    style: SeriesStyle
    points: tuple[Point, ...]
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class TimeBand:
    """A row below a plot: in the series' colour during each span (start, end), or grey.

    ``label`` is the whole text beside it; if empty, the name and the plot's title of the bands.
    """

    name: str
    style: SeriesStyle
    spans: tuple[tuple[float, float], ...]
    grey_spans: tuple[tuple[float, float], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Lines on one pair of axes; ``bands`` are rows below them on the same x axis."""

    title: str
    subtitle: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    bands: tuple[TimeBand, ...] = ()
    bands_title: str = ""
    is_x_log: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """A value for each category with its 95% interval; None if not known."""

    name: str
    style: SeriesStyle
    values: tuple[float | None, ...]
    intervals: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Dots with intervals, by category; the series stand side by side in each category."""

    title: str
    subtitle: str
    y_title: str
    categories: tuple[str, ...]
    dots: tuple[Dots, ...]
    is_y_log: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A layer of stacked bars: a value for each category. Hatching is for colour-blind readers."""

    name: str
    colour: str
    is_hatched: bool
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Stacked bars."""

    title: str
    subtitle: str
    y_title: str
    categories: tuple[str, ...]
    layers: tuple[Bars, ...]


Plot = LinePlot | DotPlot | BarPlot


def log_axis(values: Iterable[float]) -> tuple[tuple[float, float], tuple[float, ...]]:
    """Return the ends of a logarithmic axis for values above 0, and the numbers on it."""
    known = sorted(values) or [1.0]
    # A margin, so that no dot lies on the edge and the axis has a length.
    low, high = known[0] / 1.15, known[-1] * 1.15
    if high < 10 * low:
        ticks = _even_ticks(low, high)
    else:
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        choices = (
            tuple(digit * 10.0**power for power in powers for digit in digits)
            for digits in _LOG_DIGITS
        )
        within = [tuple(tick for tick in each if low <= tick <= high) for each in choices]
        ticks = next((each for each in within if len(each) <= _TICKS_MAX), within[-1])
    return (low, high), ticks


def _even_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return multiples of 1, 2 or 5 times a power of ten: within a decade these are plain."""
    power = 10.0 ** floor(log10((high - low) / _TICKS_MAX))
    step = next(
        digit * power for digit in (1, 2, 5, 10) if (high - low) / (digit * power) <= _TICKS_MAX
    )
    first, last = ceil(low / step), floor(high / step)
    return tuple(round(number * step, 9) for number in range(first, last + 1))


def dot_shift(number: int, count: int) -> float:
    """Return the distance of a series' dots from the middle of a category."""
    return _SPREAD * ((number + 0.5) / count - 0.5)


def known_dots(dots: Dots) -> Iterator[tuple[int, float, float, float]]:
    """Yield the category's index, the value, and how far its interval reaches down and up."""
    for index, (value, interval) in enumerate(zip(dots.values, dots.intervals, strict=True)):
        if value is not None:
            low, high = interval or (value, value)
            # Rounding may put a bound on the wrong side of its value.
            yield index, value, max(0.0, value - low), max(0.0, high - value)


def line_values(plot: LinePlot) -> Iterator[float]:
    """Yield the values on the x axis of all lines."""
    return (x for line in plot.lines for x, _ in line.points)


def dot_values(plot: DotPlot) -> Iterator[float]:
    """Yield the values of all dots, with the ends of their intervals."""
    for dots in plot.dots:
        for _, value, below, above in known_dots(dots):
            yield from (value - below, value + above)
