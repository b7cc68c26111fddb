"""The channel of a QUIC connection: between its owner, the connection and a UDP socket."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

from net.datagram.udp_socket import UdpSocket, datagram_header_bytes
from net.errors import MessageTooLarge
from net.quic.connection import MessageConnection
from net.transport import (
    LANE_STATE,
    MESSAGE_LIMIT_BYTES,
    Address,
    Buffers,
    Channel,
    ChannelStats,
    Delivery,
    Receiver,
    Transport,
)

__all__ = ["QuicChannel"]

_NEVER = float("inf")


class QuicChannel(Channel):
    """A channel over one connection; the same at client and server.

    Messages that are sent in one pass of the event loop leave together at its end. A packet costs
    the library much more time than a message.

    ``send_packet`` sends a packet to an address, through ``udp_socket``.
    ``on_opened`` is called when the handshake is complete; it sets ``receiver``.
    ``on_finished`` is called when the connection has ended.
    """

    receiver: Receiver

    def __init__(
        self,
        transport: Transport,
        connection: MessageConnection,
        peer: Address,
        udp_socket: UdpSocket,
        *,
        send_packet: Callable[[bytes, Any], None],
        on_opened: Callable[["QuicChannel"], None],
        on_finished: Callable[["QuicChannel"], None],
    ) -> None:
        self.transport = transport
        self.connection = connection
        self.peer = peer
        self.udp_socket = udp_socket
        self._send_packet = send_packet
        self._on_opened = on_opened
        self._on_finished = on_finished
        self._was_opened = False
        self._closed = False
        self._gone = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._flush_is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = _NEVER

    @property
    def closed(self) -> bool:
        """True if the channel has ended."""
        return self._closed

    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message at the end of this pass of the event loop; see ``Channel.send``."""
        if len(message) > MESSAGE_LIMIT_BYTES:
            raise MessageTooLarge(f"{len(message)} bytes are over the limit {MESSAGE_LIMIT_BYTES}")
        if self._closed:
            return
        if delivery is Delivery.RELIABLE:
            self.connection.send_reliable(message)
        else:
            self.connection.send_latest(message, lane, perf_counter())
        if self.connection.ended:
            self.flush()
        elif not self._flush_is_due:
            self._flush_is_due = True
            self._loop.call_soon(self._flush_if_due)

    def stats(self) -> ChannelStats:
        """Return the counters so far."""
        connection, wire = self.connection, self.connection.wire
        header_bytes = datagram_header_bytes(self.peer)
        return ChannelStats(
            sent=connection.sent,
            received=connection.received,
            lost=connection.inbox.lost,
            unacknowledged=wire.packets_lost,
            stale=connection.inbox.stale,
            duplicate=connection.inbox.duplicate,
            invalid=connection.invalid + connection.inbox.invalid,
            replaced=connection.replaced,
            retransmitted=wire.retransmitted,
            payload_bytes_sent=connection.payload_bytes_sent,
            payload_bytes_received=connection.payload_bytes_received,
            wire_bytes_sent=connection.packet_bytes_sent + header_bytes * connection.packets_sent,
            wire_bytes_received=connection.packet_bytes_received
            + header_bytes * connection.packets_received,
        )

    def buffers(self) -> Buffers:
        """Return the buffer sizes of the socket, which all channels of a listener share."""
        return self.udp_socket.buffers

    async def close(self) -> None:
        """Close the connection once the peer has all reliable messages; wait for that."""
        if not self._closed:
            self.connection.close(perf_counter())
            self.flush()
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """End now. One packet tells the peer, and may be lost."""
        if not self._closed:
            self.connection.abort(perf_counter())
            self.flush()

    def packet_received(self, packet: bytes, address: Any, received_at: float) -> None:
        """Process a packet of this connection."""
        connection = self.connection
        messages = connection.receive(packet, address, received_at)
        self._report_opened()
        for message in messages:
            # The receiver may have ended the channel while it handled the message before.
            if not self._closed:
                self.receiver.message_received(self, message, received_at)
        if connection.is_open and not (connection.ended or connection.wants_flush):
            # Nothing waits. The acknowledgement has a timer.
            self._set_timer()
        else:
            self.flush()

    def flush(self) -> None:
        """Send what may leave now, set the timer, and handle the end of the connection."""
        self._flush_is_due = False
        if self._closed or (self.udp_socket.send_queue and not self.connection.ended):
            # ``continue_sending`` follows. What waits in the connection can be replaced.
            return
        connection = self.connection
        connection.flush(perf_counter())
        for packet, address in connection.outgoing:
            self._send_packet(packet, address)
        connection.outgoing.clear()
        if connection.ended:
            self._finish()
        else:
            self._set_timer()

    def _flush_if_due(self) -> None:
        if self._flush_is_due:
            self.flush()

    def _report_opened(self) -> None:
        connection = self.connection
        if connection.is_open and not self._was_opened and not connection.ended:
            self._was_opened = True
            self._on_opened(self)

    def _set_timer(self) -> None:
        at = self.connection.deadline
        if at >= self._timer_at:
            # It fires too early and is set again then. Setting it for each packet would cost more.
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_later(max(0.0, at - perf_counter()), self._on_timer)

    def _on_timer(self) -> None:
        self._timer, self._timer_at = None, _NEVER
        if self._closed:
            return
        now = perf_counter()
        if self.connection.deadline <= now:
            self.connection.on_timer(now)
            self.flush()
        else:
            self._set_timer()

    def _finish(self) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._on_finished(self)
        # Not at once: ``Channel.send`` may be running, and its caller expects no callback.
        self._loop.call_soon(self._notify_receiver)

    def _notify_receiver(self) -> None:
        self._gone.set()
        if self._was_opened:
            self.receiver.channel_closed(self, self.connection.error)
            # Channel and receiver hold each other, and would wait for the garbage collector.
            del self.receiver
