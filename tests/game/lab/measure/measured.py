"""Measurements in virtual time, saved as ``measure`` saves them, for the tests of the report."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from game.lab.measure.analysis import Analysis
from game.lab.measure.results import FORMAT_VERSION, Handshake, Results, Run
from game.lab.measure.results_folder import save
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.profile import Link, LinkProfile

LOSSY = LinkProfile(delay_s=0.025, loss_ratio=0.05)
SECONDS = 4.0


def results_of(runs: Iterable[Run], seconds: float, handshakes: tuple[Handshake, ...]) -> Results:
    """Return what a measurement of these runs would have found."""
    return Results(
        version=FORMAT_VERSION,
        seed=7,
        started_at="2026-11-20T19:00:00+00:00",
        host="",
        emulation="model",
        clock="shared",
        truth="spectator",
        machine={"system": "Linux"},
        seconds=seconds,
        bots=0,
        codec="msgpack",
        snapshot_hz=30.0,
        interpolation_ms=66.7,
        handshakes=handshakes,
        runs=tuple(runs),
        deltas=True,
    )


def measured_results(profiles: dict[str, LinkProfile]) -> Results:
    """Measure two transports over links of these names, without a socket."""
    return _results_and_analyses(profiles)[0]


def measured_folder(folder: Path, profiles: dict[str, LinkProfile]) -> Path:
    """Measure two transports over links of these names, without a socket; return the folder."""
    folder.mkdir(parents=True)
    save(folder, *_results_and_analyses(profiles))
    return folder


def _results_and_analyses(
    profiles: dict[str, LinkProfile],
) -> tuple[Results, list[Analysis]]:
    analyses = [
        replace(analysis, run=replace(analysis.run, link=name))
        for name, profile in profiles.items()
        for analysis in simulate(
            SimulationSettings(Link(profile, profile), seconds=SECONDS, bots=0)
        ).values()
    ]
    results = results_of(
        [analysis.run for analysis in analyses],
        SECONDS,
        (Handshake("tcp", 1.0, 2.0), Handshake("udp", 2.0, 3.0)),
    )
    return results, analyses
