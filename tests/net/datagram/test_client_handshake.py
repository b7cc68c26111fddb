"""The client's half of the handshake, and the server's cookies."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram.client_handshake import (
    HELLO_BACKOFF,
    HELLO_INTERVAL_MAX_S,
    HELLO_INTERVAL_S,
    RESPONSE_ATTEMPTS,
    ClientHandshake,
)
from net.datagram.cookie import SECRET_LIFE_S, CookieGenerator
from net.datagram.wire_format import (
    ACCEPT,
    ACCEPT_LAYOUT,
    CHALLENGE,
    CHALLENGE_LAYOUT,
    CLOSE,
    DATAGRAM_LIMIT_BYTES,
    FROM_SERVER,
    HELLO,
    HELLO_HEADER,
    LATEST,
    NUMBERED_HEADER,
    RESPONSE,
    RESPONSE_LAYOUT,
)

ID, COOKIE, SERVER = b"8 bytes.", b"sixteen bytes...", ("server", 7777)


def begin():
    """Return a handshake and the nonce of its hello."""
    handshake = ClientHandshake(Random(1), now=0.0)
    (hello,) = handshake.outgoing
    handshake.outgoing.clear()
    return handshake, HELLO_HEADER.unpack_from(hello)[3]


def challenged():
    """Return a handshake that has answered its challenge."""
    handshake, nonce = begin()
    challenge = CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, ID, COOKIE)
    assert handshake.receive(challenge, SERVER, now=0.1) is None
    return handshake, nonce


def test_the_hello_is_as_long_as_a_datagram_may_be():
    (hello,) = ClientHandshake(Random(1), now=0.0).outgoing
    assert len(hello) == DATAGRAM_LIMIT_BYTES
    assert hello[:6] == bytes([HELLO]) + b"JITR\x01"


def test_two_clients_have_different_nonces():
    nonces = {ClientHandshake(Random(seed), now=0.0).outgoing[0][6:14] for seed in range(100)}
    assert len(nonces) == 100


def test_a_challenge_is_answered_with_its_cookie():
    handshake, nonce = challenged()
    assert handshake.outgoing == [RESPONSE_LAYOUT.pack(RESPONSE, nonce, ID, COOKIE)]


def test_the_acceptance_makes_the_connection():
    handshake, _ = challenged()
    connection = handshake.receive(ACCEPT_LAYOUT.pack(ACCEPT, ID), SERVER, now=0.2)
    assert connection is not None
    assert (connection.connection_id, connection.address) == (ID, SERVER)


def test_a_numbered_datagram_that_overtook_the_acceptance_makes_it_too():
    handshake, _ = challenged()
    overtaking = NUMBERED_HEADER.pack(FROM_SERVER | LATEST, ID, 1, 0, 0) + b"state"
    connection = handshake.receive(overtaking, SERVER, now=0.2)
    assert connection is not None
    assert list(connection.receive(overtaking, now=0.2)) == [b"state"]


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        ACCEPT_LAYOUT.pack(ACCEPT, b"another."),
        ACCEPT_LAYOUT.pack(ACCEPT, ID) + b"?",
        NUMBERED_HEADER.pack(FROM_SERVER | LATEST, b"another.", 1, 0, 0),
    ],
)
def test_a_datagram_of_another_connection_is_counted_and_changes_nothing(datagram):
    handshake, _ = challenged()
    assert handshake.receive(datagram, SERVER, now=0.2) is None
    assert handshake.invalid == 1
    assert handshake.receive(ACCEPT_LAYOUT.pack(ACCEPT, ID), SERVER, now=0.2) is not None


@given(st.lists(st.binary(max_size=60) | st.binary(max_size=40).map(b"\x02".__add__)))
def test_garbage_makes_no_connection_and_does_not_stand_in_the_way_of_one(datagrams):
    handshake, _ = challenged()
    assert all(handshake.receive(each, SERVER, now=0.2) is None for each in datagrams)
    assert handshake.receive(ACCEPT_LAYOUT.pack(ACCEPT, ID), SERVER, now=0.2) is not None


def test_an_acceptance_before_the_challenge_is_nothing():
    handshake, _ = begin()
    assert handshake.receive(ACCEPT_LAYOUT.pack(ACCEPT, b""), SERVER, now=0.1) is None
    assert handshake.invalid == 1


@pytest.mark.parametrize("datagram", [bytes([CHALLENGE]), bytes([CHALLENGE]) + bytes(32)])
def test_a_challenge_for_another_nonce_is_not_answered(datagram):
    handshake, _ = begin()
    handshake.receive(datagram, SERVER, now=0.1)
    assert handshake.outgoing == []


def test_the_first_challenge_counts():
    handshake, nonce = challenged()
    handshake.outgoing.clear()
    second = CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, b"another.", COOKIE)
    handshake.receive(second, SERVER, now=0.2)
    assert handshake.outgoing == []
    assert handshake.receive(ACCEPT_LAYOUT.pack(ACCEPT, ID), SERVER, now=0.2) is not None


def test_without_an_answer_it_is_asked_again_ever_more_slowly():
    handshake, _ = begin()
    waits, now = [], 0.0
    for _ in range(6):
        waits.append(handshake.deadline - now)
        now = handshake.deadline
        handshake.on_timer(now)
        assert handshake.outgoing.pop()[:1] == bytes([HELLO])
    assert waits[:3] == pytest.approx([HELLO_INTERVAL_S * HELLO_BACKOFF**n for n in range(3)])
    assert waits[-1] == pytest.approx(HELLO_INTERVAL_MAX_S)


def test_over_a_long_way_the_answer_to_the_first_hello_will_do():
    handshake, nonce = begin()
    handshake.on_timer(handshake.deadline)
    handshake.outgoing.clear()
    challenge = CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, ID, COOKIE)
    assert handshake.receive(challenge, SERVER, now=0.6) is None
    (response,) = handshake.outgoing
    assert response == RESPONSE_LAYOUT.pack(RESPONSE, nonce, ID, COOKIE)


def test_a_response_that_is_never_accepted_leads_back_to_the_beginning():
    handshake, nonce = challenged()
    handshake.outgoing.clear()
    for _ in range(RESPONSE_ATTEMPTS - 1):
        handshake.on_timer(handshake.deadline)
    assert {datagram[0] for datagram in handshake.outgoing} == {RESPONSE}
    handshake.outgoing.clear()
    handshake.on_timer(handshake.deadline)
    (hello,) = handshake.outgoing
    assert hello[0] == HELLO
    assert HELLO_HEADER.unpack_from(hello)[3] != nonce


def test_giving_up_tells_a_server_that_may_have_accepted():
    handshake, _ = begin()
    handshake.cancel()
    assert handshake.outgoing == []
    handshake, _ = challenged()
    handshake.outgoing.clear()
    handshake.cancel()
    (close,) = handshake.outgoing
    assert close[0] & 0x3F == CLOSE
    assert close[1:9] == ID


def test_a_cookie_is_good_for_its_facts_and_no_others():
    mint = CookieGenerator(Random(1), now=0.0)
    cookie = mint.issue(b"facts", now=1.0)
    assert mint.verify(cookie, b"facts", now=1.0)
    assert not mint.verify(cookie, b"other facts", now=1.0)
    assert not mint.verify(bytes(16), b"facts", now=1.0)
    assert not CookieGenerator(Random(2), now=0.0).verify(cookie, b"facts", now=1.0)


@pytest.mark.parametrize(
    ("age_s", "good"),
    [(0.0, True), (SECRET_LIFE_S, True), (2 * SECRET_LIFE_S, False), (9 * SECRET_LIFE_S, False)],
)
def test_a_cookie_is_good_for_a_short_while(age_s, good):
    mint = CookieGenerator(Random(1), now=0.0)
    cookie = mint.issue(b"facts", now=1.0)
    mint.issue(b"somebody else's", now=1.0 + age_s / 2)
    assert mint.verify(cookie, b"facts", now=1.0 + age_s) is good
