"""Recorder of a link: a spectator that exchanges probes with a server over UDP."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from time import perf_counter
from typing import Any

from game.client.connection import ServerConnection
from game.client.connector import wait_for_welcome
from game.lab.record.probe_log import DownProbe, ProbeLog
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MIN
from net.datagram.channel import DatagramChannel
from net.datagram.path_recording import (
    RECEIPTS_PER_DATAGRAM,
    ProbeSettings,
    ProbeStatus,
    probe_datagram,
)
from net.datagram.wire_format import (
    PROBE_DOWN,
    PROBE_LAYOUT,
    PROBE_RECEIPT,
    PROBE_RECEIPTS,
    PROBE_RECEIPTS_HEADER,
    PROBE_RECEIPTS_REQUEST,
    PROBE_RECEIPTS_REQUEST_LAYOUT,
    PROBE_START,
    PROBE_START_LAYOUT,
    PROBE_STATUS,
    PROBE_STATUS_LAYOUT,
    PROBE_UP,
)
from net.errors import ConnectError
from net.measure.arrivals import STALL_S
from net.security.options import SecurityOptions
from net.session.client import Credentials
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import STAGE_TIMEOUT_S, Address, SocketOptions, Transport

__all__ = ["LinkRecorder", "RecordingRefused"]

# A request is repeated: it may be lost, as its answer.
_REPEAT_S = 0.25
_START_ATTEMPTS = 40
# The wait for receipts after the latest ones. A long recording takes many round trips.
_RECEIPTS_TIMEOUT_S = 20.0
# Requests that are sent before an answer has arrived.
_REQUESTS_AT_ONCE = 16
# Probes that left last are still on their way.
_LAST_PROBE_S = 1.0
_HEARTBEAT_S = 0.1

_REASONS = {
    ProbeStatus.NOT_ALLOWED: (
        "the server lets nobody record: it needs jitterball serve --allow-record"
    ),
    ProbeStatus.BUSY: "too many record from this server already; try again in a minute",
    ProbeStatus.OUT_OF_RANGE: "the server does not send so much; try a lower --rate",
}


class RecordingRefused(Exception):
    """The server sends no probes. The message is one line that says why."""


class LinkRecorder:
    """A client that records the path to a server for some seconds.

    ``log`` has the probes so far. ``on_progress`` is called with the seconds since the start.
    ``stop`` ends the recording early; what there is stays in the log.
    """

    def __init__(
        self,
        transport: Transport,
        address: Address,
        settings: ProbeSettings,
        on_progress: Callable[[float], None],
        security: SecurityOptions,
    ) -> None:
        self.log = ProbeLog()
        self.close_reason = ""
        self._transport = transport
        self._address = address
        self._settings = settings
        self._on_progress = on_progress
        self._security = security
        self._status: asyncio.Future[ProbeStatus] | None = None
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._receipts: dict[int, list[tuple[int, float]]] = {}
        self._receipts_came = asyncio.Event()
        self._n_receipts: int | None = None

    @property
    def was_stopped(self) -> bool:
        """True if ``stop`` was called."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End the recording now; callable from a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def run(self) -> None:
        """Connect, record, fetch the server's receipts, and close.

        Raises ``ConnectError`` if no connection can be opened.
        Raises ``SessionRefused`` if the server refuses it, ``RecordingRefused`` the recording.
        """
        self._loop = asyncio.get_running_loop()
        opening = asyncio.ensure_future(self._open())
        stopping = asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not opening.done():
            opening.cancel()
            await asyncio.wait({opening})
            return
        connection = opening.result()
        channel = connection.channel
        assert isinstance(channel, DatagramChannel)
        channel.on_probe = self._on_probe
        heartbeat = asyncio.ensure_future(self._keep_alive(connection))
        try:
            await self._start(channel)
            await self._send_probes(channel, connection)
            await self._fetch_receipts(channel, connection)
        finally:
            heartbeat.cancel()
            connection.session.send_close("left")
            await connection.channel.close()
            self._sort_receipts()

    def on_welcome(self, connection: ServerConnection, welcome: Welcome) -> None:
        """Ignore the welcome (``ServerConnectionHandler``)."""

    def on_message(
        self,
        connection: ServerConnection,
        message: ApplicationMessage | SessionEvent,
        received_at: float,
    ) -> None:
        """Ignore snapshots and events (``ServerConnectionHandler``)."""

    def on_pong(self, connection: ServerConnection, sample: ClockSample) -> None:
        """Ignore the sample: probes say more (``ServerConnectionHandler``)."""

    async def _open(self) -> ServerConnection:
        connection = ServerConnection(self)
        address = Address(self._address.host, self._address.port + self._transport.port_offset)
        request = JoinRequest("record", "", watch=True, snapshot_hz=SNAPSHOT_HZ_MIN)
        channel = await self._transport.connect(
            address, connection, SocketOptions(stage_timeout_s=STAGE_TIMEOUT_S)
        )
        connection.start(
            channel,
            Hello("msgpack", encode_join_request(request)),
            ClockFilter(),
            Credentials(SystemRandom(), self._security.password),
        )
        await wait_for_welcome(connection, STAGE_TIMEOUT_S)
        if not connection.is_welcomed:
            raise ConnectError(f"{address}: {connection.close_reason}")
        return connection

    async def _keep_alive(self, connection: ServerConnection) -> None:
        """Send pings, and note when this program did not run."""
        while True:
            slept_at = perf_counter()
            connection.tick(slept_at)
            await asyncio.sleep(_HEARTBEAT_S)
            woke_at = perf_counter()
            if woke_at - slept_at > _HEARTBEAT_S + STALL_S:
                self.log.pauses.append((slept_at, woke_at))

    async def _start(self, channel: DatagramChannel) -> None:
        """Ask for probes until the server answers."""
        self._status = asyncio.get_running_loop().create_future()
        settings = self._settings
        request = PROBE_START_LAYOUT.pack(
            PROBE_START,
            channel.connection.connection_id,
            *(settings.rate_hz, settings.size_bytes, settings.seconds),
        )
        for _ in range(_START_ATTEMPTS):
            channel.send_unnumbered(request)
            with suppress(TimeoutError):
                async with asyncio.timeout(_REPEAT_S):
                    await asyncio.shield(self._status)
                break
        # An older server does not know the request.
        status = self._status.result() if self._status.done() else ProbeStatus.NOT_ALLOWED
        if status is not ProbeStatus.STARTED:
            raise RecordingRefused(_REASONS[status])

    async def _send_probes(self, channel: DatagramChannel, connection: ServerConnection) -> None:
        settings, log = self._settings, self.log
        own_id = channel.connection.connection_id
        began_at = due_at = perf_counter()
        ends_at = began_at + settings.seconds
        while due_at < ends_at and not self._is_over(connection):
            now = perf_counter()
            if now < due_at:
                with suppress(TimeoutError):
                    async with asyncio.timeout(due_at - now):
                        await self._stopped.wait()
                continue
            log.client_late_s.append(now - due_at)
            number = len(log.sent_at)
            channel.send_unnumbered(probe_datagram(PROBE_UP, own_id, number, now, settings))
            log.sent_at.append(now)
            due_at = max(due_at + 1 / settings.rate_hz, now)
            self._on_progress(now - began_at)
        if not self._stopped.is_set():
            await asyncio.sleep(_LAST_PROBE_S)

    def _is_over(self, connection: ServerConnection) -> bool:
        return self._stopped.is_set() or connection.closed.done()

    async def _fetch_receipts(self, channel: DatagramChannel, connection: ServerConnection) -> None:
        """Ask for the server's receipts until all have arrived, or no more arrive."""
        own_id = channel.connection.connection_id
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_RECEIPTS_TIMEOUT_S) as limit:
                while not connection.closed.done() and (wanted := self._missing_parts()):
                    for first in wanted[:_REQUESTS_AT_ONCE]:
                        channel.send_unnumbered(
                            PROBE_RECEIPTS_REQUEST_LAYOUT.pack(
                                PROBE_RECEIPTS_REQUEST, own_id, first
                            )
                        )
                    parts = len(self._receipts)
                    await self._wait_for(wanted[:_REQUESTS_AT_ONCE])
                    if len(self._receipts) > parts:
                        limit.reschedule(loop.time() + _RECEIPTS_TIMEOUT_S)
        if connection.closed.done():
            self.close_reason = connection.close_reason

    async def _wait_for(self, parts: list[int]) -> None:
        """Wait until these parts are here, but no longer than a lost request takes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_REPEAT_S):
                while not all(part in self._receipts for part in parts):
                    self._receipts_came.clear()
                    await self._receipts_came.wait()

    def _missing_parts(self) -> list[int]:
        """Return the indices at which parts begin that are not here."""
        if self._n_receipts is None:
            return [0]
        wanted, first = [], 0
        while first < self._n_receipts:
            part = self._receipts.get(first)
            if part is None:
                wanted.append(first)
            first += len(part) if part else RECEIPTS_PER_DATAGRAM
        return wanted

    def _on_probe(self, datagram: bytes, received_at: float) -> None:
        kind, size = datagram[0], len(datagram)
        if kind == PROBE_STATUS and size == PROBE_STATUS_LAYOUT.size:
            if self._status is not None and not self._status.done():
                with suppress(ValueError):
                    self._status.set_result(ProbeStatus(datagram[-1]))
        elif kind == PROBE_DOWN and size >= PROBE_LAYOUT.size:
            _, _, number, sent_at = PROBE_LAYOUT.unpack_from(datagram)
            if number < self._settings.rate_hz * self._settings.seconds:
                self.log.down.append(DownProbe(number, sent_at, received_at))
        elif kind == PROBE_RECEIPTS and size >= PROBE_RECEIPTS_HEADER.size:
            self._on_receipts(datagram)

    def _on_receipts(self, datagram: bytes) -> None:
        _, _, total, first, sent, late_s = PROBE_RECEIPTS_HEADER.unpack_from(datagram)
        body = datagram[PROBE_RECEIPTS_HEADER.size :]
        settings = self._settings
        limit = 2 * settings.rate_hz * settings.seconds
        if len(body) % PROBE_RECEIPT.size or total > limit or first > total or sent > limit:
            return
        part: Any = list(PROBE_RECEIPT.iter_unpack(body))
        self._receipts[first] = part
        self._receipts_came.set()
        self._n_receipts = max(total, self._n_receipts or 0)
        self.log.down_sent, self.log.server_late_s = sent, late_s

    def _sort_receipts(self) -> None:
        parts = sorted(self._receipts.items())
        self.log.up = [receipt for _, part in parts for receipt in part]
