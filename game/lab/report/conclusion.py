"""The conclusion of a report: a few plain sentences for each link, made from its figures.  [pure]

A sentence stands only if the figures show what it says.
"""

from collections.abc import Iterator, Sequence

from game.lab.measure.number_format import format_number
from game.lab.measure.results import Run, local_delivery_delay_ms
from game.lab.report.sections import Section, Series
from game.lab.report.tables import Highlight, Statistic, highlights_within
from game.lab.report.texts import ReportTexts


def conclusions(sections: Sequence[Section], texts: ReportTexts) -> Iterator[str]:
    """Yield a paragraph for each link."""
    for section in sections:
        yield " ".join(_sentences(section, texts))


def _sentences(section: Section, texts: ReportTexts) -> Iterator[str]:
    yield from _frozen(section, texts)
    yield from _difference(section, texts)
    lost = [
        f"{each.name} {_percent(_never_shown_ratio(each), texts)}%"
        for each in section.series
        if _never_shown_ratio(each) > 0.0
    ]
    if lost:
        yield texts.conclusion_lost.format(values=_joined(lost, texts))
    disconnected = [
        f"{each.name} ({_disconnected(each.run, texts)})"
        for each in section.series
        if each.run.connections_lost
    ]
    if disconnected:
        yield texts.conclusion_disconnected.format(values=_joined(disconnected, texts))
    if local_delivery_delay_ms(each.run for each in section.series) is not None:
        yield texts.conclusion_busy


def _frozen(section: Section, texts: ReportTexts) -> Iterator[str]:
    """Yield how long the picture was frozen over each transport."""
    known = [each for each in section.series if each.run.frozen_ratio.value is not None]
    if not known:
        return
    if not any(each.run.frozen_ratio.value for each in known):
        yield texts.conclusion_never_frozen.format(link=section.link)
        return
    by_ratio = sorted(known, key=lambda each: each.run.frozen_ratio.value or 0.0)
    values = [
        f"{each.name} {_percent(each.run.frozen_ratio.value or 0.0, texts)}%" for each in by_ratio
    ]
    yield texts.conclusion_frozen.format(link=section.link, values=_joined(values, texts))


def _difference(section: Section, texts: ReportTexts) -> Iterator[str]:
    """Yield which transports froze less, if the difference is larger than chance."""
    if len(section.series) < 2:
        return
    ratios = [each.run.frozen_ratio for each in section.series]
    if not any(ratio.value for ratio in ratios):
        return
    statistics = [Statistic("", ratio.low, ratio.high) for ratio in ratios]
    measurements = [each.measurement for each in section.series]
    marks = highlights_within(measurements, statistics)
    best = _named(section.series, marks, Highlight.BEST)
    worst = _named(section.series, marks, Highlight.WORST)
    if best and worst:
        yield texts.conclusion_difference.format(
            best=_joined(best, texts), worst=_joined(worst, texts)
        )
    else:
        yield texts.conclusion_no_difference


def _named(series: Sequence[Series], marks: Sequence[Highlight], wanted: Highlight) -> list[str]:
    return [each.name for each, mark in zip(series, marks, strict=True) if mark is wanted]


def _never_shown_ratio(series: Series) -> float:
    snapshots = series.run.snapshots
    missing = snapshots.lost + snapshots.stale
    return missing / snapshots.expected if snapshots.expected else 0.0


def _disconnected(run: Run, texts: ReportTexts) -> str:
    seconds = format_number(run.disconnected_ms / 1000.0)
    value = texts.disconnected_value.format(count=run.connections_lost, seconds=seconds)
    return texts.numbers(value)


def _percent(ratio: float, texts: ReportTexts) -> str:
    percent = 100.0 * ratio
    # A frame of a minute is 0.03%: it must not read as nothing at all.
    return texts.numbers("<0.1" if 0.0 < percent < 0.1 else format_number(round(percent, 1)))


def _joined(words: Sequence[str], texts: ReportTexts) -> str:
    *most, last = words
    return f"{', '.join(most)} {texts.conclusion_and} {last}" if most else last
