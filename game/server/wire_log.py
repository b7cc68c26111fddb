"""Wire log: what the server understands of one client, for those who write a client.

The client is known by the name in its hello. Lines before the hello wait until then. A connection
that ends without a readable hello is logged too: it may be that of the client in question.
"""

import logging
from time import perf_counter

from game.protocol.names import NAME_LIMIT
from game.protocol.untrusted_text import sanitize_text
from game.server.message_text import (
    describe_received,
    describe_sent,
    message_type_of,
    read_join_request,
)
from net.codec import MSGPACK
from net.errors import TransportError
from net.security.token_bucket import LogThrottle
from net.session.messages import MessageType, hello_codec
from net.session.session import Send
from net.transport import Delivery

log = logging.getLogger(__name__)

# A connection without a hello sends one message, and is refused. A flood must not fill memory.
MAX_WAITING_LINES = 32
# Of one type of message the first few are logged, then one in two seconds with the number of the
# others. More would be dropped by the rate limit of the server's log.
LINES_PER_S = 0.5
LINES_BURST = 3.0
# These say nothing about the client, and there are many of them.
_NOT_LOGGED_WHEN_SENT = {
    MessageType.PING,
    MessageType.PONG,
    MessageType.EVENT,
    MessageType.APPLICATION,
}


class WireLog:
    """The wire log of one connection.

    ``client_name``: log the client of this name.
    ``label``: what the lines call the connection.
    """

    def __init__(self, client_name: str, label: str) -> None:
        self._client_name = client_name
        self._label = label
        self._codec = MSGPACK
        self._throttles: dict[MessageType | None, LogThrottle] = {}
        # Lines of a connection whose client is not known yet; None once it is.
        self._waiting: list[str] | None = []
        self._is_other_client = False

    def logging_send(self, send: Send) -> Send:
        """Return a function that logs a message of the server, and sends it."""

        def logged(message: bytes, delivery: Delivery, lane: int) -> None:
            if not self._is_other_client and message_type_of(message) not in _NOT_LOGGED_WHEN_SENT:
                self._write(f"sent {describe_sent(message, self._codec)}")
            send(message, delivery, lane)

        return logged

    def message_received(self, message: bytes) -> None:
        """Log a message of the client."""
        if self._is_other_client:
            return
        message_type = message_type_of(message)
        if message_type is MessageType.HELLO:
            self._codec = hello_codec(message) or self._codec
        throttle = self._throttles.setdefault(message_type, LogThrottle(LINES_PER_S, LINES_BURST))
        suppressed = throttle.admit(perf_counter())
        if suppressed is not None:
            text = describe_received(message, self._codec)
            self._write(f"received {len(message)} bytes: {text}{suppressed}")
        if request := read_join_request(message):
            self._identify(request.name)

    def channel_closed(self, error: TransportError | None) -> None:
        """Log the end of the channel."""
        if not self._is_other_client:
            self._write(f"closed: {error}" if error else "closed")
            self._flush()

    def _identify(self, name: str) -> None:
        # As the lobby does, so that a long name is found by what the players see.
        if sanitize_text(name, NAME_LIMIT).casefold() == self._client_name.casefold():
            self._flush()
        else:
            self._is_other_client, self._waiting = True, None

    def _flush(self) -> None:
        lines, self._waiting = self._waiting or [], None
        for line in lines:
            self._write(line)

    def _write(self, line: str) -> None:
        if self._waiting is None:
            log.info("%s: %s", self._label, line)
        elif len(self._waiting) < MAX_WAITING_LINES:
            self._waiting.append(line)
