"""One peer of the server: a channel, the session over it, and what becomes of bad bytes.

Knows no match. Who is let in, and what the messages of those inside mean, is asked of a ``Host``.
"""

import asyncio
import logging
from time import perf_counter
from typing import Any, Protocol

from game.server.rejections import BAD_MESSAGE, SILENT, TOO_FAST, RejectionLog
from net.errors import DecodeError, SessionRefused, TransportError
from net.security.admission import (
    MESSAGE_COST_BYTES,
    REJECTION_TIMEOUT_S,
    ConnectionPermit,
    ServerLimits,
)
from net.security.client_network import client_network
from net.security.rate_limit import TokenBucket
from net.session.authenticator import Authenticator
from net.session.messages import ApplicationMessage, Close, Hello, RefusalReason
from net.session.server import ServerSession
from net.session.session import Liveness
from net.sync.clock import ClockFilter
from net.transport import Channel, Delivery

log = logging.getLogger(__name__)

# The client pings ten times a second for its own figures; the server's are only shown in a table.
SERVER_PING_INTERVAL_S = 1.0
# Said before the channel ends: an honest client that falls over a limit should learn of it.
TOO_FAST_TEXT = "too many messages a second"


class ConnectionHandler(Protocol):
    """What a guest asks of the house it came to."""

    def on_hello(self, guest: "ClientConnection", hello: Hello) -> None:
        """Let the guest in with ``guest.session.welcome``, or turn it away with its ``refuse``.

        What the door asks for, the place in ``hello.place_id`` among it, has been proved.
        """

    def on_message(self, guest: "ClientConnection", body: bytes) -> None:
        """Read a message of a guest that was let in. Raises ``DecodeError``."""

    def on_disconnect(self, guest: "ClientConnection", farewell: bool) -> None:
        """Learn that the guest's channel has ended, with or without its goodbye."""


class ClientConnection:
    """A ``Receiver`` for one accepted channel. ``seat`` and ``stay`` belong to the host.

    One whose stay is ``rejection_reason`` is told why when it says hello, and heard no further.
    """

    def __init__(
        self,
        channel: Channel,
        host: ConnectionHandler,
        door: Authenticator,
        refusals: RejectionLog,
        limits: ServerLimits,
        stay: ConnectionPermit,
    ) -> None:
        self.channel = channel
        self.permit = stay
        self.slot: Any = None
        self._handler = host
        self._rejections = refusals
        self._handshake_timeout_s = (
            REJECTION_TIMEOUT_S if stay.rejection_reason else limits.handshake_timeout_s
        )
        now = perf_counter()
        self._bucket = TokenBucket(limits.peer_bytes_per_s, limits.peer_burst_bytes, now)
        # Spent only while its visitor's is empty.
        self._guaranteed_bucket = TokenBucket(
            limits.guaranteed_bytes_per_s, limits.guaranteed_burst_bytes, now
        )
        self._opened_at = now
        self._was_closed_by_peer = False
        self._closing: asyncio.Task[None] | None = None
        self.session = ServerSession(
            channel.send,
            perf_counter,
            ClockFilter(),
            SERVER_PING_INTERVAL_S,
            authenticator=door,
            network=client_network(channel.peer.host),
            enable_encryption=channel.enable_encryption
            if channel.transport.guarantees.supports_encryption
            else None,
        )

    def __str__(self) -> str:
        return f"{self.channel.peer} over {self.channel.transport.name}"

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Read a message; one that no honest peer sends ends this channel and nothing else."""
        if self._closing:
            return
        if self._is_too_fast(len(message) + MESSAGE_COST_BYTES, received_at):
            self._rejections.record(TOO_FAST, f"{self}: {TOO_FAST_TEXT}", logging.WARNING)
            self.session.send_close(TOO_FAST_TEXT)
            self.close()
            return
        try:
            if self.permit.rejection_reason:
                raise self.session.refuse(
                    RefusalReason.TOO_MANY_CONNECTIONS, self.permit.rejection_reason
                )
            heard = self.session.message_received(message, received_at)
            if type(heard) is ApplicationMessage:
                self._handler.on_message(self, heard.body)
            elif type(heard) is Hello:
                self._handler.on_hello(self, heard)
            elif type(heard) is Close:
                self._was_closed_by_peer = True
                self.close()
        except SessionRefused as refusal:
            self._rejections.record(refusal.reason, f"{self}: {refusal}")
            self.close()
        except DecodeError as error:
            text = f"{self} sent what nobody sends: {error}"
            self._rejections.record(BAD_MESSAGE, text, logging.WARNING)
            self.channel.abort()
        except TransportError as error:
            self._rejections.record(
                BAD_MESSAGE, f"{self} cannot be answered: {error}", logging.WARNING
            )
            self.channel.abort()

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Pass the end on to the host."""
        if error is not None:
            # Who only knocks, to see whether there is a server, would fill the log.
            log.log(logging.INFO if self.slot else logging.DEBUG, "lost %s: %s", self, error)
        self._handler.on_disconnect(self, self._was_closed_by_peer)

    def close(self) -> None:
        """End the channel in the background, once what was said has left."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.channel.close())

    def check_timeouts(self, now: float) -> None:
        """Ping if it is time; end a channel that has been silent for too long."""
        if self._closing:
            return
        if self.slot is not None:
            # No sooner: over datagrams a stranger's answer could overtake its hello.
            self.session.send_ping_if_due(now)
        gone = self.session.liveness(now) is Liveness.GONE
        if gone or (self.slot is None and now - self._opened_at > self._handshake_timeout_s):
            self._rejections.record(SILENT, f"giving up {self}")
            self.channel.abort()

    def send_state(self, body: bytes) -> None:
        """Send a body that is out of date as soon as the next one is sent."""
        self.session.send_application(body, Delivery.LATEST)

    def _is_too_fast(self, cost_bytes: int, now: float) -> bool:
        if not self._bucket.consume(cost_bytes, now):
            return True
        return not self.permit.consume(cost_bytes, now) and not self._guaranteed_bucket.consume(
            cost_bytes, now
        )
