"""Plots as JSON values for plotly's script.  [pure]

The script reads ``data`` and ``layout`` (https://plotly.com/javascript/reference/). They are
written without plotly's Python classes, which take seconds for a report.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, isnan, log10
from typing import Any

from game.lab.report.plot_types import (
    GREY,
    LINE_SYMBOLS_MAX,
    BarPlot,
    DotPlot,
    Line,
    LinePlot,
    Plot,
    SeriesStyle,
    TimeBand,
    dot_shift,
    dot_values,
    known_dots,
    line_values,
    log_axis,
)

Json = dict[str, Any]

_INK, _FAINT = "#20262E", "#D5DAE1"
_LINE_WIDTH = 1.6
_BAND_WIDTH = 9
_DOT_PX, _LINE_SYMBOL_PX = 10, 8
# The heights of the lines, of each band below them, and of the space between.
_LINES_PX = 220
_ROW_PX, _BANDS_SPACE_PX = 14, 14
_TITLE_PX, _LEGEND_ROW_PX = 50, 22
# A legend row has room for three transports, or for two with the folder in the name.
_SHORT_NAMES = 3
# More names below an axis, such as those of a class, have no room side by side.
_LEVEL_NAMES_MAX = 12
# The width of a letter of these names, which stand upright.
_LETTER_PX = 7
# A thousandth of a millisecond or pitch unit is smaller than a pixel.
_DIGITS = 3


def plotly_figure(plot: Plot) -> Json:
    """Return a plot as plotly's JSON value."""
    if isinstance(plot, LinePlot):
        return _line_figure(plot)
    if isinstance(plot, DotPlot):
        return _dot_figure(plot)
    return _bar_figure(plot)


def _line_figure(plot: LinePlot) -> Json:
    data = [_line_trace(line, bool(plot.bands)) for line in plot.lines]
    for row, band in enumerate(plot.bands):
        data.append(_band_trace(row, band, band.spans, band.style.colour))
        if band.grey_spans:
            data.append(_band_trace(row, band, band.grey_spans, GREY))
    layout = _layout(plot, plot.x_title)
    layout["yaxis"]["rangemode"] = "tozero"
    if plot.is_x_log:
        layout["xaxis"] |= _log(line_values(plot))
    if plot.bands:
        layout["height"] += _ROW_PX * len(plot.bands)
        layout["yaxis"]["domain"] = [_bands_ratio(plot, _BANDS_SPACE_PX), 1]
        layout["yaxis2"] = _bands_axis(plot)
        layout["xaxis"]["anchor"] = "y2"
    return {"data": data, "layout": layout}


def _log(values: Iterable[float]) -> Json:
    (low, high), ticks = log_axis(values)
    return {
        "type": "log",
        # plotly takes the exponents here.
        "range": [round(log10(low), _DIGITS), round(log10(high), _DIGITS)],
        "tickvals": ticks,
        "tickformat": "~f",
        "tickangle": 0,
        "tickfont": {"size": 11},
    }


def _line_trace(line: Line, has_bands: bool) -> Json:
    shape = {"shape": "hv"} if line.is_step else {}
    has_symbols = line.style.marks_lines
    trace: Json = {
        "type": "scatter",
        "mode": "lines+markers" if has_symbols else "lines",
        "name": _text(line.name),
        "x": [round(x, _DIGITS) for x, _ in line.points],
        "y": [None if isnan(y) else round(y, _DIGITS) for _, y in line.points],
        "line": {
            "color": line.style.colour,
            "dash": line.style.dash,
            "width": _LINE_WIDTH,
            **shape,
        },
    }
    if has_symbols:
        trace["marker"] = _marker(line.style, _LINE_SYMBOL_PX) | {"maxdisplayed": LINE_SYMBOLS_MAX}
    return trace | ({"legendgroup": _text(line.name)} if has_bands else {})


def _bands_axis(plot: LinePlot) -> Json:
    # Rows have numbers: plotly would leave out names of categories that are close together.
    return _axis("") | {
        "domain": [0, _bands_ratio(plot)],
        "tickvals": list(range(len(plot.bands))),
        "ticktext": [
            _text(band.label) or f"{_text(band.name)} {plot.bands_title}" for band in plot.bands
        ],
        "tickfont": {"size": 11},
        "range": [-0.6, len(plot.bands) - 0.4],
        "fixedrange": True,
    }


def _bands_ratio(plot: LinePlot, space_px: int = 0) -> float:
    """Return the part of the height for the bands and ``space_px`` above them."""
    bands_px = _ROW_PX * len(plot.bands)
    return (bands_px + space_px) / (_LINES_PX + bands_px)


def _band_trace(
    row: int, band: TimeBand, spans: Sequence[tuple[float, float]], colour: str
) -> Json:
    # A row without a span is drawn too: it shows that there was no freeze.
    xs: list[float | None] = [None]
    for start, end in spans:
        xs += [round(start, _DIGITS), round(end, _DIGITS), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _text(band.name),
        "legendgroup": _text(band.name),
        "showlegend": False,
        "yaxis": "y2",
        "x": xs,
        "y": [row] * len(xs),
        "line": {"color": colour, "width": _BAND_WIDTH},
    }


def _dot_figure(plot: DotPlot) -> Json:
    data = []
    for number, dots in enumerate(plot.dots):
        shift = dot_shift(number, len(plot.dots))
        shown = list(known_dots(dots))
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _text(dots.name),
                "cliponaxis": False,
                "x": [round(index + shift, _DIGITS) for index, *_ in shown],
                "y": [round(value, _DIGITS) for _, value, *_ in shown],
                "marker": _marker(dots.style),
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "arrayminus": [round(below, _DIGITS) for *_, below, _ in shown],
                    "array": [round(above, _DIGITS) for *_, above in shown],
                    "color": dots.style.colour,
                    "thickness": 2,
                    "width": 6,
                },
            }
        )
    layout = _layout(plot)
    layout["xaxis"] |= _category_axis(plot.categories)
    if len(plot.categories) > _LEVEL_NAMES_MAX:
        layout["height"] += _LETTER_PX * max(map(len, plot.categories))
    layout["yaxis"] |= _log(dot_values(plot)) if plot.is_y_log else {"rangemode": "tozero"}
    return {"data": data, "layout": layout}


def _bar_figure(plot: BarPlot) -> Json:
    data = [
        {
            "type": "bar",
            "name": _text(layer.name),
            "x": list(range(len(plot.categories))),
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
    layout["xaxis"] |= _category_axis(plot.categories)
    layout["barmode"] = "stack"
    return {"data": data, "layout": layout}


def _category_axis(categories: Sequence[str]) -> Json:
    # By number: plotly would take equal names for one category, and some names for dates.
    axis: Json = {
        "tickvals": list(range(len(categories))),
        "ticktext": [_text(category) for category in categories],
        "range": [-0.5, len(categories) - 0.5],
        "showgrid": False,
    }
    if len(categories) > _LEVEL_NAMES_MAX:
        # Plotly would leave names out.
        axis |= {"tickangle": -90, "tickfont": {"size": 11}}
    return axis


def _hatch() -> Json:
    return {"shape": "/", "fillmode": "overlay", "fgcolor": _INK, "size": 12, "solidity": 0.08}


def _marker(style: SeriesStyle, size_px: int = _DOT_PX) -> Json:
    return {"color": style.colour, "symbol": style.symbol, "size": size_px}


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
        "margin": {"l": 130 if _has_bands(plot) else 72, "r": 16, "t": top_px, "b": bottom_px},
        "hovermode": "closest",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": _axis(x_title),
        "yaxis": _axis(plot.y_title),
    }


def _legend_rows(plot: Plot) -> int:
    """Return the rows of the legend for a plot of half the page's width."""
    if isinstance(plot, BarPlot):
        return 1
    count = len(plot.lines if isinstance(plot, LinePlot) else plot.dots)
    return 1 if count <= _SHORT_NAMES else ceil(count / 2)


def _has_bands(plot: Plot) -> bool:
    return isinstance(plot, LinePlot) and bool(plot.bands)


def _text(text: str) -> str:
    """Return a text without markup, since plotly's script draws some HTML tags."""
    return escape(text, quote=False).replace("\n", "<br>")


def _axis(title: str) -> Json:
    return {
        "title": {"text": _text(title)},
        "gridcolor": _FAINT,
        "linecolor": _INK,
        "ticks": "outside",
        "zeroline": False,
        "exponentformat": "none",
        "automargin": True,
    }
