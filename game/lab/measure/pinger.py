"""Exchanges of timestamps with a server, and nothing else: what ``ping`` and ``time`` need.

Joins as somebody who watches, which every server lets in, so it works on any transport and needs
no message of its own. Knows no terminal.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from time import perf_counter
from typing import NamedTuple

from game.client.connection import ServerConnection
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MIN
from net.errors import ConnectError, ConnectTimeout
from net.security.options import SecurityOptions
from net.session.client import Credentials
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.sync.clock import ClockFilter, ClockSample
from net.transport import Address, SocketOptions, Transport

CONNECT_WITHIN_S = 5.0
# A session sends no more than ten pings a second, so no two may be meant to be closer.
INTERVAL_MIN_S = 0.12
# The last ping's answer is waited for; whoever takes longer counts as lost, as in ``ping``.
LAST_ANSWER_WITHIN_S = 2.0


class PingReply(NamedTuple):
    """The four timestamps of ping ``number``, and what follows from them.

    ``t1`` sent and ``t4`` received back by our clock, ``t2`` received and ``t3`` answered by the
    server's.
    """

    number: int
    t1: float
    t2: float
    t3: float
    t4: float
    offset_s: float
    delay_s: float


class Pinger:
    """Sends ``count`` pings, one every ``interval_s``, and tells of each answer as it comes.

    ``run`` raises ``ConnectError`` and ``SessionRefused``; cancelled, it leaves politely. ``sent``
    and ``answers`` hold what there is so far; ``farewell`` is why it ended before its time. In the
    server's log it is called ``name``.
    """

    def __init__(
        self,
        transport: Transport,
        address: Address,
        count: int | None,
        interval_s: float,
        on_answer: Callable[[PingReply], None],
        access: SecurityOptions = SecurityOptions(),
        name: str = "ping",
    ) -> None:
        self.sent = 0
        self.answers: list[PingReply] = []
        self.farewell = ""
        self._transport = transport
        self._address = address
        self._count = count
        self._interval_s = interval_s
        self._on_answer = on_answer
        self._access = access
        self._name = name
        self._numbers: dict[float, int] = {}
        self._all_answered = asyncio.Event()

    async def run(self) -> None:
        """Connect, ping, and leave."""
        visit = await self._open()
        pinging = asyncio.ensure_future(self._ping(visit))
        ended = visit.ended
        try:
            await asyncio.wait({pinging, ended}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                self.farewell = visit.farewell
        finally:
            pinging.cancel()
            visit.session.send_close("left")
            await visit.channel.close()

    def on_welcome(self, visit: ServerConnection, welcome: Welcome) -> None:
        """Take no place in the picture; as ``ServerConnectionHandler`` says."""

    def on_message(
        self, visit: ServerConnection, heard: ApplicationMessage | SessionEvent, received_at: float
    ) -> None:
        """Look at no match; as ``ServerConnectionHandler`` says."""

    def on_pong(self, visit: ServerConnection, exchange: ClockSample) -> None:
        """Wait for the four timestamps instead; as ``ServerConnectionHandler`` says."""

    def exchanged(self, t1: float, t2: float, t3: float, t4: float, exchange: ClockSample) -> None:
        """Tell of an answer to a ping of ours; a visit sends some of its own."""
        number = self._numbers.pop(t1, None)
        if number is None:
            return
        answer = PingReply(number, t1, t2, t3, t4, exchange.offset_s, exchange.delay_s)
        self.answers.append(answer)
        self._on_answer(answer)
        if len(self.answers) == self._count:
            self._all_answered.set()

    async def _open(self) -> ServerConnection:
        self._access.require_encryption(self._transport)
        visit = ServerConnection(self)
        address = Address(self._address.host, self._address.port + self._transport.port_offset)
        payload = encode_join_request(
            JoinRequest(self._name, "", watch=True, snapshot_hz=SNAPSHOT_HZ_MIN)
        )
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                sockets = SocketOptions(tls=self._access.tls)
                channel = await self._transport.connect(address, visit, sockets)
                try:
                    papers = Credentials(SystemRandom(), self._access.password)
                    visit.start(
                        channel, Hello("msgpack", payload), _ReportingClockFilter(self), papers
                    )
                    await asyncio.shield(visit.answered)
                except BaseException:
                    channel.abort()
                    raise
        except TimeoutError as error:
            name = self._transport.name
            raise ConnectTimeout(f"{address} gives no answer over {name}") from error
        if not visit.is_welcome:
            raise ConnectError(f"{address}: {visit.farewell}")
        return visit

    async def _ping(self, visit: ServerConnection) -> None:
        # The visit has pinged with its welcome: that answer is the way's first, and slowest.
        await asyncio.sleep(self._interval_s)
        due_at = perf_counter()
        while self._count is None or self.sent < self._count:
            now = perf_counter()
            self.sent += 1
            self._numbers[now] = self.sent
            visit.session.send_ping_if_due(now)
            due_at += self._interval_s
            await asyncio.sleep(max(0.0, due_at - perf_counter()))
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_ANSWER_WITHIN_S):
                await self._all_answered.wait()


class _ReportingClockFilter(ClockFilter):
    """A clock filter that tells of the four timestamps it was given."""

    def __init__(self, pinger: Pinger) -> None:
        super().__init__()
        self._pinger = pinger

    def add(self, t1: float, t2: float, t3: float, t4: float) -> ClockSample:
        """Take the timestamps of an exchange."""
        exchange = super().add(t1, t2, t3, t4)
        self._pinger.exchanged(t1, t2, t3, t4, exchange)
        return exchange
