"""Encrypted connections: nothing can be read, forged or replayed, also over a lossy link."""

from random import Random

import pytest

from net.datagram.client_handshake import ClientHandshake
from net.datagram.reliable import NEVER
from net.datagram.sequence import NUMBER_MASK
from net.datagram.server_endpoint import DatagramEndpoint
from net.datagram.wire_format import ENCRYPTED, FROM_CLIENT, HEADER_BYTES, LATEST, NUMBERED_HEADER
from net.security.aead import TAG_BYTES
from net.transport import LANE_PING, LANE_STATE
from tests.net.datagram.test_connection import ID, Network

UP, DOWN = b"u" * 32, b"d" * 32
SECRET_TEXT = b"what nobody else may read"


def encrypted_network(**conditions):
    """Return a network whose ends both have the keys and encrypt."""
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


def test_an_encrypted_body_cannot_be_read_and_is_longer_by_a_tag():
    network = encrypted_network()
    network.client.latest(SECRET_TEXT)
    datagram = take(network.client)
    assert datagram[0] == FROM_CLIENT | LATEST | ENCRYPTED
    assert SECRET_TEXT not in datagram
    assert len(datagram) == HEADER_BYTES + len(SECRET_TEXT) + TAG_BYTES
    network.deliver(network.server, datagram)
    assert network.server.messages == [SECRET_TEXT]


def test_a_client_encrypts_once_it_has_decrypted_something():
    network = Network()
    network.client.connection.enable_encryption(UP, DOWN)
    network.client.latest(b"early")
    assert not take(network.client)[0] & ENCRYPTED
    network.server.connection.enable_encryption(DOWN, UP)
    network.server.latest(b"welcome")
    network.deliver(network.client, take(network.server))
    network.client.latest(b"later")
    assert take(network.client)[0] & ENCRYPTED


def test_once_encrypted_an_end_drops_plain_datagrams():
    network = encrypted_network()
    for end, side in ((network.server, 0x40), (network.client, 0x80)):
        before = list(end.messages)
        number = network.other(end).connection.datagrams_sent + 1
        header = NUMBERED_HEADER.pack(side | LATEST, ID, number & NUMBER_MASK, 0, 0)
        network.deliver(end, header + b"forged")
        assert end.messages == before
        assert end.connection.invalid == 1


def test_a_forged_close_ends_nothing():
    network = encrypted_network()
    close = NUMBERED_HEADER.pack(0x40 | 0x01, ID, 40, 0, 0) + b"\x00"
    network.deliver(network.server, close)
    encrypted_close = NUMBERED_HEADER.pack(0x40 | 0x01 | ENCRYPTED, ID, 40, 0, 0) + bytes(17)
    network.deliver(network.server, encrypted_close)
    assert not network.server.connection.ended


def test_an_acknowledgement_that_cannot_be_authenticated_is_dropped():
    network = encrypted_network()
    network.server.connection.send_reliable(b"goal", network.now)
    network.server.connection.flush(network.now)
    network.server.connection.outgoing.clear()  # The datagram is lost.
    number = network.server.connection.datagrams_sent
    header = NUMBERED_HEADER.pack(0x40 | ENCRYPTED, ID, 40, number, 0xFFFFFFFF)
    network.deliver(network.server, header + bytes(TAG_BYTES))
    network.run(2.0)
    assert network.client.messages[-1] == b"goal"


@pytest.mark.parametrize("place", [0, 1, 9, 11, 13, HEADER_BYTES, -1])
def test_a_changed_bit_is_detected(place):
    network = encrypted_network()
    before = list(network.server.messages)
    network.client.latest(SECRET_TEXT)
    datagram = bytearray(take(network.client))
    datagram[place] ^= 0x02
    network.deliver(network.server, bytes(datagram))
    assert network.server.messages == before


def test_a_replay_is_dropped_be_it_new_or_old():
    network = encrypted_network()
    network.client.latest(SECRET_TEXT)
    recorded = take(network.client)
    network.deliver(network.server, recorded)
    network.deliver(network.server, recorded)
    assert network.server.messages == [SECRET_TEXT]
    # After 65,535 more datagrams the wrapped number looks new. The nonce is the whole number.
    connection = network.client.connection
    for _ in range(NUMBER_MASK):
        connection.send_latest(b"", LANE_PING)
        network.deliver(network.server, connection.outgoing.pop())
    before = len(network.server.messages)
    network.deliver(network.server, recorded)
    assert len(network.server.messages) == before


def test_no_nonce_is_used_twice_though_the_header_has_only_16_bits():
    network = encrypted_network()
    connection = network.client.connection
    connection.send_latest(SECRET_TEXT, LANE_STATE)
    first = connection.outgoing.pop()
    for _ in range(NUMBER_MASK):
        connection.send_latest(b"", LANE_PING)
    connection.outgoing.clear()
    connection.send_latest(SECRET_TEXT, LANE_STATE)
    second = connection.outgoing.pop()
    assert first[:HEADER_BYTES] == second[:HEADER_BYTES]
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


def test_a_datagram_sent_back_to_its_sender_is_not_decrypted():
    network = encrypted_network()
    network.client.latest(SECRET_TEXT)
    datagram = take(network.client)
    mirrored = bytes([datagram[0] ^ 0xC0]) + datagram[1:]
    before = list(network.client.messages)
    network.deliver(network.client, mirrored)
    assert network.client.messages == before


def test_the_keys_of_another_connection_decrypt_nothing():
    network = encrypted_network()
    other = Network()
    other.server.connection.enable_encryption(DOWN, b"x" * 32)
    network.client.latest(SECRET_TEXT)
    other.deliver(other.server, take(network.client))
    assert other.server.messages == []


@pytest.mark.parametrize("seed", range(5))
def test_encryption_starts_over_a_bad_link_and_every_reliable_message_arrives(seed):
    """Run the session's challenge, proof and welcome while half of the datagrams are lost."""
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


def test_long_messages_and_closes_are_encrypted_too():
    network = encrypted_network()
    network.client.latest(bytes(5000))
    network.reliable(network.client, b"r" * 5000)
    network.run(1.0)
    assert [len(message) for message in network.server.messages] == [5000, 5000]
    network.client.connection.close(network.now)
    assert network.client.connection.outgoing[-1][0] & ENCRYPTED
    network.run(1.0)
    assert network.server.connection.ended
    assert network.server.connection.error is None


def test_an_encrypted_connection_migrates_only_for_an_authentic_datagram():
    endpoint = DatagramEndpoint(Random(1), now=0.0)
    home, cafe, attacker = ("192.0.2.1", 5000), ("198.51.100.9", 6000), ("203.0.113.66", 666)
    client = accepted_client(endpoint, home)
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


def accepted_client(endpoint, address):
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
