"""The live table of a comparison in the terminal: one row per transport."""

from collections import deque
from math import isfinite
from time import perf_counter

from rich import box
from rich.table import Table

from game.client.frame import Frame, Status
from game.client.frame_history import FrameHistory
from game.client.panel_stats import PanelStats, panel_stats
from game.lab.compare.comparison import ClientGroupSource
from net.link.stats import ConnectionStats

_LINK_STATS_INTERVAL_S = 0.1
_UNKNOWN = "-"
# The sparkline: the largest snapshot age of each tenth of a second, over three seconds.
_SPARK_S = 0.1
_SPARKS = 30
_SPARK_FULL_S = 0.3
BARS = "▁▂▃▄▅▆▇█"
_HEADINGS = (
    *("frozen", "stalls", "lost on wire", "never shown", "resent", "age", "age p95"),
    *("RTT", "jitter", "ball off", "down", "up"),
)


class LiveTable:
    """A table of what each client would draw.

    Its methods raise the exception that ended the network thread, if there was one.
    """

    def __init__(self, source: ClientGroupSource, title: str) -> None:
        self._source = source
        self._title = title
        self._rows = {name: _Row() for name in source.names}
        self._links = source.link_stats()
        self._link_stats_at = perf_counter()

    def sample(self, now: float) -> None:
        """Add a frame of every client; to be called 60 times per second."""
        if now - self._link_stats_at >= _LINK_STATS_INTERVAL_S:
            self._links, self._link_stats_at = self._source.link_stats(), now
        for name, row in self._rows.items():
            frame = self._source.frame(name, now)
            error = self._source.visual_error(name, frame)
            row.history.record(now, frame, error, self._links.get(name))
            row.note(now, frame)

    def table(self) -> Table:
        """Return the current table."""
        table = Table(
            title=self._title,
            caption="the last minute; age over the last 3 s",
            box=box.SIMPLE_HEAD,
        )
        table.add_column("transport")
        table.add_column("snapshot age", no_wrap=True)
        for heading in _HEADINGS:
            table.add_column(heading, justify="right")
        for name, row in self._rows.items():
            # As wide as it will be in three seconds: no column moves meanwhile.
            sparkline = row.sparkline().ljust(_SPARKS)
            table.add_row(name, sparkline, *row.cells(self._links.get(name)))
        return table


class _Row:
    """The row of one client."""

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
        stats = panel_stats(self._frame, self.history, link)
        return _cells(stats) if stats else [_UNKNOWN] * len(_HEADINGS)

    def sparkline(self) -> str:
        highest = len(BARS) - 1
        return "".join(
            BARS[min(int(age_s / _SPARK_FULL_S * highest), highest)] for age_s in self._sparks
        )


def _cells(stats: PanelStats) -> list[str]:
    return [
        _percent(stats.starved_ratio),
        str(stats.stalls),
        _percent(stats.wire_loss_ratio),
        _percent(stats.never_shown_ratio),
        str(stats.retransmitted),
        _ms(stats.age_s),
        _ms(stats.age_p95_s),
        _ms(stats.rtt_s),
        _ms(stats.jitter_s),
        _UNKNOWN if stats.error_units is None else f"{stats.error_units:.1f}",
        f"{stats.down_bytes_per_s / 1000:.1f} kB/s",
        f"{stats.up_bytes_per_s / 1000:.1f} kB/s",
    ]


def _ms(seconds: float | None) -> str:
    if seconds is None or not isfinite(seconds):
        return _UNKNOWN
    return f"{seconds * 1000:.{1 if seconds < 0.01 else 0}f} ms"


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.1f}%" if isfinite(ratio) else _UNKNOWN
