"""The conclusion of a report: a few plain sentences for each link, made from its figures.  [pure]

A sentence stands only if the figures show what it says.
"""

from collections.abc import Iterator, Sequence

from game.lab.measure.number_format import format_number
from game.lab.measure.results import Estimate, Run, local_delivery_delay_ms
from game.lab.report.sections import Section, Series
from game.lab.report.tables import Highlight, Statistic, highlights_within
from game.lab.report.texts import ReportTexts


def conclusions(sections: Sequence[Section], texts: ReportTexts) -> Iterator[str]:
    """Yield a paragraph for each link."""
    for section in sections:
        yield " ".join(_sentences(section, texts))


def _sentences(section: Section, texts: ReportTexts) -> Iterator[str]:
    names = [each.name for each in section.series]
    ratios = [each.run.frozen_ratio for each in section.series]
    measurements = [each.measurement for each in section.series]
    yield from frozen_sentences(section.link, names, ratios, texts)
    yield from difference_sentences(measurements, names, ratios, texts)
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


def frozen_sentences(
    link: str, names: Sequence[str], ratios: Sequence[Estimate], texts: ReportTexts
) -> Iterator[str]:
    """Yield how long the picture was frozen over each transport."""
    known = [
        (name, ratio.value)
        for name, ratio in zip(names, ratios, strict=True)
        if ratio.value is not None
    ]
    if not known:
        return
    if not any(value for _, value in known):
        yield texts.conclusion_never_frozen.format(link=link)
        return
    by_ratio = sorted(known, key=lambda each: each[1])
    values = [f"{name} {_percent(value, texts)}%" for name, value in by_ratio]
    yield texts.conclusion_frozen.format(link=link, values=_joined(values, texts))


def difference_sentences(
    measurements: Sequence[str],
    names: Sequence[str],
    ratios: Sequence[Estimate],
    texts: ReportTexts,
) -> Iterator[str]:
    """Yield which transports froze less, if the difference is larger than chance.

    Only those of one measurement are compared with each other.
    """
    if len(names) < 2 or not any(ratio.value for ratio in ratios):
        return
    statistics = [Statistic("", ratio.low, ratio.high) for ratio in ratios]
    marks = highlights_within(measurements, statistics)
    best = _named(names, marks, Highlight.BEST)
    worst = _named(names, marks, Highlight.WORST)
    if best and worst:
        yield texts.conclusion_difference.format(
            best=_joined(best, texts), worst=_joined(worst, texts)
        )
    else:
        yield texts.conclusion_no_difference


def _named(names: Sequence[str], marks: Sequence[Highlight], wanted: Highlight) -> list[str]:
    return [name for name, mark in zip(names, marks, strict=True) if mark is wanted]


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
