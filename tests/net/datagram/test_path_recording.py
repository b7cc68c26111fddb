"""Tests of the server's end of a recording, in virtual time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram.path_recording import (
    RECEIPTS_PER_DATAGRAM,
    ProbeAllowance,
    ProbeResponder,
    ProbeSettings,
    ProbeStatus,
    probe_datagram,
)
from net.datagram.wire_format import (
    DATAGRAM_LIMIT_BYTES,
    PROBE_DOWN,
    PROBE_LAYOUT,
    PROBE_RECEIPT,
    PROBE_RECEIPTS_HEADER,
    PROBE_RECEIPTS_REQUEST,
    PROBE_RECEIPTS_REQUEST_LAYOUT,
    PROBE_START,
    PROBE_START_LAYOUT,
    PROBE_STATUS,
    PROBE_STATUS_LAYOUT,
    PROBE_UP,
)

ID = bytes(8)
SETTINGS = ProbeSettings(rate_hz=100, size_bytes=64, seconds=2)


def start(settings=SETTINGS):
    fields = settings.rate_hz, settings.size_bytes, settings.seconds
    return PROBE_START_LAYOUT.pack(PROBE_START, ID, *fields)


def status(answer):
    kind, _, value = PROBE_STATUS_LAYOUT.unpack(answer)
    assert kind == PROBE_STATUS
    return ProbeStatus(value)


def request(first):
    return PROBE_RECEIPTS_REQUEST_LAYOUT.pack(PROBE_RECEIPTS_REQUEST, ID, first)


def responder(limit=4):
    return ProbeResponder(ID, ProbeAllowance(limit))


def test_probes_are_sent_at_the_chosen_rate_and_size_for_the_chosen_time():
    each = responder()
    assert status(each.answer(start(), 10.0)) is ProbeStatus.STARTED
    sent = [probe for step in range(4000) for probe in each.due(10.0 + step / 1000)]
    # Rounding may let one more in at the end.
    assert len(sent) in (200, 201)
    assert {len(probe) for probe in sent} == {SETTINGS.size_bytes}
    numbers = [PROBE_LAYOUT.unpack_from(probe)[2] for probe in sent]
    assert numbers == list(range(len(sent)))
    assert each.next_at is None


def test_probes_that_were_missed_in_a_pause_are_not_made_up_for():
    each = responder()
    each.answer(start(), 0.0)
    assert len(each.due(0.0)) == 1
    assert len(each.due(1.0)) == 1
    assert each.next_at == 1.0


def test_a_repeated_start_does_not_begin_again():
    each = responder()
    each.answer(start(), 0.0)
    each.due(0.0)
    assert status(each.answer(start(), 0.005)) is ProbeStatus.STARTED
    assert each.next_at == 0.01


def test_receipts_come_in_parts_and_end_the_sending():
    each = responder()
    each.answer(start(), 0.0)
    each.due(0.0)
    for number in range(150):
        each.answer(probe_datagram(PROBE_UP, ID, number, 0.0, SETTINGS), number / 100)
    received = []
    for first in (0, RECEIPTS_PER_DATAGRAM):
        answer = each.answer(request(first), 3.0)
        assert len(answer) <= DATAGRAM_LIMIT_BYTES
        _, _, total, index, sent, _ = PROBE_RECEIPTS_HEADER.unpack_from(answer)
        assert (total, index, sent) == (150, first, 1)
        received += PROBE_RECEIPT.iter_unpack(answer[PROBE_RECEIPTS_HEADER.size :])
    assert received == [(number, number / 100) for number in range(150)]
    assert each.due(4.0) == []


@pytest.mark.parametrize(
    "settings",
    [
        ProbeSettings(0, 64, 2),
        ProbeSettings(1001, 64, 2),
        ProbeSettings(100, 20, 2),
        ProbeSettings(100, 1201, 2),
        ProbeSettings(100, 64, 0),
        ProbeSettings(1000, 64, 900),
    ],
)
def test_a_server_sends_no_more_than_it_may(settings):
    each = responder()
    assert status(each.answer(start(settings), 0.0)) is ProbeStatus.OUT_OF_RANGE
    assert each.due(1.0) == []


def test_only_so_many_record_at_once_until_one_ends():
    allowance = ProbeAllowance(limit=1)
    one, other = (ProbeResponder(ID, allowance) for _ in range(2))
    assert status(one.answer(start(), 0.0)) is ProbeStatus.STARTED
    assert status(other.answer(start(), 0.0)) is ProbeStatus.BUSY
    one.end()
    one.end()
    assert status(other.answer(start(), 0.0)) is ProbeStatus.STARTED
    assert allowance.running == 1


def test_a_client_cannot_fill_the_memory_with_receipts():
    each = responder()
    each.answer(start(ProbeSettings(1, 64, 1)), 0.0)
    for number in range(50):
        each.answer(probe_datagram(PROBE_UP, ID, number, 0.0, SETTINGS), 0.0)
    assert PROBE_RECEIPTS_HEADER.unpack_from(each.answer(request(0), 1.0))[2] == 2


@given(st.sampled_from([PROBE_START, PROBE_UP, PROBE_RECEIPTS_REQUEST]), st.binary(max_size=1300))
def test_no_datagram_breaks_a_responder(kind, rest):
    each = responder()
    each.answer(start(), 0.0)
    answer = each.answer(bytes((kind,)) + rest, 0.5)
    assert answer is None or len(answer) <= DATAGRAM_LIMIT_BYTES
    assert len(probe_datagram(PROBE_DOWN, ID, 0, 0.0, SETTINGS)) == SETTINGS.size_bytes
