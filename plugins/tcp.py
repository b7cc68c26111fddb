"""TCP: both deliveries in one ordered stream of length-prefixed frames.

This is the shortest complete transport, and the one to copy for a stream protocol of your own. It
says three things: what the transport guarantees, how a message is written to the stream, and how
received bytes become messages. ``StreamChannel`` does the rest: send queue, counters, TLS, closing.

TCP's ordered stream is what the demonstration shows as head-of-line blocking. One lost segment
delays every message behind it, also the newest, until it is retransmitted. Two
options of TCP reduce the delay (``net/system/sockets.py``). Nagle's algorithm is off (RFC 896).
The kernel keeps little unsent data, so a newer LATEST message can replace one that waits.
"""

from functools import partial

from net.stream.channel import STREAM_HEADER_BYTES, StreamChannel
from net.stream.endpoints import connect_stream, listen_for_streams
from net.stream.framing import CLOSE_FRAME, FRAME_HEADER_BYTES, FrameDecoder, encode_frame
from net.transport import (
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Channel,
    Guarantees,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)


class TcpTransport(Transport):
    """Messages as frames in a TCP stream."""

    name = "tcp"
    guarantees = Guarantees(
        summary="everything arrives, in order; one lost segment delays all that follow",
        head_of_line_blocking=True,
        # A message that was written to the stream arrives. Only one that still waits in the send
        # queue can be replaced by a newer one.
        latest_may_be_lost=False,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        supports_tls=True,
        header_bytes=STREAM_HEADER_BYTES + FRAME_HEADER_BYTES,
    )

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a TCP connection; its channel is open at once, since it has no handshake."""
        return await connect_stream(partial(TcpChannel, self, options), address, receiver, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept TCP connections."""
        return await listen_for_streams(
            self, address, accept, options, partial(TcpChannel, self, options)
        )


class TcpChannel(StreamChannel):
    """A channel over one TCP connection."""

    def __init__(
        self,
        transport: TcpTransport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
    ) -> None:
        super().__init__(transport, options, accept, open_channels)
        self._decoder = FrameDecoder(MESSAGE_LIMIT_BYTES)

    def encode(self, message: bytes) -> bytes:
        """Return the frame of a message."""
        return encode_frame(message)

    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Deliver the messages whose frames are complete, then end the channel if the peer did."""
        # Messages first: those before a close frame or a bad frame have arrived.
        for message in self._decoder.feed(received):
            self.deliver(message, received_at)
        if self._decoder.close_received:
            self.terminate(None)
        elif self._decoder.error:
            self.terminate(self._decoder.error)

    def write_close(self) -> None:
        """Write a close frame, then end our half of the stream."""
        self.write(CLOSE_FRAME)
        # The peer reads the frame and closes the connection. If we closed it, data that the peer
        # is sending now would make the kernel reset it, and the frame could be lost.
        self.end_writing()
