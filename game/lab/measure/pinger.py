"""Exchanges of timestamps with a server, for ``ping`` and ``time``.

The pinger joins as a spectator, which every server allows. So it works on any transport and needs
no message of its own.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from time import perf_counter
from typing import Any, NamedTuple

from game.client.connection import ServerConnection
from game.client.connector import wait_for_welcome
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MIN
from net.errors import ConnectError, ConnectTimeout
from net.security.options import SecurityOptions
from net.session.client import Credentials
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import STAGE_TIMEOUT_S, Address, SocketOptions, Transport

# A session sends at most ten pings a second, so the interval must be longer than a tenth.
INTERVAL_MIN_S = 0.12
# A program that was stopped for longer reads a reply too late to know when it arrived.
PAUSE_S = 0.25
_HEARTBEAT_S = 0.05
# The wait after the last ping; a later reply counts as lost. As in the system's ``ping``, it is at
# least twice the longest round trip that was seen. If none was seen, it is long.
LAST_REPLY_TIMEOUT_S = 2.0
FIRST_REPLY_TIMEOUT_S = 10.0


class PingReply(NamedTuple):
    """The four timestamps of ping ``number``, with the clock offset and the delay.

    ``t1`` (sent) and ``t4`` (reply received) are times of our clock, ``t2`` (received) and ``t3``
    (reply sent) of the server's.
    """

    number: int
    t1: float
    t2: float
    t3: float
    t4: float
    offset_s: float
    delay_s: float


class Pinger:
    """A client that sends ``count`` pings, one every ``interval_s``; None: until cancelled.

    ``on_reply`` is called for each reply; an exception from it ends the run.
    ``sent`` and ``replies`` hold the results so far.
    ``untimed`` counts the replies that were not read until after a pause of this program.
    ``close_reason`` says why the connection ended early. ``name`` stands in the server's log.
    ``room`` is the room to join, empty for the server's first one.
    """

    def __init__(
        self,
        transport: Transport,
        address: Address,
        on_reply: Callable[[PingReply], None],
        *,
        count: int | None,
        interval_s: float,
        security: SecurityOptions = SecurityOptions(),
        name: str = "ping",
        stage_timeout_s: float = STAGE_TIMEOUT_S,
        room: str = "",
    ) -> None:
        self.sent = 0
        self.replies: list[PingReply] = []
        self.untimed = 0
        self.close_reason = ""
        self._transport = transport
        self._address = address
        self._on_reply = on_reply
        self._count = count
        self._interval_s = interval_s
        self._security = security
        self._name = name
        self._stage_timeout_s = stage_timeout_s
        self._room = room
        self._numbers: dict[float, int] = {}
        self._all_answered = asyncio.Event()
        self._callback_error: Exception | None = None
        self._callback_failed = asyncio.Event()
        self._awake_at = perf_counter()

    @property
    def drops_overtaken(self) -> bool:
        """True if the transport drops a ping, or its reply, that a later one has overtaken."""
        return self._transport.guarantees.latest_may_be_lost

    async def run(self) -> None:
        """Connect, ping, and close the connection, also when cancelled.

        Raises ``ConnectError`` if no connection can be opened.
        Raises ``SessionRefused`` if the server refuses it.
        Raises what ``on_reply`` raises.
        """
        connection = await self._open()
        heartbeat = asyncio.ensure_future(self._run_heartbeat())
        pinging = asyncio.ensure_future(self._ping(connection))
        failing = asyncio.ensure_future(self._callback_failed.wait())
        ended = connection.closed
        try:
            awaited: set[asyncio.Future[Any]] = {pinging, failing, ended}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if self._callback_error is not None:
                raise self._callback_error
            if ended.done():
                self.close_reason = connection.close_reason
        finally:
            pinging.cancel()
            failing.cancel()
            heartbeat.cancel()
            connection.session.send_close("left")
            await connection.channel.close()

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
        """Ignore the sample, which lacks the four timestamps (``ServerConnectionHandler``)."""

    def on_exchange(self, t1: float, t2: float, t3: float, t4: float, sample: ClockSample) -> None:
        """Record a reply to one of our pings; the session also sends pings of its own."""
        number = self._numbers.pop(t1, None)
        if number is None:
            return
        if perf_counter() - self._awake_at > PAUSE_S:
            self.untimed += 1
        else:
            reply = PingReply(number, t1, t2, t3, t4, sample.offset_s, sample.delay_s)
            self.replies.append(reply)
            self._report(reply)
        if len(self.replies) + self.untimed == self._count:
            self._all_answered.set()

    def _report(self, reply: PingReply) -> None:
        try:
            self._on_reply(reply)
        # Any: raised here, it would go to the event loop. The loop logs it and continues, or for an
        # ``OSError`` closes the connection without a word.
        except Exception as error:
            self._callback_error = error
            self._callback_failed.set()

    async def _open(self) -> ServerConnection:
        self._security.require_encryption(self._transport)
        connection = ServerConnection(self)
        address = Address(self._address.host, self._address.port + self._transport.port_offset)
        payload = encode_join_request(
            JoinRequest(self._name, self._room, watch=True, snapshot_hz=SNAPSHOT_HZ_MIN)
        )
        hello = Hello("msgpack", payload)
        options = SocketOptions(
            tls=self._security.tls,
            trust=self._security.trust,
            stage_timeout_s=self._stage_timeout_s,
        )
        try:
            channel = await self._transport.connect(address, connection, options)
            credentials = Credentials(SystemRandom(), self._security.password)
            connection.start(channel, hello, _ReportingClockFilter(self), credentials)
            await wait_for_welcome(connection, self._stage_timeout_s)
        except ConnectTimeout as error:
            text = f"{error} over {self._transport.name}"
            raise ConnectTimeout(text, error.stage) from error
        if not connection.is_welcomed:
            raise ConnectError(f"{address}: {connection.close_reason}")
        return connection

    async def _run_heartbeat(self) -> None:
        while True:
            self._awake_at = perf_counter()
            await asyncio.sleep(_HEARTBEAT_S)

    async def _ping(self, connection: ServerConnection) -> None:
        # The session pings once with its welcome. That first reply is the slowest, so ours wait.
        await asyncio.sleep(self._interval_s)
        due_at = perf_counter()
        while self._count is None or self.sent < self._count:
            now = perf_counter()
            # Only a ping that was sent can be lost.
            if connection.session.send_ping_if_due(now):
                self.sent += 1
                self._numbers[now] = self.sent
            # After a pause, as of a stopped process, the pings missed are not made up for.
            due_at = max(due_at + self._interval_s, now)
            await asyncio.sleep(due_at - now)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._last_reply_timeout_s()):
                await self._all_answered.wait()

    def _last_reply_timeout_s(self) -> float:
        if not self.replies:
            return FIRST_REPLY_TIMEOUT_S
        return max(LAST_REPLY_TIMEOUT_S, 2 * max(reply.delay_s for reply in self.replies))


class _ReportingClockFilter(ClockFilter):
    """A clock filter that passes the four timestamps of each exchange to a pinger."""

    def __init__(self, pinger: Pinger) -> None:
        super().__init__()
        self._pinger = pinger

    def add(self, t1: float, t2: float, t3: float, t4: float) -> ClockSample:
        """Add the timestamps of an exchange."""
        sample = super().add(t1, t2, t3, t4)
        self._pinger.on_exchange(t1, t2, t3, t4, sample)
        return sample
