"""``jitterball compare`` without a window: a live table in a terminal, and results at the end.

The results are those of a measurement. The live table shows what a screen would draw.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter, sleep

from rich.live import Live

from game.cli.errors import CliError, ExitCode
from game.cli.language import link_words
from game.cli.terminal.live_table import LiveTable
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.cli.terminal.summary_table import summary_table
from game.cli.terminal.tables import fit_to_width, plain_console, print_table
from game.lab.compare.client_group import ClientGroup
from game.lab.compare.comparison import ClientGroupSource
from game.lab.measure.measurement import Measurement, MeasurementSettings, NamedLink
from game.lab.measure.results import Results, encode_runs
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread
from net.link.label import link_label
from net.link.packet_log import OnLog
from net.link.profile import Link
from net.measure.virtual_screen import SCREEN_HZ
from net.transport import Transport

# On a busy computer this thread must leave time for the network thread (interpreter lock).
_PAUSE_MIN_S = 0.004
# A terminal over a network is too slow for more.
_REDRAW_HZ = 4
_FRAMES_PER_REDRAW = round(SCREEN_HZ / _REDRAW_HZ)


def compare_in_terminal(
    transports: Mapping[str, Transport],
    settings: MeasurementSettings,
    as_json: bool,
    on_log: OnLog | None = None,
) -> None:
    """Compare for the time of ``settings`` or until Ctrl-C, and print the results.

    ``on_log`` gets the packet logs of all relays.

    Raises ``CliError`` if a transport gave no data.
    """
    (link,) = settings.links
    measurement = Measurement(transports, settings)
    title = link_label(link.link or Link(), settings.seed, link_words())
    with ClientGroup(transports, measurement.client_group_settings(link), on_log) as group:
        recorder = RunRecorder(group, settings.seconds)
        with NetworkThread(group.run, recorder.run) as network:
            source = ClientGroupSource(group, transports, network.check)
            _watch(recorder, LiveTable(source, title), is_quiet=as_json)
    measurement.add_recordings(link, recorder)
    require_results(measurement, str(settings.address))
    results = measurement.results()
    _print_results(results, link, as_json)
    warn_if_disturbed(results.runs)
    _require_all_results(measurement)


def _watch(recorder: RunRecorder, live_table: LiveTable, is_quiet: bool) -> None:
    """Show the table until the recording is over; Ctrl-C ends it early."""
    with _redrawing(live_table, is_quiet) as redraw:
        frames = 0
        deadline = perf_counter()
        try:
            while not recorder.is_over:
                live_table.sample(perf_counter())
                frames += 1
                if frames % _FRAMES_PER_REDRAW == 0:
                    redraw()
                deadline += 1 / SCREEN_HZ
                # Missed frames are left out: the network thread is more important.
                sleep(max(_PAUSE_MIN_S, deadline - perf_counter()))
                deadline = max(deadline, perf_counter())
        except KeyboardInterrupt:
            return


@contextmanager
def _redrawing(live_table: LiveTable, is_quiet: bool) -> Iterator[Callable[[], None]]:
    """Yield a function that redraws the table; without a terminal it does nothing."""
    console = plain_console()
    if is_quiet or not console.is_terminal:
        yield lambda: None
        return
    # Transient: the live table is removed at the end, before the results.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield lambda: live.update(fit_to_width(live_table.table(), 1, console), refresh=True)


def _print_results(results: Results, link: NamedLink, as_json: bool) -> None:
    if as_json:
        print(encode_runs(results.runs))
    else:
        print(link_label(link.link or Link(), results.seed, link_words()))
        print_table(summary_table(results), names=2)


def _require_all_results(measurement: Measurement) -> None:
    """Raise ``CliError`` if a transport gave no data."""
    if measurement.failures:
        code = ExitCode.REFUSED if measurement.refusals else ExitCode.NO_SERVER
        raise CliError("; ".join(measurement.failures), code)
