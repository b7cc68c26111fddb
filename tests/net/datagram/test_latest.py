"""Fragmentation and reassembly, in any order."""

from random import Random

import pytest

from net.datagram.latest import FRAGMENTS_LIMIT, Reassembly, fragment
from net.datagram.wire_format import BODY_LIMIT_BYTES, FRAGMENT_HEADER
from net.transport import MESSAGE_LIMIT_BYTES


@pytest.mark.parametrize("size", [BODY_LIMIT_BYTES + 1, 5000, MESSAGE_LIMIT_BYTES])
def test_a_message_is_joined_from_its_fragments_in_any_order(size):
    message = Random(size).randbytes(size)
    bodies = fragment(message)
    assert len(bodies) <= FRAGMENTS_LIMIT
    assert all(len(body) <= BODY_LIMIT_BYTES for body in bodies)
    Random(size).shuffle(bodies)
    reassembly = Reassembly(first_number=1, count=len(bodies))
    joined = [
        reassembly.add(*FRAGMENT_HEADER.unpack_from(body), body[FRAGMENT_HEADER.size :])
        for body in bodies
    ]
    assert joined == [None] * (len(bodies) - 1) + [message]


def test_a_fragment_that_came_already_or_contradicts_the_others_is_ignored():
    reassembly = Reassembly(first_number=1, count=2)
    assert reassembly.add(0, 2, b"first ") is None
    assert reassembly.add(0, 2, b"forged") is None
    assert reassembly.add(1, 3, b"forged") is None
    assert reassembly.add(1, 2, b"second") == b"first second"


def test_fragments_that_join_to_more_than_the_limit_make_no_message():
    reassembly = Reassembly(first_number=1, count=2)
    assert reassembly.add(0, 2, bytes(MESSAGE_LIMIT_BYTES)) is None
    assert reassembly.add(1, 2, b"x") is None
