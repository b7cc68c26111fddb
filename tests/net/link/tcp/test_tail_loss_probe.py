"""Tests of the tail loss probe: its timeout, and the meaning of its answer."""

import pytest

from net.link.tcp.retransmission_timeout import RttEstimator
from net.link.tcp.scoreboard import AckResult
from net.link.tcp.tail_loss_probe import TIMER_SLACK_S, TailLossProbe, probe_timeout_s
from net.link.tcp_segment import Block, Packet, PacketType

END = 1000


def answer(
    probe: TailLossProbe, ack: int, *, advanced: bool = True, duplicate: Block | None = None
) -> bool:
    result = AckResult()
    result.advanced = advanced
    packet = Packet(PacketType.ORDINARY, 0, 0, ack, (), duplicate, 0.0, 0.0)
    return probe.repaired_loss(packet, result)


def probe_with(was_resent: bool) -> TailLossProbe:
    probe = TailLossProbe()
    probe.note_sent(END, was_resent)
    return probe


def test_waiting_time() -> None:
    rtt = RttEstimator()
    assert probe_timeout_s(rtt, 3) == 1.0
    rtt.sample(0.05, 0, 0)
    assert probe_timeout_s(rtt, 3) == pytest.approx(0.1 + TIMER_SLACK_S)
    assert probe_timeout_s(rtt, 1) == pytest.approx(0.1 + 0.2)


def test_probe_of_new_data_repairs_nothing() -> None:
    probe = probe_with(was_resent=False)
    assert probe.resent_out() == 0
    assert not answer(probe, END)
    assert probe.end is None


def test_progress_beyond_a_repeated_segment_means_that_it_was_lost() -> None:
    probe = probe_with(was_resent=True)
    assert probe.resent_out() == 1
    assert not answer(probe, END)
    assert probe.end == END
    assert answer(probe, END + 64)
    assert probe.end is None


def test_report_of_a_duplicate_means_that_it_was_not() -> None:
    probe = probe_with(was_resent=True)
    assert not answer(probe, END, duplicate=(END - 64, END))
    assert probe.end is None


def test_repeated_acknowledgement_without_news_means_that_it_was_not() -> None:
    probe = probe_with(was_resent=True)
    assert not answer(probe, END, advanced=False)
    assert probe.end is None


def test_acknowledgements_of_earlier_data_are_ignored() -> None:
    probe = probe_with(was_resent=True)
    assert not answer(probe, END - 64)
    assert probe.end == END
