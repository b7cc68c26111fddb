"""The announcement of a server: fits into a reply, and is safe to show."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.protocol.announcement import (
    Announcement,
    RoomLine,
    decode_announcement,
    encode_announcement,
)
from net.codec import JSON
from net.discovery.probe import BODY_MAX_BYTES
from net.errors import DecodeError

GAME = Announcement(
    *("ab12", "laptop", "", 7777, 3, True, False, 5, 2),
    ("tcp", "udp"),
    (RoomLine("main", 4), RoomLine("two", 1)),
)


def test_an_announcement_is_read_as_it_was_written():
    assert decode_announcement(encode_announcement(GAME)) == GAME


def test_rooms_that_do_not_fit_are_left_out():
    rooms = tuple(RoomLine("ñ" * 20 + str(i), i) for i in range(64))
    data = encode_announcement(replace(GAME, rooms=rooms, room_count=64))
    assert len(data) <= BODY_MAX_BYTES
    read = decode_announcement(data)
    assert read.room_count == 64
    assert 1 < len(read.rooms) < 64
    assert read.rooms == rooms[: len(read.rooms)]


def test_texts_of_a_stranger_are_cleaned():
    read = decode_announcement(
        encode_announcement(replace(GAME, title="a\x1b[31m\u202eb", rooms=(RoomLine("x\ny", 1),)))
    )
    assert (read.title, read.rooms[0].name) == ("a[31mb", "xy")


@pytest.mark.parametrize("host", ["a b", "a/b", "\x1b[0m", "[::1]"])
def test_a_host_that_is_none_is_refused(host):
    with pytest.raises(DecodeError, match="is no host"):
        decode_announcement(encode_announcement(replace(GAME, host=host)))


@given(
    st.binary(max_size=496) | st.lists(st.integers() | st.text()).map(lambda v: repr(v).encode())
)
def test_garbage_is_a_decode_error_or_an_announcement(data):
    try:
        decode_announcement(data)
    except DecodeError:
        return


def test_a_later_version_may_add_fields():
    value = JSON.decode(encode_announcement(GAME))
    assert decode_announcement(JSON.encode([*value, "new"])) == GAME
