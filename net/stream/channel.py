"""The base class of channels over a byte stream: send queue, back-pressure, counters, closing.

A stream transport subclasses ``StreamChannel`` and implements three methods, or four:

- ``encode``: returns the bytes that carry a message;
- ``bytes_received``: parses received bytes and calls ``deliver`` for each message;
- ``write_close``: writes what tells the peer that this end closes the channel;
- ``stream_opened``: only if the protocol has a handshake; calls ``open`` when it is complete.

``plugins/tcp.py`` is the shortest example, ``plugins/websocket.py`` one with a handshake. With TLS
(``net/stream/tls_layer.py``) all of it happens inside the encrypted stream, and the subclass sees
no difference.
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
    ConnectStage,
    ConnectTimeout,
    MessageTooLarge,
    PeerReset,
    PeerTimeout,
    SendQueueOverflow,
    TlsError,
    TransportError,
)
from net.stream.counters import StreamCounters
from net.stream.outbox import Outbox
from net.stream.tls import TlsStream, begins_tls
from net.stream.tls_layer import TlsLayer, reject_unexpected_tls
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

__all__ = ["STREAM_HEADER_BYTES", "ChannelFactory", "StreamChannel"]

log = logging.getLogger(__name__)

# One buffer for each channel, kept for its life. asyncio's ``Protocol`` allocates 256 KiB for
# every receive, which costs more than the receive itself. A game's messages are small; a long one
# takes several reads.
RECEIVE_BUFFER_BYTES = 16 * 1024

# IPv4, TCP, and the timestamps option that all systems but Windows put into every segment
# (RFC 7323).
STREAM_HEADER_BYTES = 20 + 20 + (0 if sys.platform == "win32" else 12)

# What was sent needs a round trip or two to arrive, and people who quit a game wait for it.
CLOSE_TIMEOUT_S = 1.0

# Replies that a protocol writes by itself (to pings, to TLS key updates) may wait up to this. A
# peer that asks for more without reading is disconnected. A message of the largest size may wait
# before them.
REPLY_BACKLOG_BYTES = 64 * 1024 + MESSAGE_LIMIT_BYTES

# ``SO_LINGER`` with 0 seconds: closing the socket sends a reset. Windows' struct has shorts.
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

AnyChannel = TypeVar("AnyChannel", bound="StreamChannel")

# Makes the channel of a new stream. Arguments: the callback for when it opens, and the set of open
# channels that it adds itself to and removes itself from.
ChannelFactory = Callable[[AcceptCallback, "set[StreamChannel]"], AnyChannel]


class StreamChannel(asyncio.BufferedProtocol, Channel):
    """A channel over an asyncio TCP stream.

    The life of a channel:

    1. asyncio connects the stream; ``stream_opened`` starts the handshake, if there is one.
    2. ``open`` asks the owner for a receiver. Messages flow.
    3. One end closes, or an error occurs. The first reason is kept (``set_close_reason``).
    4. The stream is closed; the receiver gets the reason (``channel_closed``).

    All methods belong to the event loop's thread.
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
        self._open_channels = open_channels
        self._buffer = memoryview(bytearray(RECEIVE_BUFFER_BYTES))
        self._received_at = perf_counter()
        self._outbox = Outbox()
        self._counters = StreamCounters()
        self._tls: TlsLayer | None = None
        self._on_tls_mismatch: Callable[[str], None] = log.info
        # The stream takes no more bytes: messages wait in the outbox.
        self._paused = False
        self._opened = False
        # Messages flow: between ``open`` and the first reason to close.
        self._flowing = False
        self._ignores_input = False
        # ``close`` was called, and what it writes follows the messages in the outbox.
        self._closing = False
        self._close_written = False
        self._reason_set = False
        self._error: TransportError | None = None
        self._gone = asyncio.Event()
        self._close_timer: asyncio.TimerHandle | None = None

    # A subclass implements these.

    @abstractmethod
    def encode(self, message: bytes) -> bytes:
        """Return the bytes that carry a message."""

    @abstractmethod
    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Parse the next bytes of the stream and call ``deliver`` for each complete message.

        ``received`` is overwritten after the call: copy what you keep.
        ``received_at`` is in ``time.perf_counter`` seconds.
        """

    @abstractmethod
    def write_close(self) -> None:
        """Write what tells the peer that this end closes the channel.

        Called once, after every message has been written.
        """

    def stream_opened(self) -> None:
        """Start the protocol; one with a handshake overrides this and calls ``open`` later."""
        self.open()

    def stream_ended(self) -> None:
        """Handle the end of the peer's half of the stream.

        It is an error unless this end has closed the channel. The system ends the streams of a
        crashed program in the same way.
        """
        if not self._close_written:
            self.set_close_reason(PeerReset(f"{self.peer} ended without closing the channel"))

    # A subclass reads and calls these.

    @property
    def is_open(self) -> bool:
        """True if all handshakes are complete and the channel has a receiver."""
        return self._opened

    @property
    def is_writable(self) -> bool:
        """True if the stream still takes bytes; false once it is being closed."""
        return not self._stream.is_closing()

    @property
    def close_error(self) -> TransportError | None:
        """The error that closes the channel; None while it is open or if it closes cleanly."""
        return self._error

    @property
    def sock(self) -> socket.socket:
        """The TCP socket, for reading its options; the channel owns it."""
        return self._socket

    def open(self) -> None:
        """Ask the owner for a receiver. From now on messages flow."""
        # Set first: the owner may send a message, or abort, before it returns.
        self._flowing = True
        try:
            self.receiver = self._accept(self)
        except BaseException:
            self.abort()
            raise
        self._opened = True

    def deliver(self, message: bytes, received_at: float) -> None:
        """Pass a message to the receiver, unless the channel has closed."""
        if self._flowing:
            counters = self._counters
            counters.messages_received += 1
            counters.payload_bytes_received += len(message)
            self.receiver.message_received(self, message, received_at)

    def write(self, data: bytes) -> None:
        """Write bytes that are no message: a handshake, a close frame, a pong."""
        self.write_raw(data if self._tls is None else self._tls.encrypt(data))

    def limit_replies(self) -> None:
        """Terminate the channel if the peer demands replies and reads none.

        Call it after each reply that the protocol writes by itself.
        """
        if self._stream.get_write_buffer_size() > REPLY_BACKLOG_BYTES:
            self.terminate(SendQueueOverflow(f"{self.peer} demands replies and does not read them"))

    def end_writing(self) -> None:
        """Close this end's half of the stream: the peer reads what was written, then the end."""
        # Raises if the peer has reset the stream. Then it is closed already.
        with suppress(OSError):
            self._stream.write_eof()

    def set_close_reason(self, error: TransportError | None) -> None:
        """Set how the channel ends: ``None`` for a clean close. Only the first call counts."""
        if not self._reason_set:
            self._reason_set = True
            self._flowing = False
            self._error = error

    def terminate(self, error: TransportError | None) -> None:
        """End the channel now. The peer sees a reset if ``error`` is set, else a clean end."""
        self.set_close_reason(error)
        if error is None:
            self._stream.abort()
        else:
            self._reset_stream()

    def close_after_flush(self, error: TransportError | None) -> None:
        """End the channel when the peer has closed its end too, at most a second later.

        Use it after writing a last word to the peer, such as an error code.
        """
        self.set_close_reason(error)
        self._start_close_timer()

    # The code that connects and listens calls these (``net/stream/endpoints.py``).

    def enable_tls(self, tls: TlsStream, handshake_timeout_s: float) -> None:
        """Use TLS on the stream. Call it before the stream is connected."""
        self._tls = TlsLayer(tls, handshake_timeout_s)

    def on_tls_mismatch(self, report: Callable[[str], None]) -> None:
        """Set the callback for a peer that is rejected because only one end uses TLS."""
        self._on_tls_mismatch = report

    async def wait_for_tls(self) -> None:
        """Wait until the TLS handshake has succeeded.

        Raises ``TlsError`` if another attempt would fail too, ``ConnectTimeout`` if the peer is
        silent, and ``ConnectError`` if the connection was cut.
        """
        if self._tls is None:
            return
        await self._tls.wait_until_settled()
        if not self._tls.is_open:
            reason = self._error or PeerReset("the connection was cut")
            if isinstance(reason, PeerTimeout):
                raise ConnectTimeout(str(reason), ConnectStage.TLS) from reason
            error_type = TlsError if isinstance(reason, TlsError) else ConnectError
            raise error_type(f"no TLS with {self.peer}: {reason}") from reason

    def discard(self) -> None:
        """Reset the stream of a channel before its owner has it; the receiver is not called."""
        self._opened = False
        self.abort()

    # The TLS layer calls these.

    def write_raw(self, data: bytes) -> None:
        """Write bytes to the stream as they are, past TLS."""
        self._counters.stream_bytes_sent += len(data)
        self._stream.write(data)

    def reject_tls_mismatch(self, error: TlsError, alert: bytes) -> None:
        """Send ``alert`` to a peer when only one end uses TLS, then end the channel."""
        self._on_tls_mismatch(f"rejected {self.peer} over {self.transport.name}: {error}")
        self._ignores_input = True
        self.write_raw(alert)
        # Not a reset: it could overtake the alert, and the peer would not learn the reason.
        self.end_writing()
        self.close_after_flush(error)

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

    @property
    def next_is_sure(self) -> bool:
        """True if the stream takes bytes now, see ``Channel.next_is_sure``."""
        return self._flowing and not self._paused

    def stats(self) -> ChannelStats:
        """Return the counters so far; segments are the kernel's count where it has one."""
        if not self._gone.is_set():
            self._read_tcp_info()
        is_ipv6 = self._socket.family == socket.AF_INET6
        return self._counters.stats(self._tcp, is_ipv6, self._outbox.replaced)

    def buffers(self) -> Buffers:
        """Return the socket buffers that the system granted when the stream was opened."""
        return self._buffers

    def set_nagle(self, on: bool) -> None:
        """Set or clear ``TCP_NODELAY``."""
        # A broken stream takes no options, and needs none.
        with suppress(OSError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, not on)

    async def close(self) -> None:
        """Close the channel after what waits has been written; return when it has ended."""
        self._start_closing()
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """End the channel now: the peer sees a reset."""
        self.set_close_reason(None)
        self._reset_stream()

    @property
    def closed(self) -> bool:
        """True if the channel has ended."""
        return self._reason_set

    # asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set up a stream that has just been connected."""
        self._stream = cast(asyncio.Transport, transport)
        # No byte may wait inside asyncio: what waits there can no longer be replaced.
        self._stream.set_write_buffer_limits(high=0)
        self._socket: socket.socket = self._stream.get_extra_info("socket")
        self._open_channels.add(self)
        self._buffers = Buffers(0, 0)
        try:
            self.peer = address_of(self._stream.get_extra_info("peername"))
            # Set again: asyncio has set TCP_NODELAY, and an accepted socket does not inherit all
            # options on every system.
            set_stream_options(self._socket, self._options)
            self._buffers = granted_buffers(self._socket)
        except (OSError, TypeError):
            # The peer has disconnected already: there is no peer name, or no socket option.
            self._reset_stream()
            return
        if self._tls is None:
            self.stream_opened()
        else:
            self._tls.start(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where asyncio puts the next bytes, and stamp their arrival.

        The event loops of ``net/system/event_loop.py`` call this when the bytes are here, just
        before they read them.
        """
        # Not after the read: there Python may let a thread that draws continue first.
        self._received_at = perf_counter()
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Handle ``nbytes`` that have arrived in the buffer."""
        received_at = self._received_at
        counters = self._counters
        counters.reads += 1
        counters.stream_bytes_received += nbytes
        received = self._buffer[:nbytes]
        if self._ignores_input:
            return
        if self._tls is not None:
            self._tls.receive(self, bytes(received), received_at)
        elif counters.reads == 1 and begins_tls(received):
            reject_unexpected_tls(self, received)
        else:
            self.bytes_received(received, received_at)

    def eof_received(self) -> None:
        """Handle the end of the peer's half of the stream, and end ours."""
        self.stream_ended()
        # Nobody reads what we would write: our protocols have no half-open channels.
        self._stream.abort()

    def pause_writing(self) -> None:
        """Queue messages from now on: the kernel's send buffer is full."""
        self._paused = True

    def resume_writing(self) -> None:
        """Write what waits in the queue."""
        self._paused = False
        if not self._reason_set:
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Read the last counters and tell the receiver how the channel ended."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._open_channels.discard(self)
        self._read_tcp_info()
        # After our close the peer may reset the stream instead of ending it: not an error.
        if not self._close_written and exc is not None:
            self.set_close_reason(channel_loss(exc, self.peer))
        self.set_close_reason(None)
        self._gone.set()
        if self._tls is not None:
            self._tls.stop()
        if self._opened:
            self.receiver.channel_closed(self, self._error)
            # Channel and receiver hold each other. Without this both, and the receive buffer,
            # would wait for the garbage collector.
            del self.receiver

    # Private

    def _write_message(self, message: bytes) -> None:
        frame = self.encode(message)
        counters = self._counters
        counters.messages_sent += 1
        counters.payload_bytes_sent += len(message)
        if self._tls is not None:
            frame = self._tls.encrypt(frame)
        counters.stream_bytes_sent += len(frame)
        self._stream.write(frame)

    def _flush(self) -> None:
        """Write queued messages until the stream is full, and the close after the last one."""
        # ``write`` sets ``_paused`` by way of ``pause_writing`` when the kernel takes no more.
        while self._outbox and not self._paused:
            self._write_message(self._outbox.pop())
        if self._closing and not self._outbox and not self._close_written:
            self._close_written = True
            self.write_close()

    def _start_closing(self) -> None:
        if not self._opened:
            self.abort()
        elif self._flowing:
            self._flowing = False
            self._closing = True
            self._start_close_timer()
            self._flush()

    def _start_close_timer(self) -> None:
        if self._close_timer is None:
            loop = asyncio.get_running_loop()
            self._close_timer = loop.call_later(CLOSE_TIMEOUT_S, self._on_close_timeout)

    def _on_close_timeout(self) -> None:
        if self._outbox or self._paused:
            self.set_close_reason(PeerTimeout(f"{self.peer} did not read what was sent to it"))
        self.set_close_reason(None)
        self._reset_stream()

    def _reset_stream(self) -> None:
        # A broken stream takes no options, and needs none.
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._stream.abort()

    def _read_tcp_info(self) -> None:
        counters = self._counters
        self._tcp = read_tcp_info(self._socket) or estimate_tcp_info(
            counters.messages_sent, counters.reads, counters.stream_bytes_sent
        )
