"""A comparison as a table in the terminal: a row a transport, renewed while one looks."""

from collections import deque
from math import isfinite
from time import perf_counter

from rich.table import Table

from game.client.frame import Frame, Status
from game.client.frame_history import FrameHistory
from game.client.panel_stats import PanelStats, panel_stats
from game.lab.compare.comparison import ClientGroupSource
from net.link.stats import ConnectionStats

_ASK_EVERY_S = 0.1
_UNKNOWN = "-"
# The age of the picture, the worst of each tenth of a second, over the last three seconds.
_SPARK_S = 0.1
_SPARKS = 30
_SPARK_FULL_S = 0.3
_BARS = "▁▂▃▄▅▆▇█"
_HEADINGS = (
    *("RTT", "jitter", "age", "age p95", "stalls", "frozen", "lost", "ball off"),
    *("sent again", "down", "up"),
)


class LiveTable:
    """Look at every client as often as a screen would, and show what it sees.

    Raises what ended the network's thread, if something did.
    """

    def __init__(self, comparison: ClientGroupSource, title: str) -> None:
        self._comparison = comparison
        self._title = title
        self._rows = {name: _Row() for name in comparison.names}
        self._links = comparison.link_stats()
        self._asked_at = perf_counter()

    def look(self, now: float) -> None:
        """Take a frame of every client, sixty times a second."""
        if now - self._asked_at >= _ASK_EVERY_S:
            self._links, self._asked_at = self._comparison.link_stats(), now
        for name, row in self._rows.items():
            frame = self._comparison.frame(name, now)
            error = self._comparison.visual_error(name, frame)
            row.history.record(now, frame, error)
            row.note(now, frame)

    def table(self) -> Table:
        """Return the table as it stands."""
        table = Table(title=self._title, caption="the last minute; age over the last 3 s")
        table.add_column("transport")
        for heading in _HEADINGS:
            table.add_column(heading, justify="right")
        table.add_column("snapshot age", no_wrap=True)
        for name, row in self._rows.items():
            table.add_row(name, *row.cells(self._links.get(name)), row.sparkline())
        return table


class _Row:
    """One client."""

    def __init__(self) -> None:
        self.history = FrameHistory()
        self._frame: Frame | None = None
        self._sparks: deque[float] = deque(maxlen=_SPARKS)
        self._spark_until = float("-inf")

    def note(self, now: float, frame: Frame) -> None:
        self._frame = frame
        age_s = frame.network.snapshot_age_s
        if age_s is None:
            return
        if now >= self._spark_until:
            self._sparks.append(age_s)
            self._spark_until = now + _SPARK_S
        else:
            self._sparks[-1] = max(self._sparks[-1], age_s)

    def cells(self, link: ConnectionStats | None) -> list[str]:
        if self._frame is None or self._frame.status is not Status.PLAYING:
            return [_UNKNOWN] * len(_HEADINGS)
        figures = panel_stats(self._frame, self.history, link)
        return _cells(figures) if figures else [_UNKNOWN] * len(_HEADINGS)

    def sparkline(self) -> str:
        highest = len(_BARS) - 1
        return "".join(
            _BARS[min(int(age_s / _SPARK_FULL_S * highest), highest)] for age_s in self._sparks
        )


def _cells(figures: PanelStats) -> list[str]:
    return [
        _ms(figures.rtt_s),
        _ms(figures.jitter_s),
        _ms(figures.age_s),
        _ms(figures.age_p95_s),
        str(figures.stalls),
        _percent(figures.frozen_ratio),
        _percent(figures.loss_ratio),
        _UNKNOWN if figures.error_units is None else f"{figures.error_units:.1f}",
        str(figures.retransmitted),
        f"{figures.down_bytes_per_s / 1000:.1f} kB/s",
        f"{figures.up_bytes_per_s / 1000:.1f} kB/s",
    ]


def _ms(seconds: float | None) -> str:
    if seconds is None or not isfinite(seconds):
        return _UNKNOWN
    return f"{seconds * 1000:.{1 if seconds < 0.01 else 0}f} ms"


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.1f}%" if isfinite(ratio) else _UNKNOWN
