"""Messages in a byte stream: each behind its length, cut out again wherever it was split.  [pure]

A stream knows no messages: what was sent in one piece may arrive in ten, or ten in one. So each
message travels as a *frame*::

    0       4                4 + length
    +-------+----------------+
    | length| message        |     length: unsigned, 32 bits, big-endian
    +-------+----------------+

The length ``0xFFFFFFFF`` has no message: it is the goodbye, after which nothing follows. The end
of the stream alone would not do: a system ends the streams of a program that crashed just as
politely.

Knows no socket. It does not check, compress or encrypt what it carries.
"""

from struct import Struct

from net.errors import ProtocolError

_LENGTH = Struct("!I")
_GOODBYE_LENGTH = 0xFFFF_FFFF

CLOSE_FRAME = _LENGTH.pack(_GOODBYE_LENGTH)
FRAME_HEADER_BYTES = _LENGTH.size


def encode_frame(message: bytes) -> bytes:
    """Return the frame of a message."""
    return _LENGTH.pack(len(message)) + message


class FrameDecoder:
    """Cuts a stream into messages, however it was split.

    Keeps at most one frame that is not complete: ``limit_bytes``, and what came with its end.
    """

    __slots__ = ("_limit_bytes", "_rest", "close_received", "error")

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._rest = bytearray()
        self.close_received = False
        self.error: ProtocolError | None = None

    @property
    def inside_frame(self) -> bool:
        """Whether a part of a frame waits for the rest of it."""
        return bool(self._rest)

    def feed(self, received: memoryview) -> list[bytes]:
        """Take what was received next, return the messages that it completes.

        ``received`` may be overwritten after the call. Look at ``error`` and ``goodbye``
        afterwards: a frame over the limit does not take away the messages before it, and what is
        fed after the end is ignored.
        """
        if self.close_received or self.error:
            return []
        if not self._rest:
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
        """Return the messages of all complete frames, and how many bytes those took."""
        messages: list[bytes] = []
        start, end = 0, len(data)
        while end - start >= FRAME_HEADER_BYTES:
            (length,) = _LENGTH.unpack_from(data, start)
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
        if length == _GOODBYE_LENGTH:
            self.close_received = True
        else:
            self.error = ProtocolError(
                f"a frame of {length} bytes; {self._limit_bytes} are allowed"
            )
