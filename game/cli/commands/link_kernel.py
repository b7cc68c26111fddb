"""``jitterball link --kernel``: run a command over a link of real IP packets."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from game.cli.errors import CliError
from net.link.kernel.forwarder import ForwarderStats
from net.link.kernel.link import KernelLink
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.link.profile import Link
from net.link.spec import link_label

# A command that was interrupted says its goodbyes; one that does not is not waited for.
END_WITHIN_S = 3.0

# What shells say of a command that a signal has ended, and of one that they cannot find.
_INTERRUPTED, _NOT_FOUND = 130, 127

_ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_over_kernel_link(command: list[str], link: Link, seed: int, arm_after_s: float) -> int:
    """Run a command while the link is there; return its exit code.

    Raises ``CliError`` with one line when this computer cannot make such a link.
    """
    kernel = KernelLink(link, seed, arm_after_s)
    try:
        with _sigterm_interrupts(), kernel:
            # Not on standard output, which is the command's.
            print(link_label(link, seed), file=sys.stderr)
            code = _run(command, os.environ | kernel.environment)
    except KernelLinkUnavailable as missing:
        raise CliError(str(missing)) from missing
    if kernel.stats is not None:
        print(_told(kernel.stats), file=sys.stderr)
    return code


def _run(command: list[str], environment: dict[str, str]) -> int:
    # Interrupted while it is made, the command would run on and nobody would know of it.
    _hold_signals()
    try:
        process = subprocess.Popen(command, env=environment, preexec_fn=_release_signals)
    except OSError as error:
        _release_signals()
        print(f"jitterball: cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        return _NOT_FOUND
    try:
        _release_signals()
        return process.wait()
    except KeyboardInterrupt:
        # The terminal has sent Ctrl-C to the command too; a kill has come to us alone.
        process.terminate()
        return _INTERRUPTED
    finally:
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Let a polite kill end us as Ctrl-C does, with everything removed."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING_SIGNALS)


def _told(figures: ForwarderStats) -> str:
    late_ms = figures.late.p99_s * 1000
    return f"{figures.sent} packets, {figures.lost} lost; 99% forwarded within {late_ms:.2f} ms"
