"""Packet log of an emulated link: one record of each packet, made when it is sent.  [pure]

The models of the link call a ``Log`` that they are given, and make no records without one. Records
of one seed are the same in each run of a simulation.

The model knows a packet's arrival times, or why it is dropped, when the packet is sent. A
``ReadableRecord`` tells when the application could read which bytes of a TCP stream. A segment that
arrived with a higher ``start`` than the newest ``ReadableRecord.end`` waits behind a hole. It
leaves with the record whose ``end`` passes it.

Readers get batches, as lists of ``FlowLog``:

- ``RelayProcess(settings, on_log)`` calls ``on_log`` with each batch, from a thread of its own,
  about 30 times a second. Without ``on_log`` the relay makes no log.
- ``PacketLogBuffer`` keeps batches for a window. ``ClientGroupSource.packet_log(name)`` and
  ``WindowSource.packet_log()`` return those that came since the last call, for the drawing thread.
- ``simulate(settings, on_record)`` calls ``on_record(name, record)`` in virtual time.

Times are seconds of ``time.monotonic``, which all processes of a computer share. A reader with
another clock subtracts the difference of the two clocks.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from net.link.profile import RelayProtocol
from net.link.tcp_segment import Packet, ResendCause
from net.transport import Address

__all__ = [
    "DropCause",
    "Flow",
    "FlowLog",
    "Log",
    "LogRecord",
    "OnLog",
    "PacketLog",
    "PacketLogBuffer",
    "PacketRecord",
    "ReadableRecord",
    "fan_out",
]

# Ten seconds of a game with 30 batches a second, and some more. A window that draws no log must
# not collect it for ever.
_BATCHES_KEPT = 400


class DropCause(IntEnum):
    """Reason why a packet did not arrive. The values go into JSON."""

    NONE = 0
    LOSS = 1
    BURST = 2  # in a run of losses after another lost packet, or in an outage
    QUEUE = 3  # the queue before the rate limit was full


class PacketRecord(NamedTuple):
    """One packet, sent at ``sent_at`` seconds from client to server if ``is_up``.

    ``number`` counts the packets of the direction from 0. ``size_bytes`` includes all headers.
    ``arrivals`` are the arrival times: none if it is dropped, two if it is duplicated.
    ``segment`` is the TCP segment, None for a datagram. Its positions count bytes of the stream
    from 0. ``is_fin``: the last of its bytes is the end mark of the stream.
    ``resend`` is the cause of a retransmission.
    ``payload`` is the datagram, or the bytes of the segment. ``TcpPath`` alone has no bytes.
    """

    is_up: bool
    number: int
    sent_at: float
    size_bytes: int
    arrivals: tuple[float, ...]
    drop: DropCause
    segment: Packet | None = None
    is_fin: bool = False
    resend: ResendCause = ResendCause.NONE
    payload: bytes = b""


class ReadableRecord(NamedTuple):
    """Bytes of a TCP stream that became readable in order, from ``start`` to ``end``.

    The stream goes from client to server if ``is_up``. ``end`` is excluded.
    """

    is_up: bool
    at: float
    start: int
    end: int


LogRecord = PacketRecord | ReadableRecord
Log = Callable[[LogRecord], None]


class Flow(NamedTuple):
    """One client of a relay. ``number`` counts the clients of its port from 0.

    ``server`` is the relay's own address, to which the client sends.
    """

    protocol: RelayProtocol
    number: int
    client: Address
    server: Address


class FlowLog(NamedTuple):
    """New records of one flow, in the order in which the model made them."""

    flow: Flow
    records: tuple[LogRecord, ...]


# Called with each batch.
OnLog = Callable[[list[FlowLog]], None]


def fan_out(*subscribers: OnLog | None) -> OnLog | None:
    """Return a callback that passes each batch to all subscribers; None without subscribers."""
    wanted = [subscriber for subscriber in subscribers if subscriber is not None]
    if len(wanted) < 2:
        return wanted[0] if wanted else None

    def pass_on(batch: list[FlowLog]) -> None:
        for subscriber in wanted:
            subscriber(batch)

    return pass_on


class PacketLog:
    """Records of the flows of one relay, until they are drained."""

    def __init__(self) -> None:
        self._unread: list[tuple[Flow, list[LogRecord]]] = []

    def log_of(self, flow: Flow) -> Log:
        """Return the log to give to the models of ``flow``."""
        unread = self._unread
        records: list[LogRecord] = []

        def add(record: LogRecord) -> None:
            # A dictionary by flow would compute the hash of the flow for each packet.
            if not records:
                unread.append((flow, records))
            records.append(record)

        return add

    def drain(self) -> list[FlowLog]:
        """Return the records since the last call, and forget them."""
        batch = [FlowLog(flow, tuple(records)) for flow, records in self._unread]
        for _, records in self._unread:
            records.clear()
        self._unread.clear()
        return batch


class PacketLogBuffer:
    """Batches between the thread that receives them and the one that draws them.

    ``add`` and ``drain`` may run in different threads. The oldest batches are dropped when nobody
    drains.
    """

    def __init__(self) -> None:
        self._batches: deque[list[FlowLog]] = deque(maxlen=_BATCHES_KEPT)

    def add(self, batch: list[FlowLog]) -> None:
        """Add a batch."""
        self._batches.append(batch)

    def drain(self) -> list[FlowLog]:
        """Return what was added since the last call, oldest first."""
        logs: list[FlowLog] = []
        # A batch may be added meanwhile. It is taken now or by the next call.
        while self._batches:
            logs += self._batches.popleft()
        return logs
