"""Which plots a report has, and what stands in them.  [pure]

Makes plots as values of the sections' traces and figures. Knows no library that draws.
"""

from collections.abc import Callable, Sequence

from game.lab.measure.results import PerDirection, Run
from game.lab.report.downsampling import Point, cumulative, keep_peaks
from game.lab.report.plots import BarPlot, Bars, DotPlot, Dots, Line, LinePlot, Plot, TimeBand
from game.lab.report.sections import Section, Series
from game.lab.report.texts import ReportTexts
from game.lab.report.traces import Traces
from net.measure.arrivals import STALL_S

# Less differs in nothing that a player could meet, and zero has no logarithm.
_LEAST_MS = 0.1
# Three snapshots at 30 a second: a line of these has no teeth of the saw left, and every peak.
_LEAST_STRETCH_S = 0.1
# Of long runs a point stands for more, so that a plot has about one for every second pixel.
_POINTS = 600
# A row of the strip is some thousand pixels wide: what ends closer than this share of it together
# is drawn as one.
_STRIP_PIXELS = 1000
_PAYLOAD_COLOUR, _HEADERS_COLOUR = "#0072B2", "#E69F00"


def overview_plots(sections: Sequence[Section], texts: ReportTexts) -> tuple[Plot, ...]:
    """Return the share of time frozen and the age when drawn, of all links beside each other."""
    return (
        _dot_plot(texts.overview_frozen, sections, _frozen_percent),
        _dot_plot(texts.overview_drawn, sections, _age_when_drawn, is_y_log=True),
    )


def age_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return the age when drawn over time, and below it when the picture was frozen."""
    stripes = tuple(
        TimeBand(each.name, each.look, _spans(each.traces)) for each in reversed(section.series)
    )
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.badges),
        x_title=texts.time_axis,
        y_title=_worst(texts.ages_axis, section, texts),
        lines=_lines_over_time(section, lambda traces: traces.ages_when_drawn_ms),
        stripes=stripes,
        stripes_title=texts.ages_strip,
    )


def error_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return the distance of the drawn ball from the true one over time."""
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.badges),
        x_title=texts.time_axis,
        y_title=_worst(texts.errors_axis, section, texts),
        lines=_lines_over_time(section, lambda traces: traces.errors),
    )


def age_curve(section: Section, texts: ReportTexts) -> Plot:
    """Return the cumulative distribution of the age at arrival, of all snapshots due."""
    lines = tuple(_curve(each, each.traces.ages_ms, _due(each)) for each in section.series)
    return LinePlot(
        title=section.link,
        subtitle=" / ".join(section.badges),
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
        subtitle=" / ".join(section.badges),
        x_title=texts.gap_curve_axis,
        y_title=texts.share_arrived_axis,
        lines=lines,
        is_x_log=True,
    )


def bytes_plot(section: Section, texts: ReportTexts) -> Plot:
    """Return payload and headers a second, each way, of all series."""
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
        subtitle=" / ".join(section.badges),
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
        Line(each.name, each.look, tuple(keep_peaks(points_of(each.traces), _stretch_s(section))))
        for each in section.series
    )


def _stretch_s(section: Section) -> float:
    """Return of how much time one point of a line shall be the peak."""
    longest_s = max(each.run.seconds for each in section.series)
    return max(_LEAST_STRETCH_S, longest_s / _POINTS)


def _worst(title: str, section: Section, texts: ReportTexts) -> str:
    return f"{title}\n{texts.worst_of_each.format(seconds=_stretch_s(section))}"


def _curve(series: Series, samples: Sequence[float], due: int) -> Line:
    points = [(max(value, _LEAST_MS), share) for value, share in cumulative(samples, due)]
    # A curve begins at the bottom.
    start = [(points[0][0], 0.0)] if points else []
    return Line(series.name, series.look, (*start, *points), is_step=True)


def _due(series: Series) -> int:
    """Return how many snapshots were due: also those after the last one that came."""
    by_time = int((series.run.seconds - STALL_S) * series.snapshot_hz)
    return max(series.traces.due, by_time)


def _spans(traces: Traces) -> tuple[tuple[float, float], ...]:
    """Return the freezes, those joined that could not be told apart in a plot."""
    if not traces.ages_when_drawn_ms:
        return ()
    pixel_s = traces.ages_when_drawn_ms[-1][0] / _STRIP_PIXELS
    joined: list[tuple[float, float]] = []
    for start, end in traces.freezes:
        if joined and start - joined[-1][1] < pixel_s:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _stack(run: Run, way: Callable[[PerDirection], float]) -> tuple[float, float]:
    """Return the bytes of payload and of headers a second, one way."""
    payload, wire = way(run.payload_bytes_per_s), way(run.wire_bytes_per_s)
    return payload, max(0.0, wire - payload)


Figure = tuple[float | None, tuple[float, float] | None]


def _dot_plot(
    title: str,
    sections: Sequence[Section],
    figure_of: Callable[[Run], Figure],
    is_y_log: bool = False,
) -> DotPlot:
    looks = {each.name: each.look for section in sections for each in section.series}
    dots = []
    for name, look in looks.items():
        figures = [_figure_named(section, name, figure_of) for section in sections]
        values, intervals = zip(*figures, strict=True)
        dots.append(Dots(name, look, values, intervals))
    categories = tuple(section.link for section in sections)
    return DotPlot(title, "", title, categories, tuple(dots), is_y_log)


def _figure_named(section: Section, name: str, figure_of: Callable[[Run], Figure]) -> Figure:
    return next((figure_of(each.run) for each in section.series if each.name == name), (None, None))


def _frozen_percent(run: Run) -> Figure:
    value, low, high = run.frozen_ratio.value, run.frozen_ratio.low, run.frozen_ratio.high
    if value is None or low is None or high is None:
        return (None if value is None else 100.0 * value), None
    return 100.0 * value, (100.0 * low, 100.0 * high)


def _age_when_drawn(run: Run) -> Figure:
    age = run.age_when_drawn_ms
    if age.mean_low is None or age.mean_high is None:
        return age.mean, None
    return age.mean, (max(age.mean_low, _LEAST_MS), age.mean_high)
