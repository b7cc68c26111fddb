"""Places outlive their channel, for a while, and are found by their id."""

from random import Random

from net.session.slots import RESERVATION_S, TOKEN_BITS, SlotTable


def test_a_place_is_found_by_its_id_and_by_nothing_else():
    places = SlotTable(Random(1))
    place = places.create("ana")
    assert places.claim(place.slot_id) is place
    assert places.token(place.slot_id) == place.token
    for other in ("", place.slot_id[:-1], place.token):
        assert places.claim(other) is None
        assert places.token(other) is None


def test_the_id_tells_nothing_of_the_token():
    place = SlotTable(Random(1)).create("ana")
    assert place.slot_id not in place.token
    assert len(place.token) * 4 == TOKEN_BITS


def test_tokens_differ():
    places = SlotTable(Random(1))
    assert len({places.create(n).token for n in range(100)}) == 100


def test_a_vacated_place_is_kept_and_then_expires():
    places = SlotTable(Random(1))
    place = places.create("ana")
    places.reserve(place, now=50.0)
    assert places.expire(50.0 + RESERVATION_S - 0.01) == []
    assert places.expire(50.0 + RESERVATION_S) == [place]
    assert places.claim(place.slot_id) is None


def test_a_resumed_place_does_not_expire():
    places = SlotTable(Random(1))
    place = places.create("ana")
    places.reserve(place, now=0.0)
    places.claim(place.slot_id)
    assert places.expire(1e9) == []


def test_a_place_that_ended_is_gone_at_once():
    places = SlotTable(Random(1))
    place = places.create("ana")
    places.release(place)
    assert len(places) == 0
    assert places.claim(place.slot_id) is None
