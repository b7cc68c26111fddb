"""Tests of a datagram path: delay, loss, duplicates, order, queue and counters."""

from dataclasses import astuple, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.loss import PacketDrawStream
from net.link.packet_path import PacketPath, PathCounters
from net.link.profile import LinkProfile

SEED = 7
SIZE_BYTES = 125  # a thousand bits


def path_of(profile: LinkProfile, seed: int = SEED) -> PacketPath:
    return PacketPath(profile, PacketDrawStream(seed, "up"))


profiles = st.builds(
    LinkProfile,
    delay_s=st.floats(0, 1),
    jitter_s=st.floats(0, 0.5),
    jitter_is_normal=st.booleans(),
    loss_ratio=st.floats(0, 1),
    burst=st.floats(1, 20),
    duplicate_ratio=st.floats(0, 1),
    rate_bps=st.none() | st.floats(1e4, 1e9),
    queue_s=st.floats(0, 1),
)
gaps_s = st.lists(st.floats(0, 0.1), min_size=1, max_size=60)


def test_delay_alone_is_exact() -> None:
    assert path_of(LinkProfile(delay_s=0.025)).send(10.0, SIZE_BYTES) == [10.025]


def test_default_link_delivers_at_once() -> None:
    assert path_of(LinkProfile()).send(3.0, SIZE_BYTES) == [3.0]


@given(profiles, gaps_s, st.integers(0, 2**32))
def test_every_packet_is_accounted_for_and_none_arrives_before_it_is_sent(
    profile: LinkProfile, gaps: list[float], seed: int
) -> None:
    path, now, delivered = path_of(profile, seed), 0.0, 0
    for gap in gaps:
        now += gap
        arrivals = path.send(now, SIZE_BYTES)
        assert all(at >= now for at in arrivals)
        delivered += len(arrivals)
    counters = path.counters
    assert counters.sent == len(gaps)
    assert delivered == counters.sent - counters.lost - counters.queue_dropped + counters.duplicated
    assert counters.reordered == 0


@given(profiles, gaps_s, st.integers(0, 2**32))
def test_order_is_kept_unless_the_link_reorders(
    profile: LinkProfile, gaps: list[float], seed: int
) -> None:
    path, now, arrivals = path_of(profile, seed), 0.0, []
    for gap in gaps:
        now += gap
        arrivals += path.send(now, SIZE_BYTES)
    assert all(before <= after for before, after in pairwise(arrivals))


@given(st.floats(0, 1), st.floats(0, 0.5), gaps_s)
def test_uniform_jitter_stays_within_its_bound(
    delay_s: float, jitter_s: float, gaps: list[float]
) -> None:
    path = path_of(LinkProfile(delay_s=delay_s, jitter_s=jitter_s, reorders=True))
    now = 0.0
    for gap in gaps:
        now += gap
        (at,) = path.send(now, SIZE_BYTES)
        assert max(delay_s - jitter_s, 0) - 1e-9 <= at - now <= delay_s + jitter_s + 1e-9


def test_normal_jitter_has_the_deviation_of_its_profile() -> None:
    profile = LinkProfile(delay_s=1.0, jitter_s=0.02, jitter_is_normal=True, reorders=True)
    path = path_of(profile)
    errors = [path.send(n, SIZE_BYTES)[0] - n - 1.0 for n in range(20_000)]
    deviation_s = (sum(error**2 for error in errors) / len(errors)) ** 0.5
    assert sum(errors) / len(errors) == pytest.approx(0.0, abs=0.001)
    assert deviation_s == pytest.approx(0.02, rel=0.03)


def test_reordering_happens_where_it_is_allowed_and_is_counted() -> None:
    path = path_of(LinkProfile(delay_s=0.1, jitter_s=0.05, reorders=True))
    arrivals = [path.send(n / 100, SIZE_BYTES)[0] for n in range(200)]
    overtaken = sum(at < max(arrivals[:n]) for n, at in enumerate(arrivals) if n)
    assert overtaken > 20
    assert path.counters.reordered == overtaken


def test_duplicates_have_the_ratio_of_the_profile() -> None:
    path = path_of(LinkProfile(delay_s=0.01, duplicate_ratio=0.1))
    doubled = sum(len(path.send(n, SIZE_BYTES)) == 2 for n in range(5000))
    assert doubled == path.counters.duplicated
    assert doubled / 5000 == pytest.approx(0.1, rel=0.15)


def test_rate_spaces_packets_by_their_size() -> None:
    path = path_of(LinkProfile(delay_s=0.5, rate_bps=1_000_000.0))
    arrivals = [path.send(0.0, SIZE_BYTES)[0] for _ in range(3)]
    assert arrivals == pytest.approx([0.501, 0.502, 0.503])


def test_rate_is_never_exceeded() -> None:
    path = path_of(LinkProfile(rate_bps=1_000_000.0, queue_s=0.05, jitter_s=0.0))
    arrivals = [at for n in range(4000) for at in path.send(n * 0.0005, SIZE_BYTES)]
    bits = (len(arrivals) - 1) * SIZE_BYTES * 8
    assert bits / (arrivals[-1] - arrivals[0]) == pytest.approx(1_000_000.0, rel=0.001)


def test_queue_in_seconds_drops_what_would_wait_longer() -> None:
    path = path_of(LinkProfile(rate_bps=1_000_000.0, queue_s=0.0105))
    # One leaves each millisecond: eleven find at most 10.5 ms before them, the others do not.
    assert sum(len(path.send(0.0, SIZE_BYTES)) for _ in range(50)) == 11
    assert path.counters.queue_dropped == 39


def test_queue_in_bytes_drops_what_does_not_fit() -> None:
    path = path_of(LinkProfile(rate_bps=1_000_000.0, queue_bytes=10 * SIZE_BYTES))
    assert sum(len(path.send(0.0, SIZE_BYTES)) for _ in range(50)) == 10


def test_queue_empties_at_the_rate() -> None:
    path = path_of(LinkProfile(rate_bps=1_000_000.0, queue_bytes=10 * SIZE_BYTES))
    for _ in range(10):
        path.send(0.0, SIZE_BYTES)
    assert path.send(0.0, SIZE_BYTES) == []
    assert path.send(0.0011, SIZE_BYTES) == pytest.approx([0.011])


@pytest.mark.parametrize(
    "change", [{"rate_bps": 1e5}, {"jitter_s": 0.02}, {"duplicate_ratio": 0.5}, {"delay_s": 0.3}]
)
def test_which_packets_are_lost_depends_on_nothing_else_in_the_profile(
    change: dict[str, float],
) -> None:
    plain = LinkProfile(delay_s=0.01, loss_ratio=0.2, queue_s=1000.0)
    first, second = path_of(plain), path_of(replace(plain, **change))
    for n in range(300):
        assert bool(first.send(n * 0.01, SIZE_BYTES)) == bool(second.send(n * 0.01, SIZE_BYTES))


def test_change_of_profile_holds_from_the_next_packet_and_keeps_the_draws() -> None:
    changed, steady = path_of(LinkProfile(delay_s=0.01)), path_of(LinkProfile(loss_ratio=0.3))
    for n in range(100):
        changed.send(n, SIZE_BYTES)
        steady.send(n, SIZE_BYTES)
    changed.set_profile(LinkProfile(delay_s=0.04, loss_ratio=0.3))
    for n in range(100, 300):
        late, prompt = changed.send(n, SIZE_BYTES), steady.send(n, SIZE_BYTES)
        assert late == pytest.approx([at + 0.04 for at in prompt])


def test_shorter_delay_does_not_let_packets_overtake_those_in_flight() -> None:
    path = path_of(LinkProfile(delay_s=0.5))
    (before,) = path.send(0.0, SIZE_BYTES)
    path.set_profile(LinkProfile(delay_s=0.01))
    assert path.send(0.1, SIZE_BYTES) == [before]


def test_counters_begin_at_zero() -> None:
    assert not any(astuple(PathCounters()))


def test_packet_larger_than_the_queue_passes_when_the_link_is_free() -> None:
    path = path_of(LinkProfile(rate_bps=1_000_000.0, queue_bytes=10))
    assert len(path.send(0.0, SIZE_BYTES)) == 1
    assert path.send(0.0, SIZE_BYTES) == []
