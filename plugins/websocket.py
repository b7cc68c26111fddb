"""WebSocket: both deliveries as binary messages in one ordered stream (RFC 6455).

The stream is TCP's, with the same head-of-line blocking as ``plugins/tcp.py``. The protocol is
parsed by the core of the ``websockets`` library, which does no I/O (*sans-I/O*). It stands in a
``StreamChannel`` of ours, because the library's asyncio interface costs a task and several
wake-ups for each message.

Compression is off: it would hide the size of a snapshot. The library's pings are off: the session
pings on every transport in the same way.
"""

import asyncio
from functools import partial
from time import perf_counter

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import Side, State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from net.errors import (
    ConnectError,
    ConnectStage,
    ConnectTimeout,
    PeerReset,
    PeerTimeout,
    ProtocolError,
    TlsError,
    TransportError,
)
from net.security.page_origin import is_own_page
from net.security.sanitize import printable
from net.security.token_bucket import TokenBucket
from net.stream.channel import STREAM_HEADER_BYTES, StreamChannel
from net.stream.endpoints import connect_stream, listen_for_streams
from net.transport import (
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Channel,
    Guarantees,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)

# The application protocol inside the messages (RFC 6455, section 1.9): no other program connects
# by mistake.
SUBPROTOCOL = Subprotocol("jitterball")
PATH = "/"

# Long enough for a lost segment or two. Short enough that idle connections of unknown clients do
# not use up the sockets.
HANDSHAKE_TIMEOUT_S = 15.0

# Control frames, and fragments before the last, complete no message. No limit on messages counts
# them, and each costs as much. We send none; other libraries ping every 20 s or so.
BARE_FRAMES_PER_S = 100.0
# Room for the largest message in fragments of 132 bytes, and for pings that a stall delayed.
BARE_FRAMES_BURST = 500.0

# Two bytes for messages under 126 bytes, four for longer ones; a client adds four for the mask
# (RFC 6455, section 5.2).
_FRAME_HEADER_BYTES = 4

# The part of a peer's text that is shown: a sentence, at most a line or two.
_SHOWN_CHARACTERS = 120

# Close codes (RFC 6455, section 7.4.1) of a clean close. 1001: a browser's page or a server is
# going away. 1005: a close frame without a code.
_CLEAN_CLOSE = {CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RCVD}
_PROTOCOL_ERRORS = {
    CloseCode.PROTOCOL_ERROR,
    CloseCode.UNSUPPORTED_DATA,
    CloseCode.INVALID_DATA,
    CloseCode.MESSAGE_TOO_BIG,
}


class WebSocketTransport(Transport):
    """Messages as binary WebSocket messages."""

    name = "websocket"
    guarantees = Guarantees(
        summary="as TCP, and passes through firewalls and proxies that allow web pages",
        head_of_line_blocking=True,
        latest_may_be_lost=False,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        supports_tls=True,
        header_bytes=STREAM_HEADER_BYTES + _FRAME_HEADER_BYTES,
    )
    port_offset = 1

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a TCP connection and complete the WebSocket handshake on it."""
        new_channel = partial(ClientChannel, self, address, options)
        channel = await connect_stream(new_channel, address, receiver, options)
        options.enter(ConnectStage.HANDSHAKE)
        try:
            await channel.wait_for_handshake()
        except BaseException:
            channel.discard()
            raise
        return channel

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept TCP connections; each becomes a channel when its handshake is complete."""
        new_channel = partial(ServerChannel, self, options)
        return await listen_for_streams(self, address, accept, options, new_channel)


class WebSocketChannel(StreamChannel):
    """The part of a WebSocket channel that both ends share: frames, closing, handshake timeout.

    ``protocol`` is the ``websockets`` library's parser and state machine of this end.
    """

    def __init__(
        self,
        protocol: ServerProtocol | ClientProtocol,
        transport: WebSocketTransport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
        handshake_timeout_s: float,
    ) -> None:
        super().__init__(transport, options, accept, open_channels)
        self.protocol = protocol
        self._handshake_timeout_s = handshake_timeout_s
        # Only a client masks its frames (RFC 6455, section 5.3).
        self._masked = protocol.side is Side.CLIENT
        self._fragments = bytearray()
        self._bare_frames = TokenBucket(BARE_FRAMES_PER_S, BARE_FRAMES_BURST, perf_counter())
        self._handshake_timer: asyncio.TimerHandle | None = None

    def stream_opened(self) -> None:
        """Start the timeout of the handshake."""
        timeout = PeerTimeout(f"{self.peer} does not finish the WebSocket handshake")
        loop = asyncio.get_running_loop()
        self._handshake_timer = loop.call_later(
            self._handshake_timeout_s, self._on_handshake_timeout, timeout
        )

    def encode(self, message: bytes) -> bytes:
        """Return a binary frame."""
        return Frame(Opcode.BINARY, message).serialize(mask=self._masked)

    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Deliver the messages that are complete, and write what the protocol replies."""
        self.protocol.receive_data(bytes(received))
        events = self.protocol.events_received()
        if (
            events
            and isinstance(events[0], Request)
            and (len(events) > 1 or self.protocol.eof_sent)
        ):
            # A client must wait for the response before it sends frames (RFC 6455, section 4.1).
            # The library has failed the connection by now, so no response can be sent.
            self.terminate(ProtocolError(f"{self.peer} did not wait for the answer to its request"))
            return
        for event in events:
            if isinstance(event, Frame):
                self._handle_frame(event, received_at)
            else:
                self._handle_handshake(event)
        if replies := self.protocol.data_to_send():
            self._write_replies(replies)

    def write_close(self) -> None:
        """Write a close frame; the peer answers with its own (RFC 6455, section 5.5.1)."""
        self.protocol.send_close(CloseCode.NORMAL_CLOSURE)
        for data in self.protocol.data_to_send():
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timeout of a handshake that was cut off."""
        self._cancel_handshake_timer()
        super().connection_lost(exc)

    def _handle_handshake(self, event: Request | Response) -> None:
        """Handle the peer's half of the handshake."""
        raise NotImplementedError

    def _on_handshake_timeout(self, timeout: PeerTimeout) -> None:
        """End a channel whose handshake takes too long."""
        self.terminate(timeout)

    def _cancel_handshake_timer(self) -> None:
        if self._handshake_timer is not None:
            self._handshake_timer.cancel()

    def _handle_frame(self, frame: Frame, received_at: float) -> None:
        if self.closed:
            # It came in the same read, behind the frame that ended the channel.
            return
        if not _completes_message(frame) and not self._bare_frames.consume(1.0, received_at):
            self.terminate(
                ProtocolError(f"{self.peer} sends too many frames that complete no message")
            )
        elif frame.opcode is Opcode.BINARY and frame.fin:
            self.deliver(bytes(frame.data), received_at)
        elif frame.opcode is Opcode.TEXT:
            self.set_close_reason(ProtocolError(f"{self.peer} sent text"))
            self.protocol.fail(CloseCode.UNSUPPORTED_DATA, "binary messages only")
        elif frame.opcode in (Opcode.BINARY, Opcode.CONT):
            self._add_fragment(frame, received_at)

    def _add_fragment(self, frame: Frame, received_at: float) -> None:
        # The library limits the sum of the fragments to ``max_size``.
        self._fragments += frame.data
        if frame.fin:
            message = bytes(self._fragments)
            self._fragments.clear()
            self.deliver(message, received_at)

    def _write_replies(self, replies: list[bytes]) -> None:
        if self.is_writable:
            # Joined: one write for each pong would cost a system call for each ping.
            if data := b"".join(replies):
                self.write(data)
            # The library asks for the end of our half of the stream with an empty last item.
            if b"" in replies:
                self.end_writing()
        if self.protocol.close_expected():
            self.close_after_flush(self._close_outcome())
        else:
            self.limit_replies()

    def _close_outcome(self) -> TransportError | None:
        """Return the error of a conversation that the library has just ended; None if clean."""
        if self.protocol.parser_exc is not None:
            return ProtocolError(f"{self.peer}: {self.protocol.parser_exc}")
        if self.protocol.close_rcvd is not None:
            return close_error(self.protocol.close_rcvd, self.peer)
        return None


class ServerChannel(WebSocketChannel):
    """The server's end: answers the handshake of a client."""

    protocol: ServerProtocol

    def __init__(
        self,
        transport: WebSocketTransport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
    ) -> None:
        protocol = ServerProtocol(
            # The library compares with a list; our own page's origin depends on the request.
            origins=None,
            subprotocols=[SUBPROTOCOL],
            max_size=MESSAGE_LIMIT_BYTES,
        )
        super().__init__(protocol, transport, options, accept, open_channels, HANDSHAKE_TIMEOUT_S)
        self._page_offset = options.page_offset
        self._is_encrypted = options.tls is not None

    def _handle_handshake(self, event: Request | Response) -> None:
        assert isinstance(event, Request)
        if event.path != PATH:
            response = self.protocol.reject(404, f"Jitterball is played at {PATH}\n")
        elif not self._allows_origin(event.headers):
            response = self.protocol.reject(403, "pages of other servers cannot play here\n")
        else:
            response = self.protocol.accept(event)
        self.protocol.send_response(response)
        if self.protocol.state is State.OPEN:
            self._cancel_handshake_timer()
            # The response must leave before ``open``: the owner may send a message in it.
            self._write_replies(self.protocol.data_to_send())
            self.open()

    def _allows_origin(self, headers: Headers) -> bool:
        """Return whether the client is no web page, or one that may connect.

        Only web pages send an origin (RFC 6455, section 10.2). A page of another site must not
        reach a game server on the computer of the person who opened it.
        """
        origins, hosts = headers.get_all("Origin"), headers.get_all("Host")
        if not origins:
            return True
        if self._page_offset is None or len(origins) != 1 or len(hosts) != 1:
            return False
        return is_own_page(origins[0], hosts[0], self._page_offset, self._is_encrypted)

    def _on_handshake_timeout(self, timeout: PeerTimeout) -> None:
        """Send the HTTP status 408 (RFC 9110, section 15.5.9), then end the channel."""
        self.set_close_reason(timeout)
        text = f"the handshake took longer than {HANDSHAKE_TIMEOUT_S:g} s\n"
        self.protocol.send_response(self.protocol.reject(408, text))
        self._write_replies(self.protocol.data_to_send())


class ClientChannel(WebSocketChannel):
    """The client's end: requests a WebSocket and waits for the response."""

    protocol: ClientProtocol

    def __init__(
        self,
        transport: WebSocketTransport,
        address: Address,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
    ) -> None:
        secure = options.tls is not None
        uri = WebSocketURI(secure, address.host, address.port, PATH, query="")
        protocol = ClientProtocol(uri, subprotocols=[SUBPROTOCOL], max_size=MESSAGE_LIMIT_BYTES)
        super().__init__(
            protocol, transport, options, accept, open_channels, options.stage_timeout_s
        )
        self._address = address
        self._handshake_done = asyncio.Event()

    async def wait_for_handshake(self) -> None:
        """Wait for the server's response.

        Raises ``ConnectTimeout`` if there is none in time, ``TlsError`` if the server requires
        TLS, and ``ConnectError`` if it refuses or is no Jitterball server.
        """
        await self._handshake_done.wait()
        if self.is_open:
            return
        if isinstance(self.close_error, PeerTimeout):
            text = str(self.close_error)
            raise ConnectTimeout(text, ConnectStage.HANDSHAKE) from self.close_error
        if isinstance(self.close_error, TlsError):
            raise TlsError(str(self.close_error)) from self.close_error
        refusal = self.protocol.handshake_exc
        raise ConnectError(f"no game at {self._address}: {_refusal_text(refusal)}") from refusal

    def stream_opened(self) -> None:
        """Send the request for a WebSocket (RFC 6455, section 4.1)."""
        super().stream_opened()
        self.protocol.send_request(self.protocol.connect())
        for data in self.protocol.data_to_send():
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake the task that waits for a response that will not come."""
        super().connection_lost(exc)
        self._handshake_done.set()

    def _handle_handshake(self, event: Request | Response) -> None:
        self._cancel_handshake_timer()
        # Not ``state is OPEN``. The server may have sent messages and a close frame in the same
        # read, and those messages are delivered too.
        if self.protocol.handshake_exc is None:
            self.open()
        self._handshake_done.set()


def _completes_message(frame: Frame) -> bool:
    return frame.fin and frame.opcode in (Opcode.BINARY, Opcode.TEXT, Opcode.CONT)


def close_error(close: Close, peer: Address) -> TransportError | None:
    """Return the error that a peer's close code stands for; None for a clean close."""
    if close.code in _CLEAN_CLOSE:
        return None
    if close.code in _PROTOCOL_ERRORS:
        return ProtocolError(f"{peer} reports a protocol error of ours: {_quoted(close)}")
    return PeerReset(f"{peer} closed the channel: {_quoted(close)}")


def _quoted(close: Close) -> str:
    # Quoted and escaped, because it goes into logs, where a line break would forge a line.
    return f"{close.code} {close.reason!r:.{_SHOWN_CHARACTERS}}"


def _refusal_text(refusal: Exception | None) -> str:
    if not isinstance(refusal, InvalidStatus):
        return _one_line(str(refusal or "the WebSocket handshake was not answered"))
    body = bytes(refusal.response.body or b"").decode(errors="replace")
    return _one_line(f"HTTP {refusal.response.status_code} {body}")


def _one_line(text: str) -> str:
    """Return a peer's text in one line that is safe to print."""
    return printable(" ".join(text.split()), _SHOWN_CHARACTERS)
