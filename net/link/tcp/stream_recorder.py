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
        # Both by side.
        self._kept = (bytearray(), bytearray())
        self._starts = [0, 0]  # the position of the first kept byte

    def append(self, side: Side, data: bytes | memoryview, acknowledged_bytes: int) -> None:
        """Keep bytes that ``side`` writes, and forget those before ``acknowledged_bytes``.

        Call this before the model gets their count.
        """
        kept = self._kept[side]
        n_bytes = acknowledged_bytes - self._starts[side]
        if n_bytes > 0:
            del kept[:n_bytes]
            self._starts[side] = acknowledged_bytes
        kept += data

    def __call__(self, record: LogRecord) -> None:
        """Log a record of the connection's model."""
        if isinstance(record, PacketRecord) and (segment := record.segment) is not None:
            begin, end = segment.start, segment.end
            if begin < end:
                side = Side.CLIENT if record.is_up else Side.SERVER
                start = self._starts[side]
                # The end mark of the stream is one position without a byte.
                payload = bytes(self._kept[side][begin - start : end - start])
                # Each packet with data comes here, and ``_replace`` takes three times as long.
                record = PacketRecord._make((*record[:-1], payload))
        self._log(record)
