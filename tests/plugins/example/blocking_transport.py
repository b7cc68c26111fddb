"""A transport with blocking sockets and threads, as a beginner would write it.

Each channel has a reading and a writing thread. The game runs in the event loop's thread and must
never wait. So the threads exchange messages with it like this:

- A message to send waits in an ``Outbox``, and a ``Condition`` wakes the writing thread.
- A received message is passed on with ``call_soon_threadsafe``, and the reading thread waits until
  it was handled. Otherwise messages would pile up without limit while the game is busy.

It uses the frames of the TCP plugin. It is slower than that one: two thread switches for each
message, and two threads for each player.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from time import perf_counter

from net.errors import MessageTooLarge, PeerReset, SendQueueOverflow, TransportError
from net.stream.framing import CLOSE_FRAME, FRAME_HEADER_BYTES, FrameDecoder, encode_frame
from net.stream.outbox import Outbox
from net.system.sockets import (
    address_of,
    bound_sockets,
    channel_loss,
    connected_socket,
    granted_buffers,
)
from net.transport import (
    LANE_STATE,
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Buffers,
    Channel,
    ChannelStats,
    Delivery,
    Guarantees,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)

IPV4_HEADER_BYTES, IPV6_HEADER_BYTES, TCP_HEADER_BYTES = 20, 40, 20

CLOSE_TIMEOUT_S = 1.0

# How often an accepting thread checks whether it has to stop; nothing else would wake it.
STOP_CHECK_INTERVAL_S = 0.05


class BlockingTransport(Transport):
    """Messages as frames in a TCP stream, with a thread for each direction."""

    name = "blocking"
    guarantees = Guarantees(
        summary="as TCP; an example with blocking sockets and threads",
        head_of_line_blocking=True,
        latest_may_be_lost=False,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        header_bytes=IPV4_HEADER_BYTES + TCP_HEADER_BYTES + FRAME_HEADER_BYTES,
    )
    port_offset = 2

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        # Not in a thread: a thread that is connecting cannot be cancelled.
        sock = await connected_socket(address, socket.SOCK_STREAM, options)
        return BlockingChannel(self, sock, lambda channel: receiver)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        return BlockingListener(
            self, await bound_sockets(address, socket.SOCK_STREAM, options), accept
        )


class BlockingListener(Listener):
    """One accepting thread for each listening socket."""

    def __init__(
        self, transport: Transport, sockets: list[socket.socket], accept: AcceptCallback
    ) -> None:
        self.transport = transport
        self.addresses = tuple(address_of(sock.getsockname()) for sock in sockets)
        self._accept = accept
        self._channels: list[BlockingChannel] = []
        self._loop = asyncio.get_running_loop()
        self._closing = False
        self._threads = [threading.Thread(target=self._wait, args=[sock]) for sock in sockets]
        for thread in self._threads:
            thread.start()

    async def close(self) -> None:
        self._closing = True
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        await asyncio.gather(*(channel.close() for channel in self._channels))

    def _wait(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(STOP_CHECK_INTERVAL_S)
            while not self._closing:
                # A timeout, or a peer that has disconnected again: check the flag, then continue.
                with suppress(OSError):
                    connection, _ = sock.accept()
                    self._loop.call_soon_threadsafe(self._open_channel, connection)

    def _open_channel(self, connection: socket.socket) -> None:
        self._channels = [channel for channel in self._channels if not channel.closed]
        self._channels.append(BlockingChannel(self.transport, connection, self._accept))


class BlockingChannel(Channel):
    """A socket with a reading and a writing thread; all else runs in the event loop's thread."""

    def __init__(self, transport: Transport, sock: socket.socket, accept: AcceptCallback) -> None:
        sock.settimeout(None)
        self.transport = transport
        self.peer = _peer_of(sock)
        self._sock = sock
        self._buffers = granted_buffers(sock)
        self._loop = asyncio.get_running_loop()
        self._gone = asyncio.Event()
        self._error: TransportError | None = None
        # Protects what the threads share (outbox, flags), and wakes the writing thread.
        self._wake = threading.Condition()
        self._outbox = Outbox()
        self._closing_channel = False
        self._over = False
        self._sent = self._payload_sent = 0
        self._received = self._payload_received = 0
        self._writer = threading.Thread(target=self._write)
        self._reader = threading.Thread(target=self._read)
        self.receiver = accept(self)
        self._writer.start()
        self._reader.start()

    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        if len(message) > self.transport.guarantees.message_limit_bytes:
            raise MessageTooLarge(f"{len(message)} bytes are too many")
        try:
            with self._wake:
                if not self._closing_channel and not self._over:
                    self._outbox.put(message, delivery, lane)
                    self._wake.notify()
        except SendQueueOverflow as error:
            self._end(error)

    def stats(self) -> ChannelStats:
        header_bytes = self.transport.guarantees.header_bytes
        if ":" in self.peer.host:
            header_bytes += IPV6_HEADER_BYTES - IPV4_HEADER_BYTES
        return ChannelStats(
            sent=self._sent,
            received=self._received,
            replaced=self._outbox.replaced,
            payload_bytes_sent=self._payload_sent,
            payload_bytes_received=self._payload_received,
            wire_bytes_sent=self._payload_sent + self._sent * header_bytes,
            wire_bytes_received=self._payload_received + self._received * header_bytes,
        )

    def buffers(self) -> Buffers:
        return self._buffers

    async def close(self) -> None:
        with self._wake:
            self._closing_channel = True
            self._wake.notify()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._gone.wait()
        except TimeoutError:
            self.abort()
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        self._end(None)

    @property
    def closed(self) -> bool:
        return self._over

    def _end(self, error: TransportError | None) -> None:
        """Set how the channel ends, unless it is set, and stop both threads."""
        with self._wake:
            if not self._over:
                self._over = True
                self._error = error
                self._wake.notify()
        # ``shutdown`` wakes a thread that waits in ``recv`` or ``sendall``; ``close`` would not.
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    # The writing thread.

    def _write(self) -> None:
        # If the socket breaks, the reading thread reports the error.
        with suppress(OSError):
            while (message := self._next_message()) is not None:
                self._sock.sendall(encode_frame(message))
            if not self._over:
                self._sock.sendall(CLOSE_FRAME)
                self._sock.shutdown(socket.SHUT_WR)

    def _next_message(self) -> bytes | None:
        """Wait for a message to write; None if there will be no more."""
        with self._wake:
            self._wake.wait_for(lambda: self._outbox or self._closing_channel or self._over)
            if self._over or not self._outbox:
                return None
            message = self._outbox.pop()
            self._sent += 1
            self._payload_sent += len(message)
            return message

    # The reading thread.

    def _read(self) -> None:
        self._end(self._receive())
        self._writer.join()
        self._sock.close()
        self._loop.call_soon_threadsafe(self._finish)

    def _receive(self) -> TransportError | None:
        """Receive until the end, and return its error."""
        decoder = FrameDecoder(self.transport.guarantees.message_limit_bytes)
        try:
            while received := self._sock.recv(64 * 1024):
                self._pass_on(decoder.feed(memoryview(received)))
                if decoder.close_received or decoder.error:
                    return decoder.error
        except OSError as error:
            return None if self._closing_channel else channel_loss(error, self.peer)
        return (
            None
            if self._closing_channel
            else PeerReset(f"{self.peer} ended without closing the channel")
        )

    def _pass_on(self, messages: list[bytes]) -> None:
        """Pass messages to the event loop's thread, and wait until it has handled them."""
        taken = threading.Event()
        self._loop.call_soon_threadsafe(self._deliver, messages, perf_counter(), taken)
        taken.wait()

    # The event loop's thread.

    def _deliver(self, messages: list[bytes], received_at: float, taken: threading.Event) -> None:
        for message in messages:
            if not self._closing_channel and not self._over:
                self._received += 1
                self._payload_received += len(message)
                self.receiver.message_received(self, message, received_at)
        taken.set()

    def _finish(self) -> None:
        self._gone.set()
        self.receiver.channel_closed(self, self._error)


def _peer_of(sock: socket.socket) -> Address:
    try:
        return address_of(sock.getpeername())
    except OSError:
        return Address("a peer that has gone", 0)
