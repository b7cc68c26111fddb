"""The monitor of a running server: a table, the web page, or a log line per minute."""

import logging
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING, Self

from game.server.stats import ServerStats

if TYPE_CHECKING:
    from game.cli.terminal.server_table import ServerTable
    from game.web.publisher import Publisher

log = logging.getLogger(__name__)

# A lesson of an hour gives sixty lines, about one screen.
SUMMARY_INTERVAL_S = 60.0


class ServerMonitor:
    """A context manager that opens the requested outputs.

    It is false without any output, so a caller can skip collecting statistics.
    """

    def __init__(self, has_table: bool, page: "Publisher | None", logs_summary: bool) -> None:
        self._table = _make_table() if has_table else None
        self._page = page
        self._logs_summary = logs_summary
        self._next_summary_at = perf_counter() + SUMMARY_INTERVAL_S
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._table is not None:
                stack.enter_context(self._table)
            self._closing = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._closing.close()

    def __bool__(self) -> bool:
        return bool(self._table or self._page or self._logs_summary)

    def update(self, stats: ServerStats) -> None:
        """Show these statistics from now on."""
        if self._table is not None:
            self._table.update(stats)
        if self._page is not None:
            self._page.update(stats)
        if self._logs_summary and perf_counter() >= self._next_summary_at:
            # After a pause one line is due, not all that were missed.
            self._next_summary_at = perf_counter() + SUMMARY_INTERVAL_S
            log.info("%s", stats)

    def record_tick(self, lateness_s: float, duration_s: float) -> None:
        """Add a tick to the statistics of the web page."""
        if self._page is not None:
            self._page.record_tick(lateness_s, duration_s)


def _make_table() -> "ServerTable":
    # Imported here: rich takes 50 ms, and a window waits for its private server to start.
    from game.cli.terminal.server_table import ServerTable

    return ServerTable()
