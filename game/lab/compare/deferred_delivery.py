"""A transport that stamps messages on arrival and delivers them 2 ms later, one after the other.

Several clients in one thread receive their snapshots at the same moment. Handling the first takes
longer than the others need to arrive, so the last would get a late time stamp. With deferred
delivery all are stamped before the first is handled. What arrives later is stamped between two
messages. Order and time stamps stay the same.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

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


def defer_delivery(transports: Mapping[str, Transport]) -> dict[str, Transport]:
    """Return transports with deferred delivery, for clients that share a thread."""
    queue = _DeliveryQueue()
    return {name: _DeferringTransport(each, queue) for name, each in transports.items()}


class _DeferringTransport(Transport):
    def __init__(self, transport: Transport, queue: "_DeliveryQueue") -> None:
        # Written past the class: ``Transport`` declares these as class variables.
        self.__dict__["name"] = transport.name
        self.__dict__["guarantees"] = transport.guarantees
        self.__dict__["port_offset"] = transport.port_offset
        self._transport = transport
        self._queue = queue

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel with deferred delivery."""
        deferring = _DeferringReceiver(receiver, self._queue)
        return await self._transport.connect(address, deferring, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Listen without deferred delivery: that is for clients."""
        return await self._transport.listen(address, accept, options)


class _DeferringReceiver:
    """A ``Receiver`` that passes messages on, in order, after ``_DEFER_S``."""

    def __init__(self, receiver: Receiver, queue: "_DeliveryQueue") -> None:
        self._receiver = receiver
        self._queue = queue

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Queue a message with its time stamp."""
        self._queue.add(self._receiver, channel, message, received_at)

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Pass on the queued messages, then the end of the channel."""
        self._queue.pass_all_on()
        self._receiver.channel_closed(channel, error)


class _DeliveryQueue:
    """Messages of all channels of the deferring transports, in the order of arrival."""

    def __init__(self) -> None:
        self._messages: deque[tuple[Receiver, Channel, bytes, float]] = deque()

    def add(self, receiver: Receiver, channel: Channel, message: bytes, received_at: float) -> None:
        """Pass a message to its receiver after ``_DEFER_S``, when those before it are handled."""
        if not self._messages:
            asyncio.get_running_loop().call_later(_DEFER_S, self._pass_on)
        self._messages.append((receiver, channel, message, received_at))

    def pass_all_on(self) -> None:
        """Pass all messages on now."""
        while self._messages:
            self._pass_oldest_on()

    def _pass_on(self) -> None:
        """Pass the oldest message on. The event loop stamps what has arrived before the next."""
        if self._messages:
            self._pass_oldest_on()
        if self._messages:
            asyncio.get_running_loop().call_soon(self._pass_on)

    def _pass_oldest_on(self) -> None:
        receiver, channel, message, received_at = self._messages.popleft()
        receiver.message_received(channel, message, received_at)
