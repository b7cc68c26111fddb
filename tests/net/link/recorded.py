"""Recordings for tests, made of what a ``PacketPath`` does to probes."""

from net.link.packet_path import PacketPath, link_paths
from net.link.profile import Link
from net.link.recording import FORMAT_VERSION, LinkRecording, RecordedDirection

PROBE_BYTES = 128


def direction(
    delays_s: list[float | None], interval_s: float = 0.005, reordered: int = 0
) -> RecordedDirection:
    """Return a direction with a probe every ``interval_s``."""
    times_s = tuple(index * interval_s for index in range(len(delays_s)))
    return RecordedDirection(times_s, tuple(delays_s), 0, reordered, (), ())


def recording(
    up: RecordedDirection, down: RecordedDirection | None = None, duration_s: float = 1.0
) -> LinkRecording:
    """Return a recording of two directions, by default with both alike."""
    return LinkRecording(
        format="jitterball-link",
        version=FORMAT_VERSION,
        name="room",
        recorded_at="2026-11-26T11:00:00+00:00",
        source="jitterball",
        method="200 probes a second",
        knows="",
        duration_s=duration_s,
        clock=None,
        load=None,
        up=up,
        down=down or up,
    )


def recorded(link: Link, seed: int, duration_s: float, rate_hz: float = 200.0) -> LinkRecording:
    """Return what a perfect recorder would see of ``link``."""
    up, down = (_probed(path, duration_s, rate_hz) for path in link_paths(link, seed))
    return recording(up, down, duration_s)


def _probed(path: PacketPath, duration_s: float, rate_hz: float) -> RecordedDirection:
    times_s = [index / rate_hz for index in range(int(duration_s * rate_hz))]
    arrivals = [path.send(at, PROBE_BYTES) for at in times_s]
    delays_s = tuple(
        each[0] - at if each else None for at, each in zip(times_s, arrivals, strict=True)
    )
    counters = path.counters
    return RecordedDirection(
        tuple(times_s), delays_s, counters.duplicated, counters.reordered, (), ()
    )
