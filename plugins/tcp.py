"""TCP: both deliveries in one ordered stream of length-prefixed frames.

The stream is what the demonstration shows: a lost segment holds up every message behind it, the
newest ones too, until it has been sent again. What TCP offers to make that less bad is used:
no Nagle (RFC 896), and no backlog in the kernel where nothing can be replaced any more.
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
        summary="everything arrives, in order; one lost segment holds up all that follow",
        head_of_line_blocking=True,
        latest_may_be_lost=False,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        supports_tls=True,
        header_bytes=STREAM_HEADER_BYTES + FRAME_HEADER_BYTES,
    )

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a TCP connection; the channel is ready as soon as it stands."""
        return await connect_stream(partial(TcpChannel, self, options), address, receiver, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept TCP connections."""
        return await listen_for_streams(
            self, address, accept, options, partial(TcpChannel, self, options)
        )


class TcpChannel(StreamChannel):
    """One TCP connection."""

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
        """Deliver the messages whose frames are complete; end as the peer ended."""
        for message in self._decoder.feed(received):
            self.deliver(message, received_at)
        if self._decoder.close_received:
            self.terminate(None)
        elif self._decoder.error:
            self.terminate(self._decoder.error)

    def write_close(self) -> None:
        """Write the goodbye, then close our half; the peer closes the other."""
        self.write(CLOSE_FRAME)
        self.end_writing()
