"""Plots as PNG pictures, drawn by the optional library matplotlib.

The values are the same as on the report's page.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from game.lab.report.plotly_figures import dot_shift
from game.lab.report.plots import BarPlot, DotPlot, LinePlot, Plot

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


def draw_png(plot: Plot, path: Path) -> None:
    """Write a plot as a PNG file.

    Raises ``OSError`` if it cannot be written, ``ImportError`` without matplotlib.
    """
    # Not through pyplot, which needs a display.
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, layout="constrained")
    title = f"{plot.title}: {plot.subtitle}" if plot.subtitle else plot.title
    figure.suptitle(title, fontsize=9, x=0.01, horizontalalignment="left", parse_math=False)
    if isinstance(plot, LinePlot):
        _draw_lines(figure, plot)
    elif isinstance(plot, DotPlot):
        _draw_dots(figure.subplots(), plot)
    else:
        _draw_bars(figure.subplots(), plot)
    figure.savefig(path)


def _draw_lines(figure: Any, plot: LinePlot) -> None:
    if plot.bands:
        axes, strip = figure.subplots(2, sharex=True, height_ratios=(5, 1))
        _draw_bands(strip, plot)
        strip.set_xlabel(plot.x_title)
    else:
        axes = figure.subplots()
        axes.set_xlabel(plot.x_title)
    for line in plot.lines:
        axes.plot(
            [x for x, _ in line.points],
            [y for _, y in line.points],
            label=line.name,
            color=line.style.colour,
            linestyle=_DASHES[line.style.dash],
            linewidth=1.2,
            drawstyle="steps-post" if line.is_step else "default",
        )
    if plot.is_x_log:
        axes.set_xscale("log")
        _number_log(axes.xaxis)
    axes.set_ylim(bottom=0)
    _finish(axes, plot.y_title)


def _draw_bands(axes: Any, plot: LinePlot) -> None:
    for row, band in enumerate(plot.bands):
        spans = [(start, end - start) for start, end in band.spans]
        axes.broken_barh(spans, (row - 0.4, 0.8), color=band.style.colour)
    axes.set_yticks(range(len(plot.bands)), [band.name for band in plot.bands], fontsize=7)
    axes.set_ylim(-0.6, len(plot.bands) - 0.4)
    axes.set_ylabel(plot.bands_title)


def _draw_dots(axes: Any, plot: DotPlot) -> None:
    for row, dots in enumerate(plot.dots):
        shift = dot_shift(row, len(plot.dots))
        for index, (value, interval) in enumerate(zip(dots.values, dots.intervals, strict=True)):
            if value is None:
                continue
            low, high = interval or (value, value)
            axes.errorbar(
                index + shift,
                value,
                yerr=[[value - low], [high - value]],
                color=dots.style.colour,
                marker=_SYMBOLS[dots.style.symbol],
                capsize=4,
                linestyle="none",
                label=dots.name if index == 0 else None,
            )
    axes.set_xticks(range(len(plot.categories)), plot.categories)
    if plot.is_y_log:
        axes.set_yscale("log")
        _number_log(axes.yaxis)
    else:
        axes.set_ylim(bottom=0)
    _finish(axes, plot.y_title)


def _draw_bars(axes: Any, plot: BarPlot) -> None:
    bottom = [0.0] * len(plot.categories)
    for layer in plot.layers:
        axes.bar(
            plot.categories,
            layer.values,
            bottom=bottom,
            label=layer.name,
            color=layer.colour,
            edgecolor="#20262E",
            hatch="//" if layer.is_hatched else None,
        )
        bottom = [below + value for below, value in zip(bottom, layer.values, strict=True)]
    axes.tick_params(axis="x", labelsize=8)
    _finish(axes, plot.y_title)


def _number_log(axis: Any) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def _finish(axes: Any, y_title: str) -> None:
    axes.set_ylabel(y_title)
    axes.grid(True, color=_GRID)
    axes.set_axisbelow(True)
    axes.legend(fontsize=8)
