"""Tests of Reno and Cubic: growth of a limiting window, reductions, and Cubic's curve."""

from math import inf

import pytest

from net.link.tcp.congestion import INITIAL_WINDOW, AckSample, Cubic, Reno

RTT_S = 0.05


def ack(congestion: Reno, now: float, packets: int = 1, rtt_s: float = RTT_S) -> None:
    una = int(now * 1e6)
    congestion.acknowledge(AckSample(now, packets, rtt_s, RTT_S, una, una + 100_000))


def limited(congestion: Reno) -> Reno:
    congestion.limited = True
    return congestion


@pytest.mark.parametrize("kind", [Reno, Cubic])
def test_window_begins_at_ten_and_doubles_in_slow_start(kind: type[Reno]) -> None:
    congestion = limited(kind())
    assert congestion.cwnd == INITIAL_WINDOW == 10
    ack(congestion, 1.0, packets=10)
    assert congestion.cwnd == 20


@pytest.mark.parametrize("kind", [Reno, Cubic])
def test_window_that_does_not_limit_does_not_grow(kind: type[Reno]) -> None:
    congestion = kind()
    congestion.note_use(1.0, in_flight=3, una=0, next_seq=100, limited=False)
    for n in range(100):
        ack(congestion, 1.0 + n * 0.01)
    assert congestion.cwnd == INITIAL_WINDOW


def test_slow_start_goes_on_to_twice_of_what_was_in_flight() -> None:
    congestion = Reno()
    congestion.note_use(1.0, in_flight=8, una=0, next_seq=100, limited=False)
    for n in range(100):
        ack(congestion, 1.0 + n * 0.01)
    assert congestion.cwnd == 16


def test_reno_grows_by_one_a_round_trip_and_halves() -> None:
    congestion = limited(Reno())
    congestion.ssthresh = 10
    for n in range(10 + 11 + 12):
        ack(congestion, 1.0 + n * 0.01)
    assert congestion.cwnd == 13
    congestion.reduce()
    assert congestion.ssthresh == 6


def test_threshold_is_never_under_two() -> None:
    for congestion in (Reno(), Cubic()):
        congestion.cwnd = 1
        congestion.reduce()
        assert congestion.ssthresh == 2


def test_cubic_keeps_seven_tenths() -> None:
    congestion = Cubic()
    congestion.cwnd = 100
    congestion.reduce()
    assert congestion.ssthresh == 70


def window_after(congestion: Cubic, seconds: float) -> int:
    """Return the window after so long of acknowledgements in plenty."""
    now, until = 10.0, 10.0 + seconds
    while now < until:
        ack(congestion, now, packets=congestion.cwnd // 4)
        now += RTT_S / 4
    return congestion.cwnd


def reduced(cwnd: int) -> Cubic:
    congestion = Cubic()
    limited(congestion)
    congestion.cwnd = cwnd
    congestion.reduce()
    congestion.set_window(int(congestion.ssthresh), 10.0)
    return congestion


def test_cubic_comes_back_to_the_old_window_after_its_plateau() -> None:
    # K of RFC 9438: the cube root of 0.3 * 1000 / 0.4 is 9.1 s, with Reno's growth far below.
    assert window_after(reduced(1000), 2.0) < 980
    assert window_after(reduced(1000), 9.0) == pytest.approx(1000, rel=0.01)
    assert window_after(reduced(1000), 14.0) > 1020


def test_cubic_is_flat_around_the_plateau() -> None:
    assert abs(window_after(reduced(1000), 10.5) - window_after(reduced(1000), 7.5)) < 12


def test_small_windows_grow_at_least_as_reno_would() -> None:
    # Of Reno's 3 * 0.3 / 1.7 packets a round trip; Cubic's own curve would give four in all.
    assert window_after(reduced(10), 2.0) >= 7 + int(0.4 * 2.0 / RTT_S)


def test_loss_before_the_old_window_is_reached_lowers_the_plateau() -> None:
    falling = reduced(1000)
    falling.reduce()
    falling.set_window(int(falling.ssthresh), 10.0)
    assert falling.cwnd == reduced(700).cwnd == 490
    # Fast convergence makes room for others (RFC 9438, section 4.7): 595 and not 700.
    assert window_after(falling, 6.5) < 610
    assert window_after(reduced(700), 6.5) > 680


def test_hystart_leaves_slow_start_when_the_delay_rises() -> None:
    congestion = limited(Cubic())
    congestion.cwnd = 32
    for n in range(20):
        ack(congestion, 1.0 + n * 0.005, rtt_s=RTT_S + 0.02)
    assert congestion.ssthresh < inf


def test_hystart_leaves_steady_delay_alone() -> None:
    congestion = limited(Cubic())
    congestion.cwnd = 32
    for n in range(20):
        ack(congestion, 1.0 + n * 0.005)
    assert congestion.ssthresh == inf


def test_timeout_collapses_the_window_and_forgets_the_plateau() -> None:
    congestion = reduced(1000)
    congestion.collapse(1, 10.0)
    assert congestion.cwnd == 1
    congestion.ssthresh = 1
    assert window_after(congestion, 2.0) < 100


def test_unused_window_decays_half_way_to_what_was_used() -> None:
    congestion = Reno()
    congestion.cwnd, congestion.ssthresh = 50, 20
    congestion.note_use(1.0, in_flight=12, una=0, next_seq=1, limited=False)
    congestion.decay(1.0, rto_s=0.25)
    assert congestion.cwnd == (50 + 12) // 2
    assert congestion.ssthresh == 37
    congestion.decay(1.1, rto_s=0.25)
    assert congestion.cwnd == 31  # once a timeout


def test_idle_connection_restarts_from_the_initial_window() -> None:
    congestion = Reno()
    congestion.cwnd = 100
    congestion.restart(10.0, idle_s=0.6, rto_s=0.25)
    assert congestion.cwnd == 25
    congestion.restart(20.0, idle_s=10.0, rto_s=0.25)
    assert congestion.cwnd == INITIAL_WINDOW


def test_pause_with_nothing_in_flight_does_not_make_cubic_jump() -> None:
    paused, steady = reduced(1000), reduced(1000)
    window_after(paused, 1.0)
    window_after(steady, 1.0)
    paused.resume(8.0)
    later = 19.0
    for congestion in (paused, steady):
        for n in range(40):
            ack(congestion, later + n * 0.01, packets=100)
    assert paused.cwnd < steady.cwnd
