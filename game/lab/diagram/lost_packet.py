"""One lost packet, over TCP and over UDP, as the link model tells it.  [pure]

Runs both models with the same luck and collects what a time-sequence diagram shows. Knows no
drawing; ``sequence_diagram`` makes a picture of it.
"""

from dataclasses import dataclass
from enum import Enum

from net.link.datagram_path import DatagramPath
from net.link.loss import PacketDrawStream
from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from net.link.tcp.path import PacketTrace, TcpPath

# The game's own rhythm: snapshots of some 200 bytes come down thirty times a second, and inputs
# of some 40 bytes go up as often as the diagram can show.
SNAPSHOT_INTERVAL_S = 1 / 30
INPUT_INTERVAL_S = 1 / 60
SNAPSHOT_BYTES, INPUT_BYTES = 200, 40
UDP_HEADER_BYTES = 42
# TCP has settled by then: it has measured the round trip, and its window is open.
WARM_UP_SNAPSHOTS = 60


class PacketOutcome(Enum):
    """What became of a packet."""

    DELIVERED = "delivered"
    LOST = "lost"
    SENT_AGAIN = "sent again"
    SACK = "acknowledges what came behind the hole"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One packet: when it was sent and arrived (a lost one: would have), in seconds.

    ``is_down``: from the server to the client. ``label`` is the snapshot's number in it, or empty.
    """

    sent_at: float
    arrived_at: float
    is_down: bool
    fate: PacketOutcome
    label: str = ""


@dataclass(frozen=True, slots=True)
class DeliveredSnapshot:
    """When the game got a snapshot, and how long after the server made it."""

    at: float
    label: str
    age_s: float


@dataclass(frozen=True, slots=True)
class ExchangeTrace:
    """What happened over one transport, from time 0 on."""

    title: str
    arrows: tuple[Arrow, ...]
    readings: tuple[DeliveredSnapshot, ...]


def trace_tcp(delay_s: float, lost: int, count: int) -> ExchangeTrace:
    """Tell how ``count`` snapshots travel over TCP when the one numbered ``lost`` is lost once."""
    flights: list[PacketTrace] = []
    link = Link(LinkProfile(delay_s=delay_s), LinkProfile(delay_s=delay_s))
    path = TcpPath(link, seed=0, log=flights.append)
    total = WARM_UP_SNAPSHOTS + count
    start = WARM_UP_SNAPSHOTS * SNAPSHOT_INTERVAL_S
    path.write(0.0, Side.CLIENT, INPUT_BYTES)
    readings: list[DeliveredSnapshot] = []
    received = 0
    for step in range(2 * total + 60):
        now = step * INPUT_INTERVAL_S
        for arrival in path.advance(now):
            if arrival.to is not Side.CLIENT:
                continue
            for _ in range(arrival.n_bytes // SNAPSHOT_BYTES):
                readings.append(_reading(received, arrival.at, start))
                received += 1
        number, is_snapshot = divmod(step, 2)
        if number < total:
            path.write(now, Side.CLIENT, INPUT_BYTES)
        if is_snapshot == 0 and number < total:
            # The link eats exactly this packet, and no other.
            is_lost = number == WARM_UP_SNAPSHOTS + lost
            path.set_link(now, _losing(link) if is_lost else link)
            path.write(now, Side.SERVER, SNAPSHOT_BYTES)
            path.set_link(now, link)
    arrows = tuple(_arrow(flight, delay_s, start) for flight in flights)
    return _cut(ExchangeTrace("TCP: one ordered stream", arrows, tuple(readings)), start, total)


def trace_udp(delay_s: float, lost: int, count: int) -> ExchangeTrace:
    """Tell the same over UDP, where nothing is sent again."""
    path = DatagramPath(LinkProfile(delay_s=delay_s), PacketDrawStream(0, "down"))
    arrows: list[Arrow] = []
    readings: list[DeliveredSnapshot] = []
    for number in range(count):
        now = number * SNAPSHOT_INTERVAL_S
        profile = LinkProfile(delay_s=delay_s, loss_ratio=1.0 if number == lost else 0.0)
        path.set_profile(profile)
        arrivals = path.send(now, SNAPSHOT_BYTES + UDP_HEADER_BYTES)
        fate = PacketOutcome.DELIVERED if arrivals else PacketOutcome.LOST
        arrows.append(Arrow(now, now + delay_s, True, fate, str(number)))
        readings += [DeliveredSnapshot(at, str(number), at - now) for at in arrivals]
    return ExchangeTrace("UDP: datagrams", tuple(arrows), tuple(readings))


def _losing(link: Link) -> Link:
    return Link(link.up, LinkProfile(delay_s=link.down.delay_s, loss_ratio=1.0))


def _reading(received: int, at: float, start: float) -> DeliveredSnapshot:
    number = received - WARM_UP_SNAPSHOTS
    made_at = received * SNAPSHOT_INTERVAL_S
    return DeliveredSnapshot(at - start, str(number), at - made_at)


def _arrow(flight: PacketTrace, delay_s: float, start: float) -> Arrow:
    packet = flight.packet
    is_down = flight.side is Side.SERVER
    if not flight.arrivals:
        fate = PacketOutcome.LOST
    elif flight.is_retransmission:
        fate = PacketOutcome.SENT_AGAIN
    else:
        fate = PacketOutcome.SACK if packet.sacks else PacketOutcome.DELIVERED
    first = packet.start // SNAPSHOT_BYTES - WARM_UP_SNAPSHOTS
    last = (packet.end - 1) // SNAPSHOT_BYTES - WARM_UP_SNAPSHOTS
    carries = is_down and packet.end > packet.start
    label = "" if not carries else str(first) if first == last else f"{first}-{last}"
    arrived_at = flight.arrivals[0] if flight.arrivals else flight.sent_at + delay_s
    return Arrow(flight.sent_at - start, arrived_at - start, is_down, fate, label)


def _cut(story: ExchangeTrace, start: float, total: int) -> ExchangeTrace:
    """Leave out the warm-up, and what follows when all has been told."""
    end = total * SNAPSHOT_INTERVAL_S - start
    arrows = tuple(a for a in story.arrows if a.sent_at >= -1e-9 and a.sent_at < end)
    readings = tuple(r for r in story.readings if int(r.label) >= 0)
    return ExchangeTrace(story.title, arrows, readings)
