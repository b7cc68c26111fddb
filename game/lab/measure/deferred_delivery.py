"""Transports whose messages are stamped at once and handled a little later.

Several clients in one thread get their snapshots at the same moment, and handling one takes longer
than the next needs to arrive: the last would be stamped late for the others' sake. So arrivals wait
until the moment is over. Nothing else changes: what is deferred keeps its order and its stamp.
"""

import asyncio
from collections import deque

from net.errors import TransportError
from net.transport import (
    AcceptCallback,
    Address,
    Channel,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)

# Long beside the time in which a server writes to all clients, short beside a frame.
_WAIT_S = 0.002


def defer_delivery(transport: Transport) -> Transport:
    """Return the same transport for clients that share a thread with others."""
    return _PromptTransport(transport)


class _PromptTransport(Transport):
    def __init__(self, transport: Transport) -> None:
        # Shadows the class's own, which have no values here.
        self.__dict__["name"] = transport.name
        self.__dict__["guarantees"] = transport.guarantees
        self.__dict__["port_offset"] = transport.port_offset
        self._transport = transport

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel whose messages wait a moment."""
        return await self._transport.connect(address, _DeferringReceiver(receiver), options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Listen as the transport does."""
        return await self._transport.listen(address, accept, options)


class _DeferringReceiver:
    """A ``Receiver`` that passes everything on, in order, after ``_WAIT_S``."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._messages: deque[tuple[Channel, bytes, float]] = deque()

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Keep a message and its stamp."""
        if not self._messages:
            asyncio.get_running_loop().call_later(_WAIT_S, self._pass_on)
        self._messages.append((channel, message, received_at))

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Pass on what waits, then the end."""
        self._pass_on()
        self._receiver.channel_closed(channel, error)

    def _pass_on(self) -> None:
        while self._messages:
            self._receiver.message_received(*self._messages.popleft())
