"""Tests of an endpoint: handshake, coupling of sender and receiver, and silence after a reset."""

from dataclasses import dataclass, field
from math import inf

import pytest

from net.link.profile import LinkProfile
from net.link.tcp.endpoint import SEND_BUFFER_BYTES, Endpoint, Side
from net.link.tcp_segment import Packet, PacketType, ResendCause

RTT_S = 0.05


@dataclass
class SimulatedChannel:
    """Two ends and what each has sent; the test delivers packets."""

    sent: list[tuple[Side, Packet]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Endpoint(Side.CLIENT, LinkProfile(), self._send)
        self.server = Endpoint(Side.SERVER, LinkProfile(), self._send)

    def _send(self, now: float, side: Side, packet: Packet, resend: ResendCause) -> None:
        self.sent.append((side, packet))

    def deliver(self, now: float) -> int:
        """Bring all that was sent to the other end; return how many bytes became readable."""
        sent, self.sent = self.sent, []
        ends = (self.client, self.server)
        return sum(ends[side.other].receive(now, packet) for side, packet in sent)

    def kinds(self) -> list[tuple[Side, PacketType]]:
        return [(side, packet.kind) for side, packet in self.sent]


def opened() -> SimulatedChannel:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    for step in range(3):
        wire.deliver((step + 1) * RTT_S / 2)
    assert wire.client.handshake.is_open
    assert wire.server.handshake.is_open
    return wire


def test_three_packets_open_and_both_ends_measure_the_round_trip() -> None:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    assert wire.kinds() == [(Side.CLIENT, PacketType.SYN)]
    wire.deliver(RTT_S / 2)
    assert wire.kinds() == [(Side.SERVER, PacketType.SYN_ACK)]
    wire.deliver(RTT_S)
    assert wire.kinds() == [(Side.CLIENT, PacketType.ORDINARY)]
    wire.deliver(1.5 * RTT_S)
    assert wire.client.sender.rtt.smoothed_s == pytest.approx(RTT_S)
    assert wire.server.sender.rtt.smoothed_s == pytest.approx(RTT_S)


def test_bytes_written_before_the_handshake_wait_and_count_as_unsent() -> None:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    wire.client.write(0.0, 100)
    assert wire.client.unsent_bytes() == 100
    assert wire.client.send_space_bytes() == SEND_BUFFER_BYTES - 100
    wire.deliver(RTT_S / 2)
    wire.deliver(RTT_S)
    assert wire.client.unsent_bytes() == 0
    assert wire.deliver(1.5 * RTT_S) == 100


def test_lost_opening_is_sent_again() -> None:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    wire.sent.clear()
    at = wire.client.next_event_at()
    assert at == pytest.approx(1.0, abs=0.04)
    wire.client.on_timer(at)
    assert wire.kinds() == [(Side.CLIENT, PacketType.SYN)]


def test_data_open_the_server_when_the_last_packet_of_the_opening_was_lost() -> None:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    wire.deliver(RTT_S / 2)
    wire.deliver(RTT_S)
    wire.sent.clear()
    wire.client.write(0.2, 64)
    assert wire.deliver(0.2 + RTT_S / 2) == 64
    assert wire.server.handshake.is_open


def test_repeated_syn_ack_is_acknowledged_again() -> None:
    wire = SimulatedChannel()
    wire.client.open(0.0)
    wire.deliver(RTT_S / 2)
    wire.deliver(RTT_S)
    wire.sent.clear()
    wire.server.on_timer(wire.server.next_event_at())
    wire.deliver(1.2)
    assert wire.kinds() == [(Side.CLIENT, PacketType.ORDINARY)]
    wire.deliver(1.25)
    assert wire.server.handshake.is_open


def test_acknowledgement_rides_on_data() -> None:
    wire = opened()
    wire.server.write(0.2, 64)
    wire.deliver(0.2 + RTT_S / 2)
    wire.client.write(0.2 + RTT_S / 2, 64)
    ((_, packet),) = wire.sent
    assert packet.ack == 64
    assert packet.end - packet.start == 64


def test_end_counts_as_the_last_byte_and_is_sent_once() -> None:
    wire = opened()
    wire.client.write(0.2, 10)
    wire.client.finish(0.2)
    wire.client.finish(0.2)
    assert wire.client.end == 11
    assert wire.deliver(0.2 + RTT_S / 2) == 11


def test_abandoned_end_neither_answers_nor_wakes() -> None:
    wire = opened()
    wire.client.write(0.2, 64)
    wire.client.abort(0.2)
    assert wire.client.next_event_at() == inf
    wire.sent.clear()
    wire.server.write(0.2, 64)
    assert wire.deliver(0.3) == 0
    assert wire.sent == []
