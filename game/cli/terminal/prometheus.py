"""A running server's figures as a page for Prometheus to read, on this computer only.

Its text format says what each figure is. The page is served by a thread of its own, from the last
figures that it was shown.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from game.cli.errors import CliError
from game.server.local import LOOPBACK
from game.server.stats import ServerStats

if TYPE_CHECKING:
    from prometheus_client.core import Metric

# Around a tick of 16.7 ms, and what is felt: 2 ms are good, 33 a tick missed.
BUCKETS_S = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.033, 0.1, 0.5)


class MetricsPage:
    """A context manager: inside the block the page is at ``url``. Port 0 takes any that is free.

    Raises ``CliError`` on entering when the port cannot be had.
    """

    def __init__(self, port: int) -> None:
        # Imported where it is wanted: a server without the page starts without it.
        from prometheus_client import CollectorRegistry, Histogram

        self.url = ""
        self._port = port
        self._registry = CollectorRegistry()
        self._figures = ServerStats()
        self._lateness = Histogram(
            "jitterball_tick_lateness_seconds",
            "How late a tick began.",
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._duration = Histogram(
            "jitterball_tick_duration_seconds",
            "How long a tick of all rooms took.",
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._registry.register(_Figures(self))

    def __enter__(self) -> Self:
        from prometheus_client import start_http_server

        try:
            self._server, self._thread = start_http_server(self._port, LOOPBACK, self._registry)
        except OSError as error:
            text = f"--metrics-port {self._port} cannot be had: {error.strerror}"
            raise CliError(text) from error
        self.url = f"http://{LOOPBACK}:{self._server.server_port}/metrics"
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def figures(self) -> ServerStats:
        """The last that were shown."""
        return self._figures

    def update(self, figures: ServerStats) -> None:
        """Have the page tell these figures from now on."""
        self._figures = figures

    def record_tick(self, lateness_s: float, duration_s: float) -> None:
        """Count a tick."""
        self._lateness.observe(lateness_s)
        self._duration.observe(duration_s)


class _Figures:
    """What Prometheus' client library asks for the families of figures."""

    def __init__(self, page: MetricsPage) -> None:
        self._page = page

    def collect(self) -> Iterable["Metric"]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        figures = self._page.figures
        yield GaugeMetricFamily("jitterball_rooms", "Rooms open now.", figures.rooms)
        yield GaugeMetricFamily(
            "jitterball_connections", "Channels open now, let in or not.", figures.connections
        )
        clients = GaugeMetricFamily(
            "jitterball_clients", "Players and watchers now.", None, ["transport"]
        )
        for name, count in figures.clients_by_transport.items():
            clients.add_metric([name], count)
        labels = ["transport", "direction"]
        messages = CounterMetricFamily("jitterball_messages", "Messages carried.", None, labels)
        size = CounterMetricFamily(
            "jitterball_wire_bytes", "Bytes carried, headers from IP up included.", None, labels
        )
        for name, traffic in figures.traffic_by_transport.items():
            messages.add_metric([name, "sent"], traffic.messages_sent)
            messages.add_metric([name, "received"], traffic.messages_received)
            size.add_metric([name, "sent"], traffic.bytes_sent)
            size.add_metric([name, "received"], traffic.bytes_received)
        refusals = CounterMetricFamily("jitterball_refusals", "Turned away.", None, ["reason"])
        for reason, count in figures.rejections_by_reason.items():
            refusals.add_metric([reason], count)
        yield from (clients, messages, size, refusals)
