"""``jitterball record``: record the path to a server, to play on it later."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.numbers import number_option
from game.cli.options.password_prompt import prompt_if_required
from game.cli.options.recording_file import read_text_file
from game.cli.options.security import Password, PasswordFile, security_options
from game.cli.options.server_choice import typed_address
from game.cli.options.transports import check_port, chosen_transports
from game.cli.refusal import refusal_text
from game.cli.terminal.pause_warning import warn_of_pause
from game.cli.terminal.recording_fit import print_fit
from game.cli.terminal.recording_progress import RecordingProgress
from game.lab.record.link_recorder import LinkRecorder, RecordingRefused
from game.lab.record.probe_log import NothingRecorded, ProbeLog, RecordingNotes, recording_of
from game.runtime.atomic_file import check_writable, write_atomic
from game.runtime.shutdown import first_interrupt_calls
from net.datagram.path_recording import (
    PROBES_MAX,
    RATE_MAX_HZ,
    SECONDS_MAX,
    SIZE_MIN_BYTES,
    ProbeSettings,
)
from net.datagram.wire_format import DATAGRAM_LIMIT_BYTES
from net.errors import ConnectError, SessionRefused
from net.link.recording import (
    FILE_ENDING,
    LinkRecording,
    Load,
    RecordingError,
    encode_recording,
    recording_name,
)
from net.measure.statistics import Quantiles
from net.system import event_loop

DEFAULT_OUT = f"recorded{FILE_ENDING}"
# Probes are datagrams: the other transports have no single packet to lose.
TRANSPORT = "udp"

Host = Annotated[
    str | None,
    typer.Argument(metavar="HOST[:PORT]", help="A server that was started with --allow-record."),
]


def record(
    host: Host = None,
    seconds: Annotated[int, number_option(1, SECONDS_MAX, "Length of the recording.")] = 60,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.link.json", help="The file to write. Default: recorded.link.json."
        ),
    ] = None,
    rate: Annotated[
        int, number_option(1, RATE_MAX_HZ, "Probes a second, in each direction.")
    ] = 200,
    size: Annotated[
        int, number_option(SIZE_MIN_BYTES, DATAGRAM_LIMIT_BYTES, "Size of a probe in bytes.")
    ] = 100,
    from_file: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Read a file of ping -D, irtt (JSON) or mahimahi instead, or a recording.",
        ),
    ] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Print the nearest SPEC, and how near it is.")
    ] = False,
    password: Password = None,
    password_file: PasswordFile = None,
) -> None:
    """Record delay and loss of the path to a server, for --link FILE.

    Numbered datagrams go both ways. Ctrl-C keeps what there is. The file knows the path as it was
    for this light traffic; it does not know what more traffic would have done.
    """
    if (host is None) == (from_file is None):
        raise CliError("record needs a server, or --from FILE: give one of them")
    # A recording that is read again need not be written again.
    is_read_only = from_file is not None and fit and out is None
    out = out or Path(DEFAULT_OUT)
    if not is_read_only:
        _check_file(out)
    was_interrupted = False
    if host is None:
        recording = _imported(from_file or "", out)
    else:
        if rate * seconds > PROBES_MAX:
            raise CliError(
                f"{rate} probes a second for {seconds} s are more than {PROBES_MAX}; "
                "give a lower --rate or fewer --seconds"
            )
        settings = ProbeSettings(rate, size, seconds)
        recording, was_interrupted = _record(host, settings, out, password, password_file)
    if not is_read_only:
        _write(out, recording)
        print(say(f"written to {out}"))
        print(say(f"play on it: jitterball play --link {out}"))
    if fit:
        print_fit(recording)
    if was_interrupted:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _imported(file: str, out: Path) -> LinkRecording:
    # Imported here: a recording needs none of it.
    from game.lab.record.imports import import_recording

    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        return import_recording(read_text_file(file), recording_name(str(out)), now)
    except RecordingError as error:
        raise CliError(f"--from {file}: {error}") from error


def _record(
    host: str,
    settings: ProbeSettings,
    out: Path,
    password: str | None,
    password_file: Path | None,
) -> tuple[LinkRecording, bool]:
    """Return the recording, and whether Ctrl-C ended it."""
    transports = chosen_transports([TRANSPORT])
    address = typed_address(host)
    check_port(address.port, transports)
    security = security_options(host, password, password_file, False, None)
    security = prompt_if_required(transports[TRANSPORT], address, security)
    began_at = datetime.now(UTC)
    with RecordingProgress(settings.seconds) as progress:
        recorder = LinkRecorder(transports[TRANSPORT], address, settings, progress.update, security)
        try:
            with first_interrupt_calls(recorder.stop):
                event_loop.run(event_loop.end_on_callback_error(recorder.run()))
        except ConnectError as error:
            raise CliError(f"no answer: {error}", ExitCode.NO_SERVER) from error
        except SessionRefused as error:
            raise CliError(refusal_text(error), ExitCode.REFUSED) from error
        except RecordingRefused as error:
            raise CliError(str(error), ExitCode.REFUSED) from error
    warn_if_paused(recorder.log)
    if recorder.close_reason:
        print(say(f"lost the server: {recorder.close_reason}"))
    method = (
        f"{settings.rate_hz} probes a second of {settings.size_bytes} bytes, each way, "
        f"to {host} over UDP"
    )
    notes = RecordingNotes(
        recording_name(str(out)),
        began_at.isoformat(timespec="seconds"),
        method,
        _load(recorder.log),
    )
    try:
        return recording_of(recorder.log, notes), recorder.was_stopped
    except NothingRecorded as error:
        raise CliError(f"nothing was recorded: {error}", ExitCode.INCOMPLETE) from error


def warn_if_paused(log: ProbeLog) -> None:
    """Print a warning if this program was stopped for a time, which the recording leaves out."""
    paused_s = max((ended_at - began_at for began_at, ended_at in log.pauses), default=0.0)
    warn_of_pause(paused_s, "the recording leaves this time out")


def _load(log: ProbeLog) -> Load | None:
    if not log.client_late_s:
        return None
    return Load(Quantiles.of(log.client_late_s).p99, log.server_late_s)


def _check_file(out: Path) -> None:
    """Check before a minute of recording that the file can be written."""
    if out.suffix != ".json":
        raise CliError(f"--out {out}: a recording's name ends with .json, as in room{FILE_ENDING}")
    if os.path.exists(out):
        raise CliError(f"--out {out}: the file exists already; choose another name")
    if not os.path.isdir(out.parent):
        raise CliError(f"--out {out}: the folder does not exist")
    try:
        check_writable(out)
    except OSError as error:
        raise CliError(f"cannot write {out}: {error.strerror}") from error


def _write(out: Path, recording: LinkRecording) -> None:
    try:
        write_atomic(out, encode_recording(recording).encode())
    except OSError as error:
        raise CliError(f"cannot write {out}: {error.strerror}", ExitCode.INCOMPLETE) from error
