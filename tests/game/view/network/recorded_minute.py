"""Recorded minute of one client over a lossy link, in virtual time.

Server, channel and link model are the real ones; the frames are those that a client would draw.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from game.client.frame import Frame, NetworkStats
from game.lab.simulate.simulation import CHANNELS
from game.lab.simulate.virtual_wire import SimulatedChannel, VirtualTime
from game.match.physics import TICK_HZ
from net.link.profile import Link, RelayProtocol
from net.link.stats import ConnectionStats, DirectionStats
from net.link.tcp.endpoint import Side
from net.measure.lag_monitor import LagMonitor
from net.transport import Address, Delivery
from tests.game.view.local_source import LocalSource

SNAPSHOT_TICKS = 2
SNAPSHOT_BYTES = 200
INPUT_BYTES = 30
INTERPOLATION_S = 4 / TICK_HZ


@dataclass(frozen=True)
class Moment:
    """One drawn frame, and the counters of the link at that time."""

    now: float
    frame: Frame
    link: ConnectionStats


@cache
def record(transport: str, link: Link, seconds: float = 60.0) -> tuple[Moment, ...]:
    """Return the frames of a client, sixty a second. Each minute is made once for all tests."""
    return tuple(_frames(transport, link, seconds))


def _frames(transport: str, link: Link, seconds: float) -> Iterator[Moment]:
    time = VirtualTime()
    channel = CHANNELS[transport](time, link, 7)
    monitor = LagMonitor(0.0, SNAPSHOT_TICKS, TICK_HZ)
    frame = replace(LocalSource(6).frame(0.0), transport=transport, events=())
    newest_tick = 0

    def receive(message: bytes) -> None:
        nonlocal newest_tick
        tick = int.from_bytes(message[:4], "big")
        if tick > newest_tick:
            newest_tick = tick
        sent_at = tick / TICK_HZ
        render_time_s = time.now - link.down.delay_s - INTERPOLATION_S
        monitor.add_snapshot(time.now, tick, sent_at, time.now - sent_at, render_time_s)

    channel.receivers[Side.CLIENT] = receive
    channel.receivers[Side.SERVER] = lambda message: None
    for tick in range(1, round(seconds * TICK_HZ)):
        now = tick / TICK_HZ
        time.run_until(now)
        channel.send(Side.CLIENT, bytes(INPUT_BYTES), Delivery.LATEST)
        if tick % SNAPSHOT_TICKS == 0:
            message = tick.to_bytes(4, "big") + bytes(SNAPSHOT_BYTES)
            channel.send(Side.SERVER, message, Delivery.LATEST)
        render_time_s = now - link.down.delay_s - INTERPOLATION_S
        is_starved = newest_tick / TICK_HZ < render_time_s
        if newest_tick:
            monitor.add_frame(now, is_starved)
        network = NetworkStats(
            rtt_s=2 * link.down.delay_s,
            snapshot_age_s=now - newest_tick / TICK_HZ,
            silence_s=0.0,
            lag=monitor.stats(now),
            columns=tuple(monitor.columns),
        )
        yield Moment(
            now,
            replace(
                frame,
                is_starved=is_starved,
                render_time_s=render_time_s,
                newest_time_s=newest_tick / TICK_HZ,
                network=network,
            ),
            _connection_stats(channel, transport),
        )


def _connection_stats(channel: SimulatedChannel, transport: str) -> ConnectionStats:
    counters = channel.link_counters()
    protocol = RelayProtocol.TCP if transport == "tcp" else RelayProtocol.UDP
    up, down = (
        DirectionStats(each.sent, each.lost, each.queue_dropped, each.duplicated, each.reordered)
        for each in (counters.up, counters.down)
    )
    return ConnectionStats(protocol, 7777, Address("127.0.0.1", 50000), 0, up, down)
