"""A TCP sender as in the Linux kernel: what it sends, what it resends, and when.  [pure]

An event-driven state machine: the application writes, acknowledgements arrive, one timer fires.
It works on byte ranges of the stream in virtual time, never on content.
``recovery.py`` decides what is lost and how large the window is meanwhile. Sources:

- RFC 896 (Nagle), RFC 5681 (congestion control), RFC 6298 (retransmission timeout).
- RFC 8985, section 7: tail loss probes.
- Linux ``net/ipv4/tcp_output.c``: ``tcp_write_xmit``, ``tcp_xmit_retransmit_queue``,
  ``tcp_send_loss_probe``. ``tcp_input.c``: ``tcp_ack``, ``tcp_rearm_rto``. ``tcp_timer.c``.
"""

from collections.abc import Callable

from net.link.tcp.congestion import Reno
from net.link.tcp.recovery import Recovery, RetransmitAction, State
from net.link.tcp.retransmission_timeout import RttEstimator
from net.link.tcp.scoreboard import AckResult, Scoreboard, Segment
from net.link.tcp.tail_loss_probe import probe_timeout_s
from net.link.tcp.timer import RetransmissionTimer, TimerType
from net.link.tcp_segment import MSS_BYTES, Packet, ResendCause

__all__ = ["Sender", "Transmit"]

# Looked up once for all packets: Python 3.11 takes 0.1 µs to find a member of an enum.
_OPEN, _PROBE = State.OPEN, TimerType.PROBE
_NO_RESEND, _NOTHING = ResendCause.NONE, RetransmitAction.NOTHING

# Called as ``transmit(now, start, end, resend)`` for each packet of data.
Transmit = Callable[[float, int, int, ResendCause], None]


class Sender:
    """Sending half of one end. Positions are bytes of the stream, times are seconds.

    The caller reports acknowledgements with ``acknowledge`` and then calls ``push``. So data that
    is sent in answer can carry an acknowledgement of its own.
    The caller calls ``on_timer`` at ``timer.at``.
    ``board`` replaces the scoreboard, for tests with another loss detection.
    """

    def __init__(
        self, transmit: Transmit, congestion: Reno, nagle: bool, board: Scoreboard | None = None
    ) -> None:
        self.board = Scoreboard() if board is None else board
        self.rtt = RttEstimator()
        self.timer = RetransmissionTimer()
        self.congestion = congestion
        self.recovery = Recovery(self.board, congestion, self.rtt, self.timer)
        self.nagle = nagle
        self.written = 0  # bytes that the application has written
        self.retransmits = 0
        self.timeouts = 0
        self.tail_loss_probes = 0
        self._transmit = transmit
        self._small_end = 0  # the end of the last segment under the MSS, for Nagle
        self._last_sent_at = 0.0

    # Sending

    def write(self, now: float, n_bytes: int) -> None:
        """Append ``n_bytes`` to the stream and send what the window allows."""
        if not self.board.segments:
            self._restart_after_idle(now)
        self.written += n_bytes
        self.push(now)

    def finish(self, now: float) -> None:
        """End the stream. The end counts as one byte (FIN) and does not wait for Nagle."""
        self.written += 1
        self._send_waiting(now, nagle=False)

    def push(self, now: float) -> None:
        """Send waiting data, as far as the window and Nagle allow."""
        self._send_waiting(now, self.nagle)

    def _send_waiting(self, now: float, nagle: bool) -> None:
        board, congestion = self.board, self.congestion
        was_silent = not board.segments
        sent = 0
        while board.next_seq < self.written and board.in_flight() < congestion.cwnd:
            if not self._send_next(now, nagle):
                break
            sent += 1
        limited = board.in_flight() >= congestion.cwnd
        if sent or limited:
            self._note_use(now, limited)
        if sent:
            self.recovery.note_sent(sent)
            # A timeout that already runs for older data stays as it is (RFC 6298, rule 5.1).
            # A probe is put off instead: the new data is the new tail.
            needs_timeout = was_silent or self.timer.cause == _PROBE
            if not self._arm_probe(now, una_advanced=False) and needs_timeout:
                self._arm_timeout(now)

    def _send_next(self, now: float, nagle: bool) -> bool:
        """Send one segment of new data; return False if Nagle forbids it (RFC 896).

        Nagle's rule in Minshall's version (``tcp_minshall_check``): at most one small segment is
        out.
        """
        board = self.board
        start = board.next_seq
        # Small messages that wait for the window leave together, up to a full segment.
        end = min(start + MSS_BYTES, self.written)
        if end - start < MSS_BYTES:
            if nagle and self._small_end > board.una:
                return False
            self._small_end = end
        if not board.segments:
            self.congestion.resume(now - self._last_sent_at)
        board.add(start, end, now)
        self._last_sent_at = now
        self._transmit(now, start, end, _NO_RESEND)
        return True

    def _note_use(self, now: float, limited: bool) -> None:
        """Tell the congestion control how much of its window is used."""
        board = self.board
        used_little = self.congestion.note_use(
            now, len(board.segments), board.una, board.next_seq, limited
        )
        if used_little and self.recovery.state == _OPEN:
            self.congestion.decay(now, self.rtt.rto_s)

    def _restart_after_idle(self, now: float) -> None:
        """Shrink the window of a connection that was silent (RFC 5681, section 4.1)."""
        idle_s = now - self._last_sent_at
        if idle_s > self.rtt.rto_s:
            self.congestion.restart(now, idle_s, self.rtt.rto_s)

    # Acknowledgements

    def acknowledge(self, now: float, packet: Packet) -> None:
        """Apply the acknowledgement that ``packet`` carries, and resend what is lost.

        Linux's ``tcp_ack``, in the same order of steps.
        """
        board, recovery = self.board, self.recovery
        if not board.segments:
            return
        # Nearly half of the packets of a game carry data and repeat the last acknowledgement.
        if board.is_repeated_by(packet) and recovery.is_at_rest():
            return
        lost_before = board.lost_total
        result = board.acknowledge(packet, now, recovery.end, self.rtt.min_s)
        # A part of a merged segment neither restarts the timer nor gives a round trip.
        rearm = self._sample_rtt(now, result, packet.echo) or result.acked
        recovery.note_ack(now, packet, result)
        action = _NOTHING
        # The usual case, progress in OPEN, needs no look at the scoreboard.
        if recovery.state != _OPEN or result.sacked or packet.duplicate is not None:
            has_unsent = board.next_seq < self.written
            action, waits = recovery.assess(now, packet, result, has_unsent)
            # The one timer belongs to RACK while a segment may only be reordered.
            rearm = rearm and not waits
        if rearm and not self._arm_probe(now, una_advanced=True):
            self._arm_timeout(now)
        # The window comes before the retransmissions, which it limits.
        recovery.adjust_window(now, result, board.lost_total - lost_before)
        if action:
            self._retransmit(now, action)

    def _sample_rtt(self, now: float, result: AckResult, echo: float) -> bool:
        """Measure the round trip, by segments sent once or else by the echoed timestamp.

        A resent segment gives no sample: the answer may belong to either copy (Karn's algorithm,
        RFC 6298, section 3).
        Returns whether a segment newer than the head's last transmission was SACKed. Then the
        timeout starts again (Linux's ``tcp_ack_update_rtt``, ``FLAG_SET_XMIT_TIMER``).
        """
        sack_rtt_s = -1.0 if result.first_sacked_at is None else now - result.first_sacked_at
        newest_at = result.newest_sent_at()
        if result.first_acked_at is not None and not result.resent_acked:
            rtt_s = now - result.first_acked_at
        elif result.first_sacked_at is not None:
            rtt_s = sack_rtt_s
        elif result.acked:
            rtt_s, newest_at = now - echo, echo
        else:
            return False
        rtt = self.rtt
        if newest_at is not None:
            rtt.min_s = min(rtt.min_s, now - newest_at)
        rtt.sample(rtt_s, self.board.una, self.board.next_seq)
        segments = self.board.segments
        return bool(segments) and 0.0 <= sack_rtt_s > now - segments[0].sent_at

    # Retransmissions

    def _retransmit(self, now: float, action: RetransmitAction) -> None:
        """Send what the acknowledgement allows (Linux's ``tcp_xmit_recovery``)."""
        if action == RetransmitAction.SEND_NEW:
            self._send_waiting(now, nagle=False)
            if self.board.next_seq > self.recovery.end:
                return
            # The window let no new data out, so F-RTO cannot learn anything.
            self.recovery.end_frto()
        # After a timeout all that was out counts as lost. Acknowledgements only pace its repair.
        is_loss = self.recovery.state == State.LOSS
        self._resend_lost(now, ResendCause.TIMEOUT if is_loss else ResendCause.FAST)

    def _resend_lost(self, now: float, cause: ResendCause) -> None:
        """Resend lost segments, oldest first, as far as the window allows."""
        board = self.board
        # A copy: resending may merge segments, which removes them from the board.
        for segment in list(board.segments):
            if board.resent_out >= board.lost_out or board.in_flight() >= self.congestion.cwnd:
                return
            if not segment.lost or segment.in_flight_again:
                continue
            self._resend(now, segment, cause)
            self.recovery.note_sent(1)
            if segment is board.segments[0] and self.timer.cause != TimerType.REORDERING:
                self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _resend(self, now: float, segment: Segment, cause: ResendCause) -> None:
        self.board.resend(segment, now)
        self.recovery.note_resend(now)
        self._transmit_again(now, segment, cause)

    def _transmit_again(self, now: float, segment: Segment, cause: ResendCause) -> None:
        self.retransmits += 1
        # The receiver may have acknowledged the front part of a merged segment.
        self._transmit(now, max(segment.start, self.board.una), segment.end, cause)

    # The timer

    def on_timer(self, now: float) -> None:
        """Do what the timer was armed for; ``now`` is its time."""
        cause = self.timer.cause
        self.timer.disarm()
        if not self.board.segments:
            return
        if cause == TimerType.TIMEOUT:
            self._on_timeout(now)
        elif cause == TimerType.PROBE:
            self._send_probe(now)
        elif cause == TimerType.REORDERING:
            self._on_reordering_timer(now)

    def _arm_timeout(self, now: float) -> None:
        """Arm the retransmission timeout: from now, or as it would stand without a probe.

        Linux's ``tcp_rearm_rto``.
        """
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
        """Arm a tail loss probe, no later than the timeout; return whether one is allowed.

        Linux's ``tcp_schedule_loss_probe``.
        """
        segments = self.board.segments
        # Outside OPEN, SACKs or the timeout already drive the recovery.
        if self.recovery.state != _OPEN or not segments:
            return False
        timeout_s = probe_timeout_s(self.rtt, len(segments))
        limit_s = self.rtt.rto_s if una_advanced else self._timeout_left_s(now)
        if 0.0 < limit_s < timeout_s:
            timeout_s = limit_s
        self.timer.arm(_PROBE, now, timeout_s)
        return True

    def _send_probe(self, now: float) -> None:
        """Send a probe that draws an acknowledgement: new data, or else the last segment again.

        RFC 8985, section 7.3; Linux's ``tcp_send_loss_probe``.
        """
        probe = self.recovery.probe
        if probe.end is not None:
            # One probe at a time. The answer to the first is still open.
            self._resume_timeout(now)
            return
        self.tail_loss_probes += 1
        has_new = self.board.next_seq < self.written
        if has_new:
            self._send_next(now, nagle=False)
            self._note_use(now, self.board.in_flight() >= self.congestion.cwnd)
        else:
            last = self.board.segments[-1]
            self.board.resend_unmarked(last, now)
            self._transmit_again(now, last, ResendCause.PROBE)
        probe.note_sent(self.board.next_seq, was_resent=not has_new)
        self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)

    def _on_reordering_timer(self, now: float) -> None:
        """Resend what did not arrive within the reordering window (RFC 8985, section 6.2)."""
        if self.recovery.detect_late_losses(now):
            self._resend_lost(now, ResendCause.RACK)
        if self.timer.cause == TimerType.NOTHING:
            self._arm_timeout(now)

    def _on_timeout(self, now: float) -> None:
        """Resend the head with a window of one packet and double the timeout (RFC 6298, 5.4-5.6).

        Linux's ``tcp_retransmit_timer``.
        """
        self.recovery.enter_loss(now)
        self.timeouts += 1
        self._resend(now, self.board.segments[0], ResendCause.TIMEOUT)
        self.rtt.back_off()
        self.timer.arm(TimerType.TIMEOUT, now, self.rtt.rto_s)
