"""The sections of a report: one for each link, with all its runs.  [pure]

A section has the runs of all transports, of all measurements with this link.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from game.lab.measure.results import Handshake, Run
from game.lab.report.plot_types import SeriesStyle
from game.lab.report.traces import LinkCourse, LoadedMeasurement, Traces
from net.link.label import ENGLISH_LINK_WORDS, LinkWords, link_label
from net.link.profile import Link
from net.link.spec import is_recording_file


@dataclass(frozen=True, slots=True)
class Series:
    """A run with its name and style in all tables and plots.

    ``measurement`` is the label of its measurement.
    """

    name: str
    measurement: str
    style: SeriesStyle
    run: Run
    traces: Traces
    handshake: Handshake | None
    snapshot_hz: float


@dataclass(frozen=True, slots=True)
class Section:
    """All runs over one link; ``labels`` describe the emulated link, one for each seed.

    ``course`` is what a recorded link did, in the first measurement that has it.
    """

    link: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    course: LinkCourse | None = None


def build_sections(
    measurements: Sequence[LoadedMeasurement], words: LinkWords = ENGLISH_LINK_WORDS
) -> tuple[Section, ...]:
    """Return a section for every link, in the order of the measurements."""
    links = dict.fromkeys(run.link for each in measurements for run in each.results.runs)
    return tuple(_section(link, measurements, words) for link in links)


def _section(link: str, measurements: Sequence[LoadedMeasurement], words: LinkWords) -> Section:
    styles = _styles(measurements)
    series: list[Series] = []
    labels: dict[str, None] = {}
    for each in measurements:
        for run in each.results.runs:
            if run.link == link:
                name = _name(each, run.transport, measurements)
                traces = each.traces[run.transport, link]
                hz = each.results.snapshot_hz
                handshake = _handshake(each, run.transport)
                series.append(Series(name, each.label, styles[name], run, traces, handshake, hz))
                labels[_label(run, each.results.seed, words)] = None
    courses = (each.courses[link] for each in measurements if link in each.courses)
    return Section(link, tuple(labels), tuple(series), next(courses, None))


def _label(run: Run, seed: int, words: LinkWords) -> str:
    # The results have the settings of a link. What a recording did stands in another file.
    if is_recording_file(run.link.partition(",")[0]):
        return words.title.format(settings=words.recorded_file.format(spec=run.link))
    return link_label(_emulated(run), seed, words)


def _styles(measurements: Sequence[LoadedMeasurement]) -> dict[str, SeriesStyle]:
    """Return the style of each name.

    The colour is the transport's. The dash is the measurement's, or with a single measurement the
    transport's too. With several measurements symbols tell the lines of one of them apart: nobody
    has to see the colours.
    """
    transports = list(
        dict.fromkeys(run.transport for each in measurements for run in each.results.runs)
    )
    styles: dict[str, SeriesStyle] = {}
    for number, each in enumerate(measurements):
        for run in each.results.runs:
            name = _name(each, run.transport, measurements)
            hue = transports.index(run.transport)
            dash = number if len(measurements) > 1 else hue
            symbol = len(styles) if name not in styles else list(styles).index(name)
            styles[name] = SeriesStyle.numbered(
                hue, dash, symbol, marks_lines=len(measurements) > 1
            )
    return styles


def _name(
    measurement: LoadedMeasurement, transport: str, measurements: Sequence[LoadedMeasurement]
) -> str:
    return transport if len(measurements) == 1 else f"{measurement.label}: {transport}"


def _handshake(measurement: LoadedMeasurement, transport: str) -> Handshake | None:
    handshakes = measurement.results.handshakes
    return next((each for each in handshakes if each.transport == transport), None)


def _emulated(run: Run) -> Link | None:
    if run.link_up is None or run.link_down is None:
        return None
    # A link without a preset has its values as a name; the label has them already.
    return Link(run.link_up, run.link_down, "" if "=" in run.link else run.link)
