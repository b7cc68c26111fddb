"""A transport that stamps messages on arrival and delivers them 2 ms later.

Several clients in one thread receive their snapshots at the same moment. Handling the first takes
longer than the others need to arrive, so the last would get a late time stamp. With deferred
delivery all are stamped before the first is handled. Order and time stamps stay the same.
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

# Longer than a server needs to write to all clients, and shorter than a frame of 17 ms.
_DEFER_S = 0.002


def defer_delivery(transport: Transport) -> Transport:
    """Return a transport with deferred delivery, for clients that share a thread."""
    return _DeferringTransport(transport)


class _DeferringTransport(Transport):
    def __init__(self, transport: Transport) -> None:
        # Written past the class: ``Transport`` declares these as class variables.
        self.__dict__["name"] = transport.name
        self.__dict__["guarantees"] = transport.guarantees
        self.__dict__["port_offset"] = transport.port_offset
        self._transport = transport

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel with deferred delivery."""
        return await self._transport.connect(address, _DeferringReceiver(receiver), options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Listen without deferred delivery: that is for clients."""
        return await self._transport.listen(address, accept, options)


class _DeferringReceiver:
    """A ``Receiver`` that passes messages on, in order, after ``_DEFER_S``."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._messages: deque[tuple[Channel, bytes, float]] = deque()

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Queue a message with its time stamp."""
        if not self._messages:
            asyncio.get_running_loop().call_later(_DEFER_S, self._pass_on)
        self._messages.append((channel, message, received_at))

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Pass on the queued messages, then the end of the channel."""
        self._pass_on()
        self._receiver.channel_closed(channel, error)

    def _pass_on(self) -> None:
        while self._messages:
            self._receiver.message_received(*self._messages.popleft())
