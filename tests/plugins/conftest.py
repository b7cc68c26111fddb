"""Fixtures of the contract tests: every installed transport, and two connected ends.

``pytest tests/plugins`` tests every installed transport, ``--transport NAME`` only that one. Tests
with the fixture ``transport`` are the contract. They read only its ``guarantees`` to know what to
expect. The other tests are about one plugin of ours.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from net.errors import MissingLibrary, TransportError
from net.registry import installed_transports, load_transport
from net.transport import Address, Channel, Delivery, Listener, SocketOptions, Transport

LOOPBACK = "127.0.0.1"
# No plugin: a web page connects over it, and here a client of the tests in its place.
PAGE_TRANSPORT = "webtransport"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "transport" in metafunc.fixturenames:
        # Its channel is QUIC's, which runs by default.
        of_page = pytest.param(PAGE_TRANSPORT, marks=pytest.mark.slow)
        names = metafunc.config.getoption("transport") or [*installed_transports(), of_page]
        metafunc.parametrize("transport", names, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--transport``, select the contract tests only."""
    if config.getoption("transport"):
        contract = [item for item in items if "transport" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in contract])
        items[:] = contract


@pytest.fixture
def transport(request: pytest.FixtureRequest) -> Transport:
    if request.param == PAGE_TRANSPORT:
        pytest.importorskip("aioquic", reason="WebTransport needs aioquic, which is not installed")
        from tests.net.quic.page_client import PageTransport

        return PageTransport()
    try:
        return load_transport(request.param)
    except MissingLibrary as error:
        pytest.skip(str(error))


class Peer:
    """A receiver at one end of a channel that records messages and the end."""

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
        """Wait until the condition is true."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def received(self, count: int) -> list[bytes]:
        """Wait until there are ``count`` messages in all; return all messages."""
        await self.until(lambda: len(self.messages) >= count)
        return self.messages

    async def ended(self) -> TransportError | None:
        """Wait for the end of the channel; return its error."""
        await self.until(lambda: bool(self.endings))
        return self.endings[0]

    def send(self, message: bytes, delivery: Delivery = Delivery.RELIABLE, lane: int = 0) -> None:
        self.channel.send(message, delivery, lane)


class ListenerHarness:
    """A listener, the ends it accepted, and the clients connected to it."""

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
        """Connect a client; return its end and the listener's end.

        Not while another client may be connecting: ends are matched by their order.
        """
        client = await self.join(options, at)
        return client, await self.next_arrival()

    async def next_arrival(self) -> Peer:
        """Wait for the next accepted end, and return it."""
        while self._asked_for == len(self.arrived):
            self._arrival.clear()
            await self._arrival.wait()
        self._asked_for += 1
        return self.arrived[self._asked_for - 1]


OpenHarness = Callable[..., AbstractAsyncContextManager[ListenerHarness]]


@pytest.fixture
def make_harness() -> Callable[[Transport], OpenHarness]:
    """Return a function that listens with a transport, and closes the clients at the end."""

    def with_transport(transport: Transport) -> OpenHarness:
        @asynccontextmanager
        async def opened(
            host: str = LOOPBACK, port: int = 0, options: SocketOptions = SocketOptions()
        ) -> AsyncIterator[ListenerHarness]:
            harness = ListenerHarness(transport)
            address = Address(host, port)
            harness.listener = await transport.listen(address, harness.accept, options)
            async with harness.listener:
                yield harness
                for client in harness.joined:
                    await client.channel.close()

        return opened

    return with_transport


@pytest.fixture
def open_harness(
    transport: Transport, make_harness: Callable[[Transport], OpenHarness]
) -> OpenHarness:
    """Return a function that listens with the transport under test."""
    return make_harness(transport)
