"""``jitterball measure``: the lag of every transport over every link."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from game.cli.commands.report import Png, ReportLanguage, write_report_page
from game.cli.errors import CliError, ExitCode
from game.cli.options.link import chosen_seed, read_link
from game.cli.options.netcode import CodecName, InterpolationMs, Seed, SnapshotHz, number_option
from game.cli.options.password_prompt import prompt_until_accepted
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.server_choice import OptionalHost, chosen_names, is_local, server_for
from game.cli.options.transports import check_port, chosen_transports
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.cli.terminal.progress import run_with_progress
from game.cli.terminal.summary_table import summary_table
from game.cli.terminal.tables import print_table
from game.cli.terminal.transport_table import transport_table
from game.lab.measure.kernel_measurement import KernelMeasurement
from game.lab.measure.measurement import Measurement, MeasurementSettings, NamedLink
from game.lab.measure.results_folder import REPORT_FILE, new_folder, save
from game.match.formation import MAX_PLAYERS
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.server.local import LOOPBACK, LocalServerError
from net.codec import MSGPACK
from net.errors import NetError
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.security.options import SecurityOptions
from net.transport import Address, Transport

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
# The name of the link in the results when nothing is emulated.
NO_LINK = "none"
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
    kernel: Annotated[
        bool,
        typer.Option("--kernel", help="Real packets, the kernel's TCP. Linux with root only."),
    ] = False,
    table: Annotated[
        bool,
        typer.Option("--table", help="Print a comparison of the transports; write no files."),
    ] = False,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder to write; if it exists, a number is added.")
    ] = Path("measurement"),
    lang: ReportLanguage = None,
    png: Png = False,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
) -> None:
    """Measure lag over every transport, link after link, and write a report.

    Ctrl-C ends it early and keeps the data. Exit code 0 only if every run gave data.
    """
    chosen = chosen_transports(chosen_names(transports))
    if kernel and (host or not link):
        raise CliError("--kernel needs its own links: give --link, and no HOST")
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
        interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
        security=security_options(host, password, password_file, tls, fingerprint),
    )
    measurement = measure_kernel(chosen, settings) if kernel else measure_model(chosen, settings)
    if measurement.analyses and table:
        print_table(transport_table(measurement.results(), chosen))
    elif measurement.analyses:
        _write_results(measurement, out, lang, png)
    elif not measurement.was_interrupted:
        require_results(measurement, host or "the private server")
    warn_if_disturbed(analysis.run for analysis in measurement.analyses)
    for failure in measurement.failures:
        print(failure, file=sys.stderr)
    if measurement.was_interrupted:
        print("interrupted: the data until now was kept", file=sys.stderr)
    if not measurement.is_complete:
        raise typer.Exit(ExitCode.INCOMPLETE)


def measure_model(transports: dict[str, Transport], settings: MeasurementSettings) -> Measurement:
    """Measure a server, through relays if there are links. Raises ``CliError``."""
    with server_for(settings.host or None, settings.bots, settings.seed) as address:
        check_port(address.port, transports)
        there = settings.at(address, is_local(address))
        if settings.host:
            first = next(iter(transports.values()))
            there = replace(there, security=prompt_until_accepted(first, address, there.security))
        measurement = Measurement(transports, there)
        try:
            # The round trips of a password proof or of TLS would count as the transport's.
            if there.security == SecurityOptions():
                measurement.measure_handshakes()
            run_with_progress(measurement, "measuring")
        except NetError as error:
            raise CliError(f"the relay for --link could not start: {error}") from error
    return measurement


def measure_kernel(transports: dict[str, Transport], settings: MeasurementSettings) -> Measurement:
    """Measure private servers over kernel links. Raises ``CliError``."""
    measurement = KernelMeasurement(transports, settings)
    try:
        run_with_progress(measurement, "measuring over the kernel's TCP:")
    except KernelLinkUnavailable as missing:
        raise CliError(str(missing)) from missing
    except LocalServerError as error:
        raise CliError(f"the private server could not start: {error}") from error
    return measurement


def _write_results(measurement: Measurement, out: Path, lang: str | None, png: bool) -> None:
    """Print the summary, write the files, and print their folder."""
    results = measurement.results()
    # Printed first, so that a full disk does not lose the results.
    print_table(summary_table(results))
    try:
        folder = new_folder(out)
        save(folder, results, measurement.analyses)
    except OSError as error:
        raise CliError(f"{str(out)!r} cannot be written: {error.strerror}") from error
    print(f"written to {folder}")
    write_report_page([folder], folder / REPORT_FILE, lang, png)


def _links(specs: list[str]) -> tuple[NamedLink, ...]:
    """Parse the links.

    Raises ``CliError`` if a link is given twice, ``typer.BadParameter`` if one is not valid.
    """
    for spec in specs:
        if specs.count(spec) > 1:
            raise CliError(f"--link {spec} is given twice: give it once, with more --seconds")
    named = tuple(NamedLink(spec, read_link(spec)) for spec in specs)
    return named or (NamedLink(NO_LINK, None),)
