"""The live table of a running server in the terminal."""

import logging
import sys
from typing import Self, TextIO

from rich import box
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from game.cli.language import say
from game.cli.terminal.tables import fit_to_width, plain_console
from game.runtime.network_thread import SWITCH_INTERVAL_S
from game.server.stats import PlayerStats, ServerStats

_REFRESH_HZ = 2.0
_UNKNOWN = "-"


class ServerTable:
    """A context manager that shows the table at the bottom of the terminal, below the log.

    Thread: a thread of its own draws the table, so that no tick waits for it.
    """

    def __init__(self) -> None:
        self._stats = ServerStats()
        self._live = Live(self, console=plain_console(), refresh_per_second=_REFRESH_HZ)

    def __enter__(self) -> Self:
        # By default a busy thread keeps the interpreter lock for 5 ms, a third of a tick. A
        # shorter interval lets the tick begin in time.
        self._switch_interval_before_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._live.start()
        _log_to(sys.stderr)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._live.stop()
        _log_to(sys.stderr)
        sys.setswitchinterval(self._switch_interval_before_s)

    def update(self, stats: ServerStats) -> None:
        """Show these statistics from now on."""
        self._stats = stats

    def __rich__(self) -> Group:
        return fit_to_width(stats_table(self._stats), 1, self._live.console)


def stats_table(stats: ServerStats) -> Table:
    """Return the table of a server's statistics."""
    table = Table(title=str(stats), caption=_refusals(stats), box=box.SIMPLE_HEAD)
    # The columns are ordered by importance: a narrow terminal shows the first ones only.
    for heading in ("player", "transport"):
        table.add_column(heading)
    for heading in ("RTT", "lost", "resent"):
        table.add_column(heading, justify="right")
    for heading in ("room", "address"):
        table.add_column(heading)
    for player in sorted(stats.players, key=lambda each: (each.room, each.name)):
        table.add_row(*_cells(player))
    return table


def _cells(player: PlayerStats) -> list[str | Text]:
    # As ``Text``, since clients choose names and rich would read ``[red]`` in them as markup.
    return [
        Text(player.name + (say(" (watching)") if player.watches else "")),
        player.transport,
        _UNKNOWN if player.rtt_s is None else f"{player.rtt_s * 1000:.1f} ms",
        _UNKNOWN if player.loss_ratio is None else f"{player.loss_ratio:.1%}",
        str(player.retransmitted),
        Text(player.room),
        Text(player.address),
    ]


def _refusals(stats: ServerStats) -> str | None:
    counts = stats.rejections_by_reason
    if not counts:
        return None
    return "refused: " + ", ".join(f"{reason} {count}" for reason, count in counts.items())


def _log_to(stream: TextIO) -> None:
    """Redirect the log to a stream; rich replaces standard error while it shows the table."""
    for handler in logging.getLogger().handlers:
        # Not its subclasses: a file handler is also a ``StreamHandler``.
        if type(handler) is logging.StreamHandler:
            handler.setStream(stream)
