"""``jitterball measure``: the lag of every transport over every link."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from game.cli.commands.report import Png, ReportLanguage, write_report_page
from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.capture import Pcap, open_capture
from game.cli.options.link import chosen_seed, read_link
from game.cli.options.new_folder import NewFolder
from game.cli.options.numbers import (
    CodecName,
    InterpolationMs,
    Seed,
    SnapshotHz,
    WholeSnapshots,
    number_option,
)
from game.cli.options.password_prompt import prompt_until_accepted
from game.cli.options.quic import OneStream, TlsKeylog, with_quic_options
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.server_choice import (
    OptionalHost,
    OwnRoom,
    chosen_names,
    is_local,
    own_room,
    server_for,
)
from game.cli.options.transports import check_port, chosen_transports
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.cli.terminal.progress import ProgressDisplay
from game.cli.terminal.summary_table import summary_table
from game.cli.terminal.tables import print_table
from game.cli.terminal.transport_table import transport_table
from game.lab.measure.kernel_measurement import KernelMeasurement
from game.lab.measure.measurement import (
    Measurement,
    MeasurementSettings,
    NamedLink,
    SaveCallback,
    save_nothing,
)
from game.lab.measure.results_folder import REPORT_FILE, ResultsFolder
from game.match.formation import MAX_PLAYERS
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.server.local import LOOPBACK, LocalServerError
from net.codec import MSGPACK
from net.errors import NetError
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.link.packet_log import OnLog
from net.link.spec import NO_LINK
from net.security.options import SecurityOptions
from net.transport import Address, Transport

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
SECONDS_MAX = 3600.0
# The server's address is set later: for each kernel link, or when the server has started.
_NO_ADDRESS = Address(LOOPBACK, 0)

TransportsOption = Annotated[
    str,
    typer.Option("--transports", metavar="NAME,...", help="The transports, measured together."),
]
SecondsOption = Annotated[float, number_option(1.0, SECONDS_MAX, "Time for each link.")]
BotsOption = Annotated[int, number_option(0, MAX_PLAYERS, "Bots on the private server.")]


def measure(
    host: OptionalHost = None,
    transports: TransportsOption = DEFAULT_TRANSPORTS,
    link: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPEC",
            help="Emulate this link; can be repeated to measure several. See: jitterball links.",
        ),
    ] = None,
    seconds: SecondsOption = 20.0,
    bots: BotsOption = 5,
    seed: Seed = None,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    whole_snapshots: WholeSnapshots = False,
    kernel: Annotated[
        bool,
        typer.Option("--kernel", help="Real packets, the kernel's TCP. Linux with root only."),
    ] = False,
    pcap: Pcap = None,
    table: Annotated[
        bool,
        typer.Option("--table", help="Print a comparison of the transports; write no files."),
    ] = False,
    out: NewFolder = Path("measurement"),
    lang: ReportLanguage = None,
    png: Png = False,
    room: OwnRoom = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
    one_stream: OneStream = False,
    tls_keylog: TlsKeylog = None,
) -> None:
    """Measure lag over every transport, link after link, and write a report.

    Each link is written when it is done, and Ctrl-C keeps the data so far. Exit code 0 only if
    every run gave data.
    """
    chosen = with_quic_options(chosen_transports(chosen_names(transports)), one_stream, tls_keylog)
    if kernel and (host or not link):
        raise CliError("--kernel needs its own links: give --link, and no HOST")
    if pcap is not None and (kernel or not link):
        raise CliError("--pcap needs an emulated link: give --link, and not --kernel")
    settings = MeasurementSettings(
        address=_NO_ADDRESS,
        host=host or "",
        is_local=True,
        names=tuple(chosen),
        links=_links(link or []),
        seconds=seconds,
        seed=chosen_seed(seed),
        bots=bots,
        snapshot_hz=snapshot_hz,
        codec=codec,
        deltas=not whole_snapshots,
        interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
        room=own_room(host, room),
        security=security_options(host, password, password_file, tls, fingerprint),
    )
    with open_capture(pcap) as on_log:
        measure_all: Callable[..., Measurement] = (
            measure_kernel if kernel else partial(measure_model, on_log=on_log)
        )
        if table:
            measurement = measure_all(chosen, settings)
            if measurement.analyses:
                print_table(transport_table(measurement.results(), chosen))
        else:
            with _results_folder(out) as folder:
                measurement = measure_all(chosen, settings, folder.save)
                if measurement.analyses:
                    _show_results(measurement, folder, lang, png)
        # Inside the block: a capture that failed changes the exit code, and hides no line.
        _report_gaps(measurement, host or "the private server")


def measure_model(
    transports: dict[str, Transport],
    settings: MeasurementSettings,
    save: SaveCallback = save_nothing,
    on_log: OnLog | None = None,
) -> Measurement:
    """Measure a server, through relays if there are links. Raises ``CliError``.

    ``on_log`` gets the packet logs of all relays.
    """
    with ProgressDisplay(settings, "measuring") as progress:
        if not settings.host:
            progress.show("starting a private server")
        with server_for(settings.host or None, settings.bots, settings.seed) as address:
            check_port(address.port, transports)
            there = settings.at(address, is_local(address))
            if settings.host:
                first = next(iter(transports.values()))
                security = prompt_until_accepted(first, address, there.security, there.room)
                there = replace(there, security=security)
            measurement = Measurement(transports, there, on_log)
            try:
                # The round trips of a password proof or of TLS would count as the transport's.
                if there.security == SecurityOptions():
                    progress.show("counting the round trips to connect")
                    measurement.measure_handshakes()
                measurement.run(progress.update, save)
            except NetError as error:
                raise CliError(f"the relay for --link could not start: {error}") from error
    return measurement


def measure_kernel(
    transports: dict[str, Transport],
    settings: MeasurementSettings,
    save: SaveCallback = save_nothing,
) -> Measurement:
    """Measure private servers over kernel links. Raises ``CliError``."""
    measurement = KernelMeasurement(transports, settings)
    try:
        with ProgressDisplay(settings, "measuring over the kernel's TCP:") as progress:
            progress.show("making a link of two network namespaces")
            measurement.run(progress.update, save)
    except KernelLinkUnavailable as missing:
        raise CliError(str(missing)) from missing
    except LocalServerError as error:
        raise CliError(f"the private server could not start: {error}") from error
    return measurement


@contextmanager
def _results_folder(out: Path) -> Iterator[ResultsFolder]:
    """Create the folder before anything is measured; say where the data is if measuring fails.

    Raises ``CliError`` if it cannot be created.
    """
    try:
        created = ResultsFolder(out)
    except OSError as error:
        raise CliError(f"--out {str(out)!r} cannot be created: {error.strerror}") from error
    with created as folder:
        try:
            yield folder
        except BaseException:
            if folder.has_results:
                print(say(f"the links measured before are in {folder.path}"), file=sys.stderr)
            raise


def _show_results(
    measurement: Measurement, folder: ResultsFolder, lang: str | None, png: bool
) -> None:
    """Write the report, then print the summary. Raises ``CliError`` if a file is missing."""
    results = measurement.results()
    if folder.error is not None:
        # The disk may have room again.
        folder.save(results, measurement.analyses)
    failure: CliError | None = None
    lines = [f"written to {folder.path}"]
    if folder.error is not None:
        reason = folder.error.strerror
        text = f"{str(folder.path)!r} cannot be written: {reason}"
        failure = CliError(text, ExitCode.INCOMPLETE)
        lines = []
    else:
        try:
            report = folder.path / REPORT_FILE
            lines.append(write_report_page([folder.path], report, lang, png))
        except CliError as error:
            failure = CliError(str(error), ExitCode.INCOMPLETE)
    # Printed last: a standard output that is full or closed loses no data.
    print_table(summary_table(results), names=2)
    print(*map(say, lines), sep="\n", flush=True)
    if failure is not None:
        raise failure


def _report_gaps(measurement: Measurement, where: str) -> None:
    """Print what disturbed a measurement and what it lacks. Raises ``typer.Exit`` if any."""
    if not measurement.was_interrupted:
        require_results(measurement, where)
    warn_if_disturbed(analysis.run for analysis in measurement.analyses)
    for failure in measurement.failures:
        print(say(failure), file=sys.stderr)
    if measurement.was_interrupted:
        kept = "the data until then was kept" if measurement.analyses else "there was no data yet"
        print(say(f"interrupted: {kept}"), file=sys.stderr)
    if not measurement.is_complete:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _links(specs: list[str]) -> tuple[NamedLink, ...]:
    """Parse the links.

    Raises ``CliError`` if a link is given twice, ``typer.BadParameter`` if one is not valid.
    """
    for spec in specs:
        if specs.count(spec) > 1:
            raise CliError(f"--link {spec} is given twice: give it once, with more --seconds")
    named = tuple(NamedLink(spec, read_link(spec)) for spec in specs)
    return named or (NamedLink(NO_LINK, None),)
