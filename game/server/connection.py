"""Server side of one client connection: a channel, its session, rate limits and timeouts.

A ``ConnectionHandler`` decides who joins, and interprets the messages of the clients that did.
"""

import asyncio
import logging
from time import perf_counter
from typing import Protocol

from game.server.rejections import BAD_MESSAGE, SILENT, TOO_FAST, RejectionLog
from game.server.slot import Slot
from game.server.wire_log import WireLog
from net.errors import DecodeError, SessionRefused, TransportError
from net.link.relay.settings import RelayClient
from net.security.client_network import client_network
from net.security.server_limits import (
    MESSAGE_COST_BYTES,
    REJECTION_TIMEOUT_S,
    ConnectionPermit,
    ServerLimits,
)
from net.session.authenticator import Authenticator
from net.session.liveness import Liveness
from net.session.messages import ApplicationMessage, Close, Hello, RefusalReason, SessionEvent
from net.session.server import ServerSession
from net.sync.clock_filter import ClockFilter
from net.transport import Address, Channel, Delivery

log = logging.getLogger(__name__)

# The client pings ten times a second, for its own statistics. The server's table needs less.
SERVER_PING_INTERVAL_S = 1.0
# Looked up once for all snapshots: Python 3.11 takes 0.1 µs to find a member of an enum.
_LATEST = Delivery.LATEST
# Sent before the channel closes, so that an honest client over the limit learns the reason.
TOO_FAST_TEXT = "too many messages a second"


class ConnectionHandler(Protocol):
    """Callbacks from a client connection to the server that owns it."""

    def on_hello(self, connection: "ClientConnection", hello: Hello) -> None:
        """Call ``connection.session.welcome``, or raise what its ``refuse`` returns.

        Password and resume token have been verified before.
        Raises ``DecodeError`` if the payload is invalid.
        """

    def on_message(self, connection: "ClientConnection", body: bytes) -> None:
        """Handle an application message of a client that was welcomed.

        Raises ``DecodeError`` if it is invalid.
        """

    def on_disconnect(self, connection: "ClientConnection", was_closed_by_peer: bool) -> None:
        """Handle the end of the channel.

        ``was_closed_by_peer``: the client sent a close message first, so it will not resume.
        """


class ClientConnection:
    """A ``Receiver`` for one accepted channel.

    ``permit`` counts it against the limits of its network; the handler releases it.
    ``slot`` is set by the handler when the client joins.
    ``relay_client`` is the client as the relay in front of the server knows it; None without one.
    ``wire_log`` is for those who write a client; None for nobody.
    A rejected connection receives the reason after its hello; later messages are ignored.
    """

    def __init__(
        self,
        channel: Channel,
        handler: ConnectionHandler,
        authenticator: Authenticator,
        rejections: RejectionLog,
        limits: ServerLimits,
        permit: ConnectionPermit,
        *,
        wire_log: WireLog | None = None,
        relay_client: RelayClient | None = None,
    ) -> None:
        self.channel = channel
        self.relay_client = relay_client
        self.permit = permit
        self.slot: Slot | None = None
        self._handler = handler
        self._rejections = rejections
        self._wire_log = wire_log
        self._handshake_timeout_s = (
            REJECTION_TIMEOUT_S if permit.rejection_reason else limits.handshake_timeout_s
        )
        self._opened_at = perf_counter()
        self._was_closed_by_peer = False
        self._closing: asyncio.Task[None] | None = None
        supports_encryption = channel.transport.guarantees.supports_encryption
        self.session = ServerSession(
            wire_log.logging_send(channel.send) if wire_log else channel.send,
            perf_counter,
            ClockFilter(),
            SERVER_PING_INTERVAL_S,
            authenticator=authenticator,
            network=client_network(self.peer.host),
            enable_encryption=channel.enable_encryption if supports_encryption else None,
        )

    @property
    def peer(self) -> Address:
        """The client's address. Behind a relay the channel's own peer is the relay."""
        return self.relay_client.address if self.relay_client else self.channel.peer

    def __str__(self) -> str:
        return f"{self.peer} over {self.channel.transport.name}"

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Handle a message (``Receiver``); an invalid one closes this channel only."""
        if self._closing:
            return
        if self._wire_log is not None:
            self._wire_log.message_received(message)
        if not self.permit.consume(len(message) + MESSAGE_COST_BYTES, received_at):
            self._rejections.record(TOO_FAST, f"{self}: {TOO_FAST_TEXT}", logging.WARNING)
            self.session.send_close(TOO_FAST_TEXT)
            self.close()
            return
        try:
            self._handle(message, received_at)
        except SessionRefused as refusal:
            self._rejections.record(refusal.reason, f"{self}: {refusal}")
            self.close()
        except TransportError as error:
            # The answer was too large, or the outbox of a peer that does not read is full.
            text = f"cannot send to {self}: {error}"
            self._rejections.record(BAD_MESSAGE, text, logging.WARNING)
            self.channel.abort()

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Report the end of the channel (``Receiver``)."""
        if error is not None:
            # A client that only probes for the server would fill the log at INFO.
            log.log(logging.INFO if self.slot else logging.DEBUG, "lost %s: %s", self, error)
        if self._wire_log is not None:
            self._wire_log.channel_closed(error)
        self._handler.on_disconnect(self, self._was_closed_by_peer)

    def close(self) -> None:
        """Close the channel in the background, after sending what is queued."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.channel.close())

    def dismiss(self, reason: str) -> None:
        """Tell the client why it has to leave, and close the channel."""
        self.session.send_close(reason)
        self.close()

    def check_timeouts(self, now: float) -> None:
        """Send a ping if one is due; abort the channel after too long a silence."""
        if self._closing:
            return
        if self.slot is not None:
            # Not before the join: over datagrams the pong could overtake the hello.
            self.session.send_ping_if_due(now)
        is_gone = self.session.liveness(now) is Liveness.GONE
        handshake_s = now - self._opened_at
        if is_gone or (self.slot is None and handshake_s > self._handshake_timeout_s):
            self._rejections.record(SILENT, f"{self} timed out")
            self.channel.abort()

    def send_snapshot(self, body: bytes) -> bool:
        """Send a snapshot as LATEST: a lost one is replaced by the next.

        Return whether it is sure to arrive, if the connection lasts.
        """
        is_sure = self.channel.next_is_sure
        self.session.send_application(body, _LATEST)
        return is_sure

    def send_event(self, event: SessionEvent) -> None:
        """Send a numbered event as RELIABLE."""
        self.session.send_event(event)

    def send_unreliable_event(self, body: bytes) -> None:
        """Send an event without a number as LATEST."""
        self.session.send_unreliable_event(body)

    def _handle(self, message: bytes, received_at: float) -> None:
        """Dispatch a message. Raises ``SessionRefused`` and ``TransportError``."""
        try:
            if self.permit.rejection_reason:
                raise self.session.refuse(
                    RefusalReason.TOO_MANY_CONNECTIONS, self.permit.rejection_reason
                )
            received = self.session.message_received(message, received_at)
            # Inputs first: they are nearly all that a server receives, sixty a second per client.
            if type(received) is ApplicationMessage:
                self._handler.on_message(self, received.body)
            elif type(received) is Hello:
                self._handler.on_hello(self, received)
            elif type(received) is Close:
                self._was_closed_by_peer = True
                self.close()
        except DecodeError as error:
            self._reject_message(error)

    def _reject_message(self, error: DecodeError) -> None:
        """Tell the client what is wrong with its message, and close the channel.

        A student who writes a client learns the mistake from the client's own side.
        """
        text = f"{self} sent an invalid message: {error}"
        self._rejections.record(BAD_MESSAGE, text, logging.WARNING)
        if self.slot is None:
            self.session.refuse(RefusalReason.BAD_MESSAGE, str(error))
        else:
            self.session.send_close(f"invalid message: {error}")
        self.close()
