"""A TCP receiver as in the Linux kernel: delivery in order, SACK and delayed ACKs.  [pure]

It decides when an acknowledgement is due and what it contains. The endpoint sends it.
RFC 5681, section 4.2 (delayed ACKs), RFC 2018 (SACK), RFC 2883 (DSACK); Linux
``net/ipv4/tcp_input.c``: ``tcp_data_queue``, ``tcp_event_data_recv``, ``__tcp_ack_snd_check``.
"""

from math import inf

from net.link.tcp.reassembly import ReassemblyQueue
from net.link.tcp.timer import expiry
from net.link.tcp_segment import MAX_SACK_BLOCKS, MSS_BYTES, Block, Packet

__all__ = ["DELAYED_ACK_MAX_S", "DELAYED_ACK_MIN_S", "QUICK_ACKS", "READING_S", "Receiver"]

# Linux's ``TCP_DELACK_MIN`` and ``TCP_DELACK_MAX``.
DELAYED_ACK_MIN_S = 0.04
DELAYED_ACK_MAX_S = 0.2

# Linux acknowledges this many segments without delay at the start and after a duplicate
# (``TCP_MAX_QUICKACKS``). The sender's slow start needs the ACKs.
QUICK_ACKS = 16

# The time from arrival until the application reads. A segment that arrives within it is
# acknowledged together with the first.
READING_S = 0.0001


class Receiver:
    """Receiving half of one end.

    ``next_seq`` is the first byte not yet delivered in order. ``ack_at`` is the time at which an
    acknowledgement is due. ``ack_now`` asks for one at once. ``echo`` is the timestamp to echo.
    ``stalls`` counts the times that a missing segment began to block what follows.
    """

    __slots__ = (
        "_ack_timeout_s",
        "_acked",
        "_duplicate",
        "_interactive",
        "_last_data_at",
        "_pending",
        "_queue",
        "_quick_acks_left",
        "_waits_for_data",
        "ack_at",
        "ack_now",
        "echo",
        "next_seq",
        "stalls",
    )

    def __init__(self) -> None:
        self.next_seq = 0
        self.ack_at = inf
        self.ack_now = False
        self.echo = 0.0
        self.stalls = 0
        self._acked = 0  # what the last acknowledgement acknowledged
        self._pending = 0  # segments not yet acknowledged
        self._queue = ReassemblyQueue()
        self._duplicate: Block | None = None
        self._interactive = False  # "ping-pong": data flows both ways, so ACKs ride on it
        self._quick_acks_left = 0
        self._ack_timeout_s = 0.0
        self._last_data_at = 0.0
        self._waits_for_data = False  # ``ack_at`` is the delayed acknowledgement's timeout

    def receive(self, now: float, packet: Packet, srtt_s: float, rto_s: float) -> int:
        """Apply the data of ``packet``; return how many bytes became deliverable in order.

        Afterwards ``ack_now`` or ``ack_at`` tell when an acknowledgement is due.
        """
        # Only a packet that does not leave a gap updates the echo (RFC 7323, section 4.3).
        # So the sender's round trip includes the wait for a delayed ACK.
        if packet.start <= self._acked:
            self.echo = max(self.echo, packet.stamp)
        if packet.start == packet.end:
            return 0
        if packet.end <= self.next_seq:
            self._note_duplicate(packet.start, packet.end)
            return 0
        if packet.start > self.next_seq:
            self._note_arrival(now, rto_s)
            self.stalls += not self._queue.blocks
            if self._queue.store(packet.start, packet.end):
                self._duplicate = (packet.start, packet.end)
            self.ack_now = True
            return 0
        had_holes = bool(self._queue.blocks)
        before = self.next_seq
        self.next_seq = packet.end
        if had_holes:
            self.next_seq = self._queue.release(packet.end)
        self._note_arrival(now, rto_s)
        self._pending += 1
        self._plan_ack(now, packet, had_holes, srtt_s)
        return self.next_seq - before

    def _plan_ack(self, now: float, packet: Packet, filled_hole: bool, srtt_s: float) -> None:
        """Decide when data that came in order is acknowledged.

        - At once: data that fills a hole, and each second full segment (RFC 5681, section 4.2).
        - After the application has read: a segment under the MSS, if it is the second, or if no
          data flows the other way (Linux's ``tcp_cleanup_rbuf``).
        - Else with the next data of the other direction, or after the delayed ACK's timeout.
        """
        is_full = packet.end - packet.start == MSS_BYTES
        if filled_hole or (is_full and (self._pending >= 2 or self._quick_acks_left)):
            self.ack_now = True
        elif self._pending >= 2 or not (is_full or self._interactive):
            self.ack_at = min(self.ack_at, now + READING_S)
            self._waits_for_data = False
        else:
            self._delay_ack(now, srtt_s)

    def _note_duplicate(self, start: int, end: int) -> None:
        self._duplicate = (start, end)
        self._interactive = False
        self._quick_acks_left = QUICK_ACKS
        self._ack_timeout_s = DELAYED_ACK_MIN_S
        self.ack_now = True

    def _note_arrival(self, now: float, rto_s: float) -> None:
        """Adapt the delayed ACK's timeout to the gaps between arrivals.

        Linux's ``tcp_event_data_recv``.
        """
        gap_s = now - self._last_data_at
        self._last_data_at = now
        if not self._ack_timeout_s:
            self._quick_acks_left = QUICK_ACKS
            self._ack_timeout_s = DELAYED_ACK_MIN_S
        elif gap_s <= DELAYED_ACK_MIN_S / 2:
            self._ack_timeout_s = self._ack_timeout_s / 2 + DELAYED_ACK_MIN_S / 2
        elif gap_s < self._ack_timeout_s:
            self._ack_timeout_s = min(self._ack_timeout_s / 2 + gap_s, rto_s)
        elif gap_s > rto_s:
            self._quick_acks_left = QUICK_ACKS

    def _delay_ack(self, now: float, srtt_s: float) -> None:
        timeout_s = self._ack_timeout_s
        if timeout_s > DELAYED_ACK_MIN_S:
            limit_s = DELAYED_ACK_MAX_S
            if srtt_s:
                limit_s = min(limit_s, max(srtt_s, DELAYED_ACK_MIN_S))
            timeout_s = min(timeout_s, limit_s)
        self.ack_at = min(self.ack_at, expiry(now, timeout_s))
        self._waits_for_data = True

    def acknowledgement(self) -> tuple[int, tuple[Block, ...], Block | None]:
        """Return ACK number, SACK blocks and DSACK for a packet that leaves now.

        The packet carries them, so nothing is due any more.
        """
        # A DSACK is sent once and takes the place of one SACK block (RFC 2883, section 4).
        duplicate, self._duplicate = self._duplicate, None
        room = MAX_SACK_BLOCKS - (duplicate is not None)
        if self._quick_acks_left:
            self._quick_acks_left -= 1
        self._acked = self.next_seq
        self._pending = 0
        self.ack_now = False
        self.ack_at = inf
        return self.next_seq, tuple(self._queue.recent[:room]), duplicate

    def sent_data(self, now: float) -> None:
        """Note data in the other direction. If it is an answer, later ACKs wait for data.

        Linux's "ping-pong" mode (``tcp_event_data_sent``).
        """
        if now - self._last_data_at < self._ack_timeout_s:
            self._interactive = True

    def on_timer(self) -> None:
        """Ask for the acknowledgement that was due at ``ack_at``.

        If it waited for data in vain, leave the interactive mode (Linux's
        ``tcp_delack_timer_handler``).
        """
        self.ack_at = inf
        self.ack_now = True
        if not self._waits_for_data:
            return
        if self._interactive:
            self._interactive = False
            self._ack_timeout_s = DELAYED_ACK_MIN_S
        else:
            self._ack_timeout_s = min(2 * self._ack_timeout_s, DELAYED_ACK_MAX_S)
