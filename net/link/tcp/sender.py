"""A TCP sender as the Linux kernel has it: what it sends, what it sends again, and when.  [pure]

An event-driven state machine: the application writes, acknowledgements arrive, one timer fires.
Follows RFC 5681 and 6675 (recovery), 6298 (timeout), 8985 (RACK-TLP) and 5682 (F-RTO) in the way
that Linux's `tcp_input.c`, `tcp_output.c` and `tcp_timer.c` put them together. Works on ranges of
the stream in virtual time: it never sees content, a clock or the link.
"""

from collections.abc import Callable
from enum import IntEnum

from net.link.tcp.congestion import INITIAL_WINDOW, AckSample, Reno
from net.link.tcp.packet import MSS_BYTES, Block, Packet
from net.link.tcp.rate_reduction import ProportionalRateReduction
from net.link.tcp.rtt import RttEstimator
from net.link.tcp.scoreboard import AckResult, Scoreboard, Segment
from net.link.tcp.tail_loss_probe import TIMER_SLACK_S, TailLossProbe, probe_timeout_s
from net.link.tcp.timer import RetransmissionTimer, TimerType
from net.link.tcp.undo import Undo


class State(IntEnum):
    """The congestion states of Linux's `tcp_ca_state`, without CWR, which passes at once."""

    OPEN = 0
    DISORDER = 1
    RECOVERY = 2
    LOSS = 3


class RetransmitAction(IntEnum):
    """What an acknowledgement lets the sender do, once its window is known."""

    NOTHING = 0
    RESEND_LOST = 1
    SEND_NEW = 2


# Called as `transmit(now, start, end, again)` for each packet of data; `again` if it was sent
# before.
Transmit = Callable[[float, int, int, bool], None]


class Sender:
    """One end's sender. Positions count the stream's bytes, times are seconds.

    The caller reports acknowledgements with `acknowledge` and then calls `push`, so that data sent
    in answer can carry an acknowledgement of what came with it; and calls `expire` at `timer.at`.
    """

    def __init__(self, transmit: Transmit, congestion: Reno, nagle: bool) -> None:
        self.board = Scoreboard()
        self.rtt = RttEstimator()
        self.timer = RetransmissionTimer()
        self.congestion = congestion
        self.nagle = nagle
        self.state = State.OPEN
        self.written = 0
        self.next_seq = 0
        self.retransmits = 0
        self.timeouts = 0
        self.tail_loss_probes = 0
        self._transmit = transmit
        self._undo = Undo()
        self._reduction = ProportionalRateReduction(INITIAL_WINDOW)
        self._recovery_end = 0  # where in the stream the current or last recovery ends
        self._small_end = 0  # the end of the last segment under the MSS, for Nagle
        self._last_sent_at = 0.0
        self._expiries = 0  # of the timeout, since una last moved
        self._doubts_timeout = False  # F-RTO is finding out whether the timeout was needed
        self._probe = TailLossProbe()

    # Sending

    def write(self, now: float, n_bytes: int) -> None:
        """Take `n_bytes` more of the stream and send what may go."""
        if not self.board.segments:
            self._restart_after_idle(now)
        self.written += n_bytes
        self.push(now)

    def finish(self, now: float) -> None:
        """Send the end of the stream, which counts as a byte and does not wait for Nagle."""
        self.written += 1
        self._send_waiting(now, nagle=False)

    def push(self, now: float) -> None:
        """Send what waits, as far as the window and Nagle allow."""
        self._send_waiting(now, self.nagle)

    def _send_waiting(self, now: float, nagle: bool) -> None:
        board, congestion = self.board, self.congestion
        was_silent = not board.segments
        sent = 0
        while self.next_seq < self.written and board.in_flight() < congestion.cwnd:
            if not self._send_next(now, nagle):
                break
            sent += 1
        limited = board.in_flight() >= congestion.cwnd
        if sent or limited:
            self._note_use(now, limited)
        if sent:
            if self.state == State.RECOVERY:
                self._reduction.sent += sent
            needs_timeout = was_silent or self.timer.cause == TimerType.PROBE
            if not self._arm_probe(now, una_advanced=False) and needs_timeout:
                self._arm_timeout(now)

    def _send_next(self, now: float, nagle: bool) -> bool:
        """Send one segment of new data; return False if Nagle forbids it (RFC 896).

        Nagle's rule in Minshall's version, as Linux has it: at most one small segment is out.
        """
        board = self.board
        start = self.next_seq
        end = min(start + MSS_BYTES, self.written)
        if end - start < MSS_BYTES:
            if nagle and self._small_end > board.una:
                return False
            self._small_end = end
        if not board.segments:
            self.congestion.resume(now - self._last_sent_at)
        board.add(start, end, now)
        self.next_seq = end
        self._last_sent_at = now
        self._transmit(now, start, end, False)
        return True

    def _note_use(self, now: float, limited: bool) -> None:
        """Tell the congestion control how much of its window is used."""
        board = self.board
        used_little = self.congestion.note_use(
            now, len(board.segments), board.una, self.next_seq, limited
        )
        if used_little and self.state == State.OPEN:
            self.congestion.decay(now, self.rtt.rto_s)

    def _restart_after_idle(self, now: float) -> None:
        """Shrink the window of a connection that was silent (RFC 5681, section 4.1)."""
        idle_s = now - self._last_sent_at
        if idle_s > self.rtt.rto_s:
            self.congestion.restart(now, idle_s, self.rtt.rto_s)

    # Acknowledgements

    def acknowledge(self, now: float, packet: Packet) -> None:
        """Take the acknowledgement that `packet` carries, and repair what it shows to be lost."""
        board, congestion = self.board, self.congestion
        if not board.segments:
            return
        lost_before = board.lost_total
        news = board.acknowledge(packet, now, self._recovery_end, self.rtt.min_s)
        if news.advanced:
            self._expiries = 0
        rearm = self._sample_rtt(now, news, packet.echo) or news.advanced
        if packet.duplicate is not None:
            self._note_duplicate(packet.duplicate)
        if self._probe.repaired_loss(packet, news):
            self._reduce()
            congestion.set_window(int(congestion.ssthresh), now)
            self._try_open()
        repair = RetransmitAction.NOTHING
        if self.state != State.OPEN or news.sacked or packet.duplicate is not None:
            repair, waits = self._assess(now, packet, news)
            rearm = rearm and not waits
        if rearm and not self._arm_probe(now, una_advanced=True):
            self._arm_timeout(now)
        self._adjust_window(now, news, board.lost_total - lost_before)
        if repair:
            self._repair(now, repair)

    def _sample_rtt(self, now: float, news: AckResult, echo: float) -> bool:
        """Measure the round trip, by what was sent once or else by the echoed timestamp.

        Returns whether something newer than the head's last transmission was SACKed: then the
        timeout starts again.
        """
        sack_rtt_s = -1.0 if news.first_sacked_at is None else now - news.first_sacked_at
        newest_at = news.newest_sent_at()
        if news.first_acked_at is not None and not news.resent_acked:
            rtt_s = now - news.first_acked_at
        elif news.first_sacked_at is not None:
            rtt_s = sack_rtt_s
        elif news.advanced:
            rtt_s, newest_at = now - echo, echo
        else:
            return False
        rtt = self.rtt
        if newest_at is not None:
            rtt.min_s = min(rtt.min_s, now - newest_at)
        rtt.sample(rtt_s, self.board.una, self.next_seq)
        segments = self.board.segments
        return bool(segments) and 0.0 <= sack_rtt_s > now - segments[0].sent_at

    def _assess(self, now: float, packet: Packet, news: AckResult) -> tuple[RetransmitAction, bool]:
        """Move between the states, as Linux's `tcp_fastretrans_alert` does.

        Returns what may be sent, and whether RACK has armed the reordering timer.
        """
        if self.state == State.OPEN:
            self._undo.forget_resending()
        elif self.state == State.RECOVERY and self.board.una >= self._recovery_end:
            self._end_recovery(now, packet)
        if self.state == State.RECOVERY:
            return self._assess_recovery(now, packet, news)
        if self.state == State.LOSS:
            return self._assess_loss(now, packet, news)
        self._undo_by_duplicates()
        waits = self._detect_losses(now)
        return self._recover_or_open(), waits

    def _assess_recovery(
        self, now: float, packet: Packet, news: AckResult
    ) -> tuple[RetransmitAction, bool]:
        if news.advanced and self._undo_partly(packet):
            return RetransmitAction.NOTHING, False
        self._undo_by_duplicates()
        waits = self._detect_losses(now)
        if self.state == State.RECOVERY:
            return RetransmitAction.RESEND_LOST, waits
        return self._recover_or_open(), waits

    def _assess_loss(
        self, now: float, packet: Packet, news: AckResult
    ) -> tuple[RetransmitAction, bool]:
        repair = self._assess_timeout(packet, news)
        resent_before = self.board.resent_out
        waits = self._detect_losses(now)
        if self.state == State.LOSS and self.board.resent_out >= resent_before:
            return repair, waits
        return self._recover_or_open(), waits

    def _recover_or_open(self) -> RetransmitAction:
        if self.board.lost_out:
            self._enter_recovery()
            return RetransmitAction.RESEND_LOST
        self._try_open()
        return RetransmitAction.NOTHING

    def _try_open(self) -> None:
        """Be OPEN, or in DISORDER while something SACKed or resent is still out."""
        board = self.board
        unclear = board.sacked_out or board.lost_out or board.resent_out
        state = State.DISORDER if unclear else State.OPEN
        if state != self.state:
            self.state = state
            self._recovery_end = self.next_seq

    def _detect_losses(self, now: float) -> bool:
        """Let RACK mark what is lost; return whether it must look again later."""
        board, rtt = self.board, self.rtt
        rack = board.rack
        if not rack.advanced:
            return False
        window_s = rack.reordering_window_s(
            self.state >= State.RECOVERY, board.sacked_out, rtt.min_s, rtt.smoothed_s
        )
        wait_s = board.detect_losses(now, window_s)
        if wait_s:
            self.timer.arm(TimerType.REORDERING, now, min(wait_s + TIMER_SLACK_S, rtt.rto_s))
        return wait_s > 0

    # Recovery

    def _enter_recovery(self) -> None:
        """Begin fast recovery: the threshold falls, and PRR sets the window until the end."""
        self._reduce()
        self._undo.begin(self.board.una, self.board.resent_out + self._probe.resent_out())
        self._probe.close()
        self.state = State.RECOVERY

    def _reduce(self) -> None:
        congestion = self.congestion
        self._undo.remember(congestion.cwnd, congestion.remembered_threshold())
        self._recovery_end = self.next_seq
        self._reduction = ProportionalRateReduction(congestion.cwnd)
        congestion.reduce()

    def _end_recovery(self, now: float, packet: Packet) -> None:
        if self._undo.is_proven(packet.echo):
            self._restore_window()
        else:
            self.board.rack.note_recovery()
            if self._undo.is_open:
                self.congestion.set_window(int(self.congestion.ssthresh), now)
        self.state = State.OPEN
        self._undo.close()

    def _adjust_window(self, now: float, news: AckResult, newly_lost: int) -> None:
        """Set the window for this acknowledgement: by PRR in a recovery, else let it grow."""
        congestion = self.congestion
        if self.state == State.RECOVERY:
            self._reduce_proportionally(news.delivered, news.advanced and not newly_lost)
            return
        grows = news.advanced or (news.sacked and self.board.rack.reordering_seen)
        if grows and congestion.is_limiting():
            newest_at = news.newest_sent_at()
            rtt_s = None if newest_at is None else now - newest_at
            una, next_seq = self.board.una, self.next_seq
            congestion.acknowledge(
                AckSample(now, news.delivered, rtt_s, self.rtt.min_s, una, next_seq)
            )

    def _reduce_proportionally(self, delivered: int, slow_start: bool) -> None:
        if not delivered:
            return
        in_flight = self.board.in_flight()
        ssthresh = int(self.congestion.ssthresh)
        may_send = self._reduction.allow(delivered, in_flight, ssthresh, slow_start)
        self.congestion.cwnd = max(in_flight + may_send, 1)

    def _repair(self, now: float, repair: RetransmitAction) -> None:
        if repair == RetransmitAction.SEND_NEW:
            self._send_waiting(now, nagle=False)
            if self.next_seq > self._recovery_end:
                return
            self._doubts_timeout = False
        self._resend_lost(now)

    def _resend_lost(self, now: float) -> None:
        """Send the lost again, oldest first, as far as the window allows."""
        board = self.board
        for segment in list(board.segments):
            if board.resent_out >= board.lost_out or board.in_flight() >= self.congestion.cwnd:
                return
            if not segment.lost or segment.in_flight_again:
                continue
            self._resend(now, segment)
            if self.state == State.RECOVERY:
                self._reduction.sent += 1
            if segment is board.segments[0] and self.timer.cause != TimerType.REORDERING:
                self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _resend(self, now: float, segment: Segment) -> None:
        self.board.resend(segment, now)
        self._undo.resent(now)
        self._transmit_again(now, segment)

    def _transmit_again(self, now: float, segment: Segment) -> None:
        self.retransmits += 1
        self._transmit(now, max(segment.start, self.board.una), segment.end, True)

    # The timer

    def expire(self, now: float) -> None:
        """Do what the timer was armed for; `now` is its time."""
        cause = self.timer.cause
        self.timer.disarm()
        if not self.board.segments:
            return
        if cause == TimerType.TIMEOUT:
            self._time_out(now)
        elif cause == TimerType.PROBE:
            self._send_probe(now)
        elif cause == TimerType.REORDERING:
            self._look_again(now)

    def _arm_timeout(self, now: float) -> None:
        """Arm the retransmission timeout: from now, or as it would stand without a probe."""
        if not self.board.segments:
            self.timer.disarm()
        elif self.timer.cause in (TimerType.PROBE, TimerType.REORDERING):
            self._resume_timeout(now)
        else:
            self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _resume_timeout(self, now: float) -> None:
        """Arm what is left of the timeout since the head was last sent."""
        self.timer.arm(TimerType.TIMEOUT, now, max(self._timeout_left_s(now), 0.0))

    def _timeout_left_s(self, now: float) -> float:
        return self.board.segments[0].sent_at + self.rtt.rto_s - now

    def _arm_probe(self, now: float, una_advanced: bool) -> bool:
        """Arm a tail loss probe, no later than the timeout; return whether one is allowed."""
        segments = self.board.segments
        if self.state != State.OPEN or not segments:
            return False
        timeout_s = probe_timeout_s(self.rtt, len(segments))
        limit_s = self.rtt.rto_s if una_advanced else self._timeout_left_s(now)
        if 0.0 < limit_s < timeout_s:
            timeout_s = limit_s
        self.timer.arm(TimerType.PROBE, now, timeout_s)
        return True

    def _send_probe(self, now: float) -> None:
        """Send something that draws an acknowledgement out: new data, or else the last again."""
        if self._probe.end is not None:
            self._resume_timeout(now)
            return
        self.tail_loss_probes += 1
        has_new = self.next_seq < self.written
        if has_new:
            self._send_next(now, nagle=False)
            self._note_use(now, self.board.in_flight() >= self.congestion.cwnd)
        else:
            last = self.board.segments[-1]
            self.board.resend_unmarked(last, now)
            self._transmit_again(now, last)
        self._probe.sent(self.next_seq, was_resent=not has_new)
        self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _look_again(self, now: float) -> None:
        """Mark what stayed away during the reordering window, and send it again."""
        board = self.board
        in_flight = board.in_flight()
        board.rack.advanced = True
        self._detect_losses(now)
        if board.in_flight() != in_flight:
            if self.state != State.RECOVERY:
                self._enter_recovery()
                self._reduce_proportionally(1, slow_start=False)
            self._resend_lost(now)
        if self.timer.cause == TimerType.NOTHING:
            self._arm_timeout(now)

    def _time_out(self, now: float) -> None:
        """Take all that is old for lost and begin again with one packet (RFC 5681, section 3.1)."""
        board, congestion = self.board, self.congestion
        is_new = self.state < State.RECOVERY
        recovered_since = self.state == State.LOSS and not self._expiries
        board.mark_expired(now)
        if is_new or recovered_since or board.una >= self._recovery_end:
            self._undo.remember(congestion.cwnd, congestion.remembered_threshold())
            congestion.reduce()
            self._undo.begin(board.una, board.resent_out + self._probe.resent_out())
        congestion.collapse(board.in_flight() + 1, now)
        self._doubts_timeout = is_new or self._expiries > 0
        self.state = State.LOSS
        self._recovery_end = self.next_seq
        self._probe.close()
        self._expiries += 1
        self.timeouts += 1
        self._resend(now, board.segments[0])
        self.rtt.back_off()
        self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _assess_timeout(self, packet: Packet, news: AckResult) -> RetransmitAction:
        """Find out whether a timeout was needed (F-RTO, RFC 5682) and whether it is over."""
        is_over = self.board.una >= self._recovery_end
        needless = news.advanced and self._undo.is_proven(packet.echo)
        if needless or (self._doubts_timeout and news.original_arrived):
            self.board.unmark_lost()
            self._restore_window()
            self._expiries = 0
            self._doubts_timeout = False
            self.state = State.OPEN
            return RetransmitAction.NOTHING
        if self._doubts_timeout and self._tries_new_data(packet, news, is_over):
            return RetransmitAction.SEND_NEW
        if is_over:
            self._undo.close()
            self.state = State.OPEN
            return RetransmitAction.NOTHING
        return RetransmitAction.RESEND_LOST

    def _tries_new_data(self, packet: Packet, news: AckResult, is_over: bool) -> bool:
        """Take F-RTO's next step; return whether new data are to be sent before the lost."""
        if self.next_seq > self._recovery_end:
            is_repeated = not (news.advanced or packet.end > packet.start)
            if news.sacked or is_repeated:
                self._doubts_timeout = False  # the loss was real
        elif news.advanced and not is_over:
            self._recovery_end = self.next_seq
            if self.next_seq < self.written:
                return True
            self._doubts_timeout = False
        return False

    # Undo

    def _undo_partly(self, packet: Packet) -> bool:
        """Stop a recovery whose hole the original filled; return whether nothing may be sent."""
        if not self._undo.answers_original(packet.echo):
            return False
        if self.board.resent_out:
            return True
        self.board.unmark_lost()
        self._restore_window()
        self._try_open()
        return False

    def _undo_by_duplicates(self) -> None:
        if self._undo.all_duplicates():
            self._restore_window()
            self._try_open()

    def _restore_window(self) -> None:
        congestion, undo = self.congestion, self._undo
        congestion.cwnd = max(congestion.cwnd, undo.window)
        congestion.ssthresh = max(congestion.ssthresh, undo.ssthresh)
        undo.close()
        self.board.rack.advanced = True  # let it judge again

    def _note_duplicate(self, block: Block) -> None:
        """Learn from a DSACK that something sent again had arrived already (RFC 2883)."""
        if self.board.rack.reordering_seen and not self._probe.is_doubled_by(block):
            self.board.rack.widen()
        self._undo.reported_duplicate(block)
