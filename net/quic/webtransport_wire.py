"""The server's end of a WebTransport session over HTTP/3, as a wire of messages.

A page opens a session with an extended CONNECT request (RFC 9220). The server opens one stream of
both directions in it. The session's datagrams carry the number of the request's stream in front
(RFC 9297, section 2.1). The version is draft-ietf-webtrans-http3-02, which browsers speak.
"""

from collections.abc import Callable, Iterator
from typing import Any

from aioquic.buffer import encode_uint_var
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import (
    DatagramReceived,
    DataReceived,
    HeadersReceived,
    WebTransportStreamDataReceived,
)
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import (
    ConnectionIdIssued,
    ConnectionIdRetired,
    ProtocolNegotiated,
    QuicEvent,
    StopSendingReceived,
    StreamDataReceived,
    StreamReset,
)

from net.quic.aioquic_adapter import (
    Datagram,
    Opened,
    PeerClose,
    QuicWire,
    SessionClosed,
    StreamBroken,
    StreamBytes,
    WireEvent,
)

__all__ = ["HTTP3_PROTOCOL", "SessionRequest", "WebTransportWire"]

# The application protocol of HTTP/3 (RFC 9114, section 3.1).
HTTP3_PROTOCOL = "h3"

# Streams that a page may open, in both directions and in one. The request takes one. HTTP's control
# stream and QPACK take three. A browser may open others of unknown types, to test that servers
# ignore them (RFC 9114, section 6.2.3).
_PEER_STREAMS = (1, 8)

# A page sends some hundred bytes in all streams but that of its messages. The library would buffer
# an incomplete frame of any length.
OVERHEAD_LIMIT_BYTES = 16 * 1024

# The error codes of HTTP/3 begin here (RFC 9114, section 8.1). Our codes are added to it: 0 becomes
# H3_NO_ERROR, 1 becomes H3_GENERAL_PROTOCOL_ERROR.
_FIRST_ERROR_CODE = 0x100

_NO_STREAM = -1

# Says which draft the server speaks. Chromium requires it.
_DRAFT_HEADER = (b"sec-webtransport-http3-draft", b"draft02")

# The path, the authority and the origins of a request; returns an HTTP status.
SessionRequest = Callable[[str, str, list[str]], int]


class WebTransportWire(QuicWire):
    """One session; it reports ``Opened`` when the server has accepted it.

    ``judge`` returns the status with which a request for a session is answered: 200 accepts it.
    """

    def __init__(self, quic: QuicConnection, judge: SessionRequest) -> None:
        super().__init__(quic, _PEER_STREAMS)
        self._judge = judge
        self._http: H3Connection | None = None
        self._send_stream = self._receive_stream = self._session_stream = _NO_STREAM
        self._session_prefix = b""
        self._overhead_bytes = 0

    @property
    def peer_close(self) -> PeerClose | None:
        """The reason why the connection ended, with our own codes; see ``QuicWire.peer_close``."""
        close = super().peer_close
        if close is None or not close.is_application:
            return close
        return PeerClose(True, close.code - _FIRST_ERROR_CODE, close.reason)

    def send(self, datagrams: list[bytes], now: float) -> tuple[list[tuple[bytes, Any]], int]:
        """Build the packets that may leave now; see ``QuicWire.send``."""
        prefix = self._session_prefix
        return super().send([prefix + each for each in datagrams], now)

    def close(self, code: int) -> None:
        """Close the connection; see ``QuicWire.close``."""
        super().close(_FIRST_ERROR_CODE + code)

    def _translate(self, event: QuicEvent) -> Iterator[WireEvent]:
        match event:
            case ProtocolNegotiated():
                self._http = H3Connection(self.quic, enable_webtransport=True)
            case ConnectionIdIssued() | ConnectionIdRetired():
                yield from super()._translate(event)
            case _ if self._http is not None:
                # The end of the handshake is not reported, because the session is not open yet.
                yield from self._translate_http(event)

    def _translate_http(self, event: QuicEvent) -> Iterator[WireEvent]:
        match event:
            case StreamDataReceived(stream_id=stream, data=data) if stream == self._receive_stream:
                # The server opened this stream, so nothing of HTTP is in it.
                yield StreamBytes(data)
                if event.end_stream:
                    yield SessionClosed()
            case StreamReset(stream_id=stream) | StopSendingReceived(stream_id=stream) if (
                stream in (self._receive_stream, self._session_stream)
            ):
                yield SessionClosed()
            case StreamDataReceived(data=data):
                self._overhead_bytes += len(data)
                if self._overhead_bytes > OVERHEAD_LIMIT_BYTES:
                    yield StreamBroken()
                else:
                    yield from self._translate_session(event)
            case _:
                yield from self._translate_session(event)

    def _translate_session(self, event: QuicEvent) -> Iterator[WireEvent]:
        assert self._http is not None
        for each in self._http.handle_event(event):
            match each:
                case HeadersReceived(headers=headers, stream_id=stream):
                    yield from self._answer(headers, stream)
                case DatagramReceived(stream_id=stream, data=data):
                    if stream == self._session_stream:
                        yield Datagram(data)
                case DataReceived(stream_id=stream, stream_ended=is_end):
                    # The capsule that closes a session is the last on its stream.
                    if stream == self._session_stream and is_end:
                        yield SessionClosed()
                case WebTransportStreamDataReceived():
                    yield StreamBroken()

    def _answer(self, headers: list[tuple[bytes, bytes]], stream: int) -> Iterator[WireEvent]:
        """Answer the request for a session; a second request is refused."""
        assert self._http is not None
        if self._session_stream != _NO_STREAM:
            yield StreamBroken()
            return
        status = self._status(headers)
        answer = [(b":status", str(status).encode()), _DRAFT_HEADER]
        self._http.send_headers(stream, answer, end_stream=status != 200)
        if status == 200:
            self._session_stream = stream
            self._session_prefix = encode_uint_var(stream // 4)
            own_stream = self._http.create_webtransport_stream(stream)
            self._send_stream = self._receive_stream = own_stream
            yield Opened(HTTP3_PROTOCOL)

    def _status(self, headers: list[tuple[bytes, bytes]]) -> int:
        fields = {name: value.decode("latin-1") for name, value in headers}
        if fields[b":method"] != "CONNECT" or fields.get(b":protocol") != "webtransport":
            return 405
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        return self._judge(fields.get(b":path", ""), fields.get(b":authority", ""), origins)
