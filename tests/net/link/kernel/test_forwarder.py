"""Tests of the forwarder, between two sockets in place of TUN devices."""

import os
import socket
import struct
from collections.abc import Iterator
from math import inf
from time import monotonic

import pytest

from net.link.kernel.forwarder import ETHERNET_HEADER_BYTES, CommandReader, Forwarder
from net.link.loss import PacketDrawStream, flow_seed
from net.link.packet_path import PacketPath
from net.link.profile import Link, LinkProfile

SEED = 7
HALF_LOST = LinkProfile(loss_ratio=0.5)
CLIENT, SERVER = "10.77.0.1", "10.77.0.2"

if not hasattr(os, "sched_setscheduler"):
    pytest.skip("the forwarder is Linux's", allow_module_level=True)


class Devices:
    """The outer ends of two devices whose inner ends a forwarder holds."""

    def __init__(self) -> None:
        self.client, self.client_inside = _device()
        self.server, self.server_inside = _device()

    def forwarder(self, link: Link) -> Forwarder:
        return Forwarder(self.client_inside.fileno(), self.server_inside.fileno(), link, SEED)

    def close(self) -> None:
        for sock in (self.client, self.client_inside, self.server, self.server_inside):
            sock.close()


def _device() -> tuple[socket.socket, socket.socket]:
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for sock in pair:
        sock.setblocking(False)
    return pair


@pytest.fixture
def devices() -> Iterator[Devices]:
    both = Devices()
    yield both
    both.close()


def packet(client_port: int, number: int = 0, to_server: bool = True) -> bytes:
    source, destination = (CLIENT, SERVER) if to_server else (SERVER, CLIENT)
    ports = (client_port, 7777) if to_server else (7777, client_port)
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    header = struct.pack("!BBHHHBBH", 0x45, 0, 30, number, 0, 64, 17, 0) + addresses
    return header + struct.pack("!HHI", *ports, number)


def number_of(received: bytes) -> int:
    return int.from_bytes(received[-4:], "big")


def all_received(sock: socket.socket) -> list[bytes]:
    received = []
    try:
        while True:
            received.append(sock.recv(2048))
    except BlockingIOError:
        return received


def test_packets_pass_both_ways_unchanged(devices: Devices) -> None:
    forwarder = devices.forwarder(Link())
    up, down = packet(1), packet(1, to_server=False)
    devices.client.send(up)
    devices.server.send(down)
    forwarder.forward(0)
    forwarder.forward(1)
    assert forwarder.forward_due() == inf
    assert all_received(devices.server) == [up]
    assert all_received(devices.client) == [down]
    stats = forwarder.stats()
    assert (stats.sent, stats.lost, stats.late.count) == (2, 0, 2)


def test_a_packet_waits_for_its_time(devices: Devices) -> None:
    forwarder = devices.forwarder(Link(up=LinkProfile(delay_s=60.0)))
    devices.client.send(packet(1))
    before = monotonic()
    forwarder.forward(0)
    assert before + 60.0 <= forwarder.forward_due() <= monotonic() + 60.0
    assert all_received(devices.server) == []


def test_each_flow_has_the_losses_of_a_relay_client_of_its_number(devices: Devices) -> None:
    forwarder = devices.forwarder(Link(up=HALF_LOST))
    arrived = []
    for number in range(200):
        for port in (1, 2):
            devices.client.send(packet(port, number))
        forwarder.forward(0)
        forwarder.forward_due()
        arrived += all_received(devices.server)
    for flow, port in enumerate((1, 2)):
        of_flow = [each for each in arrived if each[20:22] == bytes([0, port])]
        assert [number_of(each) for each in of_flow] == expected(flow)


def expected(flow: int) -> list[int]:
    """Return the numbers of the packets of a flow that the model lets through."""
    path = PacketPath(HALF_LOST, PacketDrawStream(flow_seed(SEED, flow), "up"))
    size = len(packet(1)) + ETHERNET_HEADER_BYTES
    return [number for number in range(200) if path.send(0.0, size)]


def test_a_new_link_holds_from_the_next_packet(devices: Devices) -> None:
    forwarder = devices.forwarder(Link())
    devices.client.send(packet(1))
    forwarder.forward(0)
    forwarder.set_link(Link(up=LinkProfile(loss_ratio=1.0)))
    devices.client.send(packet(1, 1))
    forwarder.forward(0)
    forwarder.forward_due()
    assert [number_of(each) for each in all_received(devices.server)] == [0]


def test_packets_other_than_ipv4_are_dropped(devices: Devices) -> None:
    forwarder = devices.forwarder(Link())
    devices.client.send(bytes([0x60]) + bytes(60))
    forwarder.forward(0)
    assert forwarder.forward_due() == inf
    assert all_received(devices.server) == []
    assert forwarder.stats().sent == 0


def test_commands_are_read_as_they_come_in_pieces_or_together() -> None:
    source, sink = os.pipe()
    reader = CommandReader(source)
    try:
        os.write(sink, b'{"first": 1}\n{"second"')
        assert reader.read() == [{"first": 1}]
        os.write(sink, b": 2")
        assert reader.read() == []
        os.write(sink, b'}\n{"third": 3}\n')
        assert reader.read() == [{"second": 2}, {"third": 3}]
    finally:
        os.close(sink)
    assert reader.read() is None
    os.close(source)
