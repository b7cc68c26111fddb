"""Payloads for the packet log of a TCP connection.  [pure]

The model of TCP counts bytes and does not hold them. This recorder keeps the bytes of both streams
until they are acknowledged, because until then they may be sent again.
"""

from net.link.packet_log import Log, LogRecord, PacketRecord
from net.link.tcp.endpoint import Side

__all__ = ["StreamRecorder"]


class StreamRecorder:
    """A log that adds the bytes of the stream to each segment and passes the record on."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._kept = {side: bytearray() for side in Side}
        self._start = dict.fromkeys(Side, 0)  # the position of the first kept byte

    def append(self, side: Side, data: bytes | memoryview) -> None:
        """Keep bytes that ``side`` writes; call this before the model gets their count."""
        self._kept[side] += data

    def forget(self, side: Side, position: int) -> None:
        """Forget the bytes of ``side`` before ``position``."""
        n_bytes = position - self._start[side]
        if n_bytes > 0:
            del self._kept[side][:n_bytes]
            self._start[side] = position

    def __call__(self, record: LogRecord) -> None:
        """Log a record of the connection's model."""
        if isinstance(record, PacketRecord) and record.segment is not None:
            segment = record.segment
            if segment.start < segment.end:
                side = Side.CLIENT if record.is_up else Side.SERVER
                start = self._start[side]
                # The end mark of the stream is one position without a byte.
                payload = bytes(self._kept[side][segment.start - start : segment.end - start])
                record = record._replace(payload=payload)
        self._log(record)
