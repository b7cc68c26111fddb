"""Loss recovery of a TCP sender: congestion states, fast recovery, F-RTO and undo.  [pure]

An acknowledgement or a timer moves the sender between the states of Linux's ``tcp_ca_state``.
This module decides what is lost, how large the window is and what may be sent.
The sender sends. Sources:

- RFC 6675 and 6937: fast recovery and proportional rate reduction.
- RFC 8985: loss detection by RACK.
- RFC 5682: F-RTO, the check whether a timeout was spurious.
- RFC 3522 and 3708: undo by timestamps (Eifel) and by DSACK.
- Linux ``net/ipv4/tcp_input.c``: ``tcp_fastretrans_alert``, ``tcp_process_loss``,
  ``tcp_enter_loss`` and ``tcp_try_undo_recovery``.
"""

from enum import IntEnum

from net.link.tcp.congestion import INITIAL_WINDOW, AckSample, Reno
from net.link.tcp.rate_reduction import ProportionalRateReduction
from net.link.tcp.retransmission_timeout import RttEstimator
from net.link.tcp.scoreboard import AckResult, Scoreboard
from net.link.tcp.spurious_recovery import Undo
from net.link.tcp.tail_loss_probe import TIMER_SLACK_S, TailLossProbe
from net.link.tcp.timer import RetransmissionTimer, TimerType
from net.link.tcp_segment import Block, Packet

__all__ = ["Recovery", "RetransmitAction", "State"]


class State(IntEnum):
    """Congestion state, as in Linux's ``tcp_ca_state``; the order matters.

    CWR is left out: it answers ECN marks, which the model does not have.
    """

    OPEN = 0
    DISORDER = 1
    RECOVERY = 2
    LOSS = 3


# Looked up once for all packets: Python 3.11 takes 0.1 µs to find a member of an enum.
_OPEN, _RECOVERY = State.OPEN, State.RECOVERY


class RetransmitAction(IntEnum):
    """Permission to send that follows from an acknowledgement (Linux's ``rexmit``)."""

    NOTHING = 0
    RESEND_LOST = 1
    SEND_NEW = 2


class Recovery:
    """Loss recovery state of one sender.

    ``end`` is the position in the stream where the current or the last recovery ends
    (Linux's ``high_seq``). Times are seconds of virtual time.
    """

    __slots__ = (
        "_board",
        "_congestion",
        "_frto_is_active",
        "_reduction",
        "_rtt",
        "_timeouts_since_progress",
        "_timer",
        "_undo",
        "end",
        "probe",
        "state",
    )

    def __init__(
        self, board: Scoreboard, congestion: Reno, rtt: RttEstimator, timer: RetransmissionTimer
    ) -> None:
        self.state = State.OPEN
        self.end = 0
        self.probe = TailLossProbe()
        self._board = board
        self._congestion = congestion
        self._rtt = rtt
        self._timer = timer
        self._undo = Undo()
        self._reduction = ProportionalRateReduction(INITIAL_WINDOW)
        self._timeouts_since_progress = 0  # since ``una`` last moved
        self._frto_is_active = False  # F-RTO still checks whether the timeout was spurious

    # Acknowledgements

    def is_at_rest(self) -> bool:
        """Tell whether a repeated acknowledgement has no meaning: nothing is missing or probed."""
        return self.state == _OPEN and self.probe.end is None

    def note_ack(self, now: float, packet: Packet, result: AckResult) -> None:
        """Note progress, a DSACK and the answer to a tail loss probe."""
        if result.advanced:
            self._timeouts_since_progress = 0
        if packet.duplicate is not None:
            self._note_duplicate(packet.duplicate)
        # Most acknowledgements come without a probe out. The check is cheaper than the call.
        if self.probe.end is not None and self.probe.repaired_loss(packet, result):
            # The probe repaired a loss that nothing else showed. It is congestion all the same, so
            # the window falls at once, without a recovery (RFC 8985, section 7.4).
            self._reduce()
            self._congestion.set_window(int(self._congestion.ssthresh), now)
            self._open_if_clear()

    def assess(
        self, now: float, packet: Packet, result: AckResult, has_unsent: bool
    ) -> tuple[RetransmitAction, bool]:
        """Move between the states, as Linux's ``tcp_fastretrans_alert`` does.

        ``has_unsent`` tells whether new data waits to be sent.
        Returns what may be sent, and whether RACK has armed the reordering timer.
        """
        if self.state == State.OPEN:
            self._undo.forget_resends()
        elif self.state == State.RECOVERY and self._board.una >= self.end:
            self._end_recovery(now, packet)
        if self.state == State.RECOVERY:
            return self._assess_recovery(now, packet, result)
        if self.state == State.LOSS:
            return self._assess_loss(now, packet, result, has_unsent)
        self._undo_by_duplicates()
        waits = self.detect_losses(now)
        return self._recover_or_open(), waits

    def _assess_recovery(
        self, now: float, packet: Packet, result: AckResult
    ) -> tuple[RetransmitAction, bool]:
        if result.advanced and self._undo_partly(packet):
            return RetransmitAction.NOTHING, False
        self._undo_by_duplicates()
        waits = self.detect_losses(now)
        if self.state == State.RECOVERY:
            return RetransmitAction.RESEND_LOST, waits
        # An undo has ended the recovery, but RACK may have found another loss.
        return self._recover_or_open(), waits

    def _assess_loss(
        self, now: float, packet: Packet, result: AckResult, has_unsent: bool
    ) -> tuple[RetransmitAction, bool]:
        action = self._process_timeout(packet, result, has_unsent)
        resent_before = self._board.resent_out
        waits = self.detect_losses(now)
        if self.state == State.LOSS and self._board.resent_out >= resent_before:
            return action, waits
        # Either F-RTO has ended the state, or a retransmission was lost in its turn. Then fast
        # recovery goes on from here, without waiting for a second timeout.
        return self._recover_or_open(), waits

    def _recover_or_open(self) -> RetransmitAction:
        if self._board.lost_out:
            self.enter_recovery()
            return RetransmitAction.RESEND_LOST
        self._forget_resends()
        self._open_if_clear()
        return RetransmitAction.NOTHING

    def _forget_resends(self) -> None:
        """Forget when the first retransmission left, unless one is unanswered.

        Each recovery has its own first retransmission. An old one would hide that a later timeout
        was spurious. Linux's ``tcp_retrans_stamp_cleanup``.
        """
        if not self._board.has_resent():
            self._undo.forget_resends()

    def _open_if_clear(self) -> None:
        """Enter OPEN, or DISORDER while something SACKed, lost or resent is still out.

        Linux's ``tcp_try_keep_open``.
        """
        board = self._board
        unclear = board.sacked_out or board.lost_out or board.has_resent()
        state = State.DISORDER if unclear else State.OPEN
        if state != self.state:
            self.state = state
            self.end = board.next_seq

    def detect_losses(self, now: float) -> bool:
        """Let RACK mark lost segments; return whether the reordering timer was armed.

        Linux's ``tcp_rack_mark_lost``.
        """
        board, rtt = self._board, self._rtt
        rack = board.rack
        # Without a newer arrival RACK would only repeat its last answer.
        if not rack.advanced:
            return False
        window_s = rack.reordering_window_s(
            self.state >= State.RECOVERY, board.sacked_out, rtt.min_s, rtt.smoothed_s
        )
        wait_s = board.detect_losses(now, window_s)
        if wait_s:
            self._timer.arm(TimerType.REORDERING, now, min(wait_s + TIMER_SLACK_S, rtt.rto_s))
        return wait_s > 0

    def detect_late_losses(self, now: float) -> bool:
        """Mark what did not arrive within the reordering window; return whether something was.

        Linux's ``tcp_rack_reo_timeout``.
        """
        board = self._board
        in_flight = board.in_flight()
        board.rack.advanced = True
        self.detect_losses(now)
        if board.in_flight() == in_flight:
            return False
        if self.state != State.RECOVERY:
            self.enter_recovery()
            # No acknowledgement opens the window here, so one packet counts as delivered.
            self._reduce_proportionally(1, slow_start=False)
        return True

    # Fast recovery

    def enter_recovery(self) -> None:
        """Begin fast recovery: ``ssthresh`` falls, and PRR sets the window until the end.

        Linux's ``tcp_enter_recovery``.
        """
        self._forget_resends()
        self._reduce()
        self._undo.begin(self._board.una, self._board.resent_out + self.probe.resent_out())
        self.probe.close()
        self.state = State.RECOVERY

    def note_sent(self, packets: int) -> None:
        """Count packets that left; during a recovery PRR must not allow them again."""
        if self.state == _RECOVERY:
            self._reduction.sent += packets

    def note_resend(self, now: float) -> None:
        """Remember a retransmission, which a later acknowledgement may prove to be spurious."""
        self._undo.note_resend(now)

    def adjust_window(self, now: float, result: AckResult, newly_lost: int) -> None:
        """Set the window for one acknowledgement: by PRR in a recovery, else by growth.

        Linux's ``tcp_cong_control``.
        """
        if self.state == _RECOVERY:
            self._reduce_proportionally(result.delivered, result.advanced and not newly_lost)
            return
        board, congestion = self._board, self._congestion
        # A SACK without progress usually means a loss, and must not grow the window. On a path
        # that reorders it means nothing (Linux's ``tcp_may_raise_cwnd``).
        grows = result.advanced or (result.sacked and board.rack.reordering_seen)
        if grows and congestion.is_limiting():
            newest_at = result.newest_sent_at()
            rtt_s = None if newest_at is None else now - newest_at
            congestion.acknowledge(
                AckSample(now, result.delivered, rtt_s, self._rtt.min_s, board.una, board.next_seq)
            )

    def _reduce(self) -> None:
        """Lower ``ssthresh`` for a loss, and keep the old values for an undo.

        Linux's ``tcp_init_cwnd_reduction``.
        """
        congestion = self._congestion
        self._undo.remember(congestion.cwnd, congestion.remembered_threshold())
        self.end = self._board.next_seq
        self._reduction = ProportionalRateReduction(congestion.cwnd)
        congestion.reduce()

    def _reduce_proportionally(self, delivered: int, slow_start: bool) -> None:
        if not delivered:
            return
        in_flight = self._board.in_flight()
        ssthresh = int(self._congestion.ssthresh)
        may_send = self._reduction.allow(delivered, in_flight, ssthresh, slow_start)
        self._congestion.cwnd = max(in_flight + may_send, 1)

    def _end_recovery(self, now: float, packet: Packet) -> None:
        if self._undo.is_spurious(packet.echo):
            self._restore_window()
        else:
            self._board.rack.note_recovery()
            if self._undo.is_open:
                # PRR may have left the window below ``ssthresh`` (``tcp_end_cwnd_reduction``).
                self._congestion.set_window(int(self._congestion.ssthresh), now)
        self.state = State.OPEN
        self._undo.close()

    # Timeout

    def enter_loss(self, now: float) -> None:
        """Mark old segments lost and fall to a window of one packet (RFC 5681, section 3.1).

        Linux's ``tcp_enter_loss``.
        """
        board, congestion = self._board, self._congestion
        is_new = self.state < State.RECOVERY
        progressed = self.state == State.LOSS and not self._timeouts_since_progress
        board.mark_expired(now)
        # ``ssthresh`` falls once for one loss. A second timeout of the same head says nothing new.
        if is_new or progressed or board.una >= self.end:
            self._undo.remember(congestion.cwnd, congestion.remembered_threshold())
            congestion.reduce()
            self._undo.begin(board.una, board.resent_out + self.probe.resent_out())
        congestion.collapse(board.in_flight() + 1, now)
        # Not after a fast recovery, where SACKs have proved a loss (RFC 5682, section 3.1, step 1).
        self._frto_is_active = is_new or self._timeouts_since_progress > 0
        self.state = State.LOSS
        self.end = board.next_seq
        self.probe.close()
        self._timeouts_since_progress += 1

    def end_frto(self) -> None:
        """Stop checking whether the timeout was spurious, and treat the loss as real."""
        self._frto_is_active = False

    def _process_timeout(
        self, packet: Packet, result: AckResult, has_unsent: bool
    ) -> RetransmitAction:
        """Check whether a timeout was spurious (F-RTO, RFC 5682) and whether it is over.

        Linux's ``tcp_process_loss``.
        """
        is_over = self._board.una >= self.end
        is_spurious = result.advanced and self._undo.is_spurious(packet.echo)
        # An original that arrives after the timeout was only late (RFC 5682, section 3.1, 3.b).
        if is_spurious or (self._frto_is_active and result.original_arrived):
            self._board.unmark_lost()
            self._restore_window()
            self._timeouts_since_progress = 0
            self._frto_is_active = False
            self.state = State.OPEN
            return RetransmitAction.NOTHING
        if self._frto_is_active and self._tries_new_data(packet, result, is_over, has_unsent):
            return RetransmitAction.SEND_NEW
        if is_over:
            self._undo.close()
            self.state = State.OPEN
            return RetransmitAction.NOTHING
        return RetransmitAction.RESEND_LOST

    def _tries_new_data(
        self, packet: Packet, result: AckResult, is_over: bool, has_unsent: bool
    ) -> bool:
        """Take F-RTO's next step; return whether new data goes before the lost segments.

        New data settles it: if its acknowledgement also covers the originals, nothing was
        lost (RFC 5682, section 3.1, step 2.b). Resending first would hide that.
        """
        board = self._board
        if board.next_seq > self.end:
            # The new data is out. A SACK or a repeated ACK means that the head is really missing.
            is_repeated = not (result.advanced or packet.end > packet.start)
            if result.sacked or is_repeated:
                self._frto_is_active = False
        elif result.advanced and not is_over:
            self.end = board.next_seq
            if has_unsent:
                return True
            self._frto_is_active = False
        return False

    # Undo

    def _undo_partly(self, packet: Packet) -> bool:
        """Stop a recovery whose hole the original filled; return whether nothing may be sent.

        Linux's ``tcp_try_undo_partial``.
        """
        if not self._undo.answers_original(packet.echo):
            return False
        if self._board.resent_out:
            # The other retransmissions may be spurious too. Wait for their acknowledgements.
            return True
        self._forget_resends()
        self._board.unmark_lost()
        self._restore_window()
        self._open_if_clear()
        return False

    def _undo_by_duplicates(self) -> None:
        """Undo when a DSACK came for each retransmission (Linux's ``tcp_try_undo_dsack``)."""
        if self._undo.all_duplicates():
            self._restore_window()
            self._open_if_clear()

    def _restore_window(self) -> None:
        """Give back what the spurious recovery took (Linux's ``tcp_undo_cwnd_reduction``)."""
        congestion, undo = self._congestion, self._undo
        congestion.cwnd = max(congestion.cwnd, undo.window)
        congestion.ssthresh = max(congestion.ssthresh, undo.ssthresh)
        undo.close()
        # RACK must judge again, with marks that are gone now.
        self._board.rack.advanced = True

    def _note_duplicate(self, block: Block) -> None:
        """Apply a DSACK: the receiver had the resent data already (RFC 2883)."""
        # A doubled probe says nothing about reordering: probes are sent on mere suspicion.
        if self._board.rack.reordering_seen and not self.probe.is_doubled_by(block):
            self._board.rack.widen()
        self._undo.note_duplicate(block)
