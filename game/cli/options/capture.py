"""The option ``--pcap``, and the capture file that it writes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from net.link.packet_log import OnLog

_SUFFIX = ".pcapng"


def _check_file(file: Path | None) -> Path | None:
    if file is not None and file.suffix.lower() != _SUFFIX:
        raise typer.BadParameter(
            f"{str(file)!r}: the capture is in the format pcapng, so end its name in {_SUFFIX}"
        )
    return file


Pcap = Annotated[
    Path | None,
    typer.Option(
        "--pcap",
        metavar="FILE.pcapng",
        callback=_check_file,
        help="Write the packets on the emulated link to a capture for Wireshark.",
    ),
]


@contextmanager
def open_capture(file: Path | None) -> Iterator[OnLog | None]:
    """Yield what writes packet logs to ``file``; None without a file.

    Raises ``CliError`` on entering if the file cannot be created. If writing fails later, the
    capture ends, and the block goes on. ``typer.Exit`` after the block then tells scripts.
    """
    if file is None:
        yield None
        return
    # Imported here: other commands need no capture.
    from net.link.capture.capture_file import CaptureWriter

    def report(error: OSError) -> None:
        text = f"the capture {str(file)!r} ended early: {error.strerror}"
        print(say(text), file=sys.stderr, flush=True)

    try:
        writer = CaptureWriter(file, report, say)
    except OSError as error:
        raise CliError(f"--pcap {str(file)!r} cannot be written: {error.strerror}") from error
    with writer:
        yield writer.add
    if writer.has_failed:
        raise typer.Exit(ExitCode.INCOMPLETE)
