"""The server's endpoint: handshakes, untrusted datagrams, and changes of address."""

from heapq import heappush
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram import server_endpoint
from net.datagram.client_handshake import ClientHandshake
from net.datagram.cookie import SECRET_LIFE_S
from net.datagram.reliable import NEVER
from net.datagram.server_endpoint import DatagramEndpoint
from net.datagram.wire_format import (
    CHALLENGE,
    CHALLENGE_LAYOUT,
    DATAGRAM_LIMIT_BYTES,
    FROM_CLIENT,
    HEADER_BYTES,
    HELLO,
    HELLO_HEADER,
    LATEST,
    NUMBERED_HEADER,
    PATH_CHALLENGE,
    PATH_LAYOUT,
    PATH_RESPONSE,
    RESET,
    RESET_LAYOUT,
    RESPONSE,
    RESPONSE_LAYOUT,
    WIRE_MAGIC,
    WIRE_VERSION,
)
from net.transport import LANE_STATE

HOME, CAFE, ATTACKER = ("192.0.2.1", 5000), ("198.51.100.9", 6000), ("203.0.113.66", 666)
SERVER = ("203.0.113.1", 7777)


class Port:
    """A server's endpoint and its messages; no reply may be longer than what it answers."""

    def __init__(self):
        self.endpoint = DatagramEndpoint(Random(1), now=0.0)
        self.now = 0.0
        self.messages = []

    def arrive(self, datagram, address):
        """Deliver a datagram; return the stateless replies."""
        endpoint = self.endpoint
        connection = endpoint.route(datagram, address, self.now)
        if connection is not None:
            self.messages += connection.receive(datagram, self.now)
        replies = list(endpoint.replies)
        endpoint.replies.clear()
        assert all(to == address for _, to in replies)
        assert sum(len(reply) for reply, _ in replies) <= len(datagram)
        return [reply for reply, _ in replies]

    def admit(self, address=HOME, seed=7):
        """Complete a handshake; return both ends and the response that the client sent."""
        handshake = ClientHandshake(Random(seed), self.now)
        (challenge,) = self.arrive(handshake.outgoing.pop(), address)
        handshake.receive(challenge, SERVER, self.now)
        response = handshake.outgoing.pop()
        (acceptance,) = self.arrive(response, address)
        client = handshake.receive(acceptance, SERVER, self.now)
        (server,) = self.endpoint.accepted
        self.endpoint.accepted.clear()
        return client, server, response


def say(client, message):
    """Have a client send a message; return the datagram."""
    client.send_latest(message, LANE_STATE)
    return client.outgoing.pop()


def test_a_client_gets_in_with_two_round_trips():
    port = Port()
    client, server, _ = port.admit()
    assert server.address == HOME
    assert server.connection_id == client.connection_id
    assert port.arrive(say(client, b"hello"), HOME) == []
    assert port.messages == [b"hello"]
    server.send_latest(b"welcome", LANE_STATE)
    assert list(client.receive(server.outgoing.pop(), now=0.0)) == [b"welcome"]


def test_a_hello_is_answered_statelessly():
    port = Port()
    for seed in range(100):
        hello = ClientHandshake(Random(seed), 0.0).outgoing.pop()
        (challenge,) = port.arrive(hello, (f"spoofed {seed}", seed))
        assert challenge[0] == CHALLENGE
    assert port.endpoint.connections == []
    assert port.endpoint.accepted == []


@pytest.mark.parametrize(
    "hello",
    [
        HELLO_HEADER.pack(HELLO, WIRE_MAGIC, WIRE_VERSION, bytes(8)),
        HELLO_HEADER.pack(HELLO, b"HTTP", WIRE_VERSION, bytes(8)).ljust(DATAGRAM_LIMIT_BYTES),
        HELLO_HEADER.pack(HELLO, WIRE_MAGIC, 99, bytes(8)).ljust(DATAGRAM_LIMIT_BYTES),
    ],
)
def test_a_short_or_foreign_hello_gets_no_answer(hello):
    port = Port()
    assert port.arrive(hello, ATTACKER) == []
    assert port.endpoint.invalid == 1


def test_a_cookie_is_worthless_at_another_address():
    port = Port()
    handshake = ClientHandshake(Random(3), 0.0)
    (challenge,) = port.arrive(handshake.outgoing.pop(), HOME)
    handshake.receive(challenge, SERVER, 0.0)
    response = handshake.outgoing.pop()
    assert port.arrive(response, ATTACKER) == []
    assert port.endpoint.connections == []
    assert port.endpoint.invalid == 1


def test_a_forged_cookie_opens_nothing():
    port = Port()
    forged = RESPONSE_LAYOUT.pack(RESPONSE, bytes(8), bytes(8), bytes(16))
    assert port.arrive(forged, ATTACKER) == []
    assert port.endpoint.connections == []


def test_a_response_that_comes_twice_opens_one_connection():
    port = Port()
    _, server, response = port.admit()
    assert len(port.arrive(response, HOME)) == 1
    assert port.endpoint.connections == [server]
    assert port.endpoint.accepted == []


def test_a_replayed_response_does_not_bring_an_ended_connection_back():
    port = Port()
    _, server, response = port.admit()
    server.abort()
    port.endpoint.remove(server, port.now)
    for age_s in (0.0, SECRET_LIFE_S, 5 * SECRET_LIFE_S):
        port.now = age_s
        assert port.arrive(response, HOME) == []
        assert port.endpoint.connections == []


def test_ids_of_ended_connections_are_forgotten_in_time():
    port = Port()
    for seed in range(50):
        _, server, _ = port.admit(seed=seed)
        port.endpoint.remove(server, port.now)
        port.now += SECRET_LIFE_S
    assert 1 <= port.endpoint.ended_count <= 3


def test_no_connection_is_accepted_once_the_server_closes():
    port = Port()
    port.endpoint.accepting = False
    assert port.arrive(ClientHandshake(Random(1), 0.0).outgoing.pop(), HOME) == []


def test_an_unknown_id_is_answered_with_a_shorter_reset():
    port = Port()
    client, server, _ = port.admit()
    port.endpoint.remove(server, port.now)
    datagram = say(client, b"")
    (reply,) = port.arrive(datagram, HOME)
    assert reply == RESET_LAYOUT.pack(RESET, client.connection_id)
    assert len(reply) < len(datagram) == HEADER_BYTES
    client.receive(reply, now=0.0)
    assert client.ended


def test_a_server_is_never_answered_with_a_reset():
    """Two servers must not send each other resets for ever."""
    port = Port()
    assert port.arrive(RESET_LAYOUT.pack(RESET, bytes(8)), HOME) == []
    assert port.arrive(bytes([0x80]) + bytes(30), HOME) == []


def test_a_connection_survives_a_change_of_address():
    port = Port()
    client, server, _ = port.admit()
    port.arrive(say(client, b"from home"), HOME)
    (challenge,) = port.arrive(say(client, b"from the cafe"), CAFE)
    assert challenge[0] == PATH_CHALLENGE
    # Its messages count at once. The server sends to the old address until the new one is proved.
    assert port.messages == [b"from home", b"from the cafe"]
    assert server.address == HOME
    client.receive(challenge, now=0.0)
    port.arrive(client.outgoing.pop(), CAFE)
    assert server.address == CAFE
    assert port.endpoint.moved == [server]
    assert port.arrive(say(client, b"still here"), CAFE) == []
    assert port.messages[-1] == b"still here"


def test_a_replay_from_elsewhere_moves_nothing_and_gets_nothing():
    port = Port()
    client, server, _ = port.admit()
    datagrams = [say(client, b"%d" % index) for index in range(50)]
    for datagram in datagrams:
        port.arrive(datagram, HOME)
    for datagram in datagrams:
        assert port.arrive(datagram, ATTACKER) == []
    assert server.address == HOME
    assert len(port.messages) == 50
    assert server.duplicate == 50


def test_a_spoofed_path_response_moves_nothing():
    port = Port()
    client, server, _ = port.admit()
    forged = PATH_LAYOUT.pack(PATH_RESPONSE, client.connection_id, bytes(8))
    port.arrive(forged, ATTACKER)
    (challenge,) = port.arrive(say(client, b"from the cafe"), CAFE)
    client.receive(challenge, now=0.0)
    response = client.outgoing.pop()
    port.arrive(response, ATTACKER)
    assert server.address == HOME
    assert port.endpoint.invalid == 2


def test_a_path_response_is_good_for_one_move():
    port = Port()
    client, server, _ = port.admit()

    def migrate(address):
        (challenge,) = port.arrive(say(client, b"here"), address)
        client.receive(challenge, now=0.0)
        response = client.outgoing.pop()
        port.arrive(response, address)
        assert server.address == address
        return response

    to_the_cafe = migrate(CAFE)
    migrate(HOME)
    port.arrive(to_the_cafe, CAFE)
    assert server.address == HOME


def test_a_second_answer_from_the_new_address_is_harmless():
    port = Port()
    client, server, _ = port.admit()
    for _ in range(2):
        (challenge,) = port.arrive(say(client, b"quick"), CAFE)
        client.receive(challenge, now=0.0)
    first, second = client.outgoing
    port.arrive(first, CAFE)
    port.arrive(second, CAFE)
    assert (server.address, server.migrations, port.endpoint.invalid) == (CAFE, 1, 0)


def test_connections_are_woken_when_their_time_comes_and_only_then():
    port = Port()
    first, second = (port.admit(seed=seed)[1] for seed in (1, 2))
    first.deadline, second.deadline = 2.0, 1.0
    for connection in (first, second):
        port.endpoint.schedule(connection)
    assert port.endpoint.deadline == 1.0
    assert port.endpoint.expire(0.5) == []
    assert port.endpoint.expire(1.0) == [second]
    assert port.endpoint.deadline == 2.0
    first.deadline = 1.5
    port.endpoint.schedule(first)
    assert port.endpoint.expire(1.5) == [first]
    # The entry for 2.0 is void: nothing expires twice.
    assert port.endpoint.expire(3.0) == []
    assert port.endpoint.deadline == NEVER


def test_scheduling_a_scheduled_connection_costs_no_heap_operation(monkeypatch):
    pushed = []

    def push(heap, entry):
        pushed.append(entry)
        heappush(heap, entry)

    monkeypatch.setattr(server_endpoint, "heappush", push)
    port = Port()
    _, server, _ = port.admit()
    for number in range(1, 101):
        datagram = NUMBERED_HEADER.pack(FROM_CLIENT | LATEST, server.connection_id, number, 0, 0)
        port.arrive(datagram, HOME)
        port.endpoint.schedule(server)
    assert len(pushed) == 1


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.binary(max_size=60),
                st.binary(min_size=32, max_size=32).map(lambda rest: bytes([RESPONSE]) + rest),
                st.binary(max_size=60).map(lambda rest: b"\x50" + b"ID of 8." + rest),
                st.binary(min_size=16, max_size=16).map(lambda rest: bytes([7]) + rest),
            ),
            st.sampled_from([HOME, CAFE, ATTACKER]),
        ),
        max_size=20,
    )
)
def test_untrusted_datagrams_leave_no_state(arrivals):
    port = Port()
    for datagram, address in arrivals:
        port.arrive(datagram, address)
    assert port.endpoint.connections == []
    assert port.endpoint.accepted == []
    assert port.messages == []
    assert CHALLENGE_LAYOUT.size == RESPONSE_LAYOUT.size == 33
