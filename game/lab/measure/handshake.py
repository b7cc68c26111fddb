"""How many round trips a transport takes until a player sees something.

Measured where a round trip is so long that nothing else counts: through a relay that delays, and
loses nothing. Knows no plugin by name and no figures but these.
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

# Half a round trip: the wait for the next snapshot, up to a 60th of a second, is then a twelfth of
# a trip, and no transport asks again because it takes the answer for lost.
DELAY_S = 0.1
# Two dozen round trips; no handshake takes so many.
_LIMIT_S = 48 * DELAY_S


def measure_handshakes(
    transports: Mapping[str, Transport], server: Address
) -> tuple[Handshake, ...]:
    """Connect over each transport, all at once; one that cannot connect is left out.

    Raises ``ListenError`` if the relay cannot be.
    """
    profile = LinkProfile(delay_s=DELAY_S)
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(Link(profile, profile), 0, server, routes)
    with RelayProcess(settings) as relay:
        return event_loop.run(_all_at_once(transports, Address(LOOPBACK, relay.port)))


async def _all_at_once(
    transports: Mapping[str, Transport], address: Address
) -> tuple[Handshake, ...]:
    arrivals = [_Arrival(transport) for transport in transports.values()]
    measured = await asyncio.gather(*(arrival.measure(address) for arrival in arrivals))
    return tuple(handshake for handshake in measured if handshake is not None)


class _Arrival:
    """One newcomer, who leaves with the first snapshot."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._welcomed_at = 0.0
        loop = asyncio.get_running_loop()
        self._saw_at: asyncio.Future[float] = loop.create_future()
        self._exchange: asyncio.Future[ClockSample] = loop.create_future()

    async def measure(self, address: Address) -> Handshake | None:
        """Return how many round trips it took; None if there was no answer."""
        transport = self._transport
        to = Address(address.host, address.port + transport.port_offset)
        visit = ServerConnection(self)
        started_at = perf_counter()
        try:
            async with asyncio.timeout(_LIMIT_S):
                channel = await transport.connect(to, visit)
                try:
                    visit.start(channel, Hello("msgpack", _request()), ClockFilter())
                    saw_at, exchange, _ = await asyncio.gather(
                        self._saw_at, self._exchange, visit.handshake_done
                    )
                finally:
                    channel.abort()
        except (ConnectError, SessionRefused, TimeoutError):
            return None
        trip_s = 2 * DELAY_S
        # A relay of streams accepts at once and lets the first bytes pay for the handshake; so the
        # channel counts as open when the hello set out that the welcome answers.
        opened_at = self._welcomed_at - exchange.delay_s
        return Handshake(
            transport.name, (opened_at - started_at) / trip_s, (saw_at - started_at) / trip_s
        )

    def on_welcome(self, visit: ServerConnection, welcome: Welcome) -> None:
        """Note when; as ``ServerConnectionHandler`` says."""
        self._welcomed_at = perf_counter()

    def on_message(
        self, visit: ServerConnection, heard: ApplicationMessage | SessionEvent, received_at: float
    ) -> None:
        """Take the first snapshot; as ``ServerConnectionHandler`` says."""
        if isinstance(heard, ApplicationMessage) and not self._saw_at.done():
            self._saw_at.set_result(received_at)

    def on_pong(self, visit: ServerConnection, exchange: ClockSample) -> None:
        """Take the first exchange; as ``ServerConnectionHandler`` says."""
        if not self._exchange.done():
            self._exchange.set_result(exchange)


def _request() -> Value:
    return encode_join_request(
        JoinRequest("handshake", "", watch=True, snapshot_hz=SNAPSHOT_HZ_MAX)
    )
