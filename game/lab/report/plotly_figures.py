"""Plots as plotly's own plain description: what its script draws, as JSON.  [pure]

The script reads `data`, `layout` and `config` (https://plotly.com/javascript/reference/); no class
of plotly's is needed to write them, which is what makes a report in a fraction of a second.
"""

from html import escape
from math import ceil
from typing import Any

from game.lab.report.plots import (
    LOG_TICKS,
    BarPlot,
    DotPlot,
    Line,
    LinePlot,
    Plot,
    SeriesStyle,
    TimeBand,
)

Json = dict[str, Any]

_INK, _FAINT = "#20262E", "#D5DAE1"
_LOG: Json = {
    "type": "log",
    "tickvals": LOG_TICKS,
    "ticktext": [f"{tick:g}" for tick in LOG_TICKS],
    "tickangle": 0,
    "tickfont": {"size": 11},
}
_LINE_WIDTH = 1.6
_STRIPE_WIDTH = 9
# What a plot has for its lines, for each row of the strip under them, and for the space between.
_LINES_PX = 220
_ROW_PX, _STRIP_SPACE_PX = 14, 14
_TITLE_PX, _LEGEND_ROW_PX = 50, 22
# So many transports have room beside each other; with their folders before them, two.
_SHORT_NAMES = 3
# How far apart dots of one category stand: all of them within this share of the category.
_SPREAD = 0.5
# A thousandth of a millisecond, or of a pitch unit, is more than a pixel can show.
_DIGITS = 3


def plotly_figure(plot: Plot) -> Json:
    """Return the figure as a value for JSON."""
    if isinstance(plot, LinePlot):
        return _line_figure(plot)
    if isinstance(plot, DotPlot):
        return _dot_figure(plot)
    return _bar_figure(plot)


def _line_figure(plot: LinePlot) -> Json:
    data = [_line_trace(line, bool(plot.stripes)) for line in plot.lines]
    data += [_stripe_trace(row, stripe) for row, stripe in enumerate(plot.stripes)]
    layout = _layout(plot, plot.x_title)
    layout["yaxis"]["rangemode"] = "tozero"
    if plot.is_x_log:
        layout["xaxis"] |= _LOG
    if plot.stripes:
        layout["height"] += _ROW_PX * len(plot.stripes)
        layout["yaxis"]["domain"] = [_strip_share(plot, _STRIP_SPACE_PX), 1]
        layout["yaxis2"] = _strip_axis(plot)
        layout["xaxis"]["anchor"] = "y2"
    return {"data": data, "layout": layout}


def _line_trace(line: Line, has_stripes: bool) -> Json:
    shape = {"shape": "hv"} if line.is_step else {}
    trace: Json = {
        "type": "scatter",
        "mode": "lines",
        "name": _text(line.name),
        "x": [round(x, _DIGITS) for x, _ in line.points],
        "y": [round(y, _DIGITS) for _, y in line.points],
        "line": {
            "color": line.look.colour,
            "dash": line.look.dash,
            "width": _LINE_WIDTH,
            **shape,
        },
    }
    return trace | ({"legendgroup": _text(line.name)} if has_stripes else {})


def _strip_axis(plot: LinePlot) -> Json:
    # Rows by number: an axis of categories would leave out names that it finds too close together.
    return _axis("") | {
        "domain": [0, _strip_share(plot)],
        "tickvals": list(range(len(plot.stripes))),
        "ticktext": [f"{_text(stripe.name)} {plot.stripes_title}" for stripe in plot.stripes],
        "tickfont": {"size": 11},
        "range": [-0.6, len(plot.stripes) - 0.4],
        "fixedrange": True,
    }


def _strip_share(plot: LinePlot, space_px: int = 0) -> float:
    """Return which share of the height the strip takes, with so much space over it."""
    strip_px = _ROW_PX * len(plot.stripes)
    return (strip_px + space_px) / (_LINES_PX + strip_px)


def _stripe_trace(row: int, stripe: TimeBand) -> Json:
    # A row without a span is there all the same: it says that nothing froze.
    xs: list[float | None] = [None]
    for start, end in stripe.spans:
        xs += [round(start, _DIGITS), round(end, _DIGITS), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _text(stripe.name),
        "legendgroup": _text(stripe.name),
        "showlegend": False,
        "yaxis": "y2",
        "x": xs,
        "y": [row] * len(xs),
        "line": {"color": stripe.look.colour, "width": _STRIPE_WIDTH},
    }


def _dot_figure(plot: DotPlot) -> Json:
    data = []
    for number, dots in enumerate(plot.dots):
        shift = dot_shift(number, len(plot.dots))
        shown = [index for index, value in enumerate(dots.values) if value is not None]
        values = [dots.values[index] or 0.0 for index in shown]
        intervals = [dots.intervals[index] for index in shown]
        reach = [
            (0.0, 0.0) if interval is None else (value - interval[0], interval[1] - value)
            for value, interval in zip(values, intervals, strict=True)
        ]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _text(dots.name),
                "cliponaxis": False,
                "x": [round(index + shift, _DIGITS) for index in shown],
                "y": [round(value, _DIGITS) for value in values],
                "marker": _marker(dots.look),
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "arrayminus": [round(below, _DIGITS) for below, _ in reach],
                    "array": [round(above, _DIGITS) for _, above in reach],
                    "color": dots.look.colour,
                    "thickness": 2,
                    "width": 6,
                },
            }
        )
    layout = _layout(plot)
    layout["xaxis"] |= {
        "tickvals": list(range(len(plot.categories))),
        "ticktext": [_text(category) for category in plot.categories],
        "range": [-0.5, len(plot.categories) - 0.5],
        "showgrid": False,
    }
    layout["yaxis"] |= _LOG if plot.is_y_log else {"rangemode": "tozero"}
    return {"data": data, "layout": layout}


def _bar_figure(plot: BarPlot) -> Json:
    data = [
        {
            "type": "bar",
            "name": layer.name,
            "x": [_text(category) for category in plot.categories],
            "y": [round(value, 1) for value in layer.values],
            "text": [f"{value:,.0f}" for value in layer.values],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "marker": {
                "color": layer.colour,
                "line": {"color": _INK, "width": 1},
                "pattern": _hatch() if layer.is_hatched else {},
            },
            "textfont": {"color": _INK if layer.is_hatched else "#FFFFFF"},
        }
        for layer in plot.layers
    ]
    layout = _layout(plot)
    layout["barmode"] = "stack"
    return {"data": data, "layout": layout}


def _hatch() -> Json:
    return {"shape": "/", "fillmode": "overlay", "fgcolor": _INK, "size": 12, "solidity": 0.08}


def dot_shift(number: int, count: int) -> float:
    """Return how far from a category's middle the dots of series `number` of `count` stand."""
    return _SPREAD * ((number + 0.5) / count - 0.5)


def _marker(look: SeriesStyle) -> Json:
    return {"color": look.colour, "symbol": look.symbol, "size": 10}


def _layout(plot: Plot, x_title: str = "") -> Json:
    title = f"<b>{_text(plot.title)}</b>"
    if plot.subtitle:
        title += f"<br><span style='font-size:11px'>{_text(plot.subtitle)}</span>"
    top_px, bottom_px = _TITLE_PX + _LEGEND_ROW_PX * _legend_rows(plot), 48
    return {
        "height": top_px + _LINES_PX + bottom_px,
        "title": {
            "text": title,
            "font": {"size": 14},
            "x": 0,
            "xref": "paper",
            "y": 1,
            "yanchor": "top",
            "pad": {"t": 12},
        },
        "font": {"family": "sans-serif", "size": 13, "color": _INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 130 if _has_stripes(plot) else 72, "r": 16, "t": top_px, "b": bottom_px},
        "hovermode": "closest",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": _axis(x_title),
        "yaxis": _axis(_text(plot.y_title)),
    }


def _legend_rows(plot: Plot) -> int:
    """Return how many rows the legend takes where a plot has half the page: longer names, fewer."""
    if isinstance(plot, BarPlot):
        return 1
    count = len(plot.lines if isinstance(plot, LinePlot) else plot.dots)
    return 1 if count <= _SHORT_NAMES else ceil(count / 2)


def _has_stripes(plot: Plot) -> bool:
    return isinstance(plot, LinePlot) and bool(plot.stripes)


def _text(text: str) -> str:
    """Return a text that is drawn as it stands: the script takes some markup."""
    return escape(text, quote=False).replace("\n", "<br>")


def _axis(title: str) -> Json:
    return {
        "title": {"text": title},
        "gridcolor": _FAINT,
        "linecolor": _INK,
        "ticks": "outside",
        "zeroline": False,
        "exponentformat": "none",
        "automargin": True,
    }
