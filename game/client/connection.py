"""Client side of one connection to the server, from the hello to the end of the channel.

A client that reconnects, or moves to another transport, opens a new connection.
"""

import asyncio
from time import perf_counter
from typing import Protocol

from net.errors import DecodeError, SessionRefused, TlsError, TransportError
from net.session.client import ClientSession, Credentials
from net.session.liveness import Liveness
from net.session.messages import ApplicationMessage, Close, Hello, SessionEvent, Welcome
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import Channel


class ServerConnectionHandler(Protocol):
    """Callbacks from a connection to the client that owns it."""

    def on_welcome(self, connection: "ServerConnection", welcome: Welcome) -> None:
        """Adopt a connection that the server has accepted.

        Raises ``DecodeError`` if the payload is invalid.
        """

    def on_message(
        self,
        connection: "ServerConnection",
        message: ApplicationMessage | SessionEvent,
        received_at: float,
    ) -> None:
        """Handle a message that follows the welcome.

        Raises ``DecodeError`` if it is invalid.
        """

    def on_pong(self, connection: "ServerConnection", sample: ClockSample) -> None:
        """Handle the clock sample of an answered ping."""


class ServerConnection:
    """A ``Receiver`` for one opened channel.

    ``handshake_done`` is done when the server has answered, or the channel has ended before.
    It raises ``SessionRefused``, or ``TlsError`` if only one end uses TLS.
    ``closed`` is done when the channel has ended. The connection never cancels these futures.
    ``close_reason`` is one line for people. ``is_welcomed``: the server has accepted us.
    ``was_closed_by_server``: it has sent a close message.
    """

    def __init__(self, handler: ServerConnectionHandler) -> None:
        loop = asyncio.get_running_loop()
        self.handshake_done: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.close_reason = ""
        self.was_closed_by_server = False
        self.is_welcomed = False
        self.channel: Channel
        self.session: ClientSession
        self._is_started = False
        self._handler = handler
        self._closing: asyncio.Task[None] | None = None

    def start(
        self,
        channel: Channel,
        hello: Hello,
        clock_filter: ClockFilter,
        credentials: Credentials | None = None,
    ) -> None:
        """Send the hello over a channel that was opened with this receiver."""
        self.channel = channel
        supports_encryption = channel.transport.guarantees.supports_encryption
        self.session = ClientSession(
            channel.send,
            perf_counter,
            clock_filter,
            hello,
            credentials=credentials,
            enable_encryption=channel.enable_encryption if supports_encryption else None,
        )
        self._is_started = True

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Handle a message (``Receiver``); an invalid one aborts the channel."""
        # The server answers our hello. What arrives before it is not from a game server, and
        # there is no session yet to read it.
        if not self._is_started:
            return
        try:
            received = self.session.message_received(message, received_at)
            self._dispatch(received, received_at)
        except DecodeError as error:
            self.close_reason = f"invalid message from the server: {error}"
            channel.abort()

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Store the reason, and complete both futures (``Receiver``)."""
        # A reason given by the server, or by us, says more than the end of the channel.
        self.close_reason = self.close_reason or (
            str(error) if error else "the server closed the channel"
        )
        if isinstance(error, TlsError) and not self.handshake_done.done():
            self.handshake_done.set_exception(error)
        for future in (self.handshake_done, self.closed):
            if not future.done():
                future.set_result(None)

    def tick(self, now: float) -> None:
        """Send a ping if one is due; abort the channel after too long a silence."""
        if not self.is_welcomed or self.closed.done():
            return
        self.session.send_ping_if_due(now)
        if self.session.liveness(now) is Liveness.GONE:
            self.close_reason = f"no message for {self.session.silence_s(now):.0f} s"
            self.channel.abort()

    def close(self) -> None:
        """Close the channel in the background."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.channel.close())

    def _dispatch(self, received: object, received_at: float) -> None:
        if isinstance(received, Welcome):
            # Before ``is_welcomed``: a welcome that the handler cannot read is none.
            self._handler.on_welcome(self, received)
            self.is_welcomed = True
            # At once: without a clock sample no snapshot has an age.
            self.session.send_ping_if_due(perf_counter())
            self.handshake_done.set_result(None)
        elif isinstance(received, ClockSample):
            self._handler.on_pong(self, received)
        elif isinstance(received, SessionRefused):
            self.handshake_done.set_exception(received)
            self.close()
        elif isinstance(received, Close):
            self.close_reason = received.text
            self.was_closed_by_server = True
            self.close()
        # Over datagrams a snapshot may overtake the welcome, and cannot be read without it. The
        # next one follows within an interval.
        elif isinstance(received, ApplicationMessage | SessionEvent) and self.is_welcomed:
            self._handler.on_message(self, received, received_at)
