"""Server statistics in the text format of Prometheus."""

from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST

# Around a tick of 16.7 ms, and what is felt: 2 ms are good, 33 a tick missed.
BUCKETS_S = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.033, 0.1, 0.5)


class ServerMetrics:
    """The metrics of one game server, as plain values: ``ServerStats`` as ``asdict`` gives it."""

    def __init__(self) -> None:
        self._stats: dict[str, Any] = {}
        self._registry = CollectorRegistry()
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
        self._registry.register(self)

    def update(self, stats: dict[str, Any], ticks: Iterable[tuple[float, float]]) -> None:
        """Replace the statistics, and count ticks by their lateness and duration in seconds."""
        self._stats = stats
        for lateness_s, duration_s in ticks:
            self._lateness.observe(lateness_s)
            self._duration.observe(duration_s)

    def text(self) -> bytes:
        """Return the page that Prometheus reads."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Return the metric families; the registry calls this."""
        if not self._stats:
            return
        stats = self._stats
        yield GaugeMetricFamily("jitterball_rooms", "Rooms open now.", stats["rooms"])
        yield GaugeMetricFamily(
            "jitterball_connections", "Channels open now, let in or not.", stats["connections"]
        )
        clients = GaugeMetricFamily(
            "jitterball_clients", "Players and watchers now.", None, ["transport"]
        )
        for name, count in stats["clients_by_transport"].items():
            clients.add_metric([name], count)
        labels = ["transport", "direction"]
        messages = CounterMetricFamily("jitterball_messages", "Messages carried.", None, labels)
        size = CounterMetricFamily(
            "jitterball_wire_bytes", "Bytes carried, headers from IP up included.", None, labels
        )
        for name, traffic in stats["traffic_by_transport"].items():
            messages.add_metric([name, "sent"], traffic["messages_sent"])
            messages.add_metric([name, "received"], traffic["messages_received"])
            size.add_metric([name, "sent"], traffic["bytes_sent"])
            size.add_metric([name, "received"], traffic["bytes_received"])
        refusals = CounterMetricFamily("jitterball_refusals", "Turned away.", None, ["reason"])
        for reason, count in stats["rejections_by_reason"].items():
            refusals.add_metric([reason], count)
        yield from (clients, messages, size, refusals)
