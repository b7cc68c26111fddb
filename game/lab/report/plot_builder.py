"""The plots of a report, built from the sections' traces and results.  [pure]"""

from collections.abc import Callable, Sequence
from math import nan

from game.lab.measure.results import PerDirection, Run
from game.lab.report.downsampling import Point, cumulative, keep_peaks
from game.lab.report.plot_types import (
    BarPlot,
    Bars,
    DotPlot,
    Dots,
    Line,
    LinePlot,
    Plot,
    SeriesStyle,
    TimeBand,
)
from game.lab.report.sections import Section, Series
from game.lab.report.texts import ReportTexts
from game.lab.report.traces import Traces
from net.measure.arrivals import STALL_S

# Values below are drawn here: a logarithmic axis has no zero, and a player notices no less.
_VALUE_MIN_MS = 0.1
# Three snapshots at 30 Hz. An age rises until the next snapshot. One maximum in this interval hides
# that, and keeps every peak.
_PEAK_INTERVAL_MIN_S = 0.1
# In a long run a point covers more time: a plot has about one point for two pixels.
_POINTS = 600
# A band is about a thousand pixels wide: freezes with less than a pixel between them are joined.
_BAND_PIXELS = 1000
# Dark grey: transports and measurements have the other styles.
_LINK_STYLE = SeriesStyle("#20262E", "dot", "circle")
_PAYLOAD_COLOUR, _HEADERS_COLOUR = "#0072B2", "#E69F00"


def overview_plots(sections: Sequence[Section], texts: ReportTexts) -> tuple[Plot, ...]:
    """Return the plots of frozen time and of the age when drawn, over all links."""
    return (
        _dot_plot(texts.overview_frozen, sections, _frozen_percent),
        _dot_plot(texts.overview_drawn, sections, _age_when_drawn, is_y_log=True),
    )


def age_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return the plot of the age when drawn over time, with the freezes as bands.

    A recorded link's delay and losses are drawn in the same plot, for comparison.
    """
    bands = tuple(
        TimeBand(each.name, each.style, _spans(each.traces), tuple(each.traces.outages))
        for each in reversed(section.series)
    )
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.labels),
        x_title=texts.time_axis,
        y_title=_worst(texts.ages_axis, section, texts),
        lines=(
            *_lines_over_time(section, lambda traces: traces.ages_when_drawn_ms),
            *_link_lines(section, texts),
        ),
        bands=(*_link_bands(section, texts), *bands),
        bands_title=texts.ages_strip,
    )


def _link_lines(section: Section, texts: ReportTexts) -> tuple[Line, ...]:
    if section.course is None:
        return ()
    points = keep_peaks(section.course.delays_ms, _peak_interval_s(section))
    return (Line(texts.link_delay, _LINK_STYLE, tuple(points)),)


def _link_bands(section: Section, texts: ReportTexts) -> tuple[TimeBand, ...]:
    course = section.course
    if course is None:
        return ()
    return tuple(
        TimeBand(
            name,
            _LINK_STYLE,
            _joined(spans, max(each.run.seconds for each in section.series)),
            label=name,
        )
        for name, spans in (
            (texts.link_lost_up, course.lost_up),
            (texts.link_lost_down, course.lost_down),
        )
    )


def error_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return the plot of the visual error over time."""
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.labels),
        x_title=texts.time_axis,
        y_title=_worst(texts.errors_axis, section, texts),
        lines=_lines_over_time(section, lambda traces: traces.errors),
    )


def age_curve(section: Section, texts: ReportTexts) -> Plot:
    """Return the cumulative distribution of the age at arrival, in percent of all due snapshots."""
    lines = tuple(_curve(each, each.traces.ages_ms, _due(each)) for each in section.series)
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.labels),
        x_title=texts.age_curve_axis,
        y_title=texts.share_due_axis,
        lines=lines,
        is_x_log=True,
    )


def gap_curve(section: Section, texts: ReportTexts) -> Plot:
    """Return the cumulative distribution of the gaps between arrivals."""
    lines = tuple(
        _curve(each, each.traces.gaps_ms, len(each.traces.gaps_ms)) for each in section.series
    )
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.labels),
        x_title=texts.gap_curve_axis,
        y_title=texts.share_arrived_axis,
        lines=lines,
        is_x_log=True,
    )


def bytes_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return the plot of payload and header bytes per second, for each direction."""
    up = [_stack(each.run, lambda rates: rates.up) for each in section.series]
    down = [_stack(each.run, lambda rates: rates.down) for each in section.series]
    stacks = [stack for pair in zip(up, down, strict=True) for stack in pair]
    categories = tuple(
        text.format(name=each.name)
        for each in section.series
        for text in (texts.bytes_up, texts.bytes_down)
    )
    return BarPlot(
        title=section.link,
        subtitle=" / ".join(section.labels),
        y_title=texts.bytes_axis,
        categories=categories,
        layers=(
            Bars(texts.payload, _PAYLOAD_COLOUR, False, tuple(stack[0] for stack in stacks)),
            Bars(texts.headers, _HEADERS_COLOUR, True, tuple(stack[1] for stack in stacks)),
        ),
    )


def _lines_over_time(
    section: Section, points_of: Callable[[Traces], Sequence[Point]]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            each.name,
            each.style,
            _with_gaps(
                keep_peaks(points_of(each.traces), _peak_interval_s(section)),
                each.traces.outages,
            ),
        )
        for each in section.series
    )


def _with_gaps(
    points: Sequence[Point], outages: Sequence[tuple[float, float]]
) -> tuple[Point, ...]:
    """Return the points with a gap at each time without a connection."""
    gaps = [(start, nan) for start, _ in outages]
    return tuple(sorted((*points, *gaps), key=lambda point: point[0]))


def _peak_interval_s(section: Section) -> float:
    """Return the time that one point of a line covers, in seconds."""
    longest_s = max(each.run.seconds for each in section.series)
    return max(_PEAK_INTERVAL_MIN_S, longest_s / _POINTS)


def _worst(title: str, section: Section, texts: ReportTexts) -> str:
    return (
        f"{title}\n{texts.numbers(texts.worst_of_each.format(seconds=_peak_interval_s(section)))}"
    )


def _curve(series: Series, samples: Sequence[float], due: int) -> Line:
    points = [(max(value, _VALUE_MIN_MS), share) for value, share in cumulative(samples, due)]
    # A curve starts at 0%.
    start = [(points[0][0], 0.0)] if points else []
    return Line(series.name, series.style, (*start, *points), is_step=True)


def _due(series: Series) -> int:
    """Return the number of due snapshots, including those due after the last arrival."""
    by_time = int((series.run.seconds - STALL_S) * series.snapshot_hz)
    return max(series.traces.due, by_time)


def _spans(traces: Traces) -> tuple[tuple[float, float], ...]:
    """Return the freezes, joined if there is less than a pixel between them."""
    if not traces.ages_when_drawn_ms:
        return ()
    return _joined(traces.freezes, traces.ages_when_drawn_ms[-1][0])


def _joined(
    spans: Sequence[tuple[float, float]], seconds: float
) -> tuple[tuple[float, float], ...]:
    """Return spans of a plot ``seconds`` long, joined if they are less than a pixel apart."""
    pixel_s = seconds / _BAND_PIXELS
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < pixel_s:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _stack(run: Run, direction: Callable[[PerDirection], float]) -> tuple[float, float]:
    """Return payload and header bytes per second of one direction."""
    payload, wire = direction(run.payload_bytes_per_s), direction(run.wire_bytes_per_s)
    return payload, max(0.0, wire - payload)


ValueWithInterval = tuple[float | None, tuple[float, float] | None]


def _dot_plot(
    title: str,
    sections: Sequence[Section],
    value_of: Callable[[Run], ValueWithInterval],
    is_y_log: bool = False,
) -> DotPlot:
    styles = {each.name: each.style for section in sections for each in section.series}
    dots = []
    for name, style in styles.items():
        pairs = [_value_named(section, name, value_of) for section in sections]
        values, intervals = zip(*pairs, strict=True)
        dots.append(Dots(name, style, values, intervals))
    categories = tuple(section.link for section in sections)
    return DotPlot(title, "", title, categories, tuple(dots), is_y_log)


def _value_named(
    section: Section, name: str, value_of: Callable[[Run], ValueWithInterval]
) -> ValueWithInterval:
    return next((value_of(each.run) for each in section.series if each.name == name), (None, None))


def _frozen_percent(run: Run) -> ValueWithInterval:
    value, low, high = run.frozen_ratio.value, run.frozen_ratio.low, run.frozen_ratio.high
    if value is None or low is None or high is None:
        return (None if value is None else 100.0 * value), None
    return 100.0 * value, (100.0 * low, 100.0 * high)


def _age_when_drawn(run: Run) -> ValueWithInterval:
    age = run.age_when_drawn_ms
    # Zero has no logarithm, and an estimated clock may make an age negative.
    mean = None if age.mean is None else max(age.mean, _VALUE_MIN_MS)
    if age.mean_low is None or age.mean_high is None:
        return mean, None
    return mean, (max(age.mean_low, _VALUE_MIN_MS), max(age.mean_high, _VALUE_MIN_MS))
