"""A connection over datagrams, after its handshake: numbers, acknowledgements, goodbye.  [pure]

This module is one conversation, the same code at both ends. ``net/datagram/client_handshake.py``
begins it at the client, ``net/datagram/endpoint.py`` at the server, which also routes what arrives;
layouts stand in ``net/datagram/wire_format.py``. All of them only compute: datagrams come in as
arguments and leave through lists, ``now`` (seconds) is an argument, sockets are elsewhere.


The wire format, version 1
==========================

All numbers are big-endian. A datagram holds at most 1200 bytes (UDP payload).

Opening. The server keeps nothing until the cookie has come back, which proves that the client
receives at the address it sends from (as in DTLS, RFC 9147 5.1). No answer is longer than what
it answers.

    HELLO, client to server, 1200 bytes        CHALLENGE, server to client, 33 bytes
    offset  size  field                        offset  size  field
    0       1     kind 0x01                    0       1     kind 0x02
    1       4     "JITR"                       1       8     nonce of the hello
    5       1     version                      9       8     connection id, random
    6       8     nonce, random                17      16    cookie: HMAC-SHA-256, cut, with a
    14      1186  zeros                                      secret that changes, over address,
                                                             nonce and id
    RESPONSE, client to server, 33 bytes
    kind 0x03, the rest as in the challenge    ACCEPT, server to client, 9 bytes
                                               0       1     kind 0x04
                                               1       8     connection id

Every datagram of an open connection is *numbered*, also those that only acknowledge, so that each
one that a link drops leaves a gap that can be counted:

    offset  size  field
    0       1     kind: 0x40 from the client or 0x80 from the server, plus one of
                  0x00        acknowledgement, no body
                  0x01        goodbye: body one byte, 0 closed, 1 aborted
                  0x02        reliable: body as in net/datagram/reliable.py
                  0x10 + lane LATEST: the body is the message
                  0x20 + lane fragment of LATEST: 1 byte index, 1 byte count, a part
                  and plus 0x08 if the body is sealed
    1       8     connection id
    9       2     sequence number, from 1, wrapping
    11      2     newest sequence number that arrived from the peer
    13      4     bit n: whether the one n + 1 before that arrived too
    17      ...   body, at most 1167 bytes; sealed, 16 bytes of tag follow

Moving and ending:

    UNKNOWN, server to client, 9 bytes: kind 0x05, connection id. Answers a numbered datagram
    whose id the server does not know (it was restarted, say): the client knows it at once.
    PATH_CHALLENGE, server to client, and PATH_RESPONSE, client to server, 17 bytes:
    kind 0x06 or 0x07, connection id, 8 bytes of token. A known id came from another address
    (a NAT forgot its mapping, a laptop changed its Wi-Fi); the connection moves there once the
    token has come back from it.

Sealing, where a password is set (``enable_encryption``; the session's handshake makes the keys):

    cipher        ChaCha20-Poly1305 (RFC 8439), a key for each direction
    plaintext     the body
    in the open   the header, 17 bytes; authenticated with the body
    nonce         4 zero bytes, then the sequence number as 8 bytes: the whole number, of which
                  the header carries the low 16 bits, so that none comes twice under one key
    replay        a number that has arrived, or is over 1,024 behind the newest, is dropped

    from when     the server seals from the moment it has checked the client's proof, and hears
                  nothing unsealed from then on; the client seals, and hears nothing unsealed,
                  once it has opened something sealed. So opening a connection, the session's
                  hello, challenge, proof and refusal, and what is acknowledged meanwhile, can be
                  read; welcome, inputs, snapshots, events, pings and goodbyes cannot.
    never sealed  UNKNOWN, PATH_CHALLENGE and PATH_RESPONSE, which carry nothing of the game's. A
                  sealed connection asks for a path only after a datagram that could be opened.

A LATEST message is stale when a newer one of its lane (higher sequence number) was delivered.
Whoever gets a goodbye says goodbye back; who gets none repeats it a few times.

A peer can make this end keep 600 KB of segments that came early and 64 KB of each unfinished
message (one reliable, one of each lane); what waits for it is bounded as in
``net/stream/outbox.py``.

What this format does not do: unsealed, it does not authenticate (an observer on the path can
read, forge and end everything; an attacker elsewhere must guess 64 random bits); sealed, it does
not keep an observer from ending it (by UNKNOWN, as by a reset of TCP), nor hide when, how much
and to whom is sent; it does not fragment over IP or search for a larger MTU; it does not pace
LATEST messages nor adapt their rate to the path; it sends no keep-alive (the session pings); it
does not count losses of the handshake nor those after the last datagram that arrived.
"""

from collections.abc import Sequence
from struct import error as StructError
from typing import Any

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
from net.security.aead import AeadCipher
from net.transport import LANES

# An acknowledgement waits this long for a datagram to ride on. Who sent something reliable is
# waiting for it; LATEST needs it only for the count, and three snapshots can share one.
RELIABLE_ACK_DELAY_S = 0.005
LATEST_ACK_DELAY_S = 0.1

# Acknowledged at once when so many have come, be they acknowledgements themselves: twice within the
# 33 that one speaks of, so that a lost one costs nothing.
ACK_AFTER_DATAGRAMS = 12

# As long as the session waits before it calls a peer gone.
IDLE_TIMEOUT_S = 10.0

# Reliable messages get this long to be confirmed before a goodbye. With what the goodbye takes, a
# server that is told to end does it within a second.
FLUSH_TIMEOUT_S = 0.7
# With 5% loss each way all four, or their answers, are lost in one goodbye of ten thousand.
CLOSE_ATTEMPTS = 4
CLOSE_INTERVAL_S = 0.075

_LATEST_END = LATEST + len(LANES)
_FRAGMENT_END = FRAGMENT + len(LANES)

# Answers to a client's hello or response that was sent again come after the first.
_HANDSHAKE_ANSWERS = (bytes([CHALLENGE]), bytes([ACCEPT]))

# Where datagrams come from, as the socket says it; here only compared and never looked into.
SocketAddress = tuple[Any, ...]


class DatagramConnection:
    """One end of a conversation.

    Obligations of the caller: after every call send what stands in ``outgoing`` and clear it; call
    ``on_timer`` no later than ``deadline``; look at ``ended``. After ``receive``, and after
    handling what it returned, call ``flush`` if ``wants_flush``: not before, so that an answer
    sent meanwhile carries the acknowledgement.

    Once it has ``ended``, ``error`` says why: None after a goodbye.

    ``sent`` and ``received`` count messages, ``stale``, ``duplicate`` and ``invalid`` datagrams
    that were dropped; bytes and datagrams are counted without IP and UDP headers.
    """

    __slots__ = (
        "_ack_at",
        "_acknowledgements",
        "_answered_at",
        "_arrivals",
        "_close_at",
        "_closing",
        "_decryptor",
        "_encryptor",
        "_goodbyes",
        "_last_acked",
        "_latest",
        "_my_side",
        "_peer_side",
        "_pending_encryptor",
        "_receiver",
        "_sender",
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
        # When the caller has arranged to call `on_timer`; its own, beside what it is compared to.
        self.scheduled_at = NEVER
        self.wants_flush = False
        self.ended = False
        self.error: TransportError | None = None
        self.sent = self.received = self.duplicate = self.invalid = 0
        self.payload_bytes_sent = self.payload_bytes_received = 0
        self.datagrams_received = 0
        self.datagram_bytes_sent = self.datagram_bytes_received = 0
        self._my_side = FROM_SERVER if is_server else FROM_CLIENT
        self._peer_side = FROM_CLIENT if is_server else FROM_SERVER
        # No message is taken any more: at the end, or before it.
        self._closing = False
        # With keys: what opens the peer's datagrams and, once we seal, what closes ours. A client
        # holds the latter back until it knows that the server has the keys.
        self._decryptor: AeadCipher | None = None
        self._encryptor: AeadCipher | None = None
        self._pending_encryptor: AeadCipher | None = None
        self._arrivals = ReceiveWindow()
        self._acknowledgements = SendHistory()
        self._sender = ReliableSender()
        self._receiver = ReliableReceiver()
        self._latest = LatestReceiver()
        # The newest arrival that the peer has been told of.
        self._last_acked = 0
        self._ack_at = NEVER
        # No later than the next thing to do beside acknowledging.
        self._timer_at = NEVER
        self._answered_at = 0.0
        self._close_at = NEVER
        self._goodbyes = 0

    @property
    def datagrams_sent(self) -> int:
        """Numbered datagrams sent so far."""
        return self._acknowledgements.next_number - 1

    @property
    def lost(self) -> int:
        """Datagrams of the peer that did not arrive; one that comes late is taken off again."""
        return self._arrivals.lost

    @property
    def stale(self) -> int:
        """Datagrams that came after a newer one of their lane, or far too late to tell."""
        return self._latest.stale

    @property
    def unacknowledged(self) -> int:
        """Datagrams to the peer that it never confirmed."""
        return self._acknowledgements.unacknowledged

    @property
    def retransmitted(self) -> int:
        """Segments of reliable messages that were sent again."""
        return self._sender.retransmitted

    def is_newest(self, datagram: bytes) -> bool:
        """Whether a numbered datagram is newer than all that arrived: no replay, not reordered.

        Of a sealed connection also whether it comes from the peer at all.
        """
        wrapped: int = NUMBERED_HEADER.unpack_from(datagram)[2]
        number = unwrap(wrapped, self._arrivals.newest)
        if number <= self._arrivals.newest:
            return False
        opener = self._decryptor
        return opener is None or self._unseal(opener, number, datagram) is not None

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Seal what follows, as the byte tables above say from when.

        Raises ``EncryptionUnavailable``.
        """
        self._decryptor, self._pending_encryptor = AeadCipher(receive_key), AeadCipher(send_key)
        if self._my_side == FROM_SERVER:
            self._start_encrypting()

    def send_latest(self, message: bytes, lane: int) -> None:
        """Send a message that may be lost, at once."""
        if self._closing:
            return
        self.sent += 1
        self.payload_bytes_sent += len(message)
        if len(message) <= BODY_LIMIT_BYTES:
            self._emit(LATEST + lane, message)
        else:
            for body in fragment(message):
                self._emit(FRAGMENT + lane, body)

    def send_reliable(self, message: bytes, now: float) -> None:
        """Queue a message that must arrive; ``flush`` sends it.

        Too many that wait end the conversation with ``SendQueueOverflow``.
        """
        if self._closing:
            return
        self.sent += 1
        self.payload_bytes_sent += len(message)
        if not self._sender.unconfirmed:
            self._answered_at = now
        try:
            self._sender.enqueue(message, BODY_LIMIT_BYTES)
        except SendQueueOverflow as overflow:
            self._abort_with(overflow)

    def flush(self, now: float) -> None:
        """Send what may leave now: reliable messages, and an acknowledgement if many are owed."""
        self.wants_flush = False
        if self.ended:
            return
        sender, numbers = self._sender, self._acknowledgements
        while sender.waiting:
            body = sender.build_payload(numbers.next_number, BODY_LIMIT_BYTES, now)
            if not body:
                break
            self._emit(RELIABLE, body)
            times_out_at = now + sender.timeout_s
            if times_out_at < self._timer_at:
                self._wake_at_least_by(times_out_at)
        if self._arrivals.newest - self._last_acked >= ACK_AFTER_DATAGRAMS:
            self._emit(ACKNOWLEDGE, b"")
        if self._closing and sender.idle and not self._goodbyes:
            self._say_goodbye(now)

    def receive(self, datagram: bytes, now: float) -> Sequence[bytes]:
        """Take a datagram; return the messages that it brings or completes, in order."""
        size = len(datagram)
        self.datagrams_received += 1
        self.datagram_bytes_received += size
        try:
            kind, connection_id, wrapped, ack, ack_bits = NUMBERED_HEADER.unpack_from(datagram)
        except StructError:
            return self._receive_control(datagram)
        kind ^= self._peer_side
        if kind >= NUMBERED_KINDS or connection_id != self.connection_id:
            return self._receive_control(datagram)
        arrivals = self._arrivals
        number = arrivals.newest + 1
        if wrapped != number & NUMBER_MASK:
            number = unwrap(wrapped, arrivals.newest)
            if number <= arrivals.newest and self._is_repeated(number):
                return ()
        body = datagram[HEADER_BYTES:]
        if self._decryptor is not None:
            unsealed = self._unseal(self._decryptor, number, datagram)
            if unsealed is None:
                self.invalid += 1
                return ()
            body = unsealed
            if kind & ENCRYPTED:
                kind ^= ENCRYPTED
                if self._encryptor is None:
                    self._start_encrypting()
        newly = self._acknowledgements.confirm(ack, ack_bits)
        if newly is None or size > DATAGRAM_LIMIT_BYTES or self.ended:
            self.invalid += 1
            return ()
        try:
            if LATEST <= kind < _LATEST_END:
                self._schedule_ack(now + LATEST_ACK_DELAY_S)
                messages = self._latest.add_fragment(kind - LATEST, number, body)
            else:
                messages = self._open(kind, number, body, now)
        except ProtocolError:
            self.invalid += 1
            return ()
        arrivals.record(number)
        if newly and self._sender.unconfirmed:
            self._confirm(newly, now)
        if number - self._last_acked >= ACK_AFTER_DATAGRAMS:
            self.wants_flush = True
        for message in messages:
            self.received += 1
            self.payload_bytes_received += len(message)
        return messages

    def on_timer(self, now: float) -> None:
        """Do what time asks for: acknowledge, resend, give up; sets the next ``deadline``."""
        if self.ended:
            self.deadline = NEVER
            return
        if now >= self._ack_at:
            self._emit(ACKNOWLEDGE, b"")
        self._sender.on_timer(now)
        if not self._sender.idle and now >= self._answered_at + IDLE_TIMEOUT_S:
            self._abort_with(
                PeerTimeout(f"no datagram was confirmed for {IDLE_TIMEOUT_S:.0f} seconds")
            )
        elif now >= self._close_at:
            self._say_goodbye(now)
        self.flush(now)
        self._timer_at = min(self._sender.deadline, self._close_at)
        self.deadline = min(self._ack_at, self._timer_at)

    def close(self, now: float) -> None:
        """Say goodbye when the peer has what was sent reliably, or after ``FLUSH_TIMEOUT_S``."""
        if not self._closing:
            self._closing = True
            self._close_at = now + FLUSH_TIMEOUT_S
            self._wake_at_least_by(self._close_at)
            self.flush(now)

    def migrate(self, address: SocketAddress) -> None:
        """Send to another address from now on: the peer has shown that it is there."""
        self.address = address
        self.migrations += 1

    def abort(self) -> None:
        """End now; one datagram tells the peer."""
        if not self.ended:
            self._abort_with(None)

    def _emit(self, kind: int, body: bytes) -> None:
        """Number a datagram and put it out.

        The one place where a body leaves, as ``receive`` is the one where it enters.
        """
        acknowledgements, arrivals = self._acknowledgements, self._arrivals
        number = acknowledgements.next_number
        acknowledgements.next_number = number + 1
        header = NUMBERED_HEADER.pack(
            self._my_side | kind,
            self.connection_id,
            number & NUMBER_MASK,
            arrivals.newest & NUMBER_MASK,
            arrivals.ack_bits,
        )
        if self._encryptor is not None:
            body = self._encryptor.encrypt(number, body, header)
        self.outgoing.append(header + body)
        self.datagram_bytes_sent += HEADER_BYTES + len(body)
        self._last_acked = arrivals.newest
        self._ack_at = NEVER
        # What has carried the acknowledgement spares its timer.
        self.deadline = self._timer_at

    def _start_encrypting(self) -> None:
        self._encryptor = self._pending_encryptor
        self._my_side |= ENCRYPTED

    def _unseal(self, opener: AeadCipher, number: int, datagram: bytes) -> bytes | None:
        """Return the body of a datagram of a connection with keys; None if it is not the peer's."""
        if datagram[0] & ENCRYPTED:
            return opener.decrypt(number, datagram[HEADER_BYTES:], datagram[:HEADER_BYTES])
        return datagram[HEADER_BYTES:] if self._encryptor is None else None

    def _open(self, kind: int, number: int, body: bytes, now: float) -> Sequence[bytes]:
        """Return the messages that a fresh datagram brings or completes that is no whole LATEST.

        Raises ``ProtocolError``, before anything has changed, for one that breaks the format.
        """
        if kind == RELIABLE:
            messages = self._receiver.receive(body)
            self._schedule_ack(now + RELIABLE_ACK_DELAY_S)
            if self._receiver.error is not None:
                self._abort_with(self._receiver.error)
            return messages
        if FRAGMENT <= kind < _FRAGMENT_END:
            self._schedule_ack(now + LATEST_ACK_DELAY_S)
            return self._latest.take_fragment(kind - FRAGMENT, number, body)
        if kind == CLOSE:
            return self._take_goodbye(body)
        if kind == ACKNOWLEDGE and not body:
            return ()
        raise ProtocolError(f"a datagram of kind {kind:#x} with {len(body)} bytes")

    def _take_goodbye(self, body: bytes) -> Sequence[bytes]:
        if body == CLOSE_ABORTED:
            self._end(PeerReset("the peer cut the connection"))
        elif body == CLOSE_CLOSED:
            if not self._goodbyes:
                self._emit(CLOSE, CLOSE_CLOSED)
            self._end(None)
        else:
            raise ProtocolError("a goodbye of no known kind")
        return ()

    def _receive_control(self, datagram: bytes) -> Sequence[bytes]:
        """Take what is not numbered; at the server the endpoint has taken those already."""
        if datagram == RESET_LAYOUT.pack(RESET, self.connection_id):
            forgotten = PeerReset("the peer no longer knows this connection")
            self._end(None if self._goodbyes else forgotten)
        elif datagram[:1] == bytes([PATH_CHALLENGE]) and len(datagram) == PATH_LAYOUT.size:
            _, connection_id, token = PATH_LAYOUT.unpack(datagram)
            if connection_id == self.connection_id:
                self.outgoing.append(PATH_LAYOUT.pack(PATH_RESPONSE, connection_id, token))
        elif datagram[:1] in _HANDSHAKE_ANSWERS:
            self.duplicate += 1
        else:
            self.invalid += 1
        return ()

    def _is_repeated(self, number: int) -> bool:
        """Count a datagram that is not new, and say whether it is none of those overtaken."""
        arrival = self._arrivals.classify(number)
        if arrival is ArrivalKind.DUPLICATE:
            self.duplicate += 1
        elif arrival is ArrivalKind.TOO_OLD:
            self._latest.stale += 1
        return arrival is not ArrivalKind.FRESH

    def _schedule_ack(self, at: float) -> None:
        if at < self._ack_at:
            self._ack_at = at
            if at < self.deadline:
                self.deadline = at

    def _confirm(self, newly: int, now: float) -> None:
        """Tell the reliable sender what the peer has; bit n of ``newly`` is ``newest - n``."""
        self._answered_at = now
        sender, newest = self._sender, self._acknowledgements.newest
        if newly == 1:
            sender.acknowledge(newest, now, is_newest=True)
        else:
            for behind in set_bits(newly):
                sender.acknowledge(newest - behind, now, is_newest=behind == 0)
        if sender.in_flight:
            sender.detect_losses(newest, now)
        if sender.waiting or self._closing:
            self.wants_flush = True

    def _say_goodbye(self, now: float) -> None:
        if self._goodbyes == CLOSE_ATTEMPTS:
            self._end(None)
            return
        self._goodbyes += 1
        self._emit(CLOSE, CLOSE_CLOSED)
        self._close_at = now + CLOSE_INTERVAL_S
        self._wake_at_least_by(self._close_at)

    def _wake_at_least_by(self, at: float) -> None:
        self._timer_at = min(self._timer_at, at)
        self.deadline = min(self.deadline, at)

    def _abort_with(self, error: TransportError | None) -> None:
        self._emit(CLOSE, CLOSE_ABORTED)
        self._end(error)

    def _end(self, error: TransportError | None) -> None:
        if not self.ended:
            self.ended = self._closing = True
            self.error = error
