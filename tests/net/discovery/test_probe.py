"""Probes and replies: matched by nonce, never longer than asked for, limited in rate."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.discovery.probe import BODY_MAX_BYTES, PROBE_BYTES, REPLY_TIMEOUT_S, ProbeSender
from net.discovery.responder import (
    ALL_REPLIES_BURST,
    REPLIES_BURST,
    REPLIES_PER_S,
    DiscoveryResponder,
)

HOST = "192.168.1.5"


def responder(body: bytes = b"game") -> DiscoveryResponder:
    return DiscoveryResponder(lambda: body, 0.0)


def test_a_reply_brings_the_body_and_the_round_trip_time():
    sender = ProbeSender(Random(1))
    reply = responder().answer(sender.probe(10.0), HOST, 0.0)
    assert sender.read(reply, 10.25) == (b"game", 0.25)


def test_a_reply_is_never_longer_than_its_probe():
    probe = ProbeSender(Random(1)).probe(0.0)
    assert len(probe) == PROBE_BYTES
    assert len(responder(bytes(BODY_MAX_BYTES)).answer(probe, HOST, 0.0)) == PROBE_BYTES
    with pytest.raises(ValueError, match="longer than its probe"):
        responder(bytes(BODY_MAX_BYTES + 1)).answer(probe, HOST, 0.0)


@given(st.binary(max_size=PROBE_BYTES + 100))
def test_nothing_but_a_probe_is_answered(datagram):
    server = responder()
    assert server.answer(datagram, HOST, 0.0) is None
    assert (server.answered, server.dropped) == (0, 1)


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"\0", lambda d: b"X" + d[1:]])
def test_a_probe_of_another_length_or_kind_is_dropped(change):
    assert responder().answer(change(ProbeSender(Random(1)).probe(0.0)), HOST, 0.0) is None


@given(st.binary(max_size=PROBE_BYTES + 100))
def test_no_other_datagram_is_read_as_a_reply(datagram):
    sender = ProbeSender(Random(1))
    sender.probe(0.0)
    assert sender.read(datagram, 0.1) is None


def test_a_reply_to_an_unknown_or_an_old_probe_is_dropped():
    sender, other = ProbeSender(Random(1)), ProbeSender(Random(2))
    reply = responder().answer(sender.probe(0.0), HOST, 0.0)
    assert other.read(reply, 0.1) is None
    assert sender.read(reply, REPLY_TIMEOUT_S + 0.1) is None


def test_several_servers_answer_one_probe():
    sender = ProbeSender(Random(1))
    probe = sender.probe(0.0)
    bodies = [sender.read(responder(b).answer(probe, HOST, 0.0), 0.1).body for b in (b"a", b"b")]
    assert bodies == [b"a", b"b"]


def test_a_network_that_asks_too_often_is_not_answered_and_others_are():
    server, probe = responder(), ProbeSender(Random(1)).probe(0.0)
    answers = [server.answer(probe, HOST, 0.0) for _ in range(200)]
    assert sum(answer is not None for answer in answers) == REPLIES_BURST
    assert server.answer(probe, "192.168.1.6", 0.0) is not None
    later = [server.answer(probe, HOST, 1.0) for _ in range(200)]
    assert sum(answer is not None for answer in later) == REPLIES_PER_S


def test_forged_addresses_get_no_more_than_the_limit_of_all_together():
    server, probe = responder(), ProbeSender(Random(1)).probe(0.0)
    answers = [server.answer(probe, f"10.0.{i // 250}.{i % 250}", 0.0) for i in range(1000)]
    assert sum(answer is not None for answer in answers) == ALL_REPLIES_BURST
