"""The TLS layer of a stream channel: between the channel's bytes and its TCP stream.

``net/stream/tls.py`` makes and opens TLS records. This module decides what the channel does with
them. It limits the time of the handshake and the records without content, and answers a peer
without TLS.
"""

import asyncio
from time import perf_counter
from typing import Protocol

from net.errors import PeerTimeout, ProtocolError, TlsError, TransportError
from net.security.token_bucket import TokenBucket
from net.stream.tls import HANDSHAKE_FAILURE_ALERT, TlsStream, is_alert
from net.transport import Address

# What TLS may add to messages. Every message that a peer is allowed (net/security/server_limits.py)
# may have a record header and a tag, 22 to 29 bytes. The start of a record may come before its
# rest. Key updates and empty records cost us as much time as messages, and no limit on messages
# counts them.
TLS_EXTRA_BYTES_PER_S = 16 * 1024.0
TLS_EXTRA_BURST_BYTES = 128 * 1024.0


class EncryptedChannel(Protocol):
    """The members of a stream channel that its TLS layer calls."""

    peer: Address

    def write_raw(self, data: bytes) -> None:
        """Write bytes to the stream as they are."""

    def stream_opened(self) -> None:
        """Start the channel's own protocol."""

    def bytes_received(self, received: memoryview, received_at: float) -> None:
        """Handle decrypted bytes."""

    def limit_replies(self) -> None:
        """Terminate the channel if too many replies wait for the peer."""

    def terminate(self, error: TransportError | None) -> None:
        """End the channel now."""

    def reject_tls_mismatch(self, error: TlsError, alert: bytes) -> None:
        """Send the peer a TLS alert, then end the channel."""


class TlsLayer:
    """TLS on one channel.

    The channel is an argument of each call and is not kept. Two objects that hold each other
    would wait for the garbage collector, with the channel's receive buffer.
    """

    def __init__(self, tls: TlsStream, handshake_timeout_s: float) -> None:
        self._tls = tls
        self._handshake_timeout_s = handshake_timeout_s
        self._extra_bytes = TokenBucket(
            TLS_EXTRA_BYTES_PER_S, TLS_EXTRA_BURST_BYTES, perf_counter()
        )
        self._timer: asyncio.TimerHandle | None = None
        self._settled = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """True if the handshake succeeded."""
        return self._tls.is_open

    async def wait_until_settled(self) -> None:
        """Wait until the handshake has succeeded, or the stream is closed."""
        await self._settled.wait()

    def start(self, channel: EncryptedChannel) -> None:
        """Start the handshake and its timeout."""
        timeout = PeerTimeout(f"{channel.peer} does not finish the TLS handshake")
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._handshake_timeout_s, channel.terminate, timeout)
        self._tls.start()
        # The client's first message. A server has nothing to send before it has read that.
        channel.write_raw(self._tls.outgoing())

    def stop(self) -> None:
        """Cancel the timeout and wake who waits: the stream is closed."""
        if self._timer is not None:
            self._timer.cancel()
        self._settled.set()

    def encrypt(self, plain: bytes) -> bytes:
        """Return the TLS records that carry ``plain``."""
        return self._tls.encrypt(plain)

    def receive(self, channel: EncryptedChannel, records: bytes, received_at: float) -> None:
        """Decrypt bytes of the stream and pass the content to the channel."""
        was_open = self._tls.is_open
        try:
            plain = self._tls.receive(records)
        except TlsError as error:
            if alert := self._tls.closing_alert():
                channel.reject_tls_mismatch(error, alert)
            else:
                channel.terminate(error)
            return
        if reply := self._tls.outgoing():
            channel.write_raw(reply)
            # A peer can demand key updates without reading our replies (RFC 8446, 4.6.3).
            channel.limit_replies()
        # A partial record counts in full. When the rest arrives, the count falls again, because
        # then more content comes out than bytes came in.
        if not self._extra_bytes.consume(len(records) - len(plain), received_at):
            channel.terminate(
                ProtocolError(f"{channel.peer} sends TLS records that carry almost nothing")
            )
            return
        if self._tls.is_open and not was_open:
            assert self._timer is not None
            self._timer.cancel()
            channel.stream_opened()
            self._settled.set()
        if plain:
            channel.bytes_received(memoryview(plain), received_at)


def reject_unexpected_tls(channel: EncryptedChannel, record: memoryview) -> None:
    """End a channel without TLS whose peer sent a TLS record first."""
    if is_alert(record):
        # Only a server begins with an alert: we connected without TLS, and it requires TLS.
        channel.terminate(TlsError(f"{channel.peer} speaks TLS only: try --tls"))
    else:
        channel.reject_tls_mismatch(
            TlsError("it speaks TLS, which is not on here"), HANDSHAKE_FAILURE_ALERT
        )
