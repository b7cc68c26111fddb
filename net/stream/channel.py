"""What all channels over a byte stream share: outbox, back-pressure, counters, beginning and end.

A transport over a stream subclasses ``StreamChannel`` and says four things: how a message is
written (``encode``), how received bytes are read (``bytes_received``), how one says goodbye
(``write_close``) and, if the stream begins with a handshake, how that goes (``stream_opened``).
With TLS (``net/stream/tls.py``) all of it happens inside the encrypted stream. Knows asyncio's streams
of bytes and what the kernel counts on them; no format of frames.
"""

import asyncio
import logging
import socket
import struct
import sys
from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import TypeVar, cast

from net.errors import (
    ConnectError,
    ConnectTimeout,
    MessageTooLarge,
    PeerReset,
    PeerTimeout,
    ProtocolError,
    SendQueueOverflow,
    TlsError,
    TransportError,
)
from net.security.rate_limit import TokenBucket
from net.stream.outbox import Outbox
from net.stream.tls import HANDSHAKE_FAILURE_ALERT, TlsStream, begins_tls, is_alert
from net.system.sockets import address_of, channel_loss, granted_buffers, set_stream_options
from net.system.tcp_info import estimate_tcp_info, read_tcp_info
from net.transport import (
    LANE_STATE,
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Buffers,
    Channel,
    ChannelStats,
    Delivery,
    SocketOptions,
    Transport,
)

log = logging.getLogger(__name__)

# One for each channel, kept for its life: asyncio's own way allocates 256 KiB for every receive,
# which costs more than the receive. A game's messages are small; a long one takes several reads.
RECEIVE_BUFFER_BYTES = 16 * 1024

# IPv4, TCP, and the timestamps that all systems but Windows put into every segment (RFC 7323).
STREAM_HEADER_BYTES = 20 + 20 + (0 if sys.platform == "win32" else 12)

# How long a goodbye may take: what was sent needs a round trip or two, and people who quit a
# game wait for it.
CLOSE_TIMEOUT_S = 1.0

# What a protocol answers by itself, to pings or to TLS's updates of keys, may wait up to this; who
# asks without reading the answers is cut. Before them may wait a message of the largest size.
REPLY_BACKLOG_BYTES = 64 * 1024 + MESSAGE_LIMIT_BYTES

# What TLS may bring beside messages: the frame of a record, 22 to 29 bytes, for every message that
# a peer is allowed (net/security/admission.py), and a part of a record whose rest is under way.
# Updates of keys and empty records cost us as much as messages, and no limit on messages sees them.
TLS_EXTRA_BYTES_PER_S = 16 * 1024.0
TLS_EXTRA_BURST_BYTES = 128 * 1024.0

# As long as WebSocket's, which begins when this has ended.
TLS_HANDSHAKE_TIMEOUT_S = 10.0

_IPV4_HEADER_BYTES, _IPV6_HEADER_BYTES = 20, 40

# "Linger for 0 seconds": closing then sends a reset. Windows' struct has shorts.
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

AnyChannel = TypeVar("AnyChannel", bound="StreamChannel")

# Makes the channel of a stream: whom to tell when it opens, and the set to be in while it lives.
ChannelFactory = Callable[[AcceptCallback, "set[StreamChannel]"], AnyChannel]


class StreamChannel(asyncio.BufferedProtocol, Channel):
    """A channel over an asyncio stream; abstract in what its bytes mean.

    Its life: the stream is connected; ``open`` (at once, or after a handshake) makes the channel
    known to its receiver; messages flow; then one end leaves, or something breaks, which is
    decided once (``decide``); the receiver learns of it when the stream is gone.
    """

    def __init__(
        self,
        transport: Transport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: "set[StreamChannel]",
    ) -> None:
        self.transport = transport
        self.peer = Address("", 0)
        self._limit_bytes = transport.guarantees.message_limit_bytes
        self._accept = accept
        self._options = options
        self._siblings = open_channels
        self._buffer = memoryview(bytearray(RECEIVE_BUFFER_BYTES))
        self._outbox = Outbox()
        self._paused = False
        self._opened = False
        self._flowing = False
        self._ignores_input = False
        self._leaving = False
        self._goodbye_said = False
        self._decided = False
        self._error: TransportError | None = None
        self._gone = asyncio.Event()
        self._deadline: asyncio.TimerHandle | None = None
        self._tls: TlsStream | None = None
        self._tls_limit: asyncio.TimerHandle | None = None
        self._tls_extra = TokenBucket(TLS_EXTRA_BYTES_PER_S, TLS_EXTRA_BURST_BYTES, perf_counter())
        self._tls_settled = asyncio.Event()
        self._tell_disagreement: Callable[[str], None] = log.info
        self._sent = self._received = 0
        self._payload_sent = self._payload_received = 0
        self._stream_sent = self._stream_received = 0
        self._reads = 0

    # What a subclass says.

    @abstractmethod
    def encode(self, message: bytes) -> bytes:
        """Return the bytes that carry a message."""

    @abstractmethod
    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Take the bytes that came next and ``deliver`` the messages in them.

        ``received`` is overwritten after the call.
        """

    @abstractmethod
    def write_close(self) -> None:
        """Write what tells the peer that we leave; everything sent has been written before."""

    def stream_opened(self) -> None:
        """Begin; a stream with a handshake calls ``open`` when that is done."""
        self.open()

    def stream_ended(self) -> None:
        """Learn that the peer will write no more; after our goodbye that is no surprise."""
        if not self._goodbye_said:
            self.set_close_reason(PeerReset(f"{self.peer} ended without a goodbye"))

    # What connecting and listening call.

    def enable_tls(self, tls: TlsStream) -> None:
        """Speak TLS on the stream; called before it is connected."""
        self._tls = tls

    def on_tls_mismatch(self, tell: Callable[[str], None]) -> None:
        """Have peers reported whom we turn away since only one end speaks TLS."""
        self._tell_disagreement = tell

    async def wait_for_tls(self) -> None:
        """Wait until TLS stands. Raises ``ConnectError`` if it does not come to that.

        It is ``TlsError`` where waiting and trying again would mend nothing.
        """
        if self._tls is None:
            return
        await self._tls_settled.wait()
        if not self._tls.is_open:
            reason = self._error or PeerReset("the connection was cut")
            if isinstance(reason, PeerTimeout):
                raise ConnectTimeout(str(reason)) from reason
            kind = TlsError if isinstance(reason, TlsError) else ConnectError
            raise kind(f"no TLS with {self.peer}: {reason}") from reason

    @property
    def is_open(self) -> bool:
        """Whether all handshakes are over, and the receiver has been told of the channel."""
        return self._opened

    # What a subclass calls.

    def open(self) -> None:
        """Make the channel known to its receiver: messages flow from now on."""
        # Before the receiver is asked for: whoever accepts may speak first, or abort.
        self._flowing = True
        try:
            self.receiver = self._accept(self)
        except BaseException:
            self.abort()
            raise
        self._opened = True

    def deliver(self, message: bytes, received_at: float) -> None:
        """Hand a message to the receiver."""
        if self._flowing:
            self._received += 1
            self._payload_received += len(message)
            self.receiver.message_received(self, message, received_at)

    def write(self, data: bytes) -> None:
        """Write bytes that are no message: a handshake, a goodbye."""
        self._put(data if self._tls is None else self._tls.seal(data))

    def limit_replies(self) -> None:
        """Hang up on a peer that makes us answer and reads none of it; call it after an answer."""
        if self._stream.get_write_buffer_size() > REPLY_BACKLOG_BYTES:
            self.terminate(SendQueueOverflow(f"{self.peer} makes us answer and does not read"))

    def end_writing(self) -> None:
        """Close our half of the stream: the peer reads what was written, and then the end."""
        # A stream that the peer has reset is closed already, and says so.
        with suppress(OSError):
            self._stream.write_eof()

    def set_close_reason(self, error: TransportError | None) -> None:
        """Fix how the channel ends, if that is not known yet; ``None`` for a goodbye."""
        if not self._decided:
            self._decided = True
            self._flowing = False
            self._error = error

    def terminate(self, error: TransportError | None) -> None:
        """End the channel now: politely after a goodbye, with a reset after an error."""
        self.set_close_reason(error)
        if error is None:
            self._stream.abort()
        else:
            self._cut()

    def close_after_flush(self, error: TransportError | None) -> None:
        """End the channel when the peer has read what was written last, or soon in any case."""
        self.set_close_reason(error)
        self._limit_goodbye()

    def discard(self) -> None:
        """Cut the stream of a channel that nobody will be given; its receiver is not told."""
        self._opened = False
        self.abort()

    # Channel

    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Write a message, or queue it while the stream takes no more; see ``Channel.send``."""
        if len(message) > self._limit_bytes:
            raise MessageTooLarge(f"{len(message)} bytes; at most {self._limit_bytes} are carried")
        if not self._flowing or self._stream.is_closing():
            return
        if not self._paused:
            self._write_message(message)
            return
        try:
            self._outbox.put(message, delivery, lane)
        except SendQueueOverflow as error:
            self.terminate(error)

    def stats(self) -> ChannelStats:
        """Return the counters so far; TCP's own come from the kernel where it tells."""
        if not self._gone.is_set():
            self._take_counts()
        tcp = self._tcp
        ipv6 = self._socket.family == socket.AF_INET6
        ip_bytes = _IPV6_HEADER_BYTES if ipv6 else _IPV4_HEADER_BYTES
        header_bytes = ip_bytes + tcp.tcp_header_bytes
        return ChannelStats(
            sent=self._sent,
            received=self._received,
            replaced=self._outbox.replaced,
            retransmitted=tcp.segments_retransmitted,
            payload_bytes_sent=self._payload_sent,
            payload_bytes_received=self._payload_received,
            wire_bytes_sent=tcp.bytes_sent + tcp.segments_sent * header_bytes,
            wire_bytes_received=self._stream_received + tcp.segments_received * header_bytes,
        )

    def buffers(self) -> Buffers:
        """Return the socket buffers that the system granted when the stream was opened."""
        return self._buffers

    def set_nagle(self, on: bool) -> None:
        """Set or clear ``TCP_NODELAY``."""
        # A stream that is broken already takes no options, and needs none.
        with suppress(OSError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, not on)

    async def close(self) -> None:
        """Say goodbye, once what waits has left; return when the channel has ended."""
        self._leave()
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """Cut the stream now: the peer sees a reset."""
        self.set_close_reason(None)
        self._cut()

    @property
    def closed(self) -> bool:
        """Whether the channel has ended."""
        return self._decided

    # asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set up a stream that has just been connected."""
        self._stream = cast(asyncio.Transport, transport)
        # Not a byte waits in asyncio: what waits there can no longer be replaced.
        self._stream.set_write_buffer_limits(high=0)
        self._socket: socket.socket = self._stream.get_extra_info("socket")
        self._siblings.add(self)
        self._buffers = Buffers(0, 0)
        try:
            self.peer = address_of(self._stream.get_extra_info("peername"))
            # Again: asyncio has turned TCP_NODELAY on, and not every system hands options down.
            set_stream_options(self._socket, self._options)
            self._buffers = granted_buffers(self._socket)
        except (OSError, TypeError):
            # The peer was gone before we looked, and the system knows nothing of it any more.
            self._cut()
            return
        if self._tls is None:
            self.stream_opened()
        else:
            self._begin_tls(self._tls)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes are to be put."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take bytes that have arrived."""
        received_at = perf_counter()
        self._reads += 1
        self._stream_received += nbytes
        received = self._buffer[:nbytes]
        if self._ignores_input:
            return
        if self._tls is not None:
            self._take_records(self._tls, bytes(received), received_at)
        elif self._reads == 1 and begins_tls(received):
            self._take_unexpected_tls(received)
        else:
            self.bytes_received(received, received_at)

    def eof_received(self) -> None:
        """Learn that the peer will write no more: then there is nobody to write to, either."""
        self.stream_ended()
        self._stream.abort()

    def pause_writing(self) -> None:
        """Let messages wait in the outbox: the kernel takes no more."""
        self._paused = True

    def resume_writing(self) -> None:
        """Send what waited."""
        self._paused = False
        if not self._decided:
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take the last counters and tell the receiver how it ended."""
        for timer in (self._deadline, self._tls_limit):
            if timer is not None:
                timer.cancel()
        self._siblings.discard(self)
        self._take_counts()
        if not self._goodbye_said and exc is not None:
            self.set_close_reason(channel_loss(exc, self.peer))
        self.set_close_reason(None)
        self._gone.set()
        self._tls_settled.set()
        if self._opened:
            self.receiver.channel_closed(self, self._error)
            # They know each other: let go, or both wait for the garbage collector, buffer and all.
            del self.receiver

    # How it is done.

    def _write_message(self, message: bytes) -> None:
        frame = self.encode(message)
        self._sent += 1
        self._payload_sent += len(message)
        self._put(frame if self._tls is None else self._tls.seal(frame))

    def _put(self, data: bytes) -> None:
        self._stream_sent += len(data)
        self._stream.write(data)

    def _begin_tls(self, tls: TlsStream) -> None:
        silent = PeerTimeout(f"{self.peer} does not finish the TLS handshake")
        loop = asyncio.get_running_loop()
        self._tls_limit = loop.call_later(TLS_HANDSHAKE_TIMEOUT_S, self.terminate, silent)
        # A server has nothing to say yet.
        tls.begin()
        self._put(tls.outgoing())

    def _take_records(self, tls: TlsStream, records: bytes, received_at: float) -> None:
        was_open = tls.is_open
        try:
            plain = tls.receive(records)
        except TlsError as error:
            if farewell := tls.closing_alert():
                self._reject_tls_mismatch(error, farewell)
            else:
                self.terminate(error)
            return
        if answer := tls.outgoing():
            self._put(answer)
            self.limit_replies()
        # A record that is complete at last gives back what its parts have cost.
        if not self._tls_extra.consume(len(records) - len(plain), received_at):
            self.terminate(ProtocolError(f"{self.peer} sends TLS that carries next to nothing"))
            return
        if tls.is_open and not was_open:
            assert self._tls_limit is not None
            self._tls_limit.cancel()
            self.stream_opened()
            self._tls_settled.set()
        if plain:
            self.bytes_received(memoryview(plain), received_at)

    def _take_unexpected_tls(self, record: memoryview) -> None:
        if is_alert(record):
            self.terminate(TlsError(f"{self.peer} speaks TLS only: try --tls"))
        else:
            self._reject_tls_mismatch(
                TlsError("it speaks TLS, which is not on here"), HANDSHAKE_FAILURE_ALERT
            )

    def _reject_tls_mismatch(self, error: TlsError, farewell: bytes) -> None:
        """Tell a peer that we do not agree on TLS: a reset could overtake the word that says so."""
        self._tell_disagreement(f"turned away {self.peer} over {self.transport.name}: {error}")
        self._ignores_input = True
        self._put(farewell)
        self.end_writing()
        self.close_after_flush(error)

    def _flush(self) -> None:
        while self._outbox and not self._paused:
            self._write_message(self._outbox.pop())
        if self._leaving and not self._outbox and not self._goodbye_said:
            self._goodbye_said = True
            self.write_close()

    def _leave(self) -> None:
        if not self._opened:
            self.abort()
        elif self._flowing:
            self._flowing = False
            self._leaving = True
            self._limit_goodbye()
            self._flush()

    def _limit_goodbye(self) -> None:
        if self._deadline is None:
            loop = asyncio.get_running_loop()
            self._deadline = loop.call_later(CLOSE_TIMEOUT_S, self._give_up)

    def _give_up(self) -> None:
        if self._outbox or self._paused:
            self.set_close_reason(PeerTimeout(f"{self.peer} did not take what was sent to it"))
        self.set_close_reason(None)
        self._cut()

    def _cut(self) -> None:
        # A stream that is broken already takes no options, and needs none.
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._stream.abort()

    def _take_counts(self) -> None:
        counted = read_tcp_info(self._socket)
        self._tcp = counted or estimate_tcp_info(self._sent, self._reads, self._stream_sent)
