"""Tests of flow keys: equal for both directions, different for different flows."""

import socket
import struct

from hypothesis import given
from hypothesis import strategies as st

from net.link.kernel.ip_flow import TCP, UDP, flow_key

CLIENT, SERVER = "10.77.0.1", "10.77.0.2"
ICMP = 1
ports = st.integers(1, 65535)


def packet(
    source: tuple[str, int],
    destination: tuple[str, int],
    protocol: int = TCP,
    fragment_offset: int = 0,
    options: bytes = b"",
) -> bytes:
    header = struct.pack(
        "!BBHHHBBH4s4s",
        0x40 | (5 + len(options) // 4),
        0,
        40,
        1,
        fragment_offset,
        64,
        protocol,
        0,
        socket.inet_aton(source[0]),
        socket.inet_aton(destination[0]),
    )
    return header + options + struct.pack("!HH", source[1], destination[1]) + bytes(16)


@given(ports, ports, st.sampled_from([TCP, UDP]), st.sampled_from([b"", bytes(4), bytes(40)]))
def test_an_answer_belongs_to_the_flow_of_its_question(
    client_port: int, server_port: int, protocol: int, options: bytes
) -> None:
    client, server = (CLIENT, client_port), (SERVER, server_port)
    question = packet(client, server, protocol, options=options)
    answer = packet(server, client, protocol)
    assert flow_key(question, from_client=True) == flow_key(answer, from_client=False)


def test_ports_and_protocol_tell_flows_apart() -> None:
    server = (SERVER, 7777)
    keys = {
        flow_key(packet((CLIENT, port), server, protocol), from_client=True)
        for port in (1, 2)
        for protocol in (TCP, UDP)
    }
    assert len(keys) == 4


def test_packets_without_ports_are_one_flow() -> None:
    keys = {
        flow_key(packet((CLIENT, port), (SERVER, 0), ICMP), from_client=True) for port in (8, 9)
    }
    assert len(keys) == 1


def test_later_fragments_are_not_read_as_if_they_had_ports() -> None:
    keys = {
        flow_key(packet((CLIENT, noise), (SERVER, noise), UDP, 185), from_client=True)
        for noise in (1, 2)
    }
    assert len(keys) == 1


def test_packets_other_than_ipv4_have_no_flow() -> None:
    others = (b"", b"\x45", bytes(19), bytes([0x60]) + bytes(60))
    keys = {packet: flow_key(packet, from_client=True) for packet in others}
    assert keys == dict.fromkeys(others)
