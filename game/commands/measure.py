"""``jitterball measure``: lag in figures that a player feels, for every transport and link."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from game.addresses import parse_address
from game.commands.complaint import Complaint, ExitCode
from game.commands.course_table import course_table
from game.commands.emulation import chosen_seed
from game.commands.figures import summary_table
from game.commands.numbers import number_option
from game.commands.options import CodecName, InterpolationMs, Seed, SnapshotHz
from game.commands.plugins import check_port, chosen_transports
from game.commands.tables import print_table
from game.lab.files import new_folder, save
from game.lab.measurement import Measurement, MeasurementSettings, NamedLink, Watch
from game.local_server import LOOPBACK, LocalServer, LocalServerFailed
from game.match.formation import MAX_PLAYERS
from game.server import DEFAULT_PORT, DEFAULT_SNAPSHOT_HZ
from net.codec import MSGPACK
from net.link.spec import parse_link
from net.transport import Address, Transport

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
# What stands in the results where nothing was emulated.
NO_LINK = "none"
SECONDS_MAX = 3600.0
# Hosts that are this computer whatever its network is.
_NEAR_HOSTS = (LOOPBACK, "localhost", "::1")


def measure(
    host: Annotated[
        str | None,
        typer.Argument(
            metavar="[HOST[:PORT]]",
            help="Whose server to measure. Without it: one of your own, with bots.",
        ),
    ] = None,
    transports: Annotated[
        str, typer.Option(metavar="NAME,...", help="What to compare, all at once.")
    ] = DEFAULT_TRANSPORTS,
    link: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPEC",
            help="Emulate this link; may be repeated, and each is measured. See: jitterball links.",
        ),
    ] = None,
    seconds: Annotated[float, number_option(1.0, SECONDS_MAX, "How long each link takes.")] = 20.0,
    bots: Annotated[int, number_option(0, MAX_PLAYERS, "Bots on a server of your own.")] = 5,
    seed: Seed = None,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    table: Annotated[
        bool, typer.Option("--table", help="Print the course's table of transports, write nothing.")
    ] = False,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to write; a taken name gets a number.")
    ] = Path("measurement"),
) -> None:
    """Measure lag: every transport at once, link after link, into results.json and samples.csv.

    Ctrl-C ends it early and keeps what is there. Ends with code 0 only if every run gave data.
    """
    chosen = chosen_transports(_names(transports))
    links = _links(link or [])
    used_seed = chosen_seed(seed)
    with _server(host, bots, used_seed) as address:
        check_port(address.port, chosen)
        settings = MeasurementSettings(
            address=address,
            host=host or "",
            is_near=host is None or address.host in _NEAR_HOSTS,
            names=tuple(chosen),
            links=links,
            seconds=seconds,
            seed=used_seed,
            bots=bots,
            snapshot_hz=snapshot_hz,
            codec=codec,
            interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
        )
        measurement = _measure(chosen, settings)
    if measurement.analyses and table:
        print_table(course_table(measurement.results(), chosen))
        _check_complete(measurement)
    elif measurement.analyses:
        _hand_over(measurement, out)
    elif measurement.was_interrupted:
        raise Complaint("interrupted before anything was measured", ExitCode.INCOMPLETE)
    else:
        text = f"no transport got an answer from {address}: is a server there?"
        raise Complaint(text, ExitCode.NO_SERVER)


def _measure(transports: dict[str, Transport], settings: MeasurementSettings) -> Measurement:
    measurement = Measurement(transports, settings)
    measurement.measure_handshakes()
    with _progress(settings) as watch:
        measurement.run(watch)
    return measurement


def _hand_over(measurement: Measurement, out: Path) -> None:
    """Write the files, show the table, and say where the files are."""
    results = measurement.results()
    try:
        folder = new_folder(out)
        save(folder, results, measurement.analyses)
    except OSError as error:
        raise Complaint(f"{str(out)!r} cannot be written: {error.strerror}") from error
    print_table(summary_table(results))
    print(f"written to {folder}")
    _check_complete(measurement)


def _check_complete(measurement: Measurement) -> None:
    if measurement.was_interrupted:
        print("interrupted: what was measured until then was kept", file=sys.stderr)
    if not measurement.is_complete:
        raise typer.Exit(ExitCode.INCOMPLETE)


@contextmanager
def _server(host: str | None, bots: int, seed: int) -> Iterator[Address]:
    """Give the address that was typed; without one, that of a server of our own."""
    if host is not None:
        try:
            yield parse_address(host, DEFAULT_PORT)
        except ValueError as error:
            raise Complaint(str(error)) from error
        return
    options = ("--bots", str(bots), "--seed", str(seed), "--log-level", "warning")
    try:
        with LocalServer(*options) as server:
            yield server.address
    except LocalServerFailed as error:
        raise Complaint(f"no server of our own could be started: {error}") from error


@contextmanager
def _progress(settings: MeasurementSettings) -> Iterator[Watch]:
    """Show what is being measured and how far it is; give what to call ten times a second."""
    console = Console(stderr=True)
    total_s = settings.seconds * len(settings.links)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total_s)
        announced = -1

        def watch(index: int, elapsed_s: float) -> None:
            nonlocal announced
            what = _description(settings, index)
            if index != announced and not console.is_terminal:
                print(what, file=sys.stderr, flush=True)
            announced = index
            done_s = index * settings.seconds + min(elapsed_s, settings.seconds)
            progress.update(task, completed=done_s, description=what)

        yield watch


def _description(settings: MeasurementSettings, index: int) -> str:
    link = settings.links[index]
    where = f"link {link.name} ({index + 1} of {len(settings.links)})"
    return f"measuring {', '.join(settings.names)} at once: {where}, {settings.seconds:g} s"


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise Complaint(f"{text!r} names no transport: give for instance {DEFAULT_TRANSPORTS}")
    if len(set(names)) < len(names):
        raise Complaint(f"{text!r} names a transport twice: each runs once on every link")
    return names


def _links(specs: list[str]) -> tuple[NamedLink, ...]:
    """Read the links. Raises ``Complaint``."""
    try:
        return tuple(NamedLink(spec, parse_link(spec)) for spec in specs) or (
            NamedLink(NO_LINK, None),
        )
    except ValueError as error:
        raise Complaint(str(error)) from error
