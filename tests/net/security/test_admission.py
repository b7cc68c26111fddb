"""Nobody gets more than their share, and a class behind one address gets its own."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from net.security.admission import (
    MESSAGE_COST_BYTES,
    REJECTIONS_MAX,
    REJECTIONS_PER_NETWORK,
    ConnectionLimiter,
    ServerLimits,
)
from net.security.rate_limit import KeyedTokenBuckets, LogThrottle, TokenBucket

LIMITS = ServerLimits(
    connections=10, connections_per_network=4, handshakes_per_s=2.0, handshakes_burst=6.0
)


def turnstile(limits=LIMITS):
    return ConnectionLimiter(limits, lambda visitor: visitor == "here")


@given(
    st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 5)), max_size=200),
    st.floats(1, 20),
    st.floats(5, 50),
)
def test_never_more_is_spent_than_the_burst_and_what_was_earned(wants, rate, burst):
    allowance, now, spent = TokenBucket(rate, burst, 0.0), 0.0, 0.0
    for pause_s, cost in wants:
        now += pause_s
        if allowance.consume(cost, now):
            spent += cost
        assert spent <= burst + rate * now + 1e-6


def test_who_keeps_below_the_rate_is_always_served():
    allowance = TokenBucket(10.0, 1.5, 0.0)
    assert all(allowance.consume(1.0, number / 10) for number in range(1, 10_000))


def test_who_asked_for_too_much_is_served_again_after_a_moment():
    allowance = TokenBucket(10.0, 5.0, 0.0)
    refused = sum(not allowance.consume(1.0, 0.0) for _ in range(1000))
    assert refused == 995
    assert allowance.consume(1.0, 0.11)


def test_each_visitor_has_an_allowance_of_its_own():
    allowances = KeyedTokenBuckets(10.0, 5.0)
    assert sum(allowances.consume("eve", 1.0, 0.0) for _ in range(1000)) == 5
    assert allowances.consume("ana", 1.0, 0.0)
    assert allowances.consume("eve", 1.0, 0.11)


def test_the_visitor_who_was_seen_last_is_remembered_of_however_many():
    allowances = KeyedTokenBuckets(10.0, 5.0)
    for number in range(5000):
        allowances.consume(f"bot {number}", 1.0, 0.0)
        spent = allowances.consume("eve", 1.0, 0.0)
        assert spent == (number < 5)
    assert len(allowances) == 1024


def test_a_client_that_plays_is_far_below_the_limit_even_after_a_stall():
    limits = ServerLimits()
    messages_per_s, message_bytes = 75, 100
    price = message_bytes + MESSAGE_COST_BYTES
    assert messages_per_s * price < limits.peer_bytes_per_s / 2
    allowance = TokenBucket(limits.peer_bytes_per_s, limits.peer_burst_bytes, 0.0)
    assert all(allowance.consume(price, 10.0) for _ in range(10 * messages_per_s))


def rejection_reason(gate, visitor, now=0.0):
    return gate.acquire(visitor, now).rejection_reason


def test_one_visitor_has_no_more_than_its_connections_and_leaves_the_rest_to_others():
    gate = turnstile()
    stays = [gate.acquire("eve", 0.0) for _ in range(4)]
    assert [stay.rejection_reason for stay in stays] == [""] * 4
    assert "your address has 4" in rejection_reason(gate, "eve")
    assert rejection_reason(gate, "ana") == ""
    for stay in stays[:2]:
        stay.release()
    assert rejection_reason(gate, "eve", 10.0) == ""


def test_whom_it_turns_away_takes_nobodys_place():
    gate = turnstile()
    turned_away = [gate.acquire("eve", 0.0) for _ in range(1000)][LIMITS.connections_per_network :]
    assert all(stay.rejection_reason for stay in turned_away)
    assert gate.active == LIMITS.connections_per_network
    assert [rejection_reason(gate, "ana") for _ in range(4)] == [""] * 4


def test_only_a_handful_of_a_visitors_are_told_and_the_others_are_cut():
    gate = turnstile()
    stays = [gate.acquire("eve", 0.0) for _ in range(100)][LIMITS.connections_per_network :]
    assert [stay.drop_silently for stay in stays[:REJECTIONS_PER_NETWORK]] == [
        False
    ] * REJECTIONS_PER_NETWORK
    assert all(stay.drop_silently for stay in stays[REJECTIONS_PER_NETWORK:])
    stays[0].release()
    # One that was cut waited for nothing, and frees nothing.
    stays[-1].release()
    assert [gate.acquire("eve", 0.0).drop_silently for _ in range(2)] == [False, True]


def test_so_many_are_told_at_the_same_moment_and_no_more_whoever_they_are():
    gate = turnstile(replace(LIMITS, connections=0))
    stays = [gate.acquire(f"bot {number}", 0.0) for number in range(2 * REJECTIONS_MAX)]
    assert sum(not stay.drop_silently for stay in stays) == REJECTIONS_MAX
    for stay in stays:
        stay.release()
    assert gate.rejecting == gate.active == 0


def test_all_together_have_no_more_than_the_servers():
    gate = turnstile()
    assert all(rejection_reason(gate, f"bot {number}") == "" for number in range(10))
    assert "the server has 10" in rejection_reason(gate, "ana")
    assert "the server has 10" in rejection_reason(gate, "here")


def test_attempts_in_a_row_are_counted_though_none_stays():
    gate = turnstile()
    for number in range(6):
        stay = gate.acquire("eve", 0.0)
        assert stay.rejection_reason == "", number
        stay.release()
    assert "attempts a second" in rejection_reason(gate, "eve")
    assert rejection_reason(gate, "eve", 1.0) == ""


def test_this_computer_is_trusted_with_more():
    gate = turnstile()
    assert [rejection_reason(gate, "here") for _ in range(10)] == [""] * 10


def test_a_visitors_channels_send_no_more_together_and_leave_others_theirs():
    limits = replace(LIMITS, network_bytes_per_s=100.0, network_burst_bytes=500.0)
    gate = turnstile(limits)
    eve, evil, ana, here = (gate.acquire(name, 0.0) for name in ("eve", "eve", "ana", "here"))
    assert [stay.consume(250.0, 0.0) for stay in (eve, evil, eve, evil)] == [True] * 2 + [False] * 2
    assert evil.consume(100.0, 1.01)
    assert ana.consume(500.0, 1.0)
    assert all(here.consume(500.0, 1.0) for _ in range(100))


def test_a_class_behind_one_address_sends_less_than_it_may_even_after_a_stall():
    limits = ServerLimits()
    clients, streams = 40 * 3, 40 * 2
    client_bytes_per_s = 70 * (30 + MESSAGE_COST_BYTES)
    assert clients * client_bytes_per_s < 0.7 * limits.network_bytes_per_s
    # Five seconds in which TCP held up whatever was sent.
    assert streams * client_bytes_per_s * 5 < limits.network_burst_bytes
    assert client_bytes_per_s < limits.guaranteed_bytes_per_s


def test_an_army_of_visitors_that_has_left_costs_bounded_memory():
    gate = turnstile()
    for number in range(5000):
        gate.acquire(f"bot {number}", 0.0).release()
    assert len(gate._visitors) <= 1024
    assert gate.active == 0


def test_a_class_of_forty_behind_one_address_fits_with_three_clients_each_that_all_switch():
    gate = turnstile(ServerLimits())
    assert all(rejection_reason(gate, "school") == "" for _ in range(40 * 3 * 2))


def test_one_of_many_alike_is_said_in_a_second_and_the_others_are_counted():
    seldom = LogThrottle()
    assert seldom.admit(0.0) == ""
    assert [seldom.admit(0.5) for _ in range(37)] == [None] * 37
    assert seldom.admit(1.0) == " (and 37 more since the last)"
    assert seldom.admit(5.0) == ""


def test_the_first_of_many_alike_all_pass_where_there_may_be_a_few():
    seldom = LogThrottle(2.0, 3.0)
    assert [seldom.admit(100.0) for _ in range(5)] == ["", "", "", None, None]
    assert seldom.admit(100.5) == " (and 2 more since the last)"
