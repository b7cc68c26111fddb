"""Probe logs of simulated paths, with a server's clock of its own."""

from game.lab.record.probe_log import DownProbe, ProbeLog, RecordingNotes
from net.link.packet_path import PacketPath, link_paths
from net.link.profile import Link

NOTES = RecordingNotes("room", "2026-11-26T11:00:00+00:00", "a simulation", None)
BEGAN_AT = 500.0
OFFSET_S, DRIFT_RATIO = -12_345.0, 40e-6


def theirs(ours: float) -> float:
    """Return a time of our clock by the server's."""
    return ours + OFFSET_S + DRIFT_RATIO * ours


def probe_log(link: Link, seed: int, seconds: float = 30.0, rate_hz: float = 200.0) -> ProbeLog:
    """Return what both ends would log of a recording over ``link``."""
    up, down = link_paths(link.playing(BEGAN_AT), seed)
    times = [BEGAN_AT + n / rate_hz for n in range(int(seconds * rate_hz))]
    return ProbeLog(
        sent_at=times,
        up=[(number, theirs(at)) for number, at in _arrivals(up, times)],
        down=[DownProbe(n, theirs(times[n]), at) for n, at in _arrivals(down, times)],
        down_sent=len(times),
    )


def _arrivals(path: PacketPath, times: list[float]) -> list[tuple[int, float]]:
    arrived = [
        (number, at) for number, sent_at in enumerate(times) for at in path.send(sent_at, 128)
    ]
    return sorted(arrived, key=lambda arrival: arrival[1])
