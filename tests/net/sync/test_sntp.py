"""The bytes of SNTP answers, against RFC 4330."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.sync.sntp import REPLY_BYTES, encode_reply

# The Unix time 1 is the NTP time 2,208,988,801 (RFC 868 gives the difference).
UNIX_EPOCH_S = 2_208_988_800
TRANSMITTED = bytes.fromhex("0123456789abcdef")


def request(version=4, mode=3, poll=6, size=48) -> bytes:
    head = bytes([version << 3 | mode, 0, poll, 0])
    return (head + bytes(36) + TRANSMITTED).ljust(size, b"\1")[:size]


def reply_to(datagram: bytes, received_at=1000.25, sent_at=1000.5) -> bytes | None:
    return encode_reply(datagram, received_at=received_at, sent_at=sent_at, precision_log2=-19)


@pytest.mark.parametrize("version", [3, 4])
def test_an_answer_has_the_fields_of_the_rfc(version):
    reply = reply_to(request(version))
    assert reply is not None
    assert reply[0] == version << 3 | 4  # no leap second, the client's version, mode server
    assert reply[1] == 1  # primary, and the reference is the local clock
    assert reply[2] == 6  # the client's poll interval
    assert struct.unpack("!b", reply[3:4]) == (-19,)
    assert reply[4:12] == bytes(8)
    assert reply[12:16] == b"LOCL"
    seconds = UNIX_EPOCH_S + 1000
    times = struct.unpack("!II", reply[16:24]), struct.unpack("!IIII", reply[32:48])
    assert times == ((seconds, 1 << 30), (seconds, 1 << 30, seconds, 1 << 31))
    assert reply[24:32] == TRANSMITTED


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        request(size=47),
        request(version=2),
        request(version=5),
        *(request(mode=mode) for mode in (0, 1, 2, 4, 5, 6, 7)),
    ],
)
def test_an_invalid_request_gets_no_answer(datagram):
    assert reply_to(datagram) is None


def test_the_second_era_begins_at_zero():
    """In February 2036 the 32 bits of seconds are used up."""
    reply = reply_to(request(), sent_at=2**32 - UNIX_EPOCH_S + 2.0)
    assert reply is not None
    assert struct.unpack("!II", reply[40:48]) == (2, 0)


@given(datagram=st.binary(max_size=200), head=st.sampled_from([None, 0x1B, 0x23]))
def test_an_answer_is_never_longer_than_its_request(datagram, head):
    if head is not None:
        datagram = bytes([head]) + datagram
    reply = reply_to(datagram)
    assert reply is None or len(reply) == REPLY_BYTES <= len(datagram)
