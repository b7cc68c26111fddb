"""WebSocket: both deliveries as binary messages in one ordered stream (RFC 6455).

The stream is TCP's, so everything said of TCP holds. The format is the work of the ``websockets``
library's core, which does no I/O of its own; here it stands in a channel of ours, since the
library's asyncio interface costs a task and several wake-ups for each message.

Left out on purpose: compression (it would hide what a snapshot weighs) and the library's own
pings (the session has some on every transport).
"""

import asyncio
from functools import partial
from time import perf_counter

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import Side, State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from net.errors import (
    ConnectError,
    ConnectTimeout,
    PeerReset,
    PeerTimeout,
    ProtocolError,
    TlsError,
    TransportError,
)
from net.security.rate_limit import TokenBucket
from net.security.sanitize import printable
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

# Says that what is inside the messages is Jitterball: no other program connects by mistake.
SUBPROTOCOL = Subprotocol("jitterball")
PATH = "/"

# Long enough for a lost segment or two, short enough that a class's worth of strangers who
# connect and say nothing does not keep the sockets from those who play.
HANDSHAKE_LIMIT_S = 10.0

# Pings, pongs and fragments before the last complete no message, so no limit on messages sees them,
# and each costs as much. Ours sends none; other libraries ping every 20 s or so.
BARE_FRAMES_PER_S = 100.0
# Room for the largest message in fragments of 132 bytes, and for pings that a stall held up.
BARE_FRAMES_BURST = 500.0

# Two bytes for messages under 126 bytes, four for longer ones; clients add four for the mask.
_FRAME_HEADER_BYTES = 4

# As much of a stranger's text as is shown: a sentence, and no more than a line or two.
_SHOWN_CHARACTERS = 120

# 1001 is a browser's page or a server going away, 1005 a close without a code.
_GOODBYES = {CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RCVD}
_BAD_BYTES = {
    CloseCode.PROTOCOL_ERROR,
    CloseCode.UNSUPPORTED_DATA,
    CloseCode.INVALID_DATA,
    CloseCode.MESSAGE_TOO_BIG,
}


class WebSocketTransport(Transport):
    """Messages as binary WebSocket messages."""

    name = "websocket"
    guarantees = Guarantees(
        summary="as TCP, and through whatever lets web pages through",
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
        """Open a TCP connection and shake hands."""
        new_channel = partial(ClientChannel, self, address, options)
        channel = await connect_stream(new_channel, address, receiver, options)
        try:
            await channel.shake_hands()
        except BaseException:
            channel.discard()
            raise
        return channel

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept TCP connections; each is a channel once it has shaken hands."""
        new_channel = partial(ServerChannel, self, options)
        return await listen_for_streams(self, address, accept, options, new_channel)


class WebSocketChannel(StreamChannel):
    """What both ends do once they have shaken hands, and how long they wait for it."""

    def __init__(
        self,
        core: ServerProtocol | ClientProtocol,
        transport: WebSocketTransport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
    ) -> None:
        super().__init__(transport, options, accept, open_channels)
        self._core = core
        self._masked = core.side is Side.CLIENT
        self._fragments = bytearray()
        self._bare_frames = TokenBucket(BARE_FRAMES_PER_S, BARE_FRAMES_BURST, perf_counter())
        self._handshake_limit: asyncio.TimerHandle | None = None

    def stream_opened(self) -> None:
        """Wait for the other end's part of the handshake, for a while."""
        silent = PeerTimeout(f"{self.peer} does not finish the handshake")
        loop = asyncio.get_running_loop()
        self._handshake_limit = loop.call_later(HANDSHAKE_LIMIT_S, self._give_up_handshake, silent)

    def encode(self, message: bytes) -> bytes:
        """Return a binary frame; a client's is masked (RFC 6455, section 5.3)."""
        return Frame(Opcode.BINARY, message).serialize(mask=self._masked)

    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Deliver the messages that are complete, and write what the protocol answers."""
        self._core.receive_data(bytes(received))
        events = self._core.events_received()
        if events and isinstance(events[0], Request) and (len(events) > 1 or self._core.eof_sent):
            # RFC 6455, section 4.1, forbids it; and the core has answered before it could say yes.
            self.terminate(ProtocolError(f"{self.peer} did not wait for the answer to its request"))
            return
        for event in events:
            if isinstance(event, Frame):
                self._take_frame(event, received_at)
            else:
                self._take_handshake(event)
        if replies := self._core.data_to_send():
            self._write_replies(replies)

    def write_close(self) -> None:
        """Write a close frame; the peer answers with its own."""
        self._core.send_close(CloseCode.NORMAL_CLOSURE)
        for data in self._core.data_to_send():
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a handshake that will not be finished any more."""
        self._end_handshake()
        super().connection_lost(exc)

    def _take_handshake(self, event: Request | Response) -> None:
        """Take the other end's part of the handshake."""
        raise NotImplementedError

    def _give_up_handshake(self, silent: PeerTimeout) -> None:
        """End a channel whose handshake takes too long."""
        self.terminate(silent)

    def _end_handshake(self) -> None:
        if self._handshake_limit is not None:
            self._handshake_limit.cancel()

    def _take_frame(self, frame: Frame, received_at: float) -> None:
        if self.closed:
            # What came in the same piece, behind the frame that ended it.
            return
        if not _completes_message(frame) and not self._bare_frames.consume(1.0, received_at):
            self.terminate(
                ProtocolError(f"{self.peer} sends too many frames that complete no message")
            )
        elif frame.opcode is Opcode.BINARY and frame.fin:
            self.deliver(bytes(frame.data), received_at)
        elif frame.opcode is Opcode.TEXT:
            self.set_close_reason(ProtocolError(f"{self.peer} sent text"))
            self._core.fail(CloseCode.UNSUPPORTED_DATA, "binary messages only")
        elif frame.opcode in (Opcode.BINARY, Opcode.CONT):
            self._take_fragment(frame, received_at)

    def _take_fragment(self, frame: Frame, received_at: float) -> None:
        # The core holds the sum of the fragments to the message limit.
        self._fragments += frame.data
        if frame.fin:
            message = bytes(self._fragments)
            self._fragments.clear()
            self.deliver(message, received_at)

    def _write_replies(self, replies: list[bytes]) -> None:
        if not self._stream.is_closing():
            # At once: a write for each would cost a call to the system for each ping.
            if data := b"".join(replies):
                self.write(data)
            # The core's sign, always the last, that our half of the stream is to be closed.
            if b"" in replies:
                self.end_writing()
        if self._core.close_expected():
            self.close_after_flush(self._outcome())
        else:
            self.limit_replies()

    def _outcome(self) -> TransportError | None:
        """Return how the conversation that the core has just ended is to be understood."""
        if self._core.parser_exc is not None:
            return ProtocolError(f"{self.peer}: {self._core.parser_exc}")
        if self._core.close_rcvd is not None:
            return close_error(self._core.close_rcvd, self.peer)
        return None


class ServerChannel(WebSocketChannel):
    """A peer that came to us: it asks for a WebSocket, we say whether it gets one."""

    _core: ServerProtocol

    def __init__(
        self,
        transport: WebSocketTransport,
        options: SocketOptions,
        accept: AcceptCallback,
        open_channels: set[StreamChannel],
    ) -> None:
        core = ServerProtocol(
            # Only pages have an origin, and none of ours is one: a browser that was lured to
            # some page must not reach the game on its owner's machine.
            origins=[None],
            subprotocols=[SUBPROTOCOL],
            max_size=MESSAGE_LIMIT_BYTES,
        )
        super().__init__(core, transport, options, accept, open_channels)

    def _take_handshake(self, event: Request | Response) -> None:
        assert isinstance(event, Request)
        if event.path == PATH:
            response = self._core.accept(event)
        else:
            response = self._core.reject(404, f"Jitterball is played at {PATH}\n")
        self._core.send_response(response)
        if self._core.state is State.OPEN:
            self._end_handshake()
            self._write_replies(self._core.data_to_send())
            self.open()

    def _give_up_handshake(self, silent: PeerTimeout) -> None:
        """Say so in HTTP's words (RFC 9110, section 15.5.9), then end the channel."""
        self.set_close_reason(silent)
        text = f"the handshake took longer than {HANDSHAKE_LIMIT_S:g} s\n"
        self._core.send_response(self._core.reject(408, text))
        self._write_replies(self._core.data_to_send())


class ClientChannel(WebSocketChannel):
    """A server that we went to: we ask for a WebSocket, it says whether we get one."""

    _core: ClientProtocol

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
        core = ClientProtocol(uri, subprotocols=[SUBPROTOCOL], max_size=MESSAGE_LIMIT_BYTES)
        super().__init__(core, transport, options, accept, open_channels)
        self._address = address
        self._answered = asyncio.Event()

    async def shake_hands(self) -> None:
        """Wait until the server has answered.

        Raises ``ConnectError`` if it is none of ours, says no, or says nothing.
        """
        await self._answered.wait()
        if self._opened:
            return
        if isinstance(self._error, PeerTimeout):
            raise ConnectTimeout(str(self._error)) from self._error
        if isinstance(self._error, TlsError):
            raise TlsError(str(self._error)) from self._error
        refusal = self._core.handshake_exc
        raise ConnectError(f"no game at {self._address}: {_refusal_text(refusal)}") from refusal

    def stream_opened(self) -> None:
        """Ask for a WebSocket."""
        super().stream_opened()
        self._core.send_request(self._core.connect())
        for data in self._core.data_to_send():
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody wait for an answer that will not come."""
        super().connection_lost(exc)
        self._answered.set()

    def _take_handshake(self, event: Request | Response) -> None:
        self._end_handshake()
        # Not whether it is open now: the server may have said all that it has to say, and left.
        if self._core.handshake_exc is None:
            self.open()
        self._answered.set()


def _completes_message(frame: Frame) -> bool:
    return frame.fin and frame.opcode in (Opcode.BINARY, Opcode.TEXT, Opcode.CONT)


def close_error(close: Close, peer: Address) -> TransportError | None:
    """Return the error that a peer's close code stands for; ``None`` for a goodbye."""
    if close.code in _GOODBYES:
        return None
    if close.code in _BAD_BYTES:
        return ProtocolError(f"{peer} did not understand us: {_quoted(close)}")
    return PeerReset(f"{peer} closed the channel: {_quoted(close)}")


def _quoted(close: Close) -> str:
    # Quoted and escaped: it goes into logs, where a line break would forge a line.
    return f"{close.code} {close.reason!r:.{_SHOWN_CHARACTERS}}"


def _refusal_text(refusal: Exception | None) -> str:
    if not isinstance(refusal, InvalidStatus):
        return _line(str(refusal or "the WebSocket handshake was not answered"))
    body = bytes(refusal.response.body or b"").decode(errors="replace")
    return _line(f"HTTP {refusal.response.status_code} {body}")


def _line(text: str) -> str:
    """Return what people will read as a line."""
    return printable(" ".join(text.split()), _SHOWN_CHARACTERS)
