"""The measurement of handshakes: round trips until a client has its first snapshot.

The client connects through a relay with a long delay and no loss. Beside such a round trip the
time for anything else is small.
"""

import asyncio
from collections.abc import Mapping
from time import perf_counter

from game.client.connection import ServerConnection
from game.lab.measure.results import Handshake
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX
from net.codec import Value
from net.errors import ConnectError, SessionRefused
from net.link.profile import Link, LinkProfile
from net.link.relay.process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.sync.clock import ClockFilter, ClockSample
from net.system import event_loop
from net.transport import Address, Transport

# Half a round trip. The wait for the next snapshot, up to a 60th of a second, is then a twelfth of
# a round trip; and no transport's timeout is so short that it sends again.
DELAY_S = 0.1
# 24 round trips; no handshake takes so many.
_TIMEOUT_S = 48 * DELAY_S


def measure_handshakes(
    transports: Mapping[str, Transport], server: Address, room: str = ""
) -> tuple[Handshake, ...]:
    """Connect over all transports at once; leave out one that cannot connect.

    Raises ``ListenError`` if the relay cannot start.
    """
    profile = LinkProfile(delay_s=DELAY_S)
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(Link(profile, profile), 0, server, routes)
    with RelayProcess(settings) as relay:
        work = _measure_all(transports, Address(LOOPBACK, relay.port), room)
        return event_loop.run(event_loop.end_on_callback_error(work))


async def _measure_all(
    transports: Mapping[str, Transport], address: Address, room: str
) -> tuple[Handshake, ...]:
    clients = [_HandshakeClient(transport, room) for transport in transports.values()]
    measured = await asyncio.gather(*(client.measure(address) for client in clients))
    return tuple(handshake for handshake in measured if handshake is not None)


class _HandshakeClient:
    """A client that disconnects after its first snapshot."""

    def __init__(self, transport: Transport, room: str) -> None:
        self._transport = transport
        self._room = room
        self._welcomed_at = 0.0
        loop = asyncio.get_running_loop()
        self._first_snapshot_at: asyncio.Future[float] = loop.create_future()
        self._clock_sample: asyncio.Future[ClockSample] = loop.create_future()

    async def measure(self, address: Address) -> Handshake | None:
        """Connect and return the handshake's round trips; None if the server does not answer."""
        transport = self._transport
        to = Address(address.host, address.port + transport.port_offset)
        connection = ServerConnection(self)
        started_at = perf_counter()
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                channel = await transport.connect(to, connection)
                try:
                    connection.start(channel, Hello("msgpack", _request(self._room)), ClockFilter())
                    first_snapshot_at, sample, _ = await asyncio.gather(
                        self._first_snapshot_at, self._clock_sample, connection.handshake_done
                    )
                finally:
                    channel.abort()
        except (ConnectError, SessionRefused, TimeoutError):
            return None
        round_trip_s = 2 * DELAY_S
        # A stream relay accepts at once, and delays the first bytes by TCP's handshake instead. So
        # the channel counts as open one round trip before the welcome, when the hello was sent.
        opened_at = self._welcomed_at - sample.delay_s
        return Handshake(
            transport.name,
            (opened_at - started_at) / round_trip_s,
            (first_snapshot_at - started_at) / round_trip_s,
        )

    def on_welcome(self, connection: ServerConnection, welcome: Welcome) -> None:
        """Record the time of the welcome (``ServerConnectionHandler``)."""
        self._welcomed_at = perf_counter()

    def on_message(
        self,
        connection: ServerConnection,
        message: ApplicationMessage | SessionEvent,
        received_at: float,
    ) -> None:
        """Record the time of the first snapshot (``ServerConnectionHandler``)."""
        if isinstance(message, ApplicationMessage) and not self._first_snapshot_at.done():
            self._first_snapshot_at.set_result(received_at)

    def on_pong(self, connection: ServerConnection, sample: ClockSample) -> None:
        """Record the first clock sample (``ServerConnectionHandler``)."""
        if not self._clock_sample.done():
            self._clock_sample.set_result(sample)


def _request(room: str) -> Value:
    return encode_join_request(
        JoinRequest("handshake", room, watch=True, snapshot_hz=SNAPSHOT_HZ_MAX)
    )
