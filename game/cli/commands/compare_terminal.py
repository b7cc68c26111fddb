"""The comparison without a window: a live table where there is a terminal, and figures at the end.

The figures are those of the measurement; the live table shows what a screen would.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter, sleep

from rich.live import Live

from game.cli.errors import CliError, ExitCode
from game.cli.terminal.live_table import LiveTable
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.cli.terminal.summary_table import summary_table
from game.cli.terminal.tables import plain_console, print_table
from game.lab.compare.comparison import ClientGroupSource
from game.lab.compare.side_by_side import ClientGroup
from game.lab.measure.measurement import Measurement, MeasurementSettings, NamedLink
from game.lab.measure.results import Results, encode_runs
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread
from net.link.profile import Link
from net.link.spec import link_label
from net.measure.virtual_screen import SCREEN_HZ
from net.transport import Transport

# On a computer that is too busy this thread must not keep the other from the interpreter.
_LEAST_PAUSE_S = 0.004
# Terminals over a network do not like more.
_REDRAWN_HZ = 4
_LOOKS_A_REDRAW = round(SCREEN_HZ / _REDRAWN_HZ)


def compare_in_terminal(
    transports: Mapping[str, Transport],
    settings: MeasurementSettings,
    as_json: bool,
) -> None:
    """Compare for as long as ``settings`` say, or until Ctrl-C, and print the figures.

    Raises ``CliError`` when a transport gave none.
    """
    (link,) = settings.links
    measurement = Measurement(transports, settings)
    title = link_label(link.link or Link(), settings.seed)
    with ClientGroup(transports, measurement.client_group_settings(link)) as lineup:
        take = RunRecorder(lineup, settings.seconds)
        with NetworkThread(lineup.run, take.run) as network:
            comparison = ClientGroupSource(lineup, transports, network.check)
            _watch(take, LiveTable(comparison, title), is_quiet=as_json)
    measurement.add_recordings(link, take)
    require_results(measurement, str(settings.address))
    results = measurement.results()
    _print_figures(results, link, as_json)
    warn_if_disturbed(results.runs)
    _check_all_figures(measurement)


def _watch(take: RunRecorder, live_table: LiveTable, is_quiet: bool) -> None:
    """Show the table until the take is over; Ctrl-C ends it earlier."""
    with _redrawing(live_table, is_quiet) as redraw:
        looks = 0
        deadline = perf_counter()
        try:
            while not take.is_over:
                live_table.look(perf_counter())
                looks += 1
                if looks % _LOOKS_A_REDRAW == 0:
                    redraw()
                deadline += 1 / SCREEN_HZ
                # Looks are not made up for: the network's thread goes first.
                sleep(max(_LEAST_PAUSE_S, deadline - perf_counter()))
                deadline = max(deadline, perf_counter())
        except KeyboardInterrupt:
            return


@contextmanager
def _redrawing(live_table: LiveTable, is_quiet: bool) -> Iterator[Callable[[], None]]:
    """Give what to call a few times a second; where there is no terminal it does nothing."""
    console = plain_console()
    if is_quiet or not console.is_terminal:
        yield lambda: None
        return
    # What stands there at the end is the figures, not the last of the live table.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield lambda: live.update(live_table.table(), refresh=True)


def _print_figures(results: Results, link: NamedLink, as_json: bool) -> None:
    if as_json:
        print(encode_runs(results.runs))
    else:
        print(link_label(link.link or Link(), results.seed))
        print_table(summary_table(results))


def _check_all_figures(measurement: Measurement) -> None:
    """Raise ``CliError`` if a transport gave none."""
    if measurement.failures:
        code = ExitCode.REFUSED if measurement.refusals else ExitCode.NO_SERVER
        raise CliError("; ".join(measurement.failures), code)
