"""Connector: opens connections to one server, joins, and resumes the session after a loss."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import SystemRandom

from game.client.connection import ServerConnection, ServerConnectionHandler
from game.client.frame import Status
from game.client.reachability import explain_failure, explain_wait, reachable_transports
from game.client.settings import ClientSettings
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from net.errors import (
    ConnectError,
    ConnectStage,
    ConnectTimeout,
    ServerRejected,
    SessionRefused,
    TlsError,
)
from net.session.client import Credentials
from net.session.event_log import EventReceiver
from net.session.messages import Hello, RefusalReason, Welcome
from net.sync.clock_filter import ClockFilter
from net.transport import STAGE_TIMEOUT_S, Address, SocketOptions, Transport

# The limit of each stage of connecting. The first one, 8 s, suffices for TLS at a round trip of 2 s
# with one lost segment. It doubles after each stage that took too long, up to the maximum.
STAGE_TIMEOUT_START_S = 8.0
STAGE_TIMEOUT_MAX_S = STAGE_TIMEOUT_S
# A player who waits longer than this without a hint takes the program for broken.
HINT_AFTER_S = 3.0
# Short at first, for a server that restarts. Never so long that a player gives up.
BACKOFF_S = (0.1, 0.25, 0.5, 1.0, 2.0)
# Refusals caused by other clients at this address. A later attempt may succeed.
TRANSIENT_REFUSALS = (RefusalReason.RATE_LIMITED, RefusalReason.TOO_MANY_CONNECTIONS)


class Connector:
    """The connection attempts of one client, and what it needs to resume its session.

    ``request`` is sent with the next hello; it may be replaced at any time.
    ``slot_id`` names the slot on the server; empty before the first welcome.
    ``event_receiver`` counts the events received, and drops those that a resume repeats.
    ``was_answered``: the server has answered part of an attempt, so it is there.
    ``clock_filter`` outlives a connection, so that a switch of transport keeps its estimate.
    Belongs to the network thread.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        settings: ClientSettings,
        handler: ServerConnectionHandler,
    ) -> None:
        self.request: JoinRequest = settings.join
        self.slot_id = ""
        self.event_receiver = EventReceiver()
        self.clock_filter = ClockFilter()
        self.was_answered = False
        self._transports = transports
        self._settings = settings
        self._handler = handler
        self._token = ""
        self._stage = ConnectStage.CONNECT
        self._stage_timeout_s = STAGE_TIMEOUT_START_S
        self._awaits_welcome = False

    async def join(
        self, transport: Callable[[], str], on_status: Callable[[Status, str], None]
    ) -> None:
        """Try until the server welcomes us.

        ``transport`` returns the name to use. It is asked before every attempt, since the player
        may choose another one meanwhile. ``on_status`` receives the reason of each failure.
        Raises ``SessionRefused`` if another attempt would not help.
        """
        for attempt in itertools.count():
            name = transport()
            hinting = asyncio.ensure_future(self._hint(name, on_status))
            try:
                await self.open(name)
                return
            except TlsError as error:
                # A wrong certificate, or no TLS at the other end: the next attempt fails too.
                raise ServerRejected(RefusalReason.NO_TLS, str(error)) from error
            except ConnectError as error:
                reachable = await self._reachable_besides(name)
                on_status(self._waiting_status, explain_failure(error, name, reachable))
            except SessionRefused as refusal:
                # Another client behind the same address may have typed a wrong password. That must
                # not end the game of a player who has already been in the match.
                if not self.slot_id or refusal.reason not in TRANSIENT_REFUSALS:
                    raise
                on_status(Status.LOST, f"{refusal}: trying again")
            finally:
                hinting.cancel()
            await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])

    async def open(self, name: str) -> ServerConnection:
        """Open a channel over a transport, and return its connection once it is welcomed.

        Each stage has a limit, which grows when a stage takes longer.
        Raises ``ConnectError`` or ``SessionRefused``.
        """
        self._awaits_welcome = True
        try:
            return await self._open(name)
        except ConnectTimeout:
            self._stage_timeout_s = min(2 * self._stage_timeout_s, STAGE_TIMEOUT_MAX_S)
            raise
        finally:
            self._awaits_welcome = False

    async def _open(self, name: str) -> ServerConnection:
        transport = self._transports[name]
        self._settings.security.require_encryption(transport)
        base = self._settings.connect_address
        address = Address(base.host, base.port + transport.port_offset)
        connection = ServerConnection(self._handler)
        channel = await transport.connect(address, connection, self._socket_options())
        self._enter(ConnectStage.HELLO)
        connection.start(channel, self._hello(), self.clock_filter, self._credentials())
        await wait_for_welcome(connection, self._stage_timeout_s)
        if not connection.is_welcomed:
            raise ConnectError(f"{address} closed the connection ({connection.close_reason})")
        return connection

    def accept_welcome(self, welcome: Welcome) -> None:
        """Store slot, token and event count of a welcome for the next resume."""
        self._awaits_welcome = False
        self.slot_id = welcome.slot_id
        # A server sends the token only once, with a new slot.
        self._token = welcome.token or self._token
        # During a switch events still arrive over the old channel. Our count is then ahead of the
        # welcome, and the server repeats events that we have. Setting it back would double them.
        if not welcome.resumed or welcome.last_event > self.event_receiver.last_number:
            self.event_receiver.reset(welcome.last_event)

    def _hello(self) -> Hello:
        # Every hello allows deltas, because the player may switch them on during the match.
        payload = encode_join_request(replace(self.request, deltas=True))
        codec, last_event = self._settings.codec, self.event_receiver.last_number
        return Hello(codec, payload, self.slot_id, last_event)

    def _credentials(self) -> Credentials:
        return Credentials(SystemRandom(), self._settings.security.password, self._token)

    def _socket_options(self) -> SocketOptions:
        tls = self._settings.security.tls
        if tls is not None and not tls.host:
            # The certificate is the server's, also where a relay stands in front of it.
            tls = replace(tls, host=self._settings.address.host)
        return replace(
            self._settings.sockets,
            nagle=self.request.nagle,
            tls=tls,
            trust=self._settings.security.trust,
            stage_timeout_s=self._stage_timeout_s,
            on_stage=self._enter,
        )

    def _enter(self, stage: ConnectStage) -> None:
        self._stage = stage
        # The later stages begin with an answer.
        if stage not in (ConnectStage.LOOK_UP, ConnectStage.CONNECT):
            self.was_answered = True

    @property
    def _waiting_status(self) -> Status:
        return Status.LOST if self.slot_id else Status.CONNECTING

    async def _hint(self, name: str, on_status: Callable[[Status, str], None]) -> None:
        """Report the stage that the attempt waits in, each second after ``HINT_AFTER_S``."""
        await asyncio.sleep(HINT_AFTER_S)
        host = self._settings.address.host
        reachable: list[str] = []
        while self._awaits_welcome:
            on_status(self._waiting_status, explain_wait(self._stage, host, name, reachable))
            if self._stage is ConnectStage.CONNECT and not reachable:
                reachable = await self._reachable_besides(name)
            await asyncio.sleep(1.0)

    async def _reachable_besides(self, tried: str) -> list[str]:
        """Return the names of the other transports that would work."""
        others = {name: each for name, each in self._transports.items() if name != tried}
        return await reachable_transports(others, self._settings.connect_address)


async def wait_for_welcome(connection: ServerConnection, timeout_s: float) -> None:
    """Wait for the answer to the hello of a connection, and abort its channel without one.

    Raises ``ConnectTimeout`` if there is none in time, ``SessionRefused`` if the server refuses.
    """
    try:
        async with asyncio.timeout(timeout_s):
            # The connection owns this future: our timeout must not cancel it.
            await asyncio.shield(connection.handshake_done)
    except TimeoutError as error:
        connection.channel.abort()
        text = f"{connection.channel.peer} does not answer the hello"
        raise ConnectTimeout(text, ConnectStage.HELLO) from error
    except BaseException:
        connection.channel.abort()
        raise
