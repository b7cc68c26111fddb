"""Where a running server is shown: a table, its web page, now and then a line."""

import logging
from contextlib import ExitStack
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from game.server.stats import ServerStats

if TYPE_CHECKING:
    from game.cli.terminal.server_table import ServerTable
    from game.web.publisher import Publisher

log = logging.getLogger(__name__)

# Enough to see afterwards what a lesson was like, and one screen of lines for it.
LINE_EVERY_S = 60.0


class ServerMonitor:
    """A context manager: inside the block every place is there that was asked for.

    False if there is none, so that nobody needs to look.
    """

    def __init__(self, has_table: bool, page: "Publisher | None", says_lines: bool) -> None:
        self._table = _make_table() if has_table else None
        self._page = page
        self._says_lines = says_lines
        self._next_line_at = perf_counter() + LINE_EVERY_S
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._table is not None:
                stack.enter_context(self._table)
            self._closing = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    def __bool__(self) -> bool:
        return bool(self._table or self._page or self._says_lines)

    def update(self, figures: ServerStats) -> None:
        """Show these figures from now on."""
        if self._table is not None:
            self._table.update(figures)
        if self._page is not None:
            self._page.update(figures)
        if self._says_lines and perf_counter() >= self._next_line_at:
            # After a pause one line is due, not all that were missed.
            self._next_line_at = perf_counter() + LINE_EVERY_S
            log.info("%s", figures)

    def record_tick(self, lateness_s: float, duration_s: float) -> None:
        """Count a tick, where ticks are counted."""
        if self._page is not None:
            self._page.record_tick(lateness_s, duration_s)


# Imported only when needed: rich takes 50 ms, and a window waits for its own server to start.
def _make_table() -> "ServerTable":
    from game.cli.terminal.server_table import ServerTable

    return ServerTable()
