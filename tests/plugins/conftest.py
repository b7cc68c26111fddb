"""The contract suite's furniture: every installed transport, and two ends that meet over it.

``pytest tests/plugins`` judges every transport that is installed, ``--transport NAME`` only that
one. Tests that take the fixture ``transport`` are the contract, and read nothing but its
``guarantees`` to know what to expect; the others are about one plugin of ours.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from net.errors import TransportError
from net.registry import installed_transports, load_transport
from net.transport import Address, Channel, Delivery, Listener, SocketOptions, Transport

LOOPBACK = "127.0.0.1"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "transport" in metafunc.fixturenames:
        names = metafunc.config.getoption("transport") or list(installed_transports())
        metafunc.parametrize("transport", names, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--transport``, run the contract and nothing that is about one plugin of ours."""
    if config.getoption("transport"):
        contract = [item for item in items if "transport" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in contract])
        items[:] = contract


@pytest.fixture
def transport(request: pytest.FixtureRequest) -> Transport:
    return load_transport(request.param)


class Peer:
    """One end of a channel: remembers what it received, and how its channel ended."""

    def __init__(self) -> None:
        self.channel: Channel
        self.messages: list[bytes] = []
        self.stamps: list[float] = []
        self.endings: list[TransportError | None] = []
        self.on_message: Callable[[bytes], None] = lambda message: None
        self._news = asyncio.Event()

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        assert not self.endings, "a message after the end"
        self.channel = channel
        self.messages.append(message)
        self.stamps.append(received_at)
        self._news.set()
        self.on_message(message)

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        assert channel.closed
        self.endings.append(error)
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for news that make the condition true."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def heard(self, count: int) -> list[bytes]:
        """Wait for that many messages in all, and return them."""
        await self.until(lambda: len(self.messages) >= count)
        return self.messages

    async def ended(self) -> TransportError | None:
        """Wait for the end of the channel, and return how it ended."""
        await self.until(lambda: bool(self.endings))
        return self.endings[0]

    def send(self, message: bytes, delivery: Delivery = Delivery.RELIABLE, lane: int = 0) -> None:
        self.channel.send(message, delivery, lane)


class ListenerHarness:
    """A listener, and the peers that came to it."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.listener: Listener
        self.arrived: list[Peer] = []
        self.joined: list[Peer] = []
        self.on_arrival: Callable[[Peer], None] = lambda peer: None
        self._arrival = asyncio.Event()
        self._asked_for = 0

    def accept(self, channel: Channel) -> Peer:
        peer = Peer()
        peer.channel = channel
        self.arrived.append(peer)
        self._arrival.set()
        self.on_arrival(peer)
        return peer

    async def join(
        self, options: SocketOptions = SocketOptions(), at: Address | None = None
    ) -> Peer:
        """Connect a client and return its end."""
        client = Peer()
        address = at or self.listener.addresses[0]
        client.channel = await self.transport.connect(address, client, options)
        self.joined.append(client)
        return client

    async def meet(
        self, options: SocketOptions = SocketOptions(), at: Address | None = None
    ) -> tuple[Peer, Peer]:
        """Connect a client and return its end, and the end of its channel that is here.

        Not while a stranger may be arriving, too: ends are told apart by their order.
        """
        client = await self.join(options, at)
        return client, await self.next_arrival()

    async def next_arrival(self) -> Peer:
        """Wait for a peer that was not asked for yet, and return it."""
        while self._asked_for == len(self.arrived):
            self._arrival.clear()
            await self._arrival.wait()
        self._asked_for += 1
        return self.arrived[self._asked_for - 1]


OpenVenue = Callable[..., AbstractAsyncContextManager[ListenerHarness]]


@pytest.fixture
def make_venue() -> Callable[[Transport], OpenVenue]:
    """Listen with a transport; clients that joined are closed at the end, too."""

    def with_transport(transport: Transport) -> OpenVenue:
        @asynccontextmanager
        async def opened(host: str = LOOPBACK, port: int = 0) -> AsyncIterator[ListenerHarness]:
            venue = ListenerHarness(transport)
            venue.listener = await transport.listen(Address(host, port), venue.accept)
            async with venue.listener:
                yield venue
                for client in venue.joined:
                    await client.channel.close()

        return opened

    return with_transport


@pytest.fixture
def open_venue(transport: Transport, make_venue: Callable[[Transport], OpenVenue]) -> OpenVenue:
    """Listen with the transport under test."""
    return make_venue(transport)
