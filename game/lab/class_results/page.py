"""The report of a class: a page that needs no network and no second file.  [pure]"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from game.lab.class_results.measurements import MeasuredClass
from game.lab.class_results.results import ClassResults, StudentRun, TransportRun
from game.lab.measure.analysis import MINUTE_S
from game.lab.measure.number_format import format_mean, format_number, scaled
from game.lab.measure.results import Estimate
from game.lab.report.conclusion import difference_sentences, frozen_sentences
from game.lab.report.html_parts import (
    definitions,
    document,
    numbered,
    paragraph,
    table_rows,
    warning,
)
from game.lab.report.plot_types import DotPlot, Dots, Plot, SeriesStyle
from game.lab.report.tables import Cell, Statistic, Table, estimated, highlighted_table
from game.lab.report.texts import ReportTexts
from game.match.world import BALL_RADIUS

# Limit of a name below a plot: the name of a folder may be long. Tables show it whole.
_PLOT_NAME_MAX_CHARS = 18


@dataclass(frozen=True, slots=True)
class _Source:
    """The words of a page about the origin of its figures.

    ``explained`` and ``warnings`` are paragraphs. ``has_devices``: clients named their device.
    """

    title: str
    explained: tuple[str, ...]
    students_explained: str
    on_wire_explained: str
    has_devices: bool
    warnings: tuple[str, ...] = ()


def class_page(results: ClassResults, texts: ReportTexts, plotly_script: str) -> str:
    """Return the HTML document. ``plotly_script`` is the text of plotly's JavaScript."""
    source = _Source(
        texts.class_title,
        (texts.class_explained, texts.class_left_out),
        texts.class_students_explained,
        texts.class_on_wire_explained,
        has_devices=True,
    )
    return _page(results, source, texts, plotly_script)


def measured_class_page(measured: MeasuredClass, texts: ReportTexts, plotly_script: str) -> str:
    """Return the HTML document of a class whose students handed in their measurements."""
    busy = texts.measured_class_busy.format(names=", ".join(measured.busy))
    source = _Source(
        texts.measured_class_title.format(count=len(_clients(measured.results))),
        (texts.measured_class_explained,),
        texts.measured_class_students_explained,
        texts.measured_class_on_wire_explained,
        has_devices=False,
        warnings=(busy,) if measured.busy else (),
    )
    return _page(measured.results, source, texts, plotly_script)


def _page(results: ClassResults, source: _Source, texts: ReportTexts, plotly_script: str) -> str:
    plots: dict[str, tuple[Plot, ...]] = {
        "students": tuple(_plot(results, link, texts) for link in results.links)
    }
    body = _body(results, source, texts)
    return document(source.title, body, numbered(plots), texts, plotly_script)


def _body(results: ClassResults, source: _Source, texts: ReportTexts) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(texts.conclusion)}</h2>"
    for link in results.links:
        yield paragraph(_conclusion(results, link, texts))
    if not results.links:
        yield paragraph(texts.class_nothing)
    yield from map(warning, source.warnings)
    yield f"</section>\n<section>\n<h2>{escape(texts.setup)}</h2>"
    yield from map(paragraph, source.explained)
    yield from _facts(results, source, texts)
    yield f"</section>\n<section>\n<h2>{escape(texts.class_transports)}</h2>"
    yield paragraph(texts.class_transports_explained)
    for link in results.links:
        yield f"<h3>{escape(link)}</h3>"
        yield from table_rows(_transport_table(results, link, texts), texts)
    yield definitions(_meanings(source, texts))
    yield f"</section>\n<section>\n<h2>{escape(texts.class_students)}</h2>"
    yield paragraph(source.students_explained)
    for index, link in enumerate(results.links):
        yield f"<h3>{escape(link)}</h3>"
        yield f'<div class="plot" id="students-{index}" role="img"></div>'
        yield from table_rows(_student_table(results, link, source, texts), texts)
    yield "</section>"


def _conclusion(results: ClassResults, link: str, texts: ReportTexts) -> str:
    runs = [run for run in results.transports if run.link == link]
    names = [run.transport for run in runs]
    ratios = [run.frozen_ratio for run in runs]
    one_class = [""] * len(runs)
    return " ".join(
        (
            *frozen_sentences(link, names, ratios, texts),
            *difference_sentences(one_class, names, ratios, texts),
        )
    )


def _facts(results: ClassResults, source: _Source, texts: ReportTexts) -> Iterator[str]:
    facts = {texts.started: results.started_at}
    if source.has_devices:
        minutes = format_number(results.seconds / MINUTE_S)
        facts[texts.class_length] = texts.numbers(f"{minutes} min")
        facts[texts.class_devices] = str(len(_clients(results)))
    rows = (
        f"<tr><td>{escape(key)}</td><td>{escape(text)}</td></tr>" for key, text in facts.items()
    )
    yield f'<table class="facts">\n{"".join(rows)}\n</table>'
    if results.dropped_reports:
        yield paragraph(texts.class_dropped.format(count=results.dropped_reports))


def _clients(results: ClassResults) -> set[tuple[str, str, str]]:
    return {(run.student, run.room, run.device) for run in results.students}


def _meanings(source: _Source, texts: ReportTexts) -> dict[str, str]:
    return {
        texts.frozen: texts.frozen_explained,
        texts.stalls: texts.stalls_explained,
        texts.longest: texts.longest_explained,
        texts.drawn: texts.drawn_explained,
        texts.error: texts.numbers(texts.error_explained.format(radius=BALL_RADIUS)),
        texts.class_never_shown: texts.class_never_shown_explained,
        texts.class_on_wire: source.on_wire_explained,
    }


def _transport_table(results: ClassResults, link: str, texts: ReportTexts) -> Table:
    runs = [run for run in results.transports if run.link == link]
    columns: dict[str, Callable[[TransportRun], Statistic]] = {
        texts.class_count: lambda run: Statistic(str(run.students)),
        texts.class_minutes: lambda run: Statistic(format_number(run.seconds / MINUTE_S)),
        texts.frozen: lambda run: estimated(run.frozen_ratio, 100.0),
        texts.stalls: lambda run: estimated(run.stalls_over_125ms_per_min),
        texts.longest: lambda run: Statistic(format_number(run.longest_freeze_ms)),
        texts.drawn: lambda run: estimated(run.age_when_drawn_ms),
        texts.error: lambda run: estimated(run.visual_error),
        texts.rtt: lambda run: estimated(run.rtt_ms),
        texts.class_never_shown: lambda run: estimated(run.never_shown_ratio, 100.0),
        texts.class_on_wire: lambda run: estimated(run.lost_on_wire_ratio, 100.0),
    }
    names = [run.transport for run in runs]
    one_class = [""] * len(runs)
    statistics = (list(map(statistic_of, runs)) for statistic_of in columns.values())
    return highlighted_table((texts.run, *columns), names, one_class, statistics)


def _student_table(results: ClassResults, link: str, source: _Source, texts: ReportTexts) -> Table:
    columns: dict[str, Callable[[StudentRun], str]] = {}
    if source.has_devices:
        columns[texts.class_device] = lambda run: _device(run, texts)
    columns |= {
        texts.run: lambda run: run.transport,
        texts.class_minutes: lambda run: format_number(run.seconds / MINUTE_S),
        texts.frozen: lambda run: estimated(run.frozen_ratio, 100.0).text,
        texts.stalls: lambda run: estimated(run.stalls_over_125ms_per_min).text,
        texts.longest: lambda run: format_number(run.longest_freeze_ms),
        texts.drawn: lambda run: format_mean(run.age_when_drawn_ms),
        texts.error: lambda run: format_mean(run.visual_error),
        texts.rtt: lambda run: format_number(run.rtt_ms.p50),
        texts.class_never_shown: lambda run: estimated(run.never_shown_ratio, 100.0).text,
        texts.class_on_wire: lambda run: estimated(run.lost_on_wire_ratio, 100.0).text,
    }
    name_of = _names(results.students)
    runs = [run for run in results.students if run.link == link]
    rows = [
        (Cell(name_of[run]), *(Cell(text_of(run)) for text_of in columns.values()))
        for run in sorted(runs, key=lambda run: (name_of[run].casefold(), run.transport))
    ]
    return Table((texts.class_student, *columns), tuple(rows))


def _names(runs: Sequence[StudentRun]) -> dict[StudentRun, str]:
    """Return the student's name of each run, with the room where there are several."""
    has_rooms = len({run.room for run in runs}) > 1
    return {run: f"{run.student} ({run.room})" if has_rooms else run.student for run in runs}


def _device(run: StudentRun, texts: ReportTexts) -> str:
    # The name that another program gives to its device stays as it is.
    return {"page": texts.class_page, "window": texts.class_window}.get(run.device, run.device)


def _plot(results: ClassResults, link: str, texts: ReportTexts) -> DotPlot:
    name_of = _names(results.students)
    runs = [run for run in results.students if run.link == link]
    names = sorted({name_of[run] for run in runs}, key=str.casefold)
    transports = list(dict.fromkeys(run.transport for run in results.transports))
    dots = []
    for number, transport in enumerate(transports):
        # A student with two devices of one transport has the last one's dot.
        of_name = {name_of[run]: run.frozen_ratio for run in runs if run.transport == transport}
        if of_name:
            estimates = [of_name.get(name, Estimate(None, None, None)) for name in names]
            style = SeriesStyle.numbered(number, number, number)
            dots.append(_dots(transport, style, estimates))
    categories = tuple(map(_shortened, names))
    return DotPlot(link, "", texts.class_overview, categories, tuple(dots))


def _shortened(name: str) -> str:
    return name if len(name) <= _PLOT_NAME_MAX_CHARS else f"{name[: _PLOT_NAME_MAX_CHARS - 1]}…"


def _dots(name: str, style: SeriesStyle, estimates: Sequence[Estimate]) -> Dots:
    percents = [scaled(each, 100.0) for each in estimates]
    intervals = (None if low is None or high is None else (low, high) for _, low, high in percents)
    return Dots(name, style, tuple(value for value, _, _ in percents), tuple(intervals))
