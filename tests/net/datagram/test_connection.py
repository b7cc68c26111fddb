"""Two connections over a network that loses, duplicates and reorders, in virtual time.

The network counts what it does to each datagram. The counters of the connections are compared with
its counts.
"""

from heapq import heappop, heappush
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from net.datagram.connection import (
    ACK_AFTER_DATAGRAMS,
    CLOSE_ATTEMPTS,
    CLOSE_INTERVAL_S,
    FLUSH_TIMEOUT_S,
    LATEST_ACK_DELAY_S,
    RELIABLE_ACK_DELAY_S,
    UNACKNOWLEDGED_TIMEOUT_S,
    DatagramConnection,
)
from net.datagram.reliable import NEVER
from net.datagram.wire_format import (
    ACKNOWLEDGE,
    BODY_LIMIT_BYTES,
    CLOSE,
    DATAGRAM_LIMIT_BYTES,
    FRAGMENT,
    FRAGMENT_HEADER,
    FROM_CLIENT,
    FROM_SERVER,
    HEADER_BYTES,
    LATEST,
    NUMBERED_HEADER,
    PATH_CHALLENGE,
    PATH_LAYOUT,
    PATH_RESPONSE,
    RELIABLE,
    RESET,
    RESET_LAYOUT,
    SEGMENT_HEADER,
)
from net.errors import PeerReset, PeerTimeout, ProtocolError, SendQueueOverflow
from net.transport import LANE_EVENT, LANE_PING, LANE_STATE, MESSAGE_LIMIT_BYTES
from tests.examples import scaled

ID = b"\x01\x02\x03\x04\x05\x06\x07\x08"


class End:
    """One connection, its messages, and the counts of what the network did to datagrams to it."""

    def __init__(self, is_server):
        self.connection = DatagramConnection(ID, (), is_server=is_server)
        self.messages = []
        self.dropped = self.doubled = 0

    def latest(self, message, lane=LANE_STATE):
        self.connection.send_latest(message, lane)


class Network:
    """A client, a server, and a link between them."""

    def __init__(self, seed=1, loss=0.0, doubling=0.0, delay_s=0.02, jitter_s=0.0):
        self.client, self.server = End(is_server=False), End(is_server=True)
        self.loss, self.doubling = loss, doubling
        self.delay_s, self.jitter_s = delay_s, jitter_s
        self.now = 0.0
        self._rng = Random(seed)
        self._flying = []
        self._count = 0

    def other(self, end):
        return self.server if end is self.client else self.client

    def reliable(self, end, message):
        end.connection.send_reliable(message, self.now)
        end.connection.flush(self.now)

    def put_out(self):
        """Put the outgoing datagrams of both ends on the link."""
        for end in (self.client, self.server):
            for datagram in end.connection.outgoing:
                assert len(datagram) <= DATAGRAM_LIMIT_BYTES
                self._carry(datagram, self.other(end))
            end.connection.outgoing.clear()

    def run(self, duration_s):
        """Advance virtual time."""
        until = self.now + duration_s
        while True:
            self.put_out()
            arrival = self._flying[0][0] if self._flying else NEVER
            deadlines = [end.connection.deadline for end in (self.client, self.server)]
            following = min(arrival, *deadlines)
            if following > until:
                self.now = until
                return
            self.now = max(self.now, following)
            if following == arrival:
                _, _, end, datagram = heappop(self._flying)
                self.deliver(end, datagram)
            for end, deadline in zip((self.client, self.server), deadlines, strict=True):
                if deadline <= self.now:
                    end.connection.on_timer(self.now)

    def deliver(self, end, datagram):
        end.messages += end.connection.receive(datagram, self.now)
        if end.connection.wants_flush:
            end.connection.flush(self.now)

    def _carry(self, datagram, end):
        if self._rng.random() < self.loss:
            end.dropped += 1
            return
        copies = 2 if self._rng.random() < self.doubling else 1
        end.doubled += copies - 1
        for _ in range(copies):
            self._count += 1
            at = self.now + self.delay_s + self._rng.random() * self.jitter_s
            heappush(self._flying, (at, self._count, end, datagram))


def kinds(connection):
    """Remove the outgoing datagrams; return their kinds."""
    found = [datagram[0] & 0x3F for datagram in connection.outgoing]
    connection.outgoing.clear()
    return found


def test_the_header_is_what_the_table_says():
    network = Network()
    network.server.latest(b"state", LANE_PING)
    (datagram,) = network.server.connection.outgoing
    assert datagram == (
        bytes([0x80 + 0x10 + 1])
        + ID
        + b"\x00\x01"  # the first number
        + b"\x00\x00"  # nothing has arrived
        + b"\xff\xff\xff\xff"
        + b"state"
    )


def test_a_latest_message_is_one_datagram_and_arrives():
    network = Network()
    network.client.latest(b"")
    network.client.latest(b"x" * BODY_LIMIT_BYTES)
    assert kinds(network.client.connection) == [LATEST, LATEST]
    network.client.latest(b"input", LANE_EVENT)
    network.run(1.0)
    assert network.server.messages == [b"input"]


def test_a_late_message_is_stale_only_in_its_own_lane():
    network = Network()
    for message, lane in ((b"s1", LANE_STATE), (b"p1", LANE_PING), (b"s2", LANE_STATE)):
        network.client.latest(message, lane)
    first, second, third = network.client.connection.outgoing
    for datagram in (third, second, first):
        network.deliver(network.server, datagram)
    assert network.server.messages == [b"s2", b"p1"]
    server = network.server.connection
    assert (server.stale, server.duplicate, server.lost) == (1, 0, 0)


def test_a_second_copy_is_a_duplicate():
    network = Network(doubling=1.0)
    network.client.latest(b"once")
    network.reliable(network.client, b"and only once")
    network.run(0.5)
    assert network.server.messages == [b"once", b"and only once"]
    assert network.server.connection.duplicate == network.server.doubled > 0


def test_each_lost_datagram_is_counted_once_when_a_later_one_comes():
    network = Network()
    for index in range(10):
        network.client.latest(b"%d" % index)
    for index in (0, 4, 5, 9):
        network.deliver(network.server, network.client.connection.outgoing[index])
    assert network.server.connection.lost == 6
    network.deliver(network.server, network.client.connection.outgoing[7])
    assert network.server.connection.lost == 5
    assert network.server.connection.stale == 1


def test_datagrams_that_the_peer_never_confirms_are_unacknowledged():
    network = Network()
    for index in range(50):
        network.client.latest(b"%d" % index)
        if index % 2:
            network.deliver(network.server, network.client.connection.outgoing[index])
        network.server.latest(b"ack")
        network.deliver(network.client, network.server.connection.outgoing[-1])
    # Of the 50, the last 33 may still be acknowledged.
    assert network.client.connection.unacknowledged == 9


@pytest.mark.parametrize("size", [BODY_LIMIT_BYTES + 1, 10_000, MESSAGE_LIMIT_BYTES])
def test_a_latest_message_over_one_datagram_arrives_whole(size):
    network = Network(jitter_s=0.01)
    message = Random(size).randbytes(size)
    network.client.latest(message)
    network.run(1.0)
    assert network.server.messages == [message]
    assert network.server.connection.lost == 0


def test_a_latest_message_is_lost_whole_with_one_of_its_fragments():
    network = Network()
    network.client.latest(bytes(5000))
    network.client.latest(b"next" * 1000)
    datagrams = network.client.connection.outgoing
    for datagram in datagrams[:2] + datagrams[3:]:
        network.deliver(network.server, datagram)
    assert network.server.messages == [b"next" * 1000]
    assert network.server.connection.lost == 1
    network.deliver(network.server, datagrams[2])
    assert network.server.messages == [b"next" * 1000]
    assert (network.server.connection.stale, network.server.connection.lost) == (1, 0)


def test_reliable_acknowledgements_ride_on_an_answer():
    network = Network()
    network.reliable(network.client, b"question")
    (question,) = network.client.connection.outgoing
    network.client.connection.outgoing.clear()
    messages = network.server.connection.receive(question, now=0.0)
    assert list(messages) == [b"question"]
    network.reliable(network.server, b"answer")
    assert kinds(network.server.connection) == [RELIABLE]
    network.server.connection.on_timer(now=RELIABLE_ACK_DELAY_S)
    assert kinds(network.server.connection) == []


@pytest.mark.parametrize(
    ("send", "delay_s"),
    [
        (lambda network: network.reliable(network.client, b"?"), RELIABLE_ACK_DELAY_S),
        (lambda network: network.client.latest(b"?"), LATEST_ACK_DELAY_S),
    ],
)
def test_without_an_answer_an_acknowledgement_goes_alone_and_a_little_later(send, delay_s):
    network = Network()
    send(network)
    (datagram,) = network.client.connection.outgoing
    network.deliver(network.server, datagram)
    server = network.server.connection
    assert server.deadline == pytest.approx(delay_s)
    server.on_timer(now=server.deadline)
    assert kinds(server) == [ACKNOWLEDGE]
    assert server.deadline == NEVER


def test_many_datagrams_are_acknowledged_at_once():
    network = Network()
    for index in range(ACK_AFTER_DATAGRAMS):
        network.client.latest(b"%d" % index)
        network.deliver(network.server, network.client.connection.outgoing[index])
    assert kinds(network.server.connection) == [ACKNOWLEDGE]


def test_acknowledgements_are_not_acknowledged_for_ever():
    network = Network()
    network.client.latest(b"the only message")
    network.run(60.0)
    assert network.client.connection.datagrams_sent == 1
    assert network.server.connection.datagrams_sent == 1
    assert network.client.connection.deadline == network.server.connection.deadline == NEVER


def test_a_burst_of_small_reliable_messages_arrives():
    network = Network(delay_s=0.001)
    burst = [b"event %d" % index for index in range(10_000)]
    for message in burst:
        network.reliable(network.client, message)
    network.run(5.0)
    assert network.server.messages == burst
    assert network.client.connection.retransmitted == 0
    assert network.client.connection.datagrams_sent < 500


@pytest.mark.parametrize("loss", [0.05, 0.3])
def test_reliable_messages_survive_loss(loss):
    network = Network(seed=3, loss=loss, jitter_s=0.02)
    sent = [Random(index).randbytes(index * 20) for index in range(100)]
    for message in sent:
        network.reliable(network.client, message)
    network.run(60.0)
    assert network.server.messages == sent
    assert network.client.connection.retransmitted > 0


def test_a_lost_reliable_message_is_resent_within_a_round_trip_or_two():
    network = Network(delay_s=0.025)
    for _ in range(10):
        network.reliable(network.client, b"measure")
        network.run(0.1)
    network.loss = 1.0
    network.reliable(network.client, b"goal!")
    network.put_out()
    network.loss = 0.0
    network.run(0.15)
    assert network.server.messages[-1] == b"goal!"


def test_a_peer_that_confirms_nothing_has_vanished():
    network = Network(loss=1.0)
    network.run(30.0)
    network.reliable(network.client, b"anybody there?")
    network.run(UNACKNOWLEDGED_TIMEOUT_S - 1.0)
    assert not network.client.connection.ended
    network.run(2.0)
    assert network.client.connection.ended
    assert isinstance(network.client.connection.error, PeerTimeout)


def test_a_network_gone_for_nine_seconds_is_survived():
    network = Network()
    network.reliable(network.client, b"before")
    network.run(1.0)
    network.loss = 1.0
    network.reliable(network.client, b"meanwhile")
    network.run(9.0)
    network.loss = 0.0
    network.run(1.1)
    assert network.server.messages == [b"before", b"meanwhile"]


def test_a_connection_at_rest_is_never_given_up():
    network = Network()
    network.reliable(network.client, b"hello")
    network.run(3600.0)
    assert not network.client.connection.ended
    assert not network.server.connection.ended


def test_too_many_reliable_messages_end_the_connection_and_tell_the_peer():
    network = Network()
    for _ in range(40):
        network.client.connection.send_reliable(bytes(MESSAGE_LIMIT_BYTES), now=0.0)
    assert isinstance(network.client.connection.error, SendQueueOverflow)
    network.run(1.0)
    assert isinstance(network.server.connection.error, PeerReset)


def test_a_close_ends_both_ends_without_an_error():
    network = Network()
    network.client.connection.close(network.now)
    network.run(1.0)
    for end in (network.client, network.server):
        assert end.connection.ended
        assert end.connection.error is None
    assert network.client.connection.datagrams_sent == 1


def test_reliable_messages_arrive_before_the_close():
    network = Network(seed=5, loss=0.1)
    for index in range(20):
        network.reliable(network.client, b"%d" % index)
    network.client.connection.close(network.now)
    network.reliable(network.client, b"too late")
    network.client.latest(b"too late")
    network.run(2.0)
    assert network.server.messages == [b"%d" % index for index in range(20)]
    assert network.server.connection.ended


def test_both_may_close_at_once():
    network = Network()
    network.client.connection.close(network.now)
    network.server.connection.close(network.now)
    network.run(1.0)
    assert network.client.connection.ended
    assert network.server.connection.ended
    assert network.client.connection.error is network.server.connection.error is None


def test_a_close_without_an_answer_is_repeated_and_then_the_connection_ends():
    network = Network(loss=1.0)
    network.client.connection.close(network.now)
    network.run((CLOSE_ATTEMPTS - 1) * CLOSE_INTERVAL_S)
    assert not network.client.connection.ended
    network.run(CLOSE_INTERVAL_S)
    assert network.client.connection.ended
    assert network.client.connection.datagrams_sent == CLOSE_ATTEMPTS


def test_closing_waits_only_a_moment_for_reliable_messages():
    network = Network(loss=1.0)
    network.reliable(network.client, b"never acknowledged")
    network.client.connection.close(network.now)
    network.run(FLUSH_TIMEOUT_S + CLOSE_ATTEMPTS * CLOSE_INTERVAL_S + 0.01)
    assert network.client.connection.ended


def test_an_abort_resets_the_peer():
    network = Network()
    network.client.connection.abort()
    assert network.client.connection.ended
    network.run(1.0)
    assert isinstance(network.server.connection.error, PeerReset)


def test_nothing_is_delivered_or_sent_after_the_end():
    network = Network()
    network.client.latest(b"late")
    (datagram,) = network.client.connection.outgoing
    server = network.server.connection
    server.abort()
    server.outgoing.clear()
    assert list(server.receive(datagram, now=0.0)) == []
    server.send_latest(b"x", LANE_STATE)
    server.send_reliable(b"x", now=0.0)
    server.flush(now=0.0)
    server.on_timer(now=100.0)
    assert server.outgoing == []
    assert server.deadline == NEVER


def test_a_client_that_the_server_does_not_know_any_more_has_ended():
    client = Network().client.connection
    client.receive(RESET_LAYOUT.pack(RESET, b"another."), now=0.0)
    assert not client.ended
    client.receive(RESET_LAYOUT.pack(RESET, ID), now=0.0)
    assert isinstance(client.error, PeerReset)


def test_a_client_answers_the_challenge_of_its_new_address():
    client = Network().client.connection
    client.receive(PATH_LAYOUT.pack(PATH_CHALLENGE, ID, b"token..."), now=0.0)
    assert client.outgoing == [PATH_LAYOUT.pack(PATH_RESPONSE, ID, b"token...")]


def numbered(kind, body=b"", number=1, ack=0, connection_id=ID):
    return NUMBERED_HEADER.pack(kind, connection_id, number, ack, 0) + body


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x50",
        numbered(FROM_CLIENT | LATEST)[:-1],
        numbered(FROM_SERVER | LATEST, b"thrown back"),
        numbered(FROM_CLIENT | LATEST, connection_id=b"another."),
        numbered(FROM_CLIENT | LATEST + 3, b"no such lane"),
        numbered(FROM_CLIENT | 0x3F),
        numbered(FROM_CLIENT | ACKNOWLEDGE, b"with a body"),
        numbered(FROM_CLIENT | LATEST, b"acknowledges what was never sent", ack=1),
        numbered(FROM_CLIENT | LATEST, bytes(DATAGRAM_LIMIT_BYTES)),
        numbered(FROM_CLIENT | CLOSE),
        numbered(FROM_CLIENT | CLOSE, b"\x07"),
        numbered(FROM_CLIENT | RELIABLE),
        numbered(FROM_CLIENT | FRAGMENT, b"\x00"),
        numbered(FROM_CLIENT | FRAGMENT, FRAGMENT_HEADER.pack(2, 2)),
        numbered(FROM_CLIENT | FRAGMENT, FRAGMENT_HEADER.pack(0, 255)),
    ],
)
def test_a_datagram_that_breaks_the_format_is_counted_and_changes_nothing(datagram):
    network = Network()
    server = network.server.connection
    assert list(server.receive(datagram, now=0.0)) == []
    assert (server.invalid, server.lost, server.received) == (1, 0, 0)
    assert not server.ended
    assert list(server.receive(numbered(FROM_CLIENT | LATEST, b"good"), now=0.0)) == [b"good"]


def test_a_reliable_message_over_the_limit_ends_the_connection():
    server = Network().server.connection
    more_follow = 0x8000 | 1100
    number = 0
    while not server.ended:
        segment = SEGMENT_HEADER.pack(number, more_follow) + bytes(1100)
        server.receive(numbered(FROM_CLIENT | RELIABLE, segment, number=number + 1), now=0.0)
        number += 1
    assert isinstance(server.error, ProtocolError)
    assert number == MESSAGE_LIMIT_BYTES // 1100 + 1


def test_replays_and_reordering_by_a_thousand_change_nothing():
    network = Network()
    rng = Random(7)
    sent = []
    for index in range(1000):
        if index % 2:
            network.client.latest(b"%d" % index)
        else:
            sent.append(b"%d" % index)
            network.client.connection.send_reliable(sent[-1], network.now)
    # The peer acknowledges nothing, so only a congestion window is sent at once.
    client = network.client.connection
    client.flush(network.now)
    datagrams = list(client.outgoing)
    client.outgoing.clear()
    replayed = datagrams + datagrams
    rng.shuffle(replayed)
    for datagram in replayed:
        network.deliver(network.server, datagram)
    server = network.server.connection
    assert server.lost == 0
    assert server.duplicate == len(datagrams)
    network.run(5.0)
    before = list(network.server.messages)
    assert [message for message in before if int(message) % 2 == 0] == sent
    states = [int(message) for message in before if int(message) % 2]
    assert states == sorted(set(states))
    for datagram in replayed:
        network.deliver(network.server, datagram)
    assert network.server.messages == before


class TransportTraffic:
    """Messages of both deliveries in both directions, checked against their guarantees."""

    def __init__(self, network, rng):
        self.network, self.rng = network, rng
        self.reliable = {network.client: [], network.server: []}
        self.count = 0

    def send_something(self):
        network = self.network
        end = self.rng.choice((network.client, network.server))
        self.count += 1
        size = self.rng.choice((0, 20, 300, 1167, 3000))
        kind = self.rng.choice("RL")
        lane = self.rng.choice((LANE_STATE, LANE_PING, LANE_EVENT))
        message = b"%b %d %d " % (kind.encode(), lane, self.count) + bytes(size)
        if kind == "R":
            self.reliable[end].append(message)
            network.reliable(end, message)
        else:
            end.latest(message, lane)

    def check(self):
        for end, sent in self.reliable.items():
            received = self.network.other(end).messages
            assert [message for message in received if message[:1] == b"R"] == sent
            for lane in (b"0", b"1", b"2"):
                order = [int(m.split()[2]) for m in received if m[:3] == b"L " + lane]
                assert order == sorted(set(order))


@settings(max_examples=scaled(60))
@given(
    seed=st.integers(0, 2**32),
    loss=st.sampled_from([0.0, 0.05, 0.3]),
    doubling=st.sampled_from([0.0, 0.2]),
    jitter_s=st.sampled_from([0.0, 0.05, 0.3]),
)
def test_every_datagram_is_accounted_for(seed, loss, doubling, jitter_s):
    """Check the order and completeness of messages, and the counters against the network's."""
    network = Network(seed, loss, doubling, jitter_s=jitter_s)
    traffic = TransportTraffic(network, Random(seed))
    for _ in range(100):
        traffic.send_something()
        network.run(0.01)
    # All that is in flight arrives. One more each way makes the last losses visible as gaps.
    network.loss = network.doubling = 0.0
    network.run(20.0)
    network.client.latest(b"L 0 999999 ")
    network.server.latest(b"L 0 999999 ")
    network.run(1.0)
    traffic.check()
    for end in (network.client, network.server):
        connection = end.connection
        assert not connection.ended
        assert connection.lost == end.dropped
        assert connection.duplicate == end.doubled
        assert connection.invalid == 0
        sent = network.other(end).connection.datagrams_sent
        assert connection.datagrams_received == sent - end.dropped + end.doubled
        assert connection.received == len(end.messages)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=20), st.booleans())
def test_garbage_never_raises(bodies, with_header):
    server = Network().server.connection
    for number, body in enumerate(bodies, 1):
        kind = FROM_CLIENT | (body[0] & 0x3F if body else 0)
        datagram = numbered(kind, body[1:], number=number) if with_header else body
        server.receive(datagram, now=0.0)
        server.flush(now=0.0)
    assert HEADER_BYTES == 17
    assert server.datagrams_received == len(bodies)
