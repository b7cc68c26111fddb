"""Plots as PNG pictures, drawn by the optional library matplotlib.

The values are the same as on the report's page.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from game.lab.report.plot_types import (
    GREY,
    LINE_SYMBOLS_MAX,
    BarPlot,
    DotPlot,
    LinePlot,
    Plot,
    dot_shift,
    dot_values,
    known_dots,
    line_values,
    log_axis,
)

# The width of a page at 150 dots per inch: sharp in print, about 100 kilobytes.
_SIZE_INCHES = (9.0, 4.2)
_DPI = 150
_DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_SYMBOLS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "cross": "P",
    "star": "*",
}
_GRID = "#D5DAE1"


def can_draw_png() -> bool:
    """Return whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def draw_png(plot: Plot, path: Path, decimal_mark: str = ".") -> None:
    """Write a plot as a PNG file, with this decimal mark on its axes.

    Raises ``OSError`` if it cannot be written, ``ImportError`` without matplotlib.
    """
    # Not through pyplot, which needs a display.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with catch_warnings(), rc_context({"text.parse_math": False}):
        # Users choose the names: "$a_to_$b" is not a formula. A warning about a sign that the font
        # lacks, or about a name wider than the picture, would not help them.
        simplefilter("ignore", UserWarning)
        figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, layout="constrained")
        title = f"{plot.title}: {plot.subtitle}" if plot.subtitle else plot.title
        figure.suptitle(title, fontsize=9, x=0.01, horizontalalignment="left")
        if isinstance(plot, LinePlot):
            _draw_lines(figure, plot)
        elif isinstance(plot, DotPlot):
            _draw_dots(figure.subplots(), plot)
        else:
            _draw_bars(figure.subplots(), plot)
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                _write_decimals(axis, decimal_mark)
        figure.savefig(path)


def _write_decimals(axis: Any, decimal_mark: str) -> None:
    """Number an axis with this decimal mark; an axis of names stays as it is."""
    from matplotlib.ticker import ScalarFormatter, StrMethodFormatter

    if isinstance(axis.get_major_formatter(), (ScalarFormatter, StrMethodFormatter)):
        axis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", decimal_mark))


def _draw_lines(figure: Any, plot: LinePlot) -> None:
    if plot.bands:
        axes, strip = figure.subplots(2, sharex=True, height_ratios=(5, 1))
        _draw_bands(strip, plot)
        strip.set_xlabel(plot.x_title)
    else:
        axes = figure.subplots()
        axes.set_xlabel(plot.x_title)
    handles = []
    for line in plot.lines:
        handles += axes.plot(
            [x for x, _ in line.points],
            [y for _, y in line.points],
            color=line.style.colour,
            linestyle=_DASHES[line.style.dash],
            linewidth=1.2,
            drawstyle="steps-post" if line.is_step else "default",
            marker=_SYMBOLS[line.style.symbol] if line.style.marks_lines else "",
            markevery=max(1, ceil(len(line.points) / LINE_SYMBOLS_MAX)),
            markersize=5,
        )
    if plot.is_x_log:
        axes.set_xscale("log")
        (low, high), ticks = log_axis(line_values(plot))
        axes.set_xlim(low, high)
        _number_log(axes.xaxis, ticks)
    axes.set_ylim(bottom=0)
    _finish(axes, plot.y_title, handles, [line.name for line in plot.lines])


def _draw_bands(axes: Any, plot: LinePlot) -> None:
    for row, band in enumerate(plot.bands):
        spans = [(start, end - start) for start, end in band.spans]
        axes.broken_barh(spans, (row - 0.4, 0.8), color=band.style.colour)
        grey = [(start, end - start) for start, end in band.grey_spans]
        axes.broken_barh(grey, (row - 0.4, 0.8), color=GREY)
    axes.set_yticks(
        range(len(plot.bands)), [band.label or band.name for band in plot.bands], fontsize=7
    )
    axes.set_ylim(-0.6, len(plot.bands) - 0.4)
    axes.set_ylabel(plot.bands_title)


def _draw_dots(axes: Any, plot: DotPlot) -> None:
    handles = []
    for row, dots in enumerate(plot.dots):
        shown = list(known_dots(dots))
        xs = [index + dot_shift(row, len(plot.dots)) for index, *_ in shown]
        handles.append(
            axes.errorbar(
                xs,
                [value for _, value, *_ in shown],
                yerr=[[below for *_, below, _ in shown], [above for *_, above in shown]],
                color=dots.style.colour,
                marker=_SYMBOLS[dots.style.symbol],
                capsize=4,
                linestyle="none",
            )
        )
    axes.set_xticks(range(len(plot.categories)), plot.categories)
    axes.set_xlim(-0.5, len(plot.categories) - 0.5)
    if plot.is_y_log:
        axes.set_yscale("log")
        (low, high), ticks = log_axis(dot_values(plot))
        axes.set_ylim(low, high)
        _number_log(axes.yaxis, ticks)
    else:
        axes.set_ylim(bottom=0)
    _finish(axes, plot.y_title, handles, [dots.name for dots in plot.dots])


def _draw_bars(axes: Any, plot: BarPlot) -> None:
    # By number: bars with equal names would be one, and a name such as "1" a number.
    places = range(len(plot.categories))
    bottom = [0.0] * len(places)
    handles = []
    for layer in plot.layers:
        bars = axes.bar(
            places,
            layer.values,
            bottom=bottom,
            color=layer.colour,
            edgecolor="#20262E",
            hatch="//" if layer.is_hatched else None,
        )
        handles.append(bars)
        bottom = [below + value for below, value in zip(bottom, layer.values, strict=True)]
    axes.set_xticks(places, plot.categories, fontsize=8)
    _finish(axes, plot.y_title, handles, [layer.name for layer in plot.layers])


def _number_log(axis: Any, ticks: Sequence[float]) -> None:
    from matplotlib.ticker import FixedLocator, NullLocator

    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def _finish(axes: Any, y_title: str, handles: Sequence[Any], names: Sequence[str]) -> None:
    axes.set_ylabel(y_title)
    axes.grid(True, color=_GRID)
    axes.set_axisbelow(True)
    # matplotlib leaves out a label that begins with "_", so the names are set afterwards.
    legend = axes.legend(handles, [str(number) for number, _ in enumerate(names)], fontsize=8)
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
