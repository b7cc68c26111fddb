"""A running server as a table in the terminal, renewed while one looks."""

import logging
import sys
from types import TracebackType
from typing import Self, TextIO

from rich.live import Live
from rich.table import Table
from rich.text import Text

from game.cli.terminal.tables import plain_console
from game.runtime.network_thread import SWITCH_INTERVAL_S
from game.server.stats import PlayerStats, ServerStats

_REFRESH_HZ = 2.0
_UNKNOWN = "-"


class ServerTable:
    """A context manager: inside the block the table stands at the foot of the terminal.

    It is drawn in a thread of its own, so that no tick waits for it; what is logged meanwhile
    appears above it.
    """

    def __init__(self) -> None:
        self._figures = ServerStats()
        self._live = Live(self, console=plain_console(), refresh_per_second=_REFRESH_HZ)

    def __enter__(self) -> Self:
        # By default a thread that computes gives way only after 5 ms: a third of a tick.
        self._switch_interval_before_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._live.start()
        _log_to(sys.stderr)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()
        _log_to(sys.stderr)
        sys.setswitchinterval(self._switch_interval_before_s)

    def update(self, figures: ServerStats) -> None:
        """Draw these figures from now on."""
        self._figures = figures

    def __rich__(self) -> Table:
        return stats_table(self._figures)


def stats_table(figures: ServerStats) -> Table:
    """Return the table of a server's figures."""
    table = Table(title=str(figures), caption=_refusals(figures), caption_justify="left")
    for heading in ("player", "room", "transport", "address"):
        table.add_column(heading)
    for heading in ("RTT", "lost", "sent again"):
        table.add_column(heading, justify="right")
    for player in sorted(figures.players, key=lambda each: (each.room, each.name)):
        table.add_row(*_cells(player))
    return table


def _cells(player: PlayerStats) -> list[str | Text]:
    # As texts: what strangers choose is no markup of rich's, whatever console draws the table.
    return [
        Text(player.name + (" (watching)" if player.watches else "")),
        Text(player.room),
        player.transport,
        Text(player.address),
        _UNKNOWN if player.rtt_s is None else f"{player.rtt_s * 1000:.1f} ms",
        _UNKNOWN if player.loss_ratio is None else f"{player.loss_ratio:.1%}",
        str(player.retransmitted),
    ]


def _refusals(figures: ServerStats) -> str | None:
    counts = figures.rejections_by_reason
    if not counts:
        return None
    return "turned away: " + ", ".join(f"{reason} {count}" for reason, count in counts.items())


def _log_to(stream: TextIO) -> None:
    """Send the log where the table, while it stands, lets lines through."""
    for handler in logging.getLogger().handlers:
        # Not one that writes into a file, which is a kind of it.
        if type(handler) is logging.StreamHandler:
            handler.setStream(stream)
