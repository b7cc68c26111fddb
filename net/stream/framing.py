"""Length-prefixed framing: messages in a byte stream.  [pure]

A byte stream has no message boundaries: what was sent in one piece may arrive in ten, or ten in
one. So each message travels as a *frame*::

    0       4                4 + length
    +-------+----------------+
    | length| message        |     length: unsigned, 32 bits, big-endian
    +-------+----------------+

The length ``0xFFFFFFFF`` marks the close frame, which has no message. Nothing follows it.
The end of the stream alone does not tell whether a channel was closed on purpose: the system also
ends the streams of a program that crashed.

A frame is neither checked, compressed nor encrypted here. TCP has a checksum, and TLS encrypts.
"""

from struct import Struct

from net.errors import ProtocolError

__all__ = ["CLOSE_FRAME", "FRAME_HEADER_BYTES", "FrameDecoder", "encode_frame"]

_LENGTH = Struct("!I")
_CLOSE_LENGTH = 0xFFFF_FFFF

CLOSE_FRAME = _LENGTH.pack(_CLOSE_LENGTH)
FRAME_HEADER_BYTES = _LENGTH.size


def encode_frame(message: bytes) -> bytes:
    """Return the frame of a message."""
    return _LENGTH.pack(len(message)) + message


class FrameDecoder:
    """A parser that finds the messages in a stream, however the stream was split.

    ``close_received``: the peer's close frame has arrived.
    ``error``: the peer has sent a frame over the limit. The stream cannot be parsed further.

    It buffers at most one incomplete frame of ``limit_bytes``.
    """

    __slots__ = ("_limit_bytes", "_rest", "close_received", "error")

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._rest = bytearray()
        self.close_received = False
        self.error: ProtocolError | None = None

    @property
    def inside_frame(self) -> bool:
        """True if an incomplete frame waits for its rest."""
        return bool(self._rest)

    def feed(self, received: memoryview) -> list[bytes]:
        """Parse the next bytes of the stream; return the messages that they complete.

        ``received`` may be overwritten after the call. Look at ``error`` and ``close_received``
        afterwards: the messages before a bad frame are returned all the same. Bytes after the end
        are ignored.
        """
        if self.close_received or self.error:
            return []
        if not self._rest:
            # The usual case: whole frames, parsed in place, without a copy of the input.
            messages, used = self._split(received)
            if used < len(received):
                self._rest += received[used:]
            return messages
        self._rest += received
        with memoryview(self._rest) as waiting:
            messages, used = self._split(waiting)
        del self._rest[:used]
        return messages

    def _split(self, data: memoryview) -> tuple[list[bytes], int]:
        """Return the messages of all complete frames, and the number of bytes they took."""
        messages: list[bytes] = []
        start, end = 0, len(data)
        while end - start >= FRAME_HEADER_BYTES:
            (length,) = _LENGTH.unpack_from(data, start)
            # Checked before the rest arrives: a claimed length must not reserve memory. The close
            # length is over every limit, so one comparison covers both.
            if length > self._limit_bytes:
                self._end(length)
                return messages, end
            stop = start + FRAME_HEADER_BYTES + length
            if stop > end:
                break
            messages.append(bytes(data[start + FRAME_HEADER_BYTES : stop]))
            start = stop
        return messages, start

    def _end(self, length: int) -> None:
        if length == _CLOSE_LENGTH:
            self.close_received = True
        else:
            self.error = ProtocolError(
                f"a frame of {length} bytes; {self._limit_bytes} are allowed"
            )
