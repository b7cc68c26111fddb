"""``jitterball link --kernel``: run a command over a link of real IP packets."""

import os
import signal
import subprocess
import sys

from game.cli.errors import CliError
from game.cli.language import link_words, say
from game.runtime.ctrl_c import END_SIGNALS
from net.link.kernel.forwarder import ForwarderStats
from net.link.kernel.kernel_link import KernelLink
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.link.label import link_label
from net.link.profile import Link

# The time for an interrupted command to end by itself, before it is killed.
END_TIMEOUT_S = 3.0

# The exit codes of shells: for a command ended by SIGINT, and for one that is not found.
_INTERRUPTED, _NOT_FOUND = 130, 127

# All of them raise ``KeyboardInterrupt`` here.
_INTERRUPTS = (signal.SIGINT, *END_SIGNALS)


def run_over_kernel_link(command: list[str], link: Link, seed: int, arm_after_s: float) -> int:
    """Run a command over a kernel link; return its exit code.

    Raises ``CliError`` if this computer cannot make such a link.
    """
    kernel = KernelLink(link, seed, arm_after_s)
    try:
        with kernel:
            # On standard error: standard output belongs to the command.
            print(link_label(link, seed, link_words()), file=sys.stderr)
            code = _run(command, os.environ | kernel.environment)
    except KernelLinkUnavailable as missing:
        raise CliError(str(missing)) from missing
    if kernel.stats is not None:
        print(say(_summary(kernel.stats)), file=sys.stderr)
    return code


def _run(command: list[str], environment: dict[str, str]) -> int:
    # A signal during ``Popen`` would leave a running command that nobody ends.
    _hold_signals()
    try:
        process = subprocess.Popen(command, env=environment, preexec_fn=_release_signals)
    except OSError as error:
        _release_signals()
        text = f"jitterball: cannot run {command[0]}: {error.strerror}"
        print(say(text), file=sys.stderr)
        return _NOT_FOUND
    try:
        _release_signals()
        return process.wait()
    except KeyboardInterrupt:
        # The terminal sends Ctrl-C to the command too, but SIGTERM comes to this process only.
        process.terminate()
        return _INTERRUPTED
    finally:
        try:
            process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTS)


def _summary(figures: ForwarderStats) -> str:
    late_ms = figures.late.p99_s * 1000
    return f"{figures.sent} packets, {figures.lost} lost; 99% forwarded within {late_ms:.2f} ms"
