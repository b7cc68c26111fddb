"""Capture file: a thread writes batches of the packet log to it, in order of time."""

import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Self

from net.link.capture.packets_from_log import INTERFACES, CapturedPacket, captured_packets
from net.link.capture.pcapng_blocks import encode_header, encode_interface, encode_packet
from net.link.packet_log import FlowLog, PacketRecord

__all__ = ["CaptureWriter"]

# Several relays send their batches, each a little late. Packets wait so long to be put in order of
# time, or Wireshark would see retransmissions and gaps that are none.
_ORDERING_S = 1.0


class CaptureWriter:
    """Context manager: inside the block ``add`` writes batches of a packet log to ``file``.

    ``on_error`` is called if the capture ends early, for instance on a full disk. ``has_failed``
    is True from then on.
    ``translate`` returns a packet's comment in the language of the reader.
    Raises ``OSError`` in the constructor if the file cannot be created.

    Thread: ``add`` may be called from any thread, and never waits for the disk. ``on_error`` and
    ``translate`` are called in the writer's thread.
    """

    def __init__(
        self,
        path: Path,
        on_error: Callable[[OSError], None],
        translate: Callable[[str], str] = str,
    ) -> None:
        self._on_error = on_error
        self._translate = translate
        self.has_failed = False
        # Open until the end of the block.
        self._file: IO[bytes] = path.open("wb")
        self._batches: SimpleQueue[list[FlowLog] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="capture", daemon=True)
        self._wall_offset_s = time.time() - time.monotonic()
        self._waiting: list[tuple[float, int, CapturedPacket]] = []
        self._count = count()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._batches.put(None)
        self._thread.join()

    def add(self, batch: list[FlowLog]) -> None:
        """Write a batch soon."""
        if not self.has_failed:
            self._batches.put(batch)

    def _run(self) -> None:
        try:
            with self._file:
                self._write_all()
        except OSError as error:
            self.has_failed = True
            self._on_error(error)

    def _write_all(self) -> None:
        self._file.write(encode_header() + b"".join(encode_interface(each) for each in INTERFACES))
        while (batch := self._batches.get()) is not None:
            newest_at = max((self._put_in_order(flow_log) for flow_log in batch), default=0.0)
            self._write_until(newest_at - _ORDERING_S)
            # A full disk is noticed now, and not at the end.
            self._file.flush()
        # What would arrive later never did: the link has ended.
        self._write_until(time.monotonic())

    def _put_in_order(self, flow_log: FlowLog) -> float:
        """Keep the packets of a flow; return when its newest packet was sent."""
        newest_at = 0.0
        for record in flow_log.records:
            if isinstance(record, PacketRecord):
                newest_at = max(newest_at, record.sent_at)
                for packet in captured_packets(flow_log.flow, record, self._translate):
                    heappush(self._waiting, (packet.at, next(self._count), packet))
        return newest_at

    def _write_until(self, end: float) -> None:
        while self._waiting and self._waiting[0][0] <= end:
            at, _, packet = heappop(self._waiting)
            at_ns = round((at + self._wall_offset_s) * 1e9)
            self._file.write(encode_packet(packet.interface, at_ns, packet.data, packet.comment))
