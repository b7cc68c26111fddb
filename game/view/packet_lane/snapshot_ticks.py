"""Ticks of the snapshots inside packets, read from the bytes that cross the link.  [pure]

Encrypted bytes have none that can be read.
"""

from collections import deque

from game.protocol.encoding import snapshot_tick
from net.datagram.wire_format import FROM_SERVER, HEADER_BYTES, LATEST
from net.link.packet_log import PacketRecord
from net.session.messages import MessageType
from net.stream.framing import FrameDecoder
from net.transport import LANE_STATE, MESSAGE_LIMIT_BYTES

_SNAPSHOT_DATAGRAM = FROM_SERVER | LATEST | LANE_STATE
_APPLICATION = bytes((MessageType.APPLICATION,))
_HTTP_ANSWER = b"HTTP/1.1 "
_HTTP_END = b"\r\n\r\n"
# A server's answer to a WebSocket upgrade is a few hundred bytes.
_HTTP_LIMIT_BYTES = 4096
Ticks = tuple[int, ...]

# Segments that may be sent again: those of ten seconds.
_ENDS_KEPT = 400


class SnapshotTicks:
    """Reader of the packets from the server to one client, in the order of sending."""

    def __init__(self) -> None:
        self._stream = _Stream()
        # Where the first transmission of a segment with snapshots ends.
        self._ends: deque[tuple[int, Ticks]] = deque(maxlen=_ENDS_KEPT)

    def ticks_of(self, record: PacketRecord) -> Ticks:
        """Return the ticks of the snapshots that end in a packet, the newest last."""
        segment = record.segment
        if segment is None:
            return _datagram_ticks(record.payload)
        if not record.payload:
            return ()
        ticks = self._stream.new_ticks(segment.start, record.payload)
        if ticks:
            self._ends.append((segment.end, ticks))
        # A copy may repeat several segments at once.
        found: Ticks = ()
        for end, known in reversed(self._ends):
            if end <= segment.start:
                break
            if end <= segment.end:
                found = known + found
        return found


class _Stream:
    """Bytes of one direction of a TCP stream: frames, or the frames of a WebSocket."""

    def __init__(self) -> None:
        self._position = 0
        self._head = b""
        self._decoder: FrameDecoder | _WebSocketFrames | None = None

    def new_ticks(self, start: int, payload: bytes) -> Ticks:
        """Return the ticks in bytes that were not sent before."""
        if start > self._position:
            # A part is unknown, so where messages begin is unknown from here on.
            self._position = -1
        if self._position < 0 or start < self._position:
            return ()
        self._position = start + len(payload)
        return tuple(tick for each in self._messages(payload) if (tick := _message_tick(each)))

    def _messages(self, payload: bytes) -> list[bytes]:
        if self._decoder is None:
            self._head += payload
            payload = self._begin()
        if self._decoder is None:
            return []
        return self._decoder.feed(memoryview(payload))

    def _begin(self) -> bytes:
        """Choose the decoder once the head tells which; return the bytes for it."""
        head = self._head
        if not head.startswith(_HTTP_ANSWER[: len(head)]):
            self._decoder = FrameDecoder(MESSAGE_LIMIT_BYTES)
            return head
        if (end := head.find(_HTTP_END)) >= 0:
            self._decoder = _WebSocketFrames()
            return head[end + len(_HTTP_END) :]
        if len(head) > _HTTP_LIMIT_BYTES:
            self._position = -1
        return b""


class _WebSocketFrames:
    """Parser of a server's WebSocket frames, which are not masked (RFC 6455, section 5.2)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, received: memoryview) -> list[bytes]:
        self._rest += received
        messages = []
        while (length := self._frame_length()) is not None:
            header, size = length
            messages.append(self._rest[header : header + size])
            self._rest = self._rest[header + size :]
        return messages

    def _frame_length(self) -> tuple[int, int] | None:
        """Return the sizes of header and payload of the first frame, if it is complete."""
        rest = self._rest
        if len(rest) < 2:
            return None
        header, size = 2, rest[1] & 0x7F
        if size >= 126:
            header = 4 if size == 126 else 10
            if len(rest) < header:
                return None
            size = int.from_bytes(rest[2:header])
        return (header, size) if len(rest) >= header + size else None


def _datagram_ticks(payload: bytes) -> Ticks:
    if payload[:1] != bytes((_SNAPSHOT_DATAGRAM,)):
        return ()
    tick = _message_tick(payload[HEADER_BYTES:])
    return () if tick is None else (tick,)


def _message_tick(message: bytes) -> int | None:
    if not message.startswith(_APPLICATION):
        return None
    return snapshot_tick(message[1:])
