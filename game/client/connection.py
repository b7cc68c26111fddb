"""One channel's life on the client's side: hello, welcome, and what is heard until it ends.

A client that loses its channel, or moves to another transport, makes another visit. Knows no
match; what is heard is passed on to a ``ServerConnectionHandler``.
"""

import asyncio
from time import perf_counter
from typing import Protocol

from net.errors import DecodeError, SessionRefused, TlsError, TransportError
from net.session.client import ClientSession, Credentials
from net.session.messages import ApplicationMessage, Close, Hello, SessionEvent, Welcome
from net.session.session import Liveness
from net.sync.clock import ClockFilter, ClockSample
from net.transport import Channel


class ServerConnectionHandler(Protocol):
    """Who makes the visit."""

    def on_welcome(self, visit: "ServerConnection", welcome: Welcome) -> None:
        """Move in: what is heard next belongs to this visit. Raises ``DecodeError``."""

    def on_message(
        self,
        visit: "ServerConnection",
        heard: ApplicationMessage | SessionEvent,
        received_at: float,
    ) -> None:
        """Read what the server says. Raises ``DecodeError``."""

    def on_pong(self, visit: "ServerConnection", exchange: ClockSample) -> None:
        """Learn that a ping was answered."""


class ServerConnection:
    """A ``Receiver`` for one opened channel.

    ``answered`` is done when the server has welcomed or refused us (then it raises
    ``SessionRefused``, or ``TlsError`` where only one of us speaks TLS) or the channel has ended
    before; ``ended`` when the channel has. Neither is ever cancelled by the visit. ``farewell`` is
    what the server said when it left of its own will.
    """

    def __init__(self, caller: ServerConnectionHandler) -> None:
        loop = asyncio.get_running_loop()
        self.handshake_done: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.close_reason = ""
        self.is_welcomed = False
        self._is_started = False
        self.channel: Channel
        self.session: ClientSession
        self._handler = caller
        self._closing: asyncio.Task[None] | None = None

    def start(
        self,
        channel: Channel,
        hello: Hello,
        clock_filter: ClockFilter,
        papers: Credentials | None = None,
    ) -> None:
        """Say hello over a channel that was opened for this visit."""
        self.channel = channel
        secure = (
            channel.enable_encryption if channel.transport.guarantees.supports_encryption else None
        )
        self.session = ClientSession(
            channel.send,
            perf_counter,
            clock_filter,
            hello,
            credentials=papers,
            enable_encryption=secure,
        )
        self._is_started = True

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Read a message; a server that talks nonsense is left."""
        # No honest server speaks first, and to one that does there is no session yet.
        if not self._is_started:
            return
        try:
            self._read(self.session.message_received(message, received_at), received_at)
        except DecodeError as error:
            self.close_reason = f"the server sent what no server sends: {error}"
            channel.abort()

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Note the end, and why."""
        self.close_reason = self.close_reason or (
            str(error) if error else "the server closed the channel"
        )
        if isinstance(error, TlsError) and not self.handshake_done.done():
            self.handshake_done.set_exception(error)
        for future in (self.handshake_done, self.closed):
            if not future.done():
                future.set_result(None)

    def tick(self, now: float) -> None:
        """Ping if it is time; give up a server that has been silent for too long."""
        if not self.is_welcomed or self.closed.done():
            return
        self.session.send_ping_if_due(now)
        if self.session.liveness(now) is Liveness.GONE:
            self.close_reason = f"nothing heard for {self.session.silence_s(now):.0f} s"
            self.channel.abort()

    def close(self) -> None:
        """End the channel in the background."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.channel.close())

    def _read(self, heard: object, received_at: float) -> None:
        if isinstance(heard, Welcome):
            self._handler.on_welcome(self, heard)
            self.is_welcomed = True
            self.session.send_ping_if_due(perf_counter())
            self.handshake_done.set_result(None)
        elif isinstance(heard, ClockSample):
            self._handler.on_pong(self, heard)
        elif isinstance(heard, SessionRefused):
            self.handshake_done.set_exception(heard)
            self.close()
        elif isinstance(heard, Close):
            self.close_reason = heard.text
            self.close()
        # Over datagrams a snapshot may overtake the welcome; without it, it cannot be read.
        elif isinstance(heard, ApplicationMessage | SessionEvent) and self.is_welcomed:
            self._handler.on_message(self, heard, received_at)
