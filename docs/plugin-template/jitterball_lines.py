"""A transport to copy: TCP whose messages end with a newline instead of beginning with a length.

``StreamChannel`` has all that streams have in common: the send queue, counters, TLS, closing. This
module says how a message is written, and how received bytes become messages again.

A message may contain a newline. So two bytes are escaped: ``\\`` becomes ``\\\\``, and a newline
becomes ``\\n``. The line ``\\c`` closes the channel.
"""

import re
from functools import partial

from net.errors import ProtocolError
from net.stream.channel import STREAM_HEADER_BYTES, StreamChannel
from net.stream.endpoints import connect_stream, listen_for_streams
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

CLOSE_LINE = rb"\c"
# Each byte of a message may have been escaped.
LINE_LIMIT_BYTES = 2 * MESSAGE_LIMIT_BYTES

_ESCAPED = re.compile(rb"\\(.?)", re.DOTALL)
_ESCAPES = {b"\\": b"\\", b"n": b"\n"}


class LinesTransport(Transport):
    """Messages as lines in a TCP stream."""

    name = "lines"
    guarantees = Guarantees(
        summary="as TCP; an example whose messages are lines",
        head_of_line_blocking=True,
        latest_may_be_lost=False,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        supports_tls=True,
        # The newline is the one byte more.
        header_bytes=STREAM_HEADER_BYTES + 1,
    )
    # TCP has the port that people type, WebSocket the next one, the web page the one after two.
    port_offset = 5

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a TCP connection."""
        return await connect_stream(
            partial(LinesChannel, self, options), address, receiver, options
        )

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept TCP connections."""
        return await listen_for_streams(
            self, address, accept, options, partial(LinesChannel, self, options)
        )


class LinesChannel(StreamChannel):
    """A channel over one TCP connection."""

    # The beginning of a line whose end has not arrived.
    _rest = b""

    def encode(self, message: bytes) -> bytes:
        """Return the line of a message."""
        return message.replace(b"\\", rb"\\").replace(b"\n", rb"\n") + b"\n"

    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Deliver the messages whose lines are complete."""
        # ``received`` is overwritten after this call; joining copies it.
        *lines, self._rest = (self._rest + received).split(b"\n")
        for line in lines:
            if line == CLOSE_LINE:
                self.terminate(None)
                return
            message = decode_line(line)
            if message is None or len(message) > MESSAGE_LIMIT_BYTES:
                self.terminate(ProtocolError(f"{self.peer} sent a line that is no message"))
                return
            self.deliver(message, received_at)
        if len(self._rest) > LINE_LIMIT_BYTES:
            # A peer that never ends its line must not fill our memory.
            self.terminate(ProtocolError(f"{self.peer} sent a line that is too long"))

    def write_close(self) -> None:
        """Write the line that closes the channel, then end our half of the stream."""
        self.write(CLOSE_LINE + b"\n")
        self.end_writing()


def decode_line(line: bytes) -> bytes | None:
    """Return the message of a line; None if an escape in it has no meaning."""
    if any(escape not in _ESCAPES for escape in _ESCAPED.findall(line)):
        return None
    return _ESCAPED.sub(lambda found: _ESCAPES[found[1]], line)
