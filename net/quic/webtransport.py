"""WebTransport: messages of a web page in QUIC datagrams and one QUIC stream, over HTTP/3.

LATEST messages are datagrams, RELIABLE ones frames in one stream, as in ``net/quic/connection.py``.
The server's end only: the other end is a browser, and ``game/web/page/webtransport.js``.

It is no plugin, since no program connects over it. It shares the number of its port with the HTTPS
that serves the page, so the page reaches both by one address.
"""

import asyncio
from datetime import UTC, datetime

from aioquic.quic.configuration import SMALLEST_MAX_DATAGRAM_SIZE, QuicConfiguration
from aioquic.quic.connection import QuicConnection

from net.errors import ConnectError
from net.quic.aioquic_adapter import QuicWire
from net.quic.credentials import server_configuration
from net.quic.latest import HEADER_BYTES, PACKET_OVERHEAD_BYTES
from net.quic.listener import QuicListener
from net.quic.page_certificate import PageCertificates
from net.quic.webtransport_wire import HTTP3_PROTOCOL, WebTransportWire
from net.security.page_origin import is_own_page
from net.transport import (
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Channel,
    Guarantees,
    Receiver,
    SocketOptions,
    Transport,
)

__all__ = ["PATH", "WebTransportListener", "WebTransportTransport"]

PATH = "/jitterball"

# The wall clock is read so often: a timer of days would not count the time that a computer sleeps.
_RENEWAL_CHECK_S = 60.0

# The number of the session in front of each datagram.
_SESSION_BYTES = 1

# Room for it in front of the longest datagram of ours. Every path of IPv6 carries 1,232 bytes
# (RFC 8200, section 5).
PACKET_LIMIT_BYTES = SMALLEST_MAX_DATAGRAM_SIZE + _SESSION_BYTES


class WebTransportTransport(Transport):
    """Messages of a web page in QUIC's datagrams and in one of its streams."""

    name = "webtransport"
    guarantees = Guarantees(
        summary="as QUIC, for a web page",
        head_of_line_blocking=False,
        latest_may_be_lost=True,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        header_bytes=PACKET_OVERHEAD_BYTES + _SESSION_BYTES + HEADER_BYTES,
        supports_tls=True,
        always_encrypts=True,
    )

    def __init__(self, port_offset: int) -> None:
        """``port_offset`` is that of the page."""
        self.port_offset = port_offset

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Raise ``ConnectError``: a browser connects."""
        raise ConnectError("only a web page connects over WebTransport")

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> "WebTransportListener":
        """Accept the sessions of our own page, with a certificate made for it alone."""
        listener = WebTransportListener(self, accept)
        await listener.open(address, options)
        return listener


class WebTransportListener(QuicListener):
    """The sockets of a server, and the sessions of all pages on them."""

    def __init__(self, transport: Transport, accept: AcceptCallback) -> None:
        self._certificates = PageCertificates(datetime.now(UTC))
        super().__init__(transport, accept, self._new_configuration())

    async def open(self, address: Address, options: SocketOptions) -> None:
        """Listen, and renew the certificate in time; see ``QuicListener``."""
        await super().open(address, options)
        self._check_renewal()

    @property
    def certificate_hashes(self) -> tuple[bytes, ...]:
        """The SHA-256 of the certificates that a page must accept."""
        return self._certificates.hashes

    def new_wire(self, original_id: bytes, retry_id: bytes | None) -> QuicWire:
        """Return the wire of a page that has sent its first packet."""
        quic = QuicConnection(
            configuration=self.configuration,
            original_destination_connection_id=original_id,
            retry_source_connection_id=retry_id,
        )
        return WebTransportWire(quic, _status)

    def close_sockets(self) -> None:
        """Close the sockets and tell no peer; see ``QuicListener``."""
        self._renewal.cancel()
        super().close_sockets()

    def renew_certificate(self, now: datetime) -> None:
        """Use another certificate for new connections, if it is time."""
        if self._certificates.renew(now):
            self.configuration = self._new_configuration()

    def _new_configuration(self) -> QuicConfiguration:
        configuration = server_configuration(self._certificates.current, (HTTP3_PROTOCOL,))
        configuration.max_datagram_size = PACKET_LIMIT_BYTES
        return configuration

    def _check_renewal(self) -> None:
        """Renew the certificate if it is time, now and from then on."""
        self.renew_certificate(datetime.now(UTC))
        loop = asyncio.get_running_loop()
        self._renewal = loop.call_later(_RENEWAL_CHECK_S, self._check_renewal)


def _status(path: str, authority: str, origins: list[str]) -> int:
    """Return the HTTP status for a request: 200 for a page that this server served itself.

    Every browser names the origin of the page. The page has the number of our port.
    """
    if path != PATH:
        return 404
    is_own = len(origins) == 1 and is_own_page(origins[0], authority, 0, is_encrypted=True)
    return 200 if is_own else 403
