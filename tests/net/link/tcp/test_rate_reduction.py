"""Tests of PRR: in a recovery, packets leave in proportion to those that arrive (RFC 6937)."""

from net.link.tcp.rate_reduction import ProportionalRateReduction


def test_first_retransmission_never_waits() -> None:
    assert ProportionalRateReduction(10).allow(1, in_flight=9, ssthresh=7, slow_start=False) == 1


def test_seven_of_ten_are_let_out_while_more_than_the_threshold_are_in_flight() -> None:
    reduction = ProportionalRateReduction(100)
    sent, in_flight = 0, 100
    for _ in range(30):
        in_flight -= 1
        may_send = reduction.allow(1, in_flight, ssthresh=70, slow_start=False)
        reduction.sent += may_send
        sent += may_send
        in_flight += may_send
    assert sent in (21, 22)


def test_below_the_threshold_one_leaves_for_one_that_arrives() -> None:
    reduction = ProportionalRateReduction(10)
    reduction.sent = 1
    assert reduction.allow(1, in_flight=2, ssthresh=7, slow_start=False) == 1


def test_progress_lets_one_more_out_up_to_the_threshold() -> None:
    reduction = ProportionalRateReduction(10)
    reduction.sent = 1
    assert reduction.allow(1, in_flight=2, ssthresh=7, slow_start=True) == 2
    assert reduction.allow(5, in_flight=6, ssthresh=7, slow_start=True) == 1
