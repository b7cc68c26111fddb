"""Tests of a whole connection: each byte arrives once, in order, and when TCP delivers it."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from net.link.packet_log import LogRecord, PacketRecord
from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from net.link.tcp.tcp_model import ReadableBytes, TcpPath
from net.link.tcp_segment import MSS_BYTES, PacketType
from tests.examples import scaled

CLIENT, SERVER = Side.CLIENT, Side.SERVER
DELAY_S = 0.025
RTT_S = 2 * DELAY_S
CLEAR = Link.symmetric(LinkProfile(delay_s=DELAY_S))
HOURS_S = 36_000.0

seeds = st.integers(0, 2**32)
delays_s = st.floats(0.0, 0.3)
profiles = st.builds(
    LinkProfile,
    delay_s=delays_s,
    jitter_s=st.floats(0, 0.05),
    reorders=st.booleans(),
    loss_ratio=st.floats(0, 0.5),
    burst=st.floats(1, 4),
    duplicate_ratio=st.floats(0, 0.3),
    rate_bps=st.none() | st.floats(1e5, 1e8),
    queue_s=st.floats(0.05, 0.5),
    nagle=st.booleans(),
    congestion=st.sampled_from(["cubic", "reno"]),
)
links = st.builds(Link, profiles, profiles)
writes = st.lists(
    st.tuples(st.floats(0, 0.2), st.sampled_from(list(Side)), st.integers(1, 4000)),
    min_size=1,
    max_size=40,
)

Writes = list[tuple[float, Side, int]]


def play(path: TcpPath, script: Writes, now: float = 0.0) -> list[ReadableBytes]:
    """Write by the script, end both streams, and return all that arrives."""
    for gap_s, side, n_bytes in script:
        now += gap_s
        path.write(now, side, n_bytes)
    for side in Side:
        path.finish(now, side)
    return path.advance(now + HOURS_S)


def received_bytes(arrivals: list[ReadableBytes], to: Side) -> int:
    return sum(each.n_bytes for each in arrivals if each.to == to)


def established(link: Link = CLEAR, seed: int = 7) -> tuple[TcpPath, float]:
    """Return a connection that both ends see as open, and a time when it is idle."""
    path = TcpPath(link, seed)
    while not (path.is_open(CLIENT) and path.is_open(SERVER)):
        path.advance(path.next_event_at())
    return path, 10.0


# Properties on each link


@given(links, writes, seeds)
def test_every_byte_arrives_once_and_then_the_end(link: Link, script: Writes, seed: int) -> None:
    arrivals = play(TcpPath(link, seed), script)
    for side in Side:
        written = sum(n_bytes for _, by, n_bytes in script if by == side)
        to_other = [each for each in arrivals if each.to == side.other]
        assert received_bytes(arrivals, side.other) == written
        assert [each.is_end for each in to_other] == [False] * (len(to_other) - 1) + [True]


@given(links, writes, seeds)
def test_arrivals_are_in_the_order_of_time(link: Link, script: Writes, seed: int) -> None:
    arrivals = play(TcpPath(link, seed), script)
    assert arrivals == sorted(arrivals, key=lambda each: each.at)


@given(links, writes, seeds)
def test_nothing_arrives_before_the_link_lets_it(link: Link, script: Writes, seed: int) -> None:
    written: dict[Side, list[tuple[int, float]]] = {CLIENT: [], SERVER: []}
    now = 0.0
    for gap_s, side, n_bytes in script:
        now += gap_s
        last = written[side][-1][0] if written[side] else 0
        written[side].append((last + n_bytes, now))
    counts = {CLIENT: 0, SERVER: 0}
    for each in play(TcpPath(link, seed), script):
        sender = each.to.other
        profile = (link.up, link.down)[sender]
        counts[sender] += each.n_bytes
        newest_at = next((at for total, at in written[sender] if total >= counts[sender]), now)
        assert each.at >= newest_at + max(profile.delay_s - profile.jitter_s, 0) - 1e-9


@given(links, writes, seeds)
def test_equal_seeds_give_equal_connections(link: Link, script: Writes, seed: int) -> None:
    assert play(TcpPath(link, seed), script) == play(TcpPath(link, seed), script)


@given(links, writes, seeds)
def test_advancing_in_small_steps_changes_nothing(link: Link, script: Writes, seed: int) -> None:
    whole = TcpPath(link, seed)
    stepped = TcpPath(link, seed)
    now, arrivals = 0.0, []
    for gap_s, side, n_bytes in script:
        for _ in range(3):
            now += gap_s / 3
            arrivals += stepped.advance(now)
        whole.write(now, side, n_bytes)
        stepped.write(now, side, n_bytes)
    while stepped.next_event_at() < inf:
        arrivals += stepped.advance(stepped.next_event_at())
    assert whole.advance(HOURS_S) == arrivals


@given(st.lists(links, min_size=1, max_size=5), writes, seeds)
def test_changing_the_link_loses_nothing(changes: list[Link], script: Writes, seed: int) -> None:
    path, now = TcpPath(changes[0], seed), 0.0
    for number, (gap_s, side, n_bytes) in enumerate(script):
        now += gap_s
        path.set_link(now, changes[number % len(changes)])
        path.write(now, side, n_bytes)
    arrivals = path.advance(now + HOURS_S)
    for side in Side:
        assert received_bytes(arrivals, side.other) == sum(n for _, by, n in script if by == side)


@given(links, writes, seeds)
def test_idle_connection_has_no_timer(link: Link, script: Writes, seed: int) -> None:
    path = TcpPath(link, seed)
    play(path, script)
    assert path.next_event_at() == inf
    for side in Side:
        assert path.stats(side)[1].in_flight == 0


# Opening, ending, resetting


def test_first_bytes_pay_the_handshake() -> None:
    path = TcpPath(CLEAR, 7, now=1.0)
    path.write(1.0, CLIENT, 100)
    assert path.advance(2.0) == [ReadableBytes(pytest.approx(1.0 + 1.5 * RTT_S), SERVER, 100)]


def test_server_can_speak_first() -> None:
    path = TcpPath(CLEAR, 7)
    path.write(0.0, SERVER, 100)
    assert path.advance(1.0) == [ReadableBytes(pytest.approx(2 * RTT_S), CLIENT, 100)]


def test_handshake_over_a_dead_link_is_tried_again_until_it_lives() -> None:
    path = TcpPath(Link.symmetric(LinkProfile(delay_s=DELAY_S, loss_ratio=1.0)), 7)
    path.write(0.0, CLIENT, 100)
    assert path.advance(2.5) == []
    path.set_link(2.5, CLEAR)
    (arrival,) = path.advance(10.0)
    assert arrival.at == pytest.approx(3.0 + 1.5 * RTT_S, abs=0.2)


def test_half_close_ends_one_direction_and_leaves_the_other() -> None:
    path, now = established()
    path.write(now, CLIENT, 10)
    path.finish(now, CLIENT)
    assert path.advance(now + 1) == [
        ReadableBytes(now + DELAY_S, SERVER, 10),
        ReadableBytes(now + DELAY_S, SERVER, 0, is_end=True),
    ]
    path.write(now + 1, SERVER, 20)
    assert received_bytes(path.advance(now + 2), CLIENT) == 20


def test_end_before_the_handshake_waits_for_it() -> None:
    path = TcpPath(CLEAR, 7)
    path.write(0.0, CLIENT, 5)
    path.finish(0.0, CLIENT)
    assert [(each.n_bytes, each.is_end) for each in path.advance(1.0)] == [(5, False), (0, True)]


def test_reset_takes_its_time_or_is_lost_and_ends_the_side_that_sent_it() -> None:
    path, now = established()
    assert path.send_reset(now, CLIENT) == [now + DELAY_S]
    path.write(now, SERVER, 100)
    assert path.advance(now + 100) == []
    path.set_link(now + 100, Link.symmetric(LinkProfile(loss_ratio=1.0)))
    assert path.send_reset(now + 100, CLIENT) == []


# Cost of one loss


def thin_stream(lost_from_s: float, lost_for_s: float, **settings: object) -> list[float]:
    """Return the delays of messages every 20 ms, with the client's packets lost for a while."""
    profile = replace(CLEAR.up, **settings)  # type: ignore[arg-type]
    dead = replace(profile, loss_ratio=1.0)
    path, now = established(Link(profile, profile))
    sent_at, arrivals = [], []
    for n in range(100):
        at = now + n * 0.02
        for edge_s, up in ((lost_from_s, dead), (lost_from_s + lost_for_s, profile)):
            if at - 0.02 <= now + edge_s < at:
                path.set_link(now + edge_s, Link(up, profile))
        path.write(at, CLIENT, 64)
        sent_at.append(at)
    arrivals = path.advance(now + 100)
    delays, n_bytes = [], 0
    for each in arrivals:
        before = n_bytes // 64
        n_bytes += each.n_bytes
        delays += [each.at - sent_at[n] for n in range(before, n_bytes // 64)]
    return delays


def test_without_loss_every_message_takes_the_delay() -> None:
    assert thin_stream(9.0, 0.0) == pytest.approx([DELAY_S] * 100)


def test_one_loss_blocks_what_follows_for_a_round_trip_and_a_message() -> None:
    # Message 20 is lost, and 21 follows 20 ms later. Its SACK is back a round trip after that, and
    # the retransmission takes half of one more. RACK waits no longer, the gap being over its
    # window.
    delays = thin_stream(0.39, 0.02)
    expected_s = 0.02 + RTT_S + DELAY_S
    assert delays[:20] == pytest.approx([DELAY_S] * 20)
    assert delays[20] == pytest.approx(expected_s, abs=0.001)
    blocked = [expected_s - 0.02 * n for n in range(4)]
    assert delays[20:24] == pytest.approx(blocked, abs=0.001)
    # Proportional rate reduction lets the next two out only as SACKs of older ones come in.
    assert delays[24:26] == pytest.approx([DELAY_S + 0.01] * 2)
    assert delays[26:] == pytest.approx([DELAY_S] * 74)


def test_nothing_behind_a_loss_means_a_probe_or_a_timeout() -> None:
    path, now = established()
    for n in range(50):
        path.write(now + n * 0.02, CLIENT, 64)
    last = now + 50 * 0.02
    path.advance(last)
    path.set_link(last, Link(replace(CLEAR.up, loss_ratio=1.0), CLEAR.down))
    path.write(last, CLIENT, 64)
    path.set_link(last + 0.001, CLEAR)
    arrival = path.advance(last + 10)[-1]
    # RTT + 200 ms, and the probe's way; the kernel's timers add up to a slot.
    assert 0.2 + RTT_S + DELAY_S <= arrival.at - last <= 0.2 + RTT_S + DELAY_S + 0.05
    assert path.stats(CLIENT)[1].tail_loss_probes == 1


def test_dead_link_backs_off_and_everything_comes_when_it_lives() -> None:
    path, now = established()
    path.set_link(now, Link.symmetric(LinkProfile(delay_s=DELAY_S, loss_ratio=1.0)))
    for n in range(200):
        path.write(now + n * 0.02, CLIENT, 64)
    assert path.advance(now + 6) == []
    stats = path.stats(CLIENT)[1]
    assert stats.timeouts >= 3
    assert stats.rto_s > 8 * 0.25
    path.set_link(now + 6, CLEAR)
    assert received_bytes(path.advance(now + 60), SERVER) == 200 * 64
    assert path.stats(CLIENT)[1].rto_s < 0.5


def test_after_an_outage_the_rest_comes_two_round_trips_behind_the_first() -> None:
    path, now = established()
    lossy, dead = (
        Link.symmetric(LinkProfile(delay_s=DELAY_S, loss_ratio=ratio)) for ratio in (0.03, 1.0)
    )
    # What was resent before the outage must not matter.
    for link, seconds in ((lossy, 4.0), (CLEAR, 1.0), (dead, 3.0), (CLEAR, 6.0)):
        path.set_link(now, link)
        for n in range(int(seconds * 60)):
            path.write(now, CLIENT, 44)
            if n % 2:
                path.write(now, SERVER, 254)
            now += 1 / 60
    arrivals = [each.at for each in path.advance(now + 10) if each.to == CLIENT]
    gaps_s = [after - before for before, after in pairwise(arrivals)]
    outage = gaps_s.index(max(gaps_s))
    # The first retransmission is acknowledged at once, because the client's own timeout turns out
    # to be spurious. One round trip brings new data (F-RTO), the next one what is missing.
    assert gaps_s[outage + 1] == pytest.approx(2 * RTT_S, abs=0.001)


def test_udp_would_have_lost_one_where_tcp_delays_many() -> None:
    delays = thin_stream(0.39, 0.02)
    assert sum(delay > DELAY_S + 0.001 for delay in delays) >= 4


# The window, Nagle, back-pressure, rate


def test_bytes_that_wait_for_the_window_leave_in_full_segments() -> None:
    records: list[LogRecord] = []
    path = TcpPath(CLEAR, 7, log=records.append)
    path.advance(1.0)
    path.write(1.0, CLIENT, 100 * MSS_BYTES)
    segments = [each.segment for each in packets_of(records) if each.sent_at == 1.0]
    sizes = [segment.end - segment.start for segment in segments if segment]
    assert sizes == [MSS_BYTES] * 10


def test_messages_go_one_by_one_without_nagle_and_together_with_it() -> None:
    arrivals = {}
    for nagle in (False, True):
        path, now = established(Link.symmetric(LinkProfile(delay_s=DELAY_S, nagle=nagle)))
        for n in range(10):
            path.write(now + n * 0.005, CLIENT, 64)
        arrivals[nagle] = [each.n_bytes for each in path.advance(now + 10)]
    assert arrivals[False] == [64] * 10
    assert arrivals[True][0] == 64
    assert len(arrivals[True]) < 5


def test_space_is_what_the_send_buffer_has_left() -> None:
    path, now = established()
    space = path.send_space_bytes(CLIENT)
    assert space >= 64 * 1024
    path.write(now, CLIENT, space)
    assert path.send_space_bytes(CLIENT) == 0
    path.advance(now + 10)
    assert path.send_space_bytes(CLIENT) >= space


def goodput_bps(link: Link, seconds: float) -> float:
    """Return how fast a client that always has something to write gets it through."""
    path, now = established(link)
    began, n_bytes = now, 0
    while now < began + seconds:
        path.write(now, CLIENT, path.send_space_bytes(CLIENT))
        now = max(path.next_event_at(), now + 0.001)
        n_bytes += received_bytes(path.advance(now), SERVER)
    return n_bytes * 8 / seconds


@pytest.mark.parametrize("rate_bps", [1e6, 5e6, pytest.param(20e6, marks=pytest.mark.slow)])
def test_bulk_transfer_fills_the_rate_less_its_headers(rate_bps: float) -> None:
    link = Link.symmetric(LinkProfile(delay_s=0.01, rate_bps=rate_bps, queue_s=0.1))
    goodput = goodput_bps(link, 20.0)
    assert 0.93 * rate_bps <= goodput <= MSS_BYTES / (MSS_BYTES + 66) * rate_bps


@pytest.mark.parametrize("congestion", ["cubic", pytest.param("reno", marks=pytest.mark.slow)])
def test_loss_limits_a_bulk_transfer_about_as_mathis_says(congestion: str) -> None:
    # Mathis et al. 1997: MSS / RTT * sqrt(3/2 / p), an upper bound of the order of magnitude.
    loss_ratio = 0.01
    link = Link.symmetric(
        LinkProfile(delay_s=DELAY_S, loss_ratio=loss_ratio, congestion=congestion)
    )
    mathis_bps = MSS_BYTES * 8 / RTT_S * (1.5 / loss_ratio) ** 0.5
    assert 0.4 * mathis_bps <= goodput_bps(link, 60.0) <= 1.6 * mathis_bps


# Statistics and log


def test_stats_tell_the_state_of_the_sender() -> None:
    path, now = established(PRESETS["lossy"])
    for n in range(1200):
        path.write(now + n / 60, CLIENT, 64)
    counters, stats = path.stats(CLIENT)
    assert stats.srtt_s == pytest.approx(RTT_S, abs=0.03)
    assert stats.rto_s >= 0.2 + RTT_S - 1e-9
    assert 20 <= stats.retransmits <= 150
    assert 10 <= stats.stalls <= 150
    assert 1 <= stats.cwnd <= 20
    assert 1000 < counters.sent < 1300
    assert counters.lost / counters.sent == pytest.approx(0.05, abs=0.02)


def packets_of(records: list[LogRecord]) -> list[PacketRecord]:
    return [record for record in records if isinstance(record, PacketRecord)]


def test_log_has_each_packet_and_its_arrivals() -> None:
    records: list[LogRecord] = []
    path = TcpPath(PRESETS["lossy"], 7, log=records.append)
    for n in range(600):
        path.write(1 + n / 60, CLIENT, 64)
    path.advance(100.0)
    packets = packets_of(records)
    segments = [each.segment for each in packets if each.segment]
    counters = [path.stats(side)[0] for side in Side]
    assert len(packets) == sum(each.sent for each in counters)
    assert sum(not each.arrivals for each in packets) == sum(each.lost for each in counters)
    assert [each.kind for each in segments[:2]] == [PacketType.SYN, PacketType.SYN_ACK]
    assert sum(each.resend > 0 for each in packets) == path.stats(CLIENT)[1].retransmits
    assert any(each.segment and each.segment.sacks for each in packets if not each.is_up)
    assert [each.sent_at for each in packets] == sorted(each.sent_at for each in packets)


@settings(max_examples=scaled(5))
@given(seeds)
def test_lossy_delays_tcp_far_more_than_its_delay(seed: int) -> None:
    path, now = established(PRESETS["lossy"], seed)
    for n in range(60 * 60):
        path.write(now + n / 60, CLIENT, 64)
    arrivals = path.advance(now + 1000)
    assert max(b.at - a.at for a, b in pairwise(arrivals)) > 0.125
