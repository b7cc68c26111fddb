"""The channel of a datagram connection: between its owner, the connection and a UDP socket."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from time import perf_counter

from net.datagram.connection import DatagramConnection
from net.datagram.path_recording import ProbeAllowance, ProbeResponder, ProbeStatus
from net.datagram.udp_socket import UdpSocket, datagram_header_bytes
from net.datagram.wire_format import PROBE_STATUS, PROBE_STATUS_LAYOUT
from net.errors import MessageTooLarge
from net.system.sockets import address_of
from net.transport import (
    LANE_STATE,
    MESSAGE_LIMIT_BYTES,
    Buffers,
    Channel,
    ChannelStats,
    Delivery,
    Receiver,
    Transport,
)

log = logging.getLogger(__name__)

_RELIABLE = Delivery.RELIABLE


class DatagramChannel(Channel):
    """A channel over one connection; the same at client and server.

    ``udp_socket`` sends its datagrams. It changes when the client changes its network.
    ``schedule`` is called when the connection's ``deadline`` has become earlier.
    ``finished`` is called when the connection has ended.
    ``on_probe`` is called at the client with each datagram of a recording and its arrival.
    """

    receiver: Receiver
    on_probe: Callable[[bytes, float], None] | None = None

    def __init__(
        self,
        transport: Transport,
        connection: DatagramConnection,
        udp_socket: UdpSocket,
        schedule: Callable[[DatagramConnection], None],
        finished: Callable[["DatagramChannel"], None],
    ) -> None:
        self.transport = transport
        self.connection = connection
        self.udp_socket = udp_socket
        self.peer = address_of(connection.address)
        # Not a method of ours: the connection would then hold this channel, and both would wait for
        # the garbage collector.
        connection.on_invalid = partial(log.debug, "%s sent an invalid datagram: %s", self.peer)
        self._schedule = schedule
        self._finished = finished
        # By lane, the newest LATEST message that waits while the socket takes nothing.
        self._waiting: dict[int, bytes] = {}
        self._replaced = 0
        self._closed = False
        self._gone = asyncio.Event()
        self._responder: ProbeResponder | None = None
        self._probe_timer: asyncio.TimerHandle | None = None

    @property
    def closed(self) -> bool:
        """True if the channel has ended."""
        return self._closed

    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message, or keep it while the socket takes no more; see ``Channel.send``."""
        if len(message) > MESSAGE_LIMIT_BYTES:
            raise MessageTooLarge(f"{len(message)} bytes are over the limit {MESSAGE_LIMIT_BYTES}")
        if self._closed:
            return
        connection = self.connection
        if delivery is _RELIABLE:
            now = perf_counter()
            connection.send_reliable(message, now)
            if not self.udp_socket.send_queue:
                connection.flush(now)
        elif self.udp_socket.send_queue:
            # Kept here and not in the queue, where a newer message could not replace it.
            self._replaced += lane in self._waiting
            self._waiting[lane] = message
        else:
            connection.send_latest(message, lane)
            # Not ``flush``: a LATEST message neither ends a connection nor makes its deadline
            # earlier.
            self._transmit()
            return
        self.flush()

    def stats(self) -> ChannelStats:
        """Return the counters so far."""
        connection = self.connection
        header_bytes = datagram_header_bytes(self.peer)
        return ChannelStats(
            sent=connection.sent,
            received=connection.received,
            lost=connection.lost,
            unacknowledged=connection.unacknowledged,
            stale=connection.stale,
            duplicate=connection.duplicate,
            invalid=connection.invalid,
            replaced=self._replaced,
            retransmitted=connection.retransmitted,
            payload_bytes_sent=connection.payload_bytes_sent,
            payload_bytes_received=connection.payload_bytes_received,
            wire_bytes_sent=connection.datagram_bytes_sent
            + header_bytes * connection.datagrams_sent,
            wire_bytes_received=connection.datagram_bytes_received
            + header_bytes * connection.datagrams_received,
        )

    def buffers(self) -> Buffers:
        """Return the buffer sizes of the socket, which all channels of a listener share."""
        return self.udp_socket.buffers

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Encrypt from now on; see ``Channel.enable_encryption``."""
        self.connection.enable_encryption(send_key, receive_key)

    def allow_probes(self, allowance: ProbeAllowance) -> None:
        """Let this client record the path from now on; for a server."""
        self._responder = ProbeResponder(self.connection.connection_id, allowance)

    def probe_received(self, datagram: bytes, received_at: float) -> None:
        """Answer a client that records the path."""
        responder = self._responder
        if responder is None:
            not_allowed = ProbeStatus.NOT_ALLOWED
            answer: bytes | None = PROBE_STATUS_LAYOUT.pack(
                PROBE_STATUS, self.connection.connection_id, not_allowed
            )
        else:
            answer = responder.answer(datagram, received_at)
            if self._probe_timer is None:
                self._send_probes(responder)
        if answer is not None:
            self.send_unnumbered(answer)

    def send_unnumbered(self, datagram: bytes) -> None:
        """Send a datagram of a recording, without a sequence number."""
        if not self._closed:
            self.udp_socket.send(datagram, self.connection.address)

    async def close(self) -> None:
        """Close the connection once the peer has all reliable messages; wait for its answer."""
        self.connection.close(perf_counter())
        self.flush()
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """End now. One datagram tells the peer, and may be lost."""
        self.connection.abort()
        self.flush()

    def datagram_received(self, datagram: bytes, received_at: float) -> None:
        """Process a datagram of this connection."""
        connection = self.connection
        for message in connection.receive(datagram, received_at):
            # The receiver may have ended the channel while it handled the message before.
            if not self._closed:
                self.receiver.message_received(self, message, received_at)
        # After the receiver: its answer may have carried the acknowledgement.
        if connection.wants_flush and not self.udp_socket.send_queue:
            connection.flush(received_at)
        # Mostly none of these holds, which saves the call.
        if connection.outgoing or connection.deadline < connection.scheduled_at or connection.ended:
            self.flush()

    def flush(self) -> None:
        """Send the connection's datagrams, set its timer, and handle its end."""
        connection = self.connection
        if connection.outgoing:
            self._transmit()
        if connection.deadline < connection.scheduled_at:
            self._schedule(connection)
        if connection.ended and not self._closed:
            self._closed = True
            self._finished(self)
            # Not at once: ``Channel.send`` may be running, and its caller expects no callback.
            asyncio.get_running_loop().call_soon(self._notify_receiver)

    def continue_sending(self, now: float) -> None:
        """Send what has waited for the socket."""
        for lane, message in self._waiting.items():
            self.connection.send_latest(message, lane)
        self._waiting.clear()
        self.connection.flush(now)
        self.flush()

    def _transmit(self) -> None:
        connection = self.connection
        outgoing = connection.outgoing
        for datagram in outgoing:
            self.udp_socket.send(datagram, connection.address)
        outgoing.clear()

    def _send_probes(self, responder: ProbeResponder) -> None:
        """Send the probes that are due, and come back for the next one."""
        self._probe_timer = None
        for probe in responder.due(perf_counter()):
            self.send_unnumbered(probe)
        if responder.next_at is not None and not self._closed:
            wait_s = max(responder.next_at - perf_counter(), 0.0)
            loop = asyncio.get_running_loop()
            self._probe_timer = loop.call_later(wait_s, self._send_probes, responder)

    def _end_probes(self) -> None:
        if self._probe_timer is not None:
            self._probe_timer.cancel()
        if self._responder is not None:
            self._responder.end()

    def _notify_receiver(self) -> None:
        self._end_probes()
        self._gone.set()
        self.receiver.channel_closed(self, self.connection.error)
        # Channel and receiver hold each other, and so do channel and connection. Without this all
        # of them would wait for the garbage collector.
        del self.receiver
        self.connection.on_invalid = lambda reason: None
