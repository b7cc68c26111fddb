"""A whole measurement: take after take, one for each link, and the figures of all of them.

Starts no server and prints nothing: it is told where the server is, and tells how far it is.
"""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from time import sleep
from typing import Self

from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.scene_builder import INTERPOLATION_INTERVALS
from game.lab.compare.side_by_side import ClientGroup, LineupSettings
from game.lab.measure.analysis import Analysis, AnalysisSettings, ReferenceTrack, analyse
from game.lab.measure.deferred_delivery import defer_delivery
from game.lab.measure.handshake import measure_handshakes
from game.lab.measure.results import FORMAT_VERSION, Handshake, Results
from game.lab.measure.run_recorder import RunRecorder
from game.match.bots import Skill
from game.match.physics import TICK_HZ
from game.protocol.snapshot_rate import ticks_between_snapshots
from game.runtime.network_thread import NetworkThread, Work
from net.link.profile import Link
from net.security.options import SecurityOptions
from net.transport import Address, Transport

# For the eye of whoever waits; the network's thread does not notice.
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link as it was asked for; ``link`` None measures what is there, without a relay."""

    name: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class MeasurementSettings:
    """What is measured.

    ``address`` is the server's. ``is_near``: it is on this computer, so that one clock serves both
    ends and a spectator can tell the truth in time. ``interpolation_s`` None: two snapshot
    intervals.
    """

    address: Address
    host: str
    is_near: bool
    names: tuple[str, ...]
    links: tuple[NamedLink, ...]
    seconds: float
    seed: int
    bots: int
    snapshot_hz: int
    codec: str = "msgpack"
    interpolation_s: float | None = None
    access: SecurityOptions = field(default_factory=SecurityOptions)

    def at(self, address: Address, is_near: bool) -> Self:
        """Return the same for another server."""
        return replace(self, address=address, is_near=is_near)

    @property
    def terms(self) -> AnalysisSettings:
        """What holds for all of its runs."""
        interval_ticks = ticks_between_snapshots(self.snapshot_hz)
        interpolation_s = self.interpolation_s
        if interpolation_s is None:
            interpolation_s = INTERPOLATION_INTERVALS * interval_ticks / TICK_HZ
        return AnalysisSettings(interval_ticks, interpolation_s, self.is_near)


# Told the link's index and how long it has been recorded, ten times a second.
ProgressCallback = Callable[[int, float], None]


class Measurement:
    """``run`` measures link after link; Ctrl-C ends it early and keeps what is there.

    ``failures`` say in a line each which transport gave no data on which link, and why;
    ``refusals`` are those of them in which the server said no.
    """

    def __init__(self, transports: Mapping[str, Transport], settings: MeasurementSettings) -> None:
        self.settings = settings
        self.analyses: list[Analysis] = []
        self.handshakes: tuple[Handshake, ...] = ()
        self.failures: list[str] = []
        self.was_interrupted = False
        self.refusals: list[str] = []
        self._transports = {name: defer_delivery(each) for name, each in transports.items()}
        self._started_at = datetime.now(UTC)

    @property
    def is_complete(self) -> bool:
        """Whether every run gave data."""
        wanted = len(self.settings.links) * len(self.settings.names)
        return not self.was_interrupted and len(self.analyses) == wanted

    def measure_handshakes(self) -> None:
        """Measure what connecting takes, too. Raises ``ListenError`` if the relay cannot be."""
        self.handshakes = measure_handshakes(self._transports, self.settings.address)

    def run(self, watch: ProgressCallback) -> None:
        """Measure everything that was asked for. Raises ``ListenError`` if a relay cannot be."""
        for index, link in enumerate(self.settings.links):
            take = self._record(link, partial(watch, index))
            self.keep(link, take)
            if self.was_interrupted:
                return

    def results(self) -> Results:
        """Return the figures of all runs so far."""
        settings = self.settings
        return Results(
            version=FORMAT_VERSION,
            seed=settings.seed,
            started_at=self._started_at.isoformat(timespec="seconds"),
            host=settings.host,
            emulation=self._emulation(),
            clock="shared" if settings.is_near else "synchronised",
            truth="spectator" if settings.is_near else "later",
            machine=describe_machine(),
            seconds=settings.seconds,
            bots=settings.bots,
            codec=settings.codec,
            snapshot_hz=TICK_HZ / settings.terms.interval_ticks,
            interpolation_ms=settings.terms.interpolation_s * 1000.0,
            handshakes=self.handshakes,
            runs=tuple(analysis.run for analysis in self.analyses),
        )

    def keep(self, link: NamedLink, take: RunRecorder) -> None:
        """Work out what a take over a link amounts to, and add it to the results."""
        witnesses = list(take.recordings.values()) if take.truth is None else [take.truth]
        seen = [arrival for witness in witnesses for arrival in witness.arrivals]
        truth = ReferenceTrack(seen, is_spectator=take.truth is not None)
        for name, why in take.failures.items():
            failure = f"no data over {name} on link {link.name}: {why}"
            self.failures.append(failure)
            if name in take.refused:
                self.refusals.append(failure)
        for name, recording in take.recordings.items():
            analysis = analyse(name, link.name, link.link, recording, truth, self.settings.terms)
            if analysis.run.snapshots.received:
                self.analyses.append(analysis)
            else:
                self.failures.append(f"no data over {name} on link {link.name}: no snapshot came")

    def lineup_settings(self, link: NamedLink) -> LineupSettings:
        """Return who is to stand side by side in front of a link."""
        settings = self.settings
        return LineupSettings(
            address=settings.address,
            names=settings.names,
            has_truth=settings.is_near,
            link=link.link,
            seed=settings.seed,
            skill=Skill.NORMAL,
            snapshot_hz=settings.snapshot_hz,
            codec=settings.codec,
            # Nobody looks, and replaying inputs would hold up the next arrival.
            netcode=NetcodeSettings(prediction=PredictionMode.OFF),
            access=settings.access,
        )

    def _emulation(self) -> str:
        return "none" if all(link.link is None for link in self.settings.links) else "model"

    def _record(self, link: NamedLink, watch: Callable[[float], None]) -> RunRecorder:
        """Return a take over one link."""
        with ClientGroup(self._transports, self.lineup_settings(link)) as lineup:
            take = RunRecorder(lineup, self.settings.seconds)
            self._watch_take(take, watch, lineup.run)
        return take

    def _watch_take(self, take: RunRecorder, watch: Callable[[float], None], *works: Work) -> None:
        """Run a take beside its clients; Ctrl-C ends it and keeps what it has."""
        try:
            with NetworkThread(*works, take.run) as network:
                while not take.is_over:
                    network.check()
                    watch(take.elapsed_s)
                    sleep(_LOOK_EVERY_S)
        except KeyboardInterrupt:
            self.was_interrupted = True


def describe_machine() -> dict[str, str]:
    """Say on what this was measured, without naming the computer or its owner."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "jitterball": version("jitterball"),
    }
