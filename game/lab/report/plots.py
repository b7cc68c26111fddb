"""Plots as values: what is drawn, in which words and colours, by whatever draws it.  [pure]

`plotly_figures.py` makes interactive ones of them for the report's page, and `png_figures.py`
pictures for a student's document, so that both show the same. Knows no library.
"""

from dataclasses import dataclass

from game.lab.report.downsampling import Point

# Okabe-Ito's colours, those that stand out on white: three for transports come first.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
# What tells series apart without colour: along a line, and on a dot.
DASHES = ("solid", "dash", "dot", "dashdot")
# Where a logarithmic axis has its numbers: 1, 2, 5, 10, as on a stopwatch.
LOG_TICKS = tuple(digit * 10.0**power for power in range(-2, 7) for digit in (1, 2, 5))
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


@dataclass(frozen=True, slots=True)
class SeriesStyle:
    """How a series is drawn everywhere: a colour, a dash for its lines, a symbol for its dots."""

    colour: str
    dash: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series of points; `is_step`: each value holds until the next one."""

    name: str
    look: SeriesStyle
    points: tuple[Point, ...]
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class TimeBand:
    """A row under a plot that is dark from each span's start to its end."""

    name: str
    look: SeriesStyle
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Lines on one pair of axes; `stripes` lie below them on the same x."""

    title: str
    subtitle: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    stripes: tuple[TimeBand, ...] = ()
    stripes_title: str = ""
    is_x_log: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """A value for each category, with the 95% interval where there is one; None where no value."""

    name: str
    look: SeriesStyle
    values: tuple[float | None, ...]
    intervals: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Values by category with their intervals, series side by side within each category."""

    title: str
    subtitle: str
    y_title: str
    categories: tuple[str, ...]
    dots: tuple[Dots, ...]
    is_y_log: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A layer of a stack: one value for each category. `is_hatched` tells it without colour."""

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
