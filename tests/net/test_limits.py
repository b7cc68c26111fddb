"""Nobody gets more than their share, and a class behind one address gets its own."""

from hypothesis import given
from hypothesis import strategies as st

from net.limits import (
    MESSAGE_PRICE_BYTES,
    TURNED_AWAY_LIMIT,
    Allowance,
    Limits,
    Seldom,
    Turnstile,
)

LIMITS = Limits(
    connections=10, connections_per_visitor=4, handshakes_per_s=2.0, handshakes_burst=6.0
)


def turnstile(limits=LIMITS):
    return Turnstile(limits, lambda visitor: visitor == "here")


@given(
    st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 5)), max_size=200),
    st.floats(1, 20),
    st.floats(5, 50),
)
def test_never_more_is_spent_than_the_burst_and_what_was_earned(wants, rate, burst):
    allowance, now, spent = Allowance(rate, burst, 0.0), 0.0, 0.0
    for pause_s, cost in wants:
        now += pause_s
        if allowance.spend(cost, now):
            spent += cost
        assert spent <= burst + rate * now + 1e-6


def test_who_keeps_below_the_rate_is_always_served():
    allowance = Allowance(10.0, 1.5, 0.0)
    assert all(allowance.spend(1.0, number / 10) for number in range(1, 10_000))


def test_who_asked_for_too_much_is_served_again_after_a_moment():
    allowance = Allowance(10.0, 5.0, 0.0)
    refused = sum(not allowance.spend(1.0, 0.0) for _ in range(1000))
    assert refused == 995
    assert allowance.spend(1.0, 0.11)


def test_a_client_that_plays_is_far_below_the_limit_even_after_a_stall():
    limits = Limits()
    messages_per_s, message_bytes = 75, 100
    price = message_bytes + MESSAGE_PRICE_BYTES
    assert messages_per_s * price < limits.peer_bytes_per_s / 2
    allowance = Allowance(limits.peer_bytes_per_s, limits.peer_burst_bytes, 0.0)
    assert all(allowance.spend(price, 10.0) for _ in range(10 * messages_per_s))


def test_one_visitor_has_no_more_than_its_connections_and_leaves_the_rest_to_others():
    gate = turnstile()
    assert [gate.arrive("eve", 0.0) for _ in range(4)] == [""] * 4
    assert "your address has 4" in gate.arrive("eve", 0.0)
    assert gate.arrive("ana", 0.0) == ""
    gate.leave("eve")
    gate.leave("eve")
    assert gate.arrive("eve", 10.0) == ""


def test_all_together_have_no_more_than_the_servers():
    gate = turnstile()
    assert all(gate.arrive(f"bot {number}", 0.0) == "" for number in range(10))
    assert "the server has 10" in gate.arrive("ana", 0.0)
    assert "the server has 10" in gate.arrive("here", 0.0)


def test_attempts_in_a_row_are_counted_though_none_stays():
    gate = turnstile()
    for number in range(6):
        assert gate.arrive("eve", 0.0) == "", number
        gate.leave("eve")
    assert "attempts a second" in gate.arrive("eve", 0.0)
    gate.leave("eve")
    assert gate.arrive("eve", 1.0) == ""


def test_this_computer_is_trusted_with_more():
    gate = turnstile()
    assert [gate.arrive("here", 0.0) for _ in range(10)] == [""] * 10


def test_who_cannot_even_be_told_is_cut_off():
    gate = turnstile()
    for _ in range(LIMITS.connections + TURNED_AWAY_LIMIT):
        gate.arrive("eve", 0.0)
    assert not gate.is_overrun
    gate.arrive("eve", 0.0)
    assert gate.is_overrun


def test_an_army_of_visitors_that_has_left_costs_bounded_memory():
    gate = turnstile()
    for number in range(5000):
        gate.arrive(f"bot {number}", 0.0)
        gate.leave(f"bot {number}")
    assert len(gate._visits) <= 1024
    assert gate.present == 0


def test_a_class_of_forty_behind_one_address_fits_with_three_clients_each_that_all_switch():
    gate = turnstile(Limits())
    assert all(gate.arrive("school", 0.0) == "" for _ in range(40 * 3 * 2))


def test_one_of_many_alike_is_said_in_a_second_and_the_others_are_counted():
    seldom = Seldom()
    assert seldom.passes(0.0) == 0
    assert [seldom.passes(0.5) for _ in range(37)] == [None] * 37
    assert seldom.passes(1.0) == 37
    assert seldom.passes(5.0) == 0
