"""The runs of one or several measurements, put beside each other as a report shows them.  [pure]

A link makes a section; in it stand all transports of all measurements that had this link.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from game.lab.measure.results import Handshake, Run
from game.lab.report.plots import COLOURS, DASHES, SYMBOLS, SeriesStyle
from game.lab.report.traces import LoadedMeasurement, Traces
from net.link.profile import Link
from net.link.spec import link_label


@dataclass(frozen=True, slots=True)
class Series:
    """A run under the name and the look that it has in all tables and plots.

    `measurement` is the label of the one that it belongs to.
    """

    name: str
    measurement: str
    look: SeriesStyle
    run: Run
    traces: Traces
    handshake: Handshake | None
    snapshot_hz: float


@dataclass(frozen=True, slots=True)
class Section:
    """All runs over one link; `badges` say what was emulated, one for each different seed."""

    link: str
    badges: tuple[str, ...]
    series: tuple[Series, ...]


def sections_of(experiments: Sequence[LoadedMeasurement]) -> tuple[Section, ...]:
    """Return a section for every link, in the order in which the links come up."""
    links = dict.fromkeys(run.link for each in experiments for run in each.results.runs)
    return tuple(_section(link, experiments) for link in links)


def _section(link: str, experiments: Sequence[LoadedMeasurement]) -> Section:
    looks = _looks(experiments)
    series: list[Series] = []
    badges: dict[str, None] = {}
    for each in experiments:
        for run in each.results.runs:
            if run.link == link:
                name = _name(each, run.transport, experiments)
                traces = each.traces[run.transport, link]
                hz = each.results.snapshot_hz
                handshake = _handshake(each, run.transport)
                series.append(Series(name, each.label, looks[name], run, traces, handshake, hz))
                badges[link_label(_emulated(run), each.results.seed)] = None
    return Section(link, tuple(badges), tuple(series))


def _looks(experiments: Sequence[LoadedMeasurement]) -> dict[str, SeriesStyle]:
    """Return a look by name: the transport gives the colour; what gives the dash, varies most."""
    transports = list(
        dict.fromkeys(run.transport for each in experiments for run in each.results.runs)
    )
    looks: dict[str, SeriesStyle] = {}
    for number, each in enumerate(experiments):
        for run in each.results.runs:
            name = _name(each, run.transport, experiments)
            hue = transports.index(run.transport)
            dash = number if len(experiments) > 1 else hue
            symbol = len(looks) if name not in looks else list(looks).index(name)
            looks[name] = SeriesStyle(
                COLOURS[hue % len(COLOURS)],
                DASHES[dash % len(DASHES)],
                SYMBOLS[symbol % len(SYMBOLS)],
            )
    return looks


def _name(
    experiment: LoadedMeasurement, transport: str, experiments: Sequence[LoadedMeasurement]
) -> str:
    return transport if len(experiments) == 1 else f"{experiment.label}: {transport}"


def _handshake(experiment: LoadedMeasurement, transport: str) -> Handshake | None:
    handshakes = experiment.results.handshakes
    return next((each for each in handshakes if each.transport == transport), None)


def _emulated(run: Run) -> Link | None:
    if run.link_up is None or run.link_down is None:
        return None
    # The name of a link that was written out would say the same twice.
    return Link(run.link_up, run.link_down, "" if "=" in run.link else run.link)
