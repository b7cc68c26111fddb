"""A connection over datagrams after its handshake: numbering, acknowledging, closing.  [pure]

Both ends run the same code. ``net/datagram/client_handshake.py`` opens the connection at the
client, ``net/datagram/server_endpoint.py`` at the server. The endpoint also routes datagrams.
The byte tables are in ``net/datagram/wire_format.py``.

There is no I/O here. Datagrams come in as arguments and leave through ``outgoing``; ``now``, in
seconds, is an argument. So tests run two connections for hours of virtual time.
"""

from collections.abc import Callable, Sequence
from struct import error as StructError
from typing import Any

from net.datagram.encryption import DatagramEncryption
from net.datagram.latest import LatestReceiver, fragment
from net.datagram.reliable import NEVER, ReliableReceiver, ReliableSender
from net.datagram.sequence import (
    NUMBER_MASK,
    ArrivalKind,
    ReceiveWindow,
    SendHistory,
    set_bits,
    unwrap,
)
from net.datagram.wire_format import (
    ACCEPT,
    ACKNOWLEDGE,
    BODY_LIMIT_BYTES,
    CHALLENGE,
    CLOSE,
    CLOSE_ABORTED,
    CLOSE_CLOSED,
    DATAGRAM_LIMIT_BYTES,
    ENCRYPTED,
    FRAGMENT,
    FROM_CLIENT,
    FROM_SERVER,
    HEADER_BYTES,
    LATEST,
    NUMBERED_HEADER,
    NUMBERED_KINDS,
    PATH_CHALLENGE,
    PATH_LAYOUT,
    PATH_RESPONSE,
    RELIABLE,
    RESET,
    RESET_LAYOUT,
)
from net.errors import PeerReset, PeerTimeout, ProtocolError, SendQueueOverflow, TransportError
from net.transport import LANES

# An acknowledgement waits this long for a datagram that can carry it. The sender of a reliable
# message is waiting to free its window. For LATEST the acknowledgement only serves the loss count,
# and three snapshots can share one.
RELIABLE_ACK_DELAY_S = 0.005
LATEST_ACK_DELAY_S = 0.1

# After so many datagrams an acknowledgement is sent at once, even if they only acknowledge. An ack
# field covers 33 numbers, so each number is covered at least twice, and losing one acknowledgement
# costs nothing.
ACK_AFTER_DATAGRAMS = 12

# A reliable message is outstanding, and so long no acknowledgement has arrived: the peer is gone.
# The session also waits this long before it gives up a silent peer.
UNACKNOWLEDGED_TIMEOUT_S = 10.0

# How long a close waits for reliable messages to be acknowledged. Together with the repetitions of
# the close, a server ends within a second.
FLUSH_TIMEOUT_S = 0.7

# At 5% loss in each direction, all four closes or their answers are lost once in ten thousand.
CLOSE_ATTEMPTS = 4
CLOSE_INTERVAL_S = 0.075

_LATEST_END = LATEST + len(LANES)
_FRAGMENT_END = FRAGMENT + len(LANES)

# Late copies of the server's handshake replies, to a hello or response that was repeated.
_HANDSHAKE_REPLIES = (bytes([CHALLENGE]), bytes([ACCEPT]))

# An address as the socket gives it. It is only compared here.
SocketAddress = tuple[Any, ...]


class DatagramConnection:
    """One end of a connection.

    The caller

    - sends the datagrams in ``outgoing`` after every call, and clears the list;
    - calls ``on_timer`` at ``deadline``, and keeps in ``scheduled_at`` when it will;
    - calls ``flush`` after ``receive`` if ``wants_flush``, but handles the messages first: an
      answer sent meanwhile carries the acknowledgement;
    - looks at ``ended``. Then ``error`` is None if one end closed the connection, else the reason.

    ``sent`` and ``received`` count messages. ``stale``, ``duplicate`` and ``invalid`` count
    datagrams that were dropped. Bytes are counted without IP and UDP headers.
    ``migrations`` counts the changes of the peer's address.
    ``on_invalid`` is called with the reason for each datagram that ``invalid`` counts.
    """

    __slots__ = (
        "_ack_at",
        "_acked_at",
        "_close_at",
        "_closes_sent",
        "_closing",
        "_encryption",
        "_last_acked",
        "_latest_receiver",
        "_my_side",
        "_peer_side",
        "_receive_window",
        "_reliable_receiver",
        "_reliable_sender",
        "_send_history",
        "_timer_at",
        "address",
        "connection_id",
        "datagram_bytes_received",
        "datagram_bytes_sent",
        "datagrams_received",
        "deadline",
        "duplicate",
        "ended",
        "error",
        "invalid",
        "migrations",
        "on_invalid",
        "outgoing",
        "payload_bytes_received",
        "payload_bytes_sent",
        "received",
        "scheduled_at",
        "sent",
        "wants_flush",
    )

    def __init__(self, connection_id: bytes, address: SocketAddress, is_server: bool) -> None:
        self.connection_id = connection_id
        self.address = address
        self.outgoing: list[bytes] = []
        self.migrations = 0
        self.deadline = NEVER
        # Belongs to the caller. It stands here, beside the ``deadline`` it is compared with.
        self.scheduled_at = NEVER
        self.wants_flush = False
        self.ended = False
        self.error: TransportError | None = None
        self.on_invalid: Callable[[str], None] = _ignore
        self.sent = self.received = self.duplicate = self.invalid = 0
        self.payload_bytes_sent = self.payload_bytes_received = 0
        self.datagrams_received = 0
        self.datagram_bytes_sent = self.datagram_bytes_received = 0
        self._my_side = FROM_SERVER if is_server else FROM_CLIENT
        self._peer_side = FROM_CLIENT if is_server else FROM_SERVER
        # No new message is accepted: ``close`` was called, or the connection has ended.
        self._closing = False
        self._encryption: DatagramEncryption | None = None
        self._receive_window = ReceiveWindow()
        self._send_history = SendHistory()
        self._reliable_sender = ReliableSender()
        self._reliable_receiver = ReliableReceiver()
        self._latest_receiver = LatestReceiver()
        # The newest number of the peer that an acknowledgement has been sent for.
        self._last_acked = 0
        self._ack_at = NEVER
        # When retransmission or closing needs ``on_timer``; it may be too early, never too late.
        self._timer_at = NEVER
        # When the peer last acknowledged something that was new.
        self._acked_at = 0.0
        self._close_at = NEVER
        self._closes_sent = 0

    @property
    def datagrams_sent(self) -> int:
        """Numbered datagrams sent so far."""
        return self._send_history.next_number - 1

    @property
    def lost(self) -> int:
        """Datagrams of the peer that have not arrived; one that arrives late is subtracted."""
        return self._receive_window.lost

    @property
    def stale(self) -> int:
        """Datagrams that came after a newer one of their lane, or too late to be judged."""
        return self._latest_receiver.stale

    @property
    def unacknowledged(self) -> int:
        """Datagrams that the peer never acknowledged, and can no longer acknowledge."""
        return self._send_history.unacknowledged

    @property
    def retransmitted(self) -> int:
        """Segments of reliable messages that were sent again."""
        return self._reliable_sender.retransmitted

    def is_newest(self, datagram: bytes) -> bool:
        """Return whether a numbered datagram is newer than all that arrived.

        If so it is neither a replay nor reordered. On an encrypted connection the answer also
        requires that the peer has sent it.
        """
        wrapped: int = NUMBERED_HEADER.unpack_from(datagram)[2]
        newest = self._receive_window.newest
        number = unwrap(wrapped, newest)
        if number <= newest:
            return False
        encryption = self._encryption
        return encryption is None or encryption.decrypt(number, datagram) is not None

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Encrypt from now on; ``Channel.enable_encryption`` says from when exactly.

        Raises ``EncryptionUnavailable`` if the ``cryptography`` package is missing.
        """
        self._encryption = DatagramEncryption(send_key, receive_key)
        if self._my_side == FROM_SERVER:
            self._start_encrypting(self._encryption)

    def send_latest(self, message: bytes, lane: int) -> None:
        """Send a message that may be lost, at once."""
        if self._closing:
            return
        self.sent += 1
        self.payload_bytes_sent += len(message)
        if len(message) <= BODY_LIMIT_BYTES:
            self._send_datagram(LATEST + lane, message)
        else:
            for body in fragment(message):
                self._send_datagram(FRAGMENT + lane, body)

    def send_reliable(self, message: bytes, now: float) -> None:
        """Queue a message that must arrive; ``flush`` sends it.

        If too many wait, the connection ends with ``SendQueueOverflow``.
        """
        if self._closing:
            return
        self.sent += 1
        self.payload_bytes_sent += len(message)
        if not self._reliable_sender.unconfirmed:
            # The peer owed us nothing until now, so its silence so far means nothing.
            self._acked_at = now
        try:
            self._reliable_sender.enqueue(message, BODY_LIMIT_BYTES)
        except SendQueueOverflow as overflow:
            self._abort_with(overflow)

    def flush(self, now: float) -> None:
        """Send what may be sent now: reliable segments, and an acknowledgement if one is due."""
        self.wants_flush = False
        if self.ended:
            return
        sender, history = self._reliable_sender, self._send_history
        while sender.waiting:
            body = sender.build_payload(history.next_number, BODY_LIMIT_BYTES, now)
            if not body:
                # The congestion window or the receiver's window is full.
                break
            self._send_datagram(RELIABLE, body)
            times_out_at = now + sender.timeout_s
            if times_out_at < self._timer_at:
                self._set_timer(times_out_at)
        # Any datagram sent above has carried the acknowledgement, and ``_last_acked`` says so.
        if self._receive_window.newest - self._last_acked >= ACK_AFTER_DATAGRAMS:
            self._send_datagram(ACKNOWLEDGE, b"")
        if self._closing and sender.idle and not self._closes_sent:
            self._send_close(now)

    def receive(self, datagram: bytes, now: float) -> Sequence[bytes]:
        """Process a datagram; return the messages that it completes, in order.

        Nothing of a datagram counts before it has passed every check that is possible: format,
        connection id, replay, authentication, acknowledgement.
        """
        size = len(datagram)
        self.datagrams_received += 1
        self.datagram_bytes_received += size
        try:
            kind, connection_id, wrapped, ack, ack_bits = NUMBERED_HEADER.unpack_from(datagram)
        except StructError:
            return self._receive_control(datagram)
        # Removes the sender's side. If it was not the peer's, the result is too large.
        kind ^= self._peer_side
        if kind >= NUMBERED_KINDS or connection_id != self.connection_id:
            return self._receive_control(datagram)
        window = self._receive_window
        # Mostly the number is the next one, which needs neither unwrapping nor a look-up.
        number = window.newest + 1
        if wrapped != number & NUMBER_MASK:
            number = unwrap(wrapped, window.newest)
            if number <= window.newest and self._is_repeated(number):
                return ()
        body = datagram[HEADER_BYTES:]
        if self._encryption is not None:
            decrypted = self._decrypt(self._encryption, kind, number, datagram)
            if decrypted is None:
                return self._count_invalid("it cannot be decrypted")
            kind, body = decrypted
        newest_before = self._send_history.newest
        newly_acked = self._send_history.confirm(ack, ack_bits)
        if newly_acked is None:
            return self._count_invalid(f"it acknowledges number {ack}, which was never sent")
        if size > DATAGRAM_LIMIT_BYTES or self.ended:
            return self._count_invalid(f"it has {size} bytes, or comes after the close")
        try:
            if LATEST <= kind < _LATEST_END:
                self._schedule_ack(now + LATEST_ACK_DELAY_S)
                messages = self._latest_receiver.receive(kind - LATEST, number, body)
            else:
                messages = self._receive_other_kind(kind, number, body, now)
        except ProtocolError as error:
            return self._count_invalid(str(error))
        # Only now: an invalid datagram must not be acknowledged, or the peer would believe that
        # its segments have arrived.
        window.record(number)
        if newly_acked and self._reliable_sender.awaits_acks:
            self._process_acks(newly_acked, newest_before, now)
        if number - self._last_acked >= ACK_AFTER_DATAGRAMS:
            self.wants_flush = True
        for message in messages:
            self.received += 1
            self.payload_bytes_received += len(message)
        return messages

    def on_timer(self, now: float) -> None:
        """Acknowledge, retransmit or give up, whatever is due; set the next ``deadline``."""
        if self.ended:
            self.deadline = NEVER
            return
        if now >= self._ack_at:
            self._send_datagram(ACKNOWLEDGE, b"")
        self._reliable_sender.on_timer(now)
        if not self._reliable_sender.idle and now >= self._acked_at + UNACKNOWLEDGED_TIMEOUT_S:
            self._abort_with(
                PeerTimeout(
                    f"no datagram was acknowledged for {UNACKNOWLEDGED_TIMEOUT_S:.0f} seconds"
                )
            )
        elif now >= self._close_at:
            self._send_close(now)
        self.flush(now)
        self._timer_at = min(self._reliable_sender.deadline, self._close_at)
        self.deadline = min(self._ack_at, self._timer_at)

    def close(self, now: float) -> None:
        """Close when all reliable messages are acknowledged, or after ``FLUSH_TIMEOUT_S``."""
        if not self._closing:
            self._closing = True
            self._close_at = now + FLUSH_TIMEOUT_S
            self._set_timer(self._close_at)
            self.flush(now)

    def migrate(self, address: SocketAddress) -> None:
        """Send to another address from now on; the peer has proved that it receives there."""
        self.address = address
        self.migrations += 1

    def abort(self) -> None:
        """End now. One datagram tells the peer, and may be lost."""
        if not self.ended:
            self._abort_with(None)

    def _send_datagram(self, kind: int, body: bytes) -> None:
        """Number, acknowledge and encrypt a datagram, and put it into ``outgoing``.

        Every body leaves here, as every body enters in ``receive``.
        """
        history, window = self._send_history, self._receive_window
        number = history.next_number
        history.next_number = number + 1
        header = NUMBERED_HEADER.pack(
            self._my_side | kind,
            self.connection_id,
            number & NUMBER_MASK,
            window.newest & NUMBER_MASK,
            window.ack_bits,
        )
        encryption = self._encryption
        if encryption is not None and encryption.is_sending:
            body = encryption.encrypt(number, body, header)
        self.outgoing.append(header + body)
        self.datagram_bytes_sent += HEADER_BYTES + len(body)
        self._last_acked = window.newest
        # This datagram has carried the acknowledgement, so its timer is not needed.
        self._ack_at = NEVER
        self.deadline = self._timer_at

    def _decrypt(
        self, encryption: DatagramEncryption, kind: int, number: int, datagram: bytes
    ) -> tuple[int, bytes] | None:
        """Return kind and body of an encrypted datagram; None if it cannot be decrypted."""
        body = encryption.decrypt(number, datagram)
        if body is None:
            return None
        if kind & ENCRYPTED:
            kind ^= ENCRYPTED
            if not encryption.is_sending:
                # The client proves by this flag that it has the keys.
                self._start_encrypting(encryption)
        return kind, body

    def _start_encrypting(self, encryption: DatagramEncryption) -> None:
        encryption.is_sending = True
        # The flag is part of every kind from now on, at no cost when sending.
        self._my_side |= ENCRYPTED

    def _receive_other_kind(
        self, kind: int, number: int, body: bytes, now: float
    ) -> Sequence[bytes]:
        """Process a new datagram that is no whole LATEST message; return what it completes.

        Raises ``ProtocolError``, and has changed nothing, if it breaks the format.
        """
        if kind == RELIABLE:
            messages = self._reliable_receiver.receive(body)
            self._schedule_ack(now + RELIABLE_ACK_DELAY_S)
            if self._reliable_receiver.error is not None:
                self._abort_with(self._reliable_receiver.error)
            return messages
        if FRAGMENT <= kind < _FRAGMENT_END:
            self._schedule_ack(now + LATEST_ACK_DELAY_S)
            return self._latest_receiver.receive_fragment(kind - FRAGMENT, number, body)
        if kind == CLOSE:
            return self._receive_close(body)
        # An acknowledgement is not acknowledged by itself, or two idle ends would never be quiet.
        if kind == ACKNOWLEDGE and not body:
            return ()
        raise ProtocolError(f"a datagram of kind {kind:#x} with {len(body)} bytes")

    def _receive_close(self, body: bytes) -> Sequence[bytes]:
        if body == CLOSE_ABORTED:
            self._end(PeerReset("the peer cut the connection"))
        elif body == CLOSE_CLOSED:
            # If ours is on its way, it is the answer.
            if not self._closes_sent:
                self._send_datagram(CLOSE, CLOSE_CLOSED)
            self._end(None)
        else:
            raise ProtocolError("a close of no known kind")
        return ()

    def _receive_control(self, datagram: bytes) -> Sequence[bytes]:
        """Process an unnumbered datagram; at the server the endpoint handles those."""
        if datagram == RESET_LAYOUT.pack(RESET, self.connection_id):
            reset = PeerReset("the peer no longer knows this connection")
            # After our close the server may have forgotten the connection: it ended as wanted.
            self._end(None if self._closes_sent else reset)
        elif datagram[:1] == bytes([PATH_CHALLENGE]) and len(datagram) == PATH_LAYOUT.size:
            _, connection_id, token = PATH_LAYOUT.unpack(datagram)
            if connection_id == self.connection_id:
                self.outgoing.append(PATH_LAYOUT.pack(PATH_RESPONSE, connection_id, token))
        elif datagram[:1] in _HANDSHAKE_REPLIES:
            self.duplicate += 1
        else:
            return self._count_invalid(
                f"kind {datagram[:1].hex()} with {len(datagram)} bytes is not expected here"
            )
        return ()

    def _count_invalid(self, reason: str) -> Sequence[bytes]:
        self.invalid += 1
        self.on_invalid(reason)
        return ()

    def _is_repeated(self, number: int) -> bool:
        """Return whether an older number is not new, and count it if so."""
        arrival = self._receive_window.classify(number)
        if arrival is ArrivalKind.DUPLICATE:
            self.duplicate += 1
        elif arrival is ArrivalKind.TOO_OLD:
            self._latest_receiver.stale += 1
        return arrival is not ArrivalKind.FRESH

    def _schedule_ack(self, at: float) -> None:
        if at < self._ack_at:
            self._ack_at = at
            if at < self.deadline:
                self.deadline = at

    def _process_acks(self, newly_acked: int, newest_before: int, now: float) -> None:
        """Tell the reliable sender what arrived; bit n of ``newly_acked`` is ``newest - n``."""
        self._acked_at = now
        sender, newest = self._reliable_sender, self._send_history.newest
        if newly_acked == 1:
            # Only the newest: the usual case, without a loop over bits.
            sender.acknowledge(newest, now, is_first=True)
        else:
            for behind in set_bits(newly_acked):
                number = newest - behind
                sender.acknowledge(number, now, is_first=number > newest_before)
        if sender.in_flight:
            sender.detect_losses(newest, now)
            # The timeout has shrunk, perhaps, and with it the time to look at the timer.
            if (times_out_at := sender.deadline) < self._timer_at:
                self._set_timer(times_out_at)
        # The window may have opened, losses may wait to be sent again, or a close can now leave.
        if sender.waiting or self._closing:
            self.wants_flush = True

    def _send_close(self, now: float) -> None:
        """Send the next of ``CLOSE_ATTEMPTS`` closes; after the last one, end unanswered."""
        if self._closes_sent == CLOSE_ATTEMPTS:
            self._end(None)
            return
        self._closes_sent += 1
        self._send_datagram(CLOSE, CLOSE_CLOSED)
        self._close_at = now + CLOSE_INTERVAL_S
        self._set_timer(self._close_at)

    def _set_timer(self, at: float) -> None:
        """Have ``on_timer`` called at ``at`` or earlier."""
        self._timer_at = min(self._timer_at, at)
        self.deadline = min(self.deadline, at)

    def _abort_with(self, error: TransportError | None) -> None:
        self._send_datagram(CLOSE, CLOSE_ABORTED)
        self._end(error)

    def _end(self, error: TransportError | None) -> None:
        if not self.ended:
            self.ended = self._closing = True
            self.error = error


def _ignore(reason: str) -> None:
    """Do nothing: the reason is for a log that nobody has asked for."""
