"""Sealed connections: nothing can be read, forged or replayed, and loss changes none of it."""

from random import Random

import pytest

from net.datagram.client_handshake import ClientHandshake
from net.datagram.endpoint import DatagramEndpoint
from net.datagram.reliable import NEVER
from net.datagram.sequence import NUMBER_MASK
from net.datagram.wire_format import ENCRYPTED, FROM_CLIENT, HEADER_BYTES, LATEST, NUMBERED_HEADER
from net.security.aead import TAG_BYTES
from net.transport import LANE_PING, LANE_STATE
from tests.net.datagram.test_connection import ID, Network

UP, DOWN = b"u" * 32, b"d" * 32
WORD = b"what nobody else may read"


def sealed_network(**conditions):
    """Both ends have the keys, and have heard each other."""
    network = Network(**conditions)
    network.client.connection.enable_encryption(UP, DOWN)
    network.server.connection.enable_encryption(DOWN, UP)
    network.reliable(network.server, b"welcome")
    network.run(1.0)
    return network


def take(end):
    (datagram,) = end.connection.outgoing
    end.connection.outgoing.clear()
    return datagram


def test_what_is_sealed_cannot_be_read_and_costs_a_tag():
    network = sealed_network()
    network.client.latest(WORD)
    datagram = take(network.client)
    assert datagram[0] == FROM_CLIENT | LATEST | ENCRYPTED
    assert WORD not in datagram
    assert len(datagram) == HEADER_BYTES + len(WORD) + TAG_BYTES
    network.deliver(network.server, datagram)
    assert network.server.messages == [WORD]


def test_a_client_seals_when_it_has_opened_something_and_not_before():
    network = Network()
    network.client.connection.enable_encryption(UP, DOWN)
    network.client.latest(b"early")
    assert not take(network.client)[0] & ENCRYPTED
    network.server.connection.enable_encryption(DOWN, UP)
    network.server.latest(b"welcome")
    network.deliver(network.client, take(network.server))
    network.client.latest(b"later")
    assert take(network.client)[0] & ENCRYPTED


def test_once_sealed_an_end_hears_nothing_in_the_open():
    network = sealed_network()
    for end, side in ((network.server, 0x40), (network.client, 0x80)):
        before = list(end.messages)
        number = network.other(end).connection.datagrams_sent + 1
        header = NUMBERED_HEADER.pack(side | LATEST, ID, number & NUMBER_MASK, 0, 0)
        network.deliver(end, header + b"forged")
        assert end.messages == before
        assert end.connection.invalid == 1


def test_a_forged_goodbye_ends_nothing():
    network = sealed_network()
    goodbye = NUMBERED_HEADER.pack(0x40 | 0x01, ID, 40, 0, 0) + b"\x00"
    network.deliver(network.server, goodbye)
    sealed_goodbye = NUMBERED_HEADER.pack(0x40 | 0x01 | ENCRYPTED, ID, 40, 0, 0) + bytes(17)
    network.deliver(network.server, sealed_goodbye)
    assert not network.server.connection.ended


def test_no_acknowledgement_is_believed_that_was_not_sealed():
    network = sealed_network()
    network.server.connection.send_reliable(b"goal", network.now)
    network.server.connection.flush(network.now)
    network.server.connection.outgoing.clear()  # It was lost.
    number = network.server.connection.datagrams_sent
    header = NUMBERED_HEADER.pack(0x40 | ENCRYPTED, ID, 40, number, 0xFFFFFFFF)
    network.deliver(network.server, header + bytes(TAG_BYTES))
    network.run(2.0)
    assert network.client.messages[-1] == b"goal"


@pytest.mark.parametrize("place", [0, 1, 9, 11, 13, HEADER_BYTES, -1])
def test_a_bit_changed_on_the_way_is_noticed(place):
    network = sealed_network()
    before = list(network.server.messages)
    network.client.latest(WORD)
    datagram = bytearray(take(network.client))
    datagram[place] ^= 0x02
    network.deliver(network.server, bytes(datagram))
    assert network.server.messages == before


def test_a_replay_is_dropped_be_it_new_or_old():
    network = sealed_network()
    network.client.latest(WORD)
    recorded = take(network.client)
    network.deliver(network.server, recorded)
    network.deliver(network.server, recorded)
    assert network.server.messages == [WORD]
    # So much later that the number has wrapped and looks new: the nonce is the whole number.
    connection = network.client.connection
    for _ in range(NUMBER_MASK):
        connection.send_latest(b"", LANE_PING)
        network.deliver(network.server, connection.outgoing.pop())
    before = len(network.server.messages)
    network.deliver(network.server, recorded)
    assert len(network.server.messages) == before


def test_no_number_seals_twice_though_the_wire_shows_only_16_bits():
    network = sealed_network()
    connection = network.client.connection
    connection.send_latest(WORD, LANE_STATE)
    first = connection.outgoing.pop()
    for _ in range(NUMBER_MASK):
        connection.send_latest(b"", LANE_PING)
    connection.outgoing.clear()
    connection.send_latest(WORD, LANE_STATE)
    second = connection.outgoing.pop()
    assert first[:HEADER_BYTES] == second[:HEADER_BYTES]
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


def test_what_one_end_sealed_thrown_back_at_it_opens_nothing():
    network = sealed_network()
    network.client.latest(WORD)
    datagram = take(network.client)
    mirrored = bytes([datagram[0] ^ 0xC0]) + datagram[1:]
    before = list(network.client.messages)
    network.deliver(network.client, mirrored)
    assert network.client.messages == before


def test_another_conversations_keys_open_nothing():
    network = sealed_network()
    other = Network()
    other.server.connection.enable_encryption(DOWN, b"x" * 32)
    network.client.latest(WORD)
    other.deliver(other.server, take(network.client))
    assert other.server.messages == []


@pytest.mark.parametrize("seed", range(5))
def test_keys_change_hands_over_a_bad_link_and_every_reliable_message_arrives(seed):
    """Challenge, proof and welcome as the session says them, half of the datagrams lost."""
    network = Network(seed=seed, loss=0.5, doubling=0.2, jitter_s=0.05)
    network.reliable(network.server, b"challenge")
    network.run(3.0)
    network.reliable(network.client, b"proof")
    network.client.connection.enable_encryption(UP, DOWN)
    for _ in range(1000):
        if b"proof" in network.server.messages:
            break
        network.run(0.01)
    network.server.connection.enable_encryption(DOWN, UP)
    network.reliable(network.server, b"welcome")
    for count in range(20):
        network.reliable(network.server, b"event %d" % count)
        network.reliable(network.client, b"request %d" % count)
        network.run(0.05)
    network.run(8.0)
    assert network.client.messages == [
        b"challenge",
        b"welcome",
        *(b"event %d" % n for n in range(20)),
    ]
    assert network.server.messages == [b"proof", *(b"request %d" % n for n in range(20))]


def test_long_messages_and_goodbyes_are_sealed_too():
    network = sealed_network()
    network.client.latest(bytes(5000))
    network.reliable(network.client, b"r" * 5000)
    network.run(1.0)
    assert [len(message) for message in network.server.messages] == [5000, 5000]
    network.client.connection.close(network.now)
    assert network.client.connection.outgoing[-1][0] & ENCRYPTED
    network.run(1.0)
    assert network.server.connection.ended
    assert network.server.connection.error is None


def test_a_sealed_connection_moves_only_for_what_its_peer_has_sealed():
    endpoint = DatagramEndpoint(Random(1), now=0.0)
    home, cafe, attacker = ("192.0.2.1", 5000), ("198.51.100.9", 6000), ("203.0.113.66", 666)
    client = prompt_until_accepted(endpoint, home)
    (server,) = endpoint.connections
    server.enable_encryption(DOWN, UP)
    client.enable_encryption(UP, DOWN)
    server.send_latest(b"welcome", LANE_STATE)
    client.receive(server.outgoing.pop(), 0.0)
    forged = NUMBERED_HEADER.pack(0x40 | LATEST | ENCRYPTED, server.connection_id, 9, 0, 0)
    endpoint.route(forged + bytes(30), attacker, 0.0)
    assert endpoint.replies == []
    client.send_latest(b"from the cafe", LANE_STATE)
    endpoint.route(client.outgoing.pop(), cafe, 0.0)
    assert [to for _, to in endpoint.replies] == [cafe]


def prompt_until_accepted(endpoint, address):
    """Return a client's end of a connection that the endpoint has accepted."""
    handshake = ClientHandshake(Random(7), 0.0)
    connection = None
    for _ in range(2):
        endpoint.route(handshake.outgoing.pop(), address, 0.0)
        reply, _ = endpoint.replies.pop()
        connection = handshake.receive(reply, address, 0.0)
    assert connection is not None
    assert handshake.deadline < NEVER
    return connection
