"""Session slots: reservation, lookup by id, expiry."""

from random import Random

from net.session.slots import RESERVATION_S, TOKEN_BITS, SlotTable


def test_a_slot_is_found_by_its_id_and_by_nothing_else():
    table = SlotTable(Random(1))
    slot = table.create("ana")
    assert table.claim(slot.slot_id) is slot
    assert table.token(slot.slot_id) == slot.token
    for other in ("", slot.slot_id[:-1], slot.token):
        assert table.claim(other) is None
        assert table.token(other) is None


def test_the_id_reveals_nothing_of_the_token():
    slot = SlotTable(Random(1)).create("ana")
    assert slot.slot_id not in slot.token
    assert len(slot.token) * 4 == TOKEN_BITS


def test_tokens_differ():
    table = SlotTable(Random(1))
    assert len({table.create(n).token for n in range(100)}) == 100


def test_a_reserved_slot_expires():
    table = SlotTable(Random(1))
    slot = table.create("ana")
    table.reserve(slot, now=50.0)
    assert table.expire(50.0 + RESERVATION_S - 0.01) == []
    assert table.expire(50.0 + RESERVATION_S) == [slot]
    assert table.claim(slot.slot_id) is None


def test_a_claimed_slot_does_not_expire():
    table = SlotTable(Random(1))
    slot = table.create("ana")
    table.reserve(slot, now=0.0)
    table.claim(slot.slot_id)
    assert table.expire(1e9) == []


def test_a_released_slot_is_gone_at_once():
    table = SlotTable(Random(1))
    slot = table.create("ana")
    table.release(slot)
    assert len(table) == 0
    assert table.claim(slot.slot_id) is None
