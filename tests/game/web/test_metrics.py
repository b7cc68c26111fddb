"""The page for Prometheus."""

from dataclasses import asdict

from game.server.stats import ServerStats, TransportTraffic
from game.web.metrics import ServerMetrics

STATS = ServerStats(
    rooms=1,
    connections=3,
    clients_by_transport={"udp": 1, "tcp": 1},
    traffic_by_transport={"udp": TransportTraffic(10, 20, 3000, 400)},
    rejections_by_reason={"password": 2},
)


def test_the_page_is_what_prometheus_reads() -> None:
    metrics = ServerMetrics()
    metrics.update(asdict(STATS), [(0.0003, 0.009)])
    lines = metrics.text().decode().splitlines()
    for expected in (
        'jitterball_clients{transport="udp"} 1.0',
        'jitterball_messages_total{direction="received",transport="udp"} 20.0',
        'jitterball_wire_bytes_total{direction="sent",transport="udp"} 3000.0',
        'jitterball_refusals_total{reason="password"} 2.0',
        'jitterball_tick_lateness_seconds_bucket{le="0.0005"} 1.0',
        'jitterball_tick_duration_seconds_bucket{le="0.008"} 0.0',
        "jitterball_tick_duration_seconds_count 1.0",
        "jitterball_connections 3.0",
        "jitterball_rooms 1.0",
    ):
        assert expected in lines


def test_ticks_are_counted_beside_the_statistics() -> None:
    metrics = ServerMetrics()
    for _ in range(3):
        metrics.update(asdict(STATS), [(0.0, 0.0)] * 60)
    assert b"jitterball_tick_lateness_seconds_count 180.0" in metrics.text()


def test_before_the_server_has_said_anything_there_are_no_gauges() -> None:
    assert b"jitterball_rooms" not in ServerMetrics().text()
