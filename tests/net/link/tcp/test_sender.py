"""Tests of the sender: congestion states, retransmissions, probes and undo, as in Linux."""

from dataclasses import dataclass, field

import pytest

from net.link.tcp.congestion import Cubic
from net.link.tcp.recovery import State
from net.link.tcp.sender import Sender
from net.link.tcp.timer import TimerType
from net.link.tcp_segment import MSS_BYTES, Block, Packet, PacketType

RTT_S = 0.05
STEP_S = 0.02


@dataclass
class Peer:
    """A sender and the packets that it sent. The test makes the acknowledgements."""

    nagle: bool = False
    sent: list[tuple[int, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sender = Sender(self._note, Cubic(), self.nagle)
        self.sender.rtt.min_s = RTT_S
        for _ in range(40):
            self.sender.rtt.sample(RTT_S, 0, 0)

    def _note(self, now: float, start: int, end: int, again: bool) -> None:
        self.sent.append((start, end, again))

    def write_messages(self, count: int, now: float = 0.0) -> float:
        """Write messages of 64 bytes every ``STEP_S``; return the time of the next."""
        for n in range(count):
            self.sender.write(now + n * STEP_S, 64)
        return now + count * STEP_S

    def ack(
        self,
        now: float,
        ack: int,
        *sacks: Block,
        echo: float | None = None,
        duplicate: Block | None = None,
    ) -> None:
        """Apply an acknowledgement. By default it echoes a timestamp from one RTT ago."""
        echoed = now - RTT_S if echo is None else echo
        packet = Packet(PacketType.ORDINARY, 0, 0, ack, sacks, duplicate, now, echoed)
        self.sender.acknowledge(now, packet)
        self.sender.push(now)

    @property
    def resent(self) -> list[tuple[int, int]]:
        return [(start, end) for start, end, again in self.sent if again]


def recovering() -> tuple[Peer, float]:
    """Return a peer whose first of four messages was marked lost and resent."""
    peer = Peer()
    peer.write_messages(4)
    now = STEP_S + RTT_S
    peer.ack(now, 0, (64, 128))
    assert peer.sender.recovery.state == State.RECOVERY
    return peer, now


# Losses and recovery


def test_loss_is_seen_with_the_first_sack_that_is_late_enough() -> None:
    peer, _ = recovering()
    assert peer.resent == [(0, 64)]
    assert peer.sender.congestion.ssthresh == 7


def test_sack_of_something_sent_just_after_waits_for_the_reordering_window() -> None:
    peer = Peer()
    peer.sender.write(0.0, 64)
    peer.sender.write(0.005, 64)
    peer.ack(0.005 + RTT_S, 0, (64, 128))
    sender = peer.sender
    assert (sender.recovery.state, sender.timer.cause) == (State.DISORDER, TimerType.REORDERING)
    assert peer.resent == []
    sender.on_timer(sender.timer.at)
    assert (sender.recovery.state, peer.resent) == (State.RECOVERY, [(0, 64)])


def test_recovery_ends_when_all_that_was_out_is_acknowledged_and_sets_the_window() -> None:
    peer, now = recovering()
    peer.ack(now + RTT_S, 256)
    assert peer.sender.recovery.state == State.OPEN
    assert peer.sender.congestion.cwnd == 7


def test_lost_retransmission_is_found_by_what_was_sent_after_it() -> None:
    peer, now = recovering()
    peer.ack(now + 0.001, 0, (64, 192))  # lets new data out behind the retransmission
    peer.sender.write(now + 0.005, 64)
    peer.ack(now + 0.005 + RTT_S, 0, (64, 320))
    assert peer.resent == [(0, 64), (0, 64)]


def test_new_data_wait_while_recovery_allows_none() -> None:
    peer, now = recovering()
    before = len(peer.sent)
    peer.sender.write(now + 0.001, 64)
    assert len(peer.sent) == before
    peer.ack(now + STEP_S, 0, (64, 192))
    assert len(peer.sent) == before + 1


# Probes and timeouts


def test_tail_is_probed_with_what_waits_even_against_nagle() -> None:
    peer = Peer(nagle=True)
    peer.sender.write(0.0, 64)
    peer.sender.write(0.01, 64)
    assert peer.sent == [(0, 64, False)]
    peer.sender.on_timer(peer.sender.timer.at)
    assert peer.sent == [(0, 64, False), (64, 128, False)]
    assert peer.sender.tail_loss_probes == 1


def test_tail_is_probed_with_the_last_segment_when_nothing_waits() -> None:
    peer = Peer()
    peer.write_messages(3)
    sender = peer.sender
    assert sender.timer.cause == TimerType.PROBE
    sender.on_timer(sender.timer.at)
    assert peer.resent == [(128, 192)]
    assert sender.timer.cause == TimerType.TIMEOUT


def test_probe_waits_two_round_trips_and_longer_for_a_single_packet() -> None:
    for messages, wait_s in ((1, RTT_S + 0.2), (2, 2 * RTT_S)):
        peer = Peer()
        last = peer.write_messages(messages) - STEP_S
        assert wait_s <= peer.sender.timer.at - last <= wait_s + 0.015


def test_probe_that_repaired_a_loss_costs_the_window_and_one_that_did_not_costs_nothing() -> None:
    for duplicate, cwnd in ((None, 7), ((128, 192), 10)):
        peer = Peer()
        peer.write_messages(3)
        probed_at = peer.sender.timer.at
        peer.sender.on_timer(probed_at)
        peer.sender.write(probed_at + 0.001, 64)
        peer.ack(probed_at + RTT_S, 192, duplicate=duplicate)
        peer.ack(probed_at + RTT_S + 0.001, 256)
        assert peer.sender.congestion.cwnd == cwnd


def timed_out(messages: int = 4) -> tuple[Peer, float]:
    peer = Peer()
    peer.write_messages(messages)
    peer.sender.on_timer(peer.sender.timer.at)
    now = peer.sender.timer.at
    peer.sender.on_timer(now)
    assert peer.sender.recovery.state == State.LOSS
    return peer, now


def test_timeout_begins_again_with_one_packet_and_doubles() -> None:
    peer, now = timed_out()
    sender = peer.sender
    assert sender.congestion.cwnd == 1
    assert sender.timeouts == 1
    # What was lost together fits in one packet.
    assert peer.resent[-1] == (0, 256)
    assert sender.timer.at - now == pytest.approx(0.5, abs=0.04)


def test_a_part_of_a_merged_segment_does_not_start_the_timeout_again() -> None:
    peer = Peer()
    now = peer.write_messages(4)
    sender = peer.sender
    while sender.timeouts < 2:
        now = sender.timer.at
        sender.on_timer(now)
    # The retransmission carries all four messages. The peer had the first, and its answer was lost.
    assert peer.resent[-1] == (0, 4 * 64)
    before = sender.timer.at, sender.rtt.rto_s, sender.rtt.smoothed_s
    peer.ack(now + 0.01, 64, echo=0.0)
    assert sender.board.una == 64
    assert (sender.timer.at, sender.rtt.rto_s, sender.rtt.smoothed_s) == before


def test_round_trip_measured_again_ends_the_backing_off() -> None:
    peer, now = timed_out()
    peer.ack(now + RTT_S, 256)
    assert peer.sender.recovery.state == State.OPEN
    assert peer.sender.rtt.rto_s == pytest.approx(0.25, abs=0.02)


def test_timeout_is_undone_when_an_original_turns_out_to_have_arrived() -> None:
    peer, now = timed_out()
    # The echo is of before the retransmission: the acknowledgement had been on its way.
    peer.ack(now + 0.001, 64, echo=0.0)
    assert peer.sender.recovery.state < State.RECOVERY
    assert peer.sender.congestion.cwnd >= 10


def test_timeout_is_undone_although_something_was_resent_before() -> None:
    peer, now = recovering()
    now += RTT_S
    peer.ack(now, 256)
    sender = peer.sender
    written_at = now
    now = peer.write_messages(4, now)
    while not sender.timeouts:
        now = sender.timer.at
        sender.on_timer(now)
    # The echo is newer than the retransmission of the recovery, and older than the timeout's.
    peer.ack(now + 0.001, 256 + 64, echo=written_at)
    assert sender.recovery.state < State.RECOVERY
    assert sender.congestion.cwnd == 7


def test_recovery_is_undone_when_every_retransmission_was_a_duplicate() -> None:
    peer, now = recovering()
    peer.ack(now + RTT_S, 128, (128, 192), duplicate=(0, 64))
    assert peer.sender.recovery.state < State.RECOVERY
    assert peer.sender.congestion.cwnd >= 10


def test_nothing_is_armed_when_everything_is_acknowledged() -> None:
    peer = Peer()
    now = peer.write_messages(3)
    peer.ack(now + RTT_S, 192)
    assert peer.sender.timer.cause == TimerType.NOTHING


# Nagle and idleness


def test_nagle_lets_one_small_segment_out_at_a_time() -> None:
    peer = Peer(nagle=True)
    peer.write_messages(4)
    assert peer.sent == [(0, 64, False)]
    peer.ack(4 * STEP_S, 64)
    assert peer.sent[1:] == [(64, 256, False)]


def test_nagle_does_not_hold_full_segments() -> None:
    peer = Peer(nagle=True)
    peer.sender.write(0.0, 64)
    peer.sender.write(0.01, 2 * MSS_BYTES)
    assert [end - start for start, end, _ in peer.sent] == [64, MSS_BYTES, MSS_BYTES]


def test_end_of_the_stream_does_not_wait_for_nagle() -> None:
    peer = Peer(nagle=True)
    peer.write_messages(2)
    peer.sender.finish(2 * STEP_S)
    assert peer.sent[-1] == (64, 129, False)


def test_silence_shrinks_a_large_window() -> None:
    peer = Peer()
    peer.sender.congestion.cwnd = 100
    peer.write_messages(1)
    peer.ack(RTT_S, 64)
    peer.sender.write(60.0, 64)
    assert peer.sender.congestion.cwnd == 10
