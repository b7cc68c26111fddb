"""Traces of one lost packet over TCP and over UDP, from the link models.  [pure]

Both models lose the same packet. ``sequence_diagram`` draws the traces.
"""

from dataclasses import dataclass
from enum import Enum

from net.link.loss import PacketDrawStream
from net.link.packet_log import LogRecord, PacketRecord
from net.link.packet_path import PacketPath
from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from net.link.tcp.tcp_model import TcpPath

# As in the game: 30 snapshots per second of about 200 bytes come down, 60 inputs per second of
# about 40 bytes go up.
SNAPSHOT_INTERVAL_S = 1 / 30
INPUT_INTERVAL_S = 1 / 60
SNAPSHOT_BYTES, INPUT_BYTES = 200, 40
# Ethernet, IPv4 and UDP.
HEADERS_BYTES = 14 + 20 + 8
# After these TCP has measured the round trip, and its congestion window is open.
WARM_UP_SNAPSHOTS = 60


class PacketOutcome(Enum):
    """The outcome of a packet."""

    DELIVERED = "delivered"
    LOST = "lost"
    RESENT = "resent"
    SACK = "selective acknowledgement"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One packet, with its times in seconds; a lost one has the time when it would arrive.

    ``is_down``: from the server to the client. ``label`` is the number of its snapshot, or empty.
    """

    sent_at: float
    arrived_at: float
    is_down: bool
    outcome: PacketOutcome
    label: str = ""


@dataclass(frozen=True, slots=True)
class DeliveredSnapshot:
    """The delivery of a snapshot to the game: the time, and the age of the snapshot."""

    at: float
    label: str
    age_s: float


@dataclass(frozen=True, slots=True)
class ExchangeTrace:
    """The trace of one transport, from time 0 on."""

    title: str
    arrows: tuple[Arrow, ...]
    deliveries: tuple[DeliveredSnapshot, ...]


def trace_tcp(delay_s: float, lost: int, count: int) -> ExchangeTrace:
    """Return the trace of ``count`` snapshots over TCP when snapshot ``lost`` is lost once."""
    records: list[LogRecord] = []
    link = Link(LinkProfile(delay_s=delay_s), LinkProfile(delay_s=delay_s))
    path = TcpPath(link, seed=0, log=records.append)
    total = WARM_UP_SNAPSHOTS + count
    start = WARM_UP_SNAPSHOTS * SNAPSHOT_INTERVAL_S
    path.write(0.0, Side.CLIENT, INPUT_BYTES)
    deliveries: list[DeliveredSnapshot] = []
    received = 0
    for step in range(2 * total + 60):
        now = step * INPUT_INTERVAL_S
        for arrival in path.advance(now):
            if arrival.to is not Side.CLIENT:
                continue
            for _ in range(arrival.n_bytes // SNAPSHOT_BYTES):
                deliveries.append(_delivery(received, arrival.at, start))
                received += 1
        number, is_snapshot = divmod(step, 2)
        if number < total:
            path.write(now, Side.CLIENT, INPUT_BYTES)
        if is_snapshot == 0 and number < total:
            # The link loses exactly this packet.
            is_lost = number == WARM_UP_SNAPSHOTS + lost
            path.set_link(now, _with_full_loss(link) if is_lost else link)
            path.write(now, Side.SERVER, SNAPSHOT_BYTES)
            path.set_link(now, link)
    packets = (record for record in records if isinstance(record, PacketRecord))
    arrows = tuple(_arrow(sent, delay_s, start) for sent in packets)
    return _without_warm_up(
        ExchangeTrace("TCP: one ordered stream", arrows, tuple(deliveries)), start, total
    )


def trace_udp(delay_s: float, lost: int, count: int) -> ExchangeTrace:
    """Return the same trace over UDP, where nothing is resent."""
    path = PacketPath(LinkProfile(delay_s=delay_s), PacketDrawStream(0, "down"))
    arrows: list[Arrow] = []
    deliveries: list[DeliveredSnapshot] = []
    for number in range(count):
        now = number * SNAPSHOT_INTERVAL_S
        profile = LinkProfile(delay_s=delay_s, loss_ratio=1.0 if number == lost else 0.0)
        path.set_profile(profile)
        arrivals = path.send(now, SNAPSHOT_BYTES + HEADERS_BYTES)
        outcome = PacketOutcome.DELIVERED if arrivals else PacketOutcome.LOST
        arrows.append(Arrow(now, now + delay_s, True, outcome, str(number)))
        deliveries += [DeliveredSnapshot(at, str(number), at - now) for at in arrivals]
    return ExchangeTrace("UDP: datagrams", tuple(arrows), tuple(deliveries))


def _with_full_loss(link: Link) -> Link:
    return Link(link.up, LinkProfile(delay_s=link.down.delay_s, loss_ratio=1.0))


def _delivery(received: int, at: float, start: float) -> DeliveredSnapshot:
    number = received - WARM_UP_SNAPSHOTS
    made_at = received * SNAPSHOT_INTERVAL_S
    return DeliveredSnapshot(at - start, str(number), at - made_at)


def _arrow(sent: PacketRecord, delay_s: float, start: float) -> Arrow:
    packet = sent.segment
    assert packet is not None
    is_down = not sent.is_up
    if not sent.arrivals:
        outcome = PacketOutcome.LOST
    elif sent.resend:
        outcome = PacketOutcome.RESENT
    else:
        outcome = PacketOutcome.SACK if packet.sacks else PacketOutcome.DELIVERED
    first = packet.start // SNAPSHOT_BYTES - WARM_UP_SNAPSHOTS
    last = (packet.end - 1) // SNAPSHOT_BYTES - WARM_UP_SNAPSHOTS
    carries = is_down and packet.end > packet.start
    label = "" if not carries else str(first) if first == last else f"{first}-{last}"
    arrived_at = sent.arrivals[0] if sent.arrivals else sent.sent_at + delay_s
    return Arrow(sent.sent_at - start, arrived_at - start, is_down, outcome, label)


def _without_warm_up(trace: ExchangeTrace, start: float, total: int) -> ExchangeTrace:
    """Return a trace without the warm-up and without packets after the last snapshot."""
    end = total * SNAPSHOT_INTERVAL_S - start
    arrows = tuple(a for a in trace.arrows if a.sent_at >= -1e-9 and a.sent_at < end)
    deliveries = tuple(d for d in trace.deliveries if int(d.label) >= 0)
    return ExchangeTrace(trace.title, arrows, deliveries)
