"""Tests of the handshake: retransmissions as in Linux, and an unambiguous round trip."""

from math import inf

import pytest

from net.link.tcp.handshake import Handshake
from net.link.tcp_segment import PacketType


def waits_s(kind: PacketType, times: int) -> list[float]:
    """Return the seconds between transmissions, to the tick."""
    handshake, now, waits = Handshake(kind), 0.0, []
    for _ in range(times):
        handshake.note_sent(now)
        waits.append(round(handshake.at - now, 0))
        now = handshake.at
    return waits


def test_client_repeats_every_second_before_it_doubles() -> None:
    assert waits_s(PacketType.SYN, 7) == [1, 1, 1, 1, 1, 2, 4]


def test_server_doubles_at_once() -> None:
    assert waits_s(PacketType.SYN_ACK, 4) == [1, 2, 4, 8]


def test_answer_opens_and_measures() -> None:
    handshake = Handshake(PacketType.SYN)
    handshake.note_sent(2.0)
    assert not handshake.is_open
    assert handshake.complete(2.05) == pytest.approx(0.05)
    assert handshake.is_open
    assert handshake.at == inf


def test_answer_after_a_repetition_does_not_say_to_which() -> None:
    handshake = Handshake(PacketType.SYN)
    handshake.note_sent(0.0)
    handshake.note_sent(1.0)
    assert handshake.complete(1.01) is None
