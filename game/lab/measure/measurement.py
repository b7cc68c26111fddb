"""A measurement: one recorded run for each link, and the results of all runs.

It starts no server and prints nothing; the caller gives it the server's address and a callback for
its progress.
"""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from time import sleep
from typing import Literal, NamedTuple, Self

from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.scene_builder import INTERPOLATION_INTERVALS
from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.lab.measure.analysis import Analysis, analyse
from game.lab.measure.handshake import measure_handshakes
from game.lab.measure.replay import AnalysisSettings
from game.lab.measure.results import FORMAT_VERSION, Handshake, Results
from game.lab.measure.run_recorder import RunRecorder, Stage
from game.match.bots import Skill
from game.match.physics import TICK_HZ
from game.protocol.snapshot_rate import ticks_between_snapshots
from game.runtime.network_thread import NetworkThread, Work
from game.runtime.shutdown import first_interrupt_calls
from net.link.packet_log import OnLog
from net.link.profile import Link
from net.security.options import SecurityOptions
from net.transport import Address, Transport

RecorderCallback = Callable[[RunRecorder], None]

# Fast enough for a progress bar, and too seldom to disturb the network thread.
_PROGRESS_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link and its name; with ``link`` None there is no relay and the network is measured."""

    name: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class MeasurementSettings:
    """The settings of a measurement.

    ``host`` is the server as the user typed it, or empty for a private server. ``is_local``: the
    server is on this computer, so both ends read one clock and a reference client is possible.
    ``names`` are transports. ``room`` is the room to join, empty for the server's first one.
    With ``interpolation_s`` None the delay is two snapshot intervals.
    """

    address: Address
    host: str
    is_local: bool
    names: tuple[str, ...]
    links: tuple[NamedLink, ...]
    seconds: float
    seed: int
    bots: int
    snapshot_hz: int
    codec: str = "msgpack"
    deltas: bool = True
    interpolation_s: float | None = None
    room: str = ""
    security: SecurityOptions = field(default_factory=SecurityOptions)

    def at(self, address: Address, is_local: bool) -> Self:
        """Return the same settings for another server."""
        return replace(self, address=address, is_local=is_local)

    @property
    def analysis_settings(self) -> AnalysisSettings:
        """The settings for the analysis of each run."""
        interval_ticks = ticks_between_snapshots(self.snapshot_hz)
        interpolation_s = self.interpolation_s
        if interpolation_s is None:
            interpolation_s = INTERPOLATION_INTERVALS * interval_ticks / TICK_HZ
        return AnalysisSettings(interval_ticks, interpolation_s, self.is_local)


class Progress(NamedTuple):
    """The progress of a measurement: in which link, at which stage, and for how many seconds."""

    link_index: int
    stage: Stage
    elapsed_s: float


# Called ten times a second.
ProgressCallback = Callable[[Progress], None]
# Called with all results so far when a link is finished.
SaveCallback = Callable[[Results, Sequence[Analysis]], None]


def save_nothing(_results: Results, _analyses: Sequence[Analysis]) -> None:
    """Save no results (``SaveCallback``)."""


class Measurement:
    """A measurement in progress: ``run`` records link after link.

    The first Ctrl-C ends it in order, with ``was_interrupted``; what was recorded is kept.

    ``failures`` has a line for each transport that gave no data over a link, with the reason.
    ``refusals`` are the failures in which the server refused the client.
    ``on_log`` gets the packet logs of all relays.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        settings: MeasurementSettings,
        on_log: OnLog | None = None,
    ) -> None:
        self.settings = settings
        self._on_log = on_log
        self.analyses: list[Analysis] = []
        self.handshakes: tuple[Handshake, ...] = ()
        self.failures: list[str] = []
        self.was_interrupted = False
        self.refusals: list[str] = []
        self._transports = transports
        self._started_at = datetime.now(UTC)

    @property
    def is_complete(self) -> bool:
        """True if every transport gave data over every link."""
        wanted = len(self.settings.links) * len(self.settings.names)
        return not self.was_interrupted and len(self.analyses) == wanted

    def measure_handshakes(self) -> None:
        """Measure how long connecting takes. Raises ``ListenError`` if the relay cannot start."""
        self.handshakes = measure_handshakes(
            self._transports, self.settings.address, self.settings.room
        )

    def run(self, on_progress: ProgressCallback, save: SaveCallback = save_nothing) -> None:
        """Measure all links, and ``save`` the results so far after each.

        Call it in the main thread. Raises ``ListenError`` if a relay cannot start.
        """
        with first_interrupt_calls(self._interrupt):
            for index, link in enumerate(self.settings.links):
                recorder = self._record(link, _progress_of(index, on_progress))
                self.add_recordings(link, recorder)
                if self.analyses:
                    save(self.results(), self.analyses)
                if self.was_interrupted:
                    return

    def results(self) -> Results:
        """Return the results of all runs so far."""
        settings = self.settings
        return Results(
            version=FORMAT_VERSION,
            seed=settings.seed,
            started_at=self._started_at.isoformat(timespec="seconds"),
            host=settings.host,
            emulation=self._emulation(),
            clock="shared" if settings.is_local else "synchronised",
            truth="spectator" if settings.is_local else "later",
            machine=describe_machine(),
            seconds=settings.seconds,
            bots=settings.bots,
            codec=settings.codec,
            deltas=settings.deltas,
            snapshot_hz=TICK_HZ / settings.analysis_settings.interval_ticks,
            interpolation_ms=settings.analysis_settings.interpolation_s * 1000.0,
            handshakes=self.handshakes,
            runs=tuple(analysis.run for analysis in self.analyses),
        )

    def add_recordings(self, link: NamedLink, recorder: RunRecorder) -> None:
        """Analyse the recordings of one link, and add them to the results."""
        for name, reason in recorder.failures.items():
            failure = f"no data over {name} on link {link.name}: {reason}"
            self.failures.append(failure)
            if name in recorder.refused:
                self.refusals.append(failure)
        reference = recorder.reference_track()
        settings = self.settings.analysis_settings
        for name, recording in recorder.recordings.items():
            analysis = analyse(name, link.name, link.link, recording, reference, settings)
            if analysis.run.snapshots.received:
                self.analyses.append(replace(analysis, playback=recorder.playback))
            else:
                self.failures.append(f"no data over {name} on link {link.name}: no snapshot came")

    def client_group_settings(self, link: NamedLink) -> ClientGroupSettings:
        """Return the settings of the clients that measure a link."""
        settings = self.settings
        return ClientGroupSettings(
            address=settings.address,
            names=settings.names,
            has_reference=settings.is_local,
            link=link.link,
            seed=settings.seed,
            room=settings.room,
            skill=Skill.NORMAL,
            snapshot_hz=settings.snapshot_hz,
            codec=settings.codec,
            # Prediction replays inputs in the network thread, which would delay the next arrival.
            netcode=NetcodeSettings(prediction=PredictionMode.OFF, deltas=settings.deltas),
            security=settings.security,
        )

    def _emulation(self) -> Literal["none", "model", "kernel"]:
        return "none" if all(link.link is None for link in self.settings.links) else "model"

    def _interrupt(self) -> None:
        self.was_interrupted = True

    def _record(self, link: NamedLink, on_progress: RecorderCallback) -> RunRecorder:
        """Record a run over one link."""
        settings = self.client_group_settings(link)
        with ClientGroup(self._transports, settings, self._on_log) as group:
            recorder = RunRecorder(group, self.settings.seconds)
            self._wait_for(recorder, on_progress, group.run)
        return recorder

    def _wait_for(self, recorder: RunRecorder, on_progress: RecorderCallback, *works: Work) -> None:
        """Run a recorder beside its clients to its end; Ctrl-C ends it early."""
        with NetworkThread(*works, recorder.run) as network:
            while not (recorder.is_over or self.was_interrupted):
                network.check()
                on_progress(recorder)
                sleep(_PROGRESS_INTERVAL_S)


def _progress_of(link_index: int, on_progress: ProgressCallback) -> RecorderCallback:
    return lambda recorder: on_progress(
        Progress(link_index, recorder.stage, recorder.stage_elapsed_s)
    )


def describe_machine() -> dict[str, str]:
    """Return the system and the versions, without the names of the computer and its owner."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "jitterball": version("jitterball"),
    }
