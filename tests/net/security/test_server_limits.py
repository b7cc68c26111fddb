"""Rate limits and connection limits, in virtual time."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from net.security.server_limits import (
    MESSAGE_COST_BYTES,
    REJECTIONS_MAX,
    REJECTIONS_PER_NETWORK,
    ConnectionLimiter,
    ServerLimits,
)
from net.security.token_bucket import KeyedTokenBuckets, LogThrottle, TokenBucket

LIMITS = ServerLimits(
    connections=10, connections_per_network=4, handshakes_per_s=2.0, handshakes_burst=6.0
)


def new_limiter(limits=LIMITS):
    return ConnectionLimiter(limits, lambda network: network == "here")


@given(
    st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 5)), max_size=200),
    st.floats(1, 20),
    st.floats(5, 50),
)
def test_a_bucket_never_gives_more_than_its_burst_and_rate(requests, rate, burst):
    bucket, now, spent = TokenBucket(rate, burst, 0.0), 0.0, 0.0
    for pause_s, cost in requests:
        now += pause_s
        if bucket.consume(cost, now):
            spent += cost
        assert spent <= burst + rate * now + 1e-6


def test_a_client_below_the_rate_is_always_served():
    bucket = TokenBucket(10.0, 1.5, 0.0)
    assert all(bucket.consume(1.0, number / 10) for number in range(1, 10_000))


def test_a_client_over_the_rate_is_served_again_after_a_moment():
    bucket = TokenBucket(10.0, 5.0, 0.0)
    rejected = sum(not bucket.consume(1.0, 0.0) for _ in range(1000))
    assert rejected == 995
    assert bucket.consume(1.0, 0.11)


def test_each_key_has_its_own_bucket():
    buckets = KeyedTokenBuckets(10.0, 5.0)
    assert sum(buckets.consume("eve", 1.0, 0.0) for _ in range(1000)) == 5
    assert buckets.consume("ana", 1.0, 0.0)
    assert buckets.consume("eve", 1.0, 0.11)


def test_the_most_recently_used_bucket_is_kept_however_many_there_are():
    buckets = KeyedTokenBuckets(10.0, 5.0)
    for number in range(5000):
        buckets.consume(f"bot {number}", 1.0, 0.0)
        spent = buckets.consume("eve", 1.0, 0.0)
        assert spent == (number < 5)
    assert len(buckets) == 1024


def test_a_client_that_plays_is_far_below_the_limit_even_after_a_stall():
    limits = ServerLimits()
    messages_per_s, message_bytes = 75, 100
    cost_bytes = message_bytes + MESSAGE_COST_BYTES
    assert messages_per_s * cost_bytes < limits.peer_bytes_per_s / 2
    bucket = TokenBucket(limits.peer_bytes_per_s, limits.peer_burst_bytes, 0.0)
    assert all(bucket.consume(cost_bytes, 10.0) for _ in range(10 * messages_per_s))


def rejection_reason(limiter, network, now=0.0):
    return limiter.acquire(network, now).rejection_reason


def test_one_network_has_no_more_than_its_connections_and_leaves_the_rest_to_others():
    limiter = new_limiter()
    permits = [limiter.acquire("eve", 0.0) for _ in range(4)]
    assert [permit.rejection_reason for permit in permits] == [""] * 4
    assert "your address has 4" in rejection_reason(limiter, "eve")
    assert rejection_reason(limiter, "ana") == ""
    for permit in permits[:2]:
        permit.release()
    assert rejection_reason(limiter, "eve", 10.0) == ""


def test_a_rejected_connection_does_not_count_as_active():
    limiter = new_limiter()
    rejected = [limiter.acquire("eve", 0.0) for _ in range(1000)][LIMITS.connections_per_network :]
    assert all(permit.rejection_reason for permit in rejected)
    assert limiter.active == LIMITS.connections_per_network
    assert [rejection_reason(limiter, "ana") for _ in range(4)] == [""] * 4


def test_only_a_few_rejections_of_a_network_are_announced():
    limiter = new_limiter()
    permits = [limiter.acquire("eve", 0.0) for _ in range(100)][LIMITS.connections_per_network :]
    assert [permit.drop_silently for permit in permits[:REJECTIONS_PER_NETWORK]] == [
        False
    ] * REJECTIONS_PER_NETWORK
    assert all(permit.drop_silently for permit in permits[REJECTIONS_PER_NETWORK:])
    permits[0].release()
    # A silently dropped connection was never pending, so it frees nothing.
    permits[-1].release()
    assert [limiter.acquire("eve", 0.0).drop_silently for _ in range(2)] == [False, True]


def test_the_number_of_pending_rejections_is_limited_over_all_networks():
    limiter = new_limiter(replace(LIMITS, connections=0))
    permits = [limiter.acquire(f"bot {number}", 0.0) for number in range(2 * REJECTIONS_MAX)]
    assert sum(not permit.drop_silently for permit in permits) == REJECTIONS_MAX
    for permit in permits:
        permit.release()
    assert limiter.rejecting == limiter.active == 0


def test_all_networks_together_have_no_more_connections_than_the_server():
    limiter = new_limiter()
    assert all(rejection_reason(limiter, f"bot {number}") == "" for number in range(10))
    assert "the server has 10" in rejection_reason(limiter, "ana")
    assert "the server has 10" in rejection_reason(limiter, "here")


def test_attempts_are_limited_even_if_no_connection_lasts():
    limiter = new_limiter()
    for number in range(6):
        permit = limiter.acquire("eve", 0.0)
        assert permit.rejection_reason == "", number
        permit.release()
    assert "attempts a second" in rejection_reason(limiter, "eve")
    assert rejection_reason(limiter, "eve", 1.0) == ""


def test_a_trusted_network_has_as_many_connections_as_the_server():
    limiter = new_limiter()
    assert [rejection_reason(limiter, "here") for _ in range(10)] == [""] * 10


def test_the_connections_of_a_network_share_one_rate_limit():
    limits = replace(
        LIMITS,
        network_bytes_per_s=100.0,
        network_burst_bytes=500.0,
        guaranteed_bytes_per_s=0.0,
        guaranteed_burst_bytes=0.0,
    )
    limiter = new_limiter(limits)
    eve, evil, ana, here = (limiter.acquire(name, 0.0) for name in ("eve", "eve", "ana", "here"))
    consumed = [permit.consume(250.0, 0.0) for permit in (eve, evil, eve, evil)]
    assert consumed == [True, True, False, False]
    assert evil.consume(100.0, 1.01)
    assert ana.consume(500.0, 1.0)
    assert all(here.consume(500.0, 1.0) for _ in range(100))


def test_a_modest_connection_is_served_after_others_of_its_network_have_flooded():
    limits = replace(
        LIMITS, network_bytes_per_s=100.0, network_burst_bytes=500.0, guaranteed_burst_bytes=300.0
    )
    limiter = new_limiter(limits)
    flood, modest = limiter.acquire("eve", 0.0), limiter.acquire("eve", 0.0)
    while flood.consume(250.0, 0.0):
        pass
    assert modest.consume(250.0, 0.0)
    assert not modest.consume(250.0, 0.0)


def test_a_trusted_network_does_not_lift_the_limit_of_one_connection():
    limiter = new_limiter(replace(LIMITS, peer_bytes_per_s=100.0, peer_burst_bytes=500.0))
    here = limiter.acquire("here", 0.0)
    assert [here.consume(250.0, 0.0) for _ in range(3)] == [True, True, False]


def test_a_class_behind_one_address_stays_below_its_limits_even_after_a_stall():
    limits = ServerLimits()
    clients, streams = 40 * 3, 40 * 2
    client_bytes_per_s = 70 * (30 + MESSAGE_COST_BYTES)
    assert clients * client_bytes_per_s < 0.7 * limits.network_bytes_per_s
    # Five seconds of messages that a TCP stall held back arrive at once.
    assert streams * client_bytes_per_s * 5 < limits.network_burst_bytes
    assert client_bytes_per_s < limits.guaranteed_bytes_per_s


def test_any_number_of_idle_networks_costs_bounded_memory():
    limiter = new_limiter()
    for number in range(5000):
        limiter.acquire(f"bot {number}", 0.0).release()
    assert len(limiter) <= 1024
    assert limiter.active == 0


def test_a_class_of_forty_behind_one_address_fits_with_three_clients_each_that_all_switch():
    limiter = new_limiter(ServerLimits())
    assert all(rejection_reason(limiter, "school") == "" for _ in range(40 * 3 * 2))


def test_one_log_line_a_second_is_admitted_and_the_others_are_counted():
    throttle = LogThrottle()
    assert throttle.admit(0.0) == ""
    assert [throttle.admit(0.5) for _ in range(37)] == [None] * 37
    assert throttle.admit(1.0) == " (and 37 more since the last)"
    assert throttle.admit(5.0) == ""


def test_a_burst_of_log_lines_is_admitted_where_the_throttle_allows_it():
    throttle = LogThrottle(2.0, 3.0)
    assert [throttle.admit(100.0) for _ in range(5)] == ["", "", "", None, None]
    assert throttle.admit(100.5) == " (and 2 more since the last)"
