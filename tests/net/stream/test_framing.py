"""Framing: the messages of a stream survive any split of it."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.errors import ProtocolError
from net.stream.framing import CLOSE_FRAME, FRAME_HEADER_BYTES, FrameDecoder, encode_frame

LIMIT = 300

messages_lists = st.lists(st.binary(max_size=LIMIT), max_size=8)


def feed_in_pieces(decoder, stream, cuts):
    """Feed a stream that is split at the cuts; return all messages."""
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    messages = []
    for start, stop in pairwise(edges):
        # Overwritten after each call, like the receive buffer of a channel.
        piece = bytearray(stream[start:stop])
        messages += decoder.feed(memoryview(piece))
        piece[:] = b"\xaa" * len(piece)
    return messages


def stream_of(messages):
    return b"".join(map(encode_frame, messages))


def test_a_frame_is_the_length_in_four_bytes_and_the_message():
    assert encode_frame(b"abc") == b"\x00\x00\x00\x03abc"
    assert encode_frame(b"") == b"\x00\x00\x00\x00"
    assert len(encode_frame(b"x")) == FRAME_HEADER_BYTES + 1


@given(messages_lists, st.lists(st.integers(0, 10_000)))
def test_messages_survive_any_split(messages, cuts):
    decoder = FrameDecoder(LIMIT)
    assert feed_in_pieces(decoder, stream_of(messages), cuts) == messages
    assert not decoder.inside_frame
    assert not decoder.close_received
    assert decoder.error is None


@given(messages_lists, st.lists(st.integers(0, 10_000)), st.integers(LIMIT + 1, 2**32 - 2))
def test_a_frame_over_the_limit_ends_the_messages_after_the_good_ones(messages, cuts, length):
    decoder = FrameDecoder(LIMIT)
    stream = stream_of(messages) + length.to_bytes(4, "big") + stream_of([b"after"])
    assert feed_in_pieces(decoder, stream, cuts) == messages
    assert isinstance(decoder.error, ProtocolError)
    assert str(length) in str(decoder.error)
    assert not decoder.close_received


@given(messages_lists, st.lists(st.integers(0, 10_000)))
def test_nothing_follows_a_close_frame(messages, cuts):
    decoder = FrameDecoder(LIMIT)
    stream = stream_of(messages) + CLOSE_FRAME + stream_of([b"after"])
    assert feed_in_pieces(decoder, stream, cuts) == messages
    assert decoder.close_received
    assert decoder.error is None


@given(st.binary(max_size=2000), st.lists(st.integers(0, 2000)), st.lists(st.integers(0, 2000)))
def test_decoded_messages_do_not_depend_on_the_splits_of_the_stream(stream, some_cuts, other_cuts):
    one, other = FrameDecoder(LIMIT), FrameDecoder(LIMIT)
    assert feed_in_pieces(one, stream, some_cuts) == feed_in_pieces(other, stream, other_cuts)
    assert one.close_received == other.close_received
    assert str(one.error) == str(other.error)
    assert one.inside_frame == other.inside_frame


@pytest.mark.parametrize("length", [0, 1, LIMIT - 1, LIMIT])
def test_the_limit_itself_is_allowed(length):
    message = bytes(length)
    assert FrameDecoder(LIMIT).feed(memoryview(encode_frame(message))) == [message]


def test_a_frame_that_never_ends_keeps_no_more_than_its_limit():
    decoder = FrameDecoder(64 * 1024)
    piece = memoryview(bytes(1000))
    tracemalloc.start()
    try:
        decoder.feed(memoryview((64 * 1024).to_bytes(4, "big")))
        for _ in range(65):
            assert decoder.feed(piece) == []
        assert decoder.inside_frame
        assert tracemalloc.get_traced_memory()[0] < 2 * 64 * 1024
    finally:
        tracemalloc.stop()


def test_a_claimed_length_reserves_no_memory():
    decoder = FrameDecoder(2**31)
    tracemalloc.start()
    try:
        decoder.feed(memoryview((2**31).to_bytes(4, "big") + b"only this came"))
        assert tracemalloc.get_traced_memory()[0] < 4096
    finally:
        tracemalloc.stop()
