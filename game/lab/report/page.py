"""The HTML page of a report, which needs no network and no second file.  [pure]

The page has tables, plots and paragraphs. The script that draws the plots is an argument. A
content security policy forbids the browser to load anything.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from game.lab.measure.number_format import format_number
from game.lab.measure.results import Results, SnapshotStats, local_delivery_delay_ms
from game.lab.report.conclusion import conclusions
from game.lab.report.html_parts import (
    definitions,
    document,
    numbered,
    paragraph,
    table_rows,
    warning,
)
from game.lab.report.plot_builder import (
    age_curve,
    age_plot,
    bytes_plot,
    error_plot,
    gap_curve,
    overview_plots,
)
from game.lab.report.plot_types import Plot
from game.lab.report.sections import Section
from game.lab.report.tables import (
    check_table,
    headline_table,
    transport_table,
)
from game.lab.report.texts import ReportTexts
from game.lab.report.traces import LoadedMeasurement
from game.match.physics import TICK_HZ
from game.match.world import BALL_RADIUS
from net.measure.arrivals import STALL_S
from net.measure.virtual_screen import SCREEN_HZ

PlotOf = Callable[[Section, ReportTexts], Plot]

# The transport whose packets a library sends when its own congestion control allows it.
_WITH_LIBRARY_CONGESTION = "quic"


def named_plots(sections: Sequence[Section], texts: ReportTexts) -> dict[str, tuple[Plot, ...]]:
    """Return all plots of a report by kind."""
    kinds: dict[str, PlotOf] = {
        "ages": age_plot,
        "age_curve": age_curve,
        "gap_curve": gap_curve,
        "errors": error_plot,
        "bytes": bytes_plot,
    }
    over_links = {
        kind: tuple(plot_of(section, texts) for section in sections)
        for kind, plot_of in kinds.items()
    }
    return {"overview": overview_plots(sections, texts), **over_links}


def page(
    measurements: Sequence[LoadedMeasurement],
    sections: Sequence[Section],
    plots: dict[str, tuple[Plot, ...]],
    texts: ReportTexts,
    plotly_script: str,
) -> str:
    """Return the HTML document. ``plotly_script`` is the text of plotly's JavaScript."""
    title = texts.title
    if len(measurements) > 1:
        title = texts.title_compared.format(count=len(measurements))
    body = _body(measurements, sections, plots, texts)
    return document(title, body, numbered(plots), texts, plotly_script)


def _body(
    measurements: Sequence[LoadedMeasurement],
    sections: Sequence[Section],
    plots: dict[str, tuple[Plot, ...]],
    texts: ReportTexts,
) -> Iterator[str]:
    age_curve_explained = _age_curve_explained(sections, texts)
    chapters: dict[str, tuple[str, Iterable[str]]] = {
        "setup": (texts.setup, _setup(measurements, sections, texts)),
        "headline": (texts.headline, _headline(sections, texts, len(measurements) > 1)),
        "overview": (texts.overview, _plots("overview", plots, texts.overview_explained, True)),
        "ages": (texts.ages, _plots("ages", plots, _ages_explained(sections, texts), False)),
        "age_curve": (texts.age_curve, _plots("age_curve", plots, age_curve_explained, True)),
        "gap_curve": (texts.gap_curve, _plots("gap_curve", plots, texts.gap_curve_explained, True)),
        "errors": (texts.errors, _plots("errors", plots, texts.errors_explained, False)),
        "bytes": (texts.bytes, _plots("bytes", plots, texts.bytes_explained, True)),
        "transports": (texts.transports, _transports(sections, texts)),
    }
    checks = check_table(sections, texts)
    if checks.rows:
        chapters["check"] = (
            texts.check,
            (paragraph(texts.check_explained), *table_rows(checks, texts)),
        )
    yield f'<section id="conclusion">\n<h2>{escape(texts.conclusion)}</h2>'
    yield from map(paragraph, conclusions(sections, texts))
    yield "</section>"
    links = (f'<a href="#{key}">{escape(name)}</a>' for key, (name, _) in chapters.items())
    yield f'<nav aria-label="{escape(texts.contents)}">{" ".join(links)}</nav>'
    for key, (name, content) in chapters.items():
        yield f'<section id="{key}">\n<h2>{escape(name)}</h2>'
        yield from content
        yield "</section>"


def _setup(
    measurements: Sequence[LoadedMeasurement], sections: Sequence[Section], texts: ReportTexts
) -> Iterator[str]:
    yield paragraph(texts.setup_explained)
    facts = [dict(_facts(each, texts)) for each in measurements]
    yield '<table class="facts">'
    for name in facts[0]:
        cells = "".join(f"<td>{escape(each[name])}</td>" for each in facts)
        yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
    yield "</table>\n<ul>"
    for section in sections:
        labels = " ".join(f'<span class="badge">{escape(label)}</span>' for label in section.labels)
        yield f"<li>{escape(section.link)}: {labels}</li>"
    yield "</ul>"


def _facts(measurement: LoadedMeasurement, texts: ReportTexts) -> Iterator[tuple[str, str]]:
    results = measurement.results
    yield texts.measurement, measurement.label
    yield texts.started, results.started_at
    yield texts.server, results.host or texts.own_server
    yield texts.machine, ", ".join(f"{key} {value}" for key, value in results.machine.items())
    yield texts.emulation, _emulation(results, texts)
    # In every measurement of a report the same rows: the table has a column for each.
    is_library = any(run.transport == _WITH_LIBRARY_CONGESTION for run in results.runs)
    yield (
        texts.congestion,
        texts.congestion_of_library if is_library else texts.congestion_of_system,
    )
    yield texts.duration, texts.duration_value.format(seconds=results.duration_text)
    yield texts.seed, str(results.seed)
    yield texts.bots, str(results.bots)
    delay_ms = results.interpolation_ms
    snapshots = texts.snapshots_value.format(hz=results.snapshot_hz, delay_ms=delay_ms)
    encoding = texts.snapshots_delta if results.deltas else texts.snapshots_whole
    yield texts.snapshots, f"{texts.numbers(snapshots)}, {encoding}"
    yield texts.codec, results.codec
    is_shared = results.clock == "shared"
    yield texts.clock, texts.clock_shared if is_shared else texts.clock_synchronised
    is_spectator = results.truth == "spectator"
    yield texts.reference, texts.reference_spectator if is_spectator else texts.reference_later


def _emulation(results: Results, texts: ReportTexts) -> str:
    known = {
        "none": texts.emulation_none,
        "model": texts.emulation_model,
        "kernel": texts.emulation_kernel,
    }
    return f"{results.emulation}: {known[results.emulation]}"


def _headline(
    sections: Sequence[Section], texts: ReportTexts, is_comparison: bool
) -> Iterator[str]:
    yield paragraph(texts.headline_explained)
    if is_comparison:
        yield paragraph(texts.compared_explained)
    for section in sections:
        yield _link_heading(section)
        if (delay_ms := local_delivery_delay_ms(each.run for each in section.series)) is not None:
            busy = texts.numbers(texts.busy.format(delay_ms=delay_ms))
            yield warning(busy)
        paused_s = max(each.run.program_paused_ms for each in section.series) / 1000.0
        if paused_s > STALL_S:
            paused = texts.numbers(texts.paused.format(seconds=format_number(paused_s)))
            yield warning(paused)
        yield from table_rows(headline_table(section, texts), texts)
    meanings = {
        texts.frozen: texts.frozen_explained,
        texts.stalls: texts.stalls_explained,
        texts.longest: texts.longest_explained,
        texts.drawn: texts.drawn_explained,
        texts.drawn_p95: texts.drawn_p95_explained,
        texts.error: texts.numbers(texts.error_explained.format(radius=BALL_RADIUS)),
        texts.input: texts.input_explained,
        texts.rtt: texts.rtt_explained,
        texts.lost: texts.lost_explained,
        texts.resent: texts.resent_explained,
    }
    if any(each.run.connections_lost for section in sections for each in section.series):
        meanings[texts.disconnected] = texts.disconnected_explained
    yield definitions(meanings)


def _ages_explained(sections: Sequence[Section], texts: ReportTexts) -> str:
    period_s = 1.0 / (TICK_HZ - SCREEN_HZ)
    parts = [texts.ages_explained]
    series = [each for section in sections for each in section.series]
    # A short plot does not show a whole turn, but the start of one.
    parts.append(
        texts.numbers(
            texts.ages_drift_explained.format(
                drift_ms=1000.0 / SCREEN_HZ, period_s=period_s, frame_hz=SCREEN_HZ, tick_hz=TICK_HZ
            )
        )
    )
    if any(each.traces.outages for each in series):
        parts.append(texts.ages_disconnected_explained)
    if any(section.course for section in sections):
        parts.append(texts.ages_recorded_explained)
    return " ".join(parts)


def _missing(snapshots: SnapshotStats) -> int:
    return snapshots.lost + snapshots.stale


def _age_curve_explained(sections: Sequence[Section], texts: ReportTexts) -> str:
    """Return what the curves show; a sentence on loss or resending only where there was some."""
    series = [each for section in sections for each in section.series]
    lost = {
        each.name: None for each in series if each.run.snapshots.lost + each.run.snapshots.stale
    }
    resent = {
        each.name: None for each in series if each.name not in lost and each.run.retransmitted
    }
    parts = [texts.age_curve_explained]
    if lost:
        parts.append(texts.age_curve_lost.format(names=", ".join(lost)))
    if resent:
        parts.append(texts.age_curve_resent.format(names=", ".join(resent)))
    return " ".join(parts)


def _transports(sections: Sequence[Section], texts: ReportTexts) -> Iterator[str]:
    yield paragraph(texts.transports_explained)
    for section in sections:
        yield _link_heading(section)
        yield from table_rows(transport_table(section, texts), texts)


def _plots(
    kind: str, plots: dict[str, tuple[Plot, ...]], meaning: str, is_half: bool
) -> Iterator[str]:
    yield paragraph(meaning)
    # A single plot has the whole width.
    has_two = is_half and len(plots[kind]) > 1
    yield f'<div class="plots{" half" if has_two else ""}">'
    for index, plot in enumerate(plots[kind]):
        name = escape(plot.title)
        yield f'<div class="plot" id="{kind}-{index}" role="img" aria-label="{name}"></div>'
    yield "</div>"


def _link_heading(section: Section) -> str:
    labels = " ".join(f'<span class="badge">{escape(label)}</span>' for label in section.labels)
    return f"<h3>{escape(section.link)} {labels}</h3>"
