"""The browser's end of WebTransport, written with aioquic, so that tests need no browser."""

from aioquic.buffer import encode_uint_var
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import DatagramReceived, HeadersReceived
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import HandshakeCompleted, StreamDataReceived

from net.datagram.client import first_to_open
from net.quic.aioquic_adapter import (
    Datagram,
    Opened,
    PeerClose,
    QuicWire,
    StreamBroken,
    StreamBytes,
)
from net.quic.client import QuicClient
from net.quic.webtransport import PACKET_LIMIT_BYTES, PATH, WebTransportTransport
from net.quic.webtransport_wire import HTTP3_PROTOCOL
from net.transport import SocketOptions

FIRST_ERROR_CODE = 0x100
NO_STREAM, SERVERS_STREAM = -1, 1
# The kind of the stream and the session's number.
STREAM_HEADER = bytes.fromhex("404100")


def request_for(authority: str, origin: str, path: str = PATH) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request for a session; an empty origin is left out."""
    headers = [
        (":method", "CONNECT"),
        (":protocol", "webtransport"),
        (":scheme", "https"),
        (":authority", authority),
        (":path", path),
        ("sec-webtransport-http3-draft02", "1"),
    ]
    headers += [("origin", origin)] if origin else []
    return [(name.encode(), value.encode()) for name, value in headers]


class PageWire(QuicWire):
    """A client's end: opens a session and a stream in it; ``status`` is the server's answer."""

    def __init__(self, quic, headers):
        super().__init__(quic, peer_streams=(1, 8))
        self.status = None
        self.session = None
        self.http = None
        self._headers = headers
        self._early = b""
        self._send_stream = self._receive_stream = NO_STREAM

    @property
    def peer_close(self):
        close = super().peer_close
        if close is None or not close.is_application:
            return close
        return PeerClose(True, close.code - FIRST_ERROR_CODE, close.reason)

    def close(self, code):
        super().close(FIRST_ERROR_CODE + code)

    def send(self, datagrams, now):
        prefix = b"" if self.session is None else encode_uint_var(self.session // 4)
        return super().send([prefix + each for each in datagrams], now)

    def _translate(self, event):
        if isinstance(event, HandshakeCompleted):
            self.http = H3Connection(self.quic, enable_webtransport=True)
            self.session = self.quic.get_next_available_stream_id()
            self.http.send_headers(self.session, self._headers)
        if isinstance(event, StreamDataReceived) and event.stream_id == SERVERS_STREAM:
            # The library would tell of the stream only with its first data.
            self._early += event.data
            if self._send_stream == NO_STREAM and len(self._early) >= len(STREAM_HEADER):
                assert self._early.startswith(STREAM_HEADER)
                self._early = self._early[len(STREAM_HEADER) :]
                self._send_stream = self._receive_stream = SERVERS_STREAM
                yield Opened(HTTP3_PROTOCOL)
            if self._send_stream != NO_STREAM:
                yield StreamBytes(self._early)
                self._early = b""
            return
        for each in self.http.handle_event(event) if self.http else ():
            match each:
                case HeadersReceived(headers=headers):
                    self.status = int(dict(headers)[b":status"])
                    if self.status != 200:
                        yield StreamBroken()
                case DatagramReceived(data=data):
                    yield Datagram(data)


class PageClient(QuicClient):
    """A socket and a session on it, asked for as a page of the same server asks."""

    origin = ""

    def new_wire(self, configuration):
        configuration.alpn_protocols = [HTTP3_PROTOCOL]
        configuration.max_datagram_size = PACKET_LIMIT_BYTES
        authority = str(self._address)
        return PageWire(
            QuicConnection(configuration=configuration),
            request_for(authority, self.origin or f"https://{authority}"),
        )


class PageTransport(WebTransportTransport):
    """The server's end, and the test's in place of the browser's."""

    def __init__(self):
        super().__init__(0)

    async def connect(self, address, receiver, options=SocketOptions()):
        def make(candidate):
            return PageClient(self, candidate, receiver, options)

        client = await first_to_open(address, options, make)
        return client.channel
