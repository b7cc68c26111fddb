"""The measurement of handshakes: round trips until a client has its first snapshot.

The client connects through a relay with a long delay and no loss, and through one without a delay.
The second time is what this computer itself takes, and is subtracted. A busy computer only ever
adds, so of several attempts the shortest counts.
"""

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import NamedTuple

from game.client.connection import ServerConnection
from game.lab.measure.results import Handshake
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX
from net.codec import Value
from net.errors import ConnectError, SessionRefused
from net.link.profile import Link, LinkProfile
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.sync.clock_filter import ClockFilter, ClockSample
from net.system import event_loop
from net.transport import Address, Transport

# Half a round trip. The wait for the next snapshot, up to a 60th of a second, is then a twelfth of
# a round trip. No transport's timeout is so short that it sends again.
DELAY_S = 0.1
# 24 round trips; no handshake takes so many.
_TIMEOUT_S = 48 * DELAY_S
# An attempt takes under a second.
ATTEMPTS = 3


class _Durations(NamedTuple):
    """The times until a channel is open and until the first snapshot, in seconds."""

    open_s: float
    first_snapshot_s: float

    def shorter(self, other: "_Durations") -> "_Durations":
        """Return the shorter of each of the two times."""
        return _Durations(*map(min, self, other))

    def round_trips_over(self, undelayed: "_Durations") -> tuple[float, ...]:
        """Return the round trips of the delayed link that these take longer than ``undelayed``."""
        return tuple(max(0.0, a - b) / (2 * DELAY_S) for a, b in zip(self, undelayed, strict=True))


def measure_handshakes(
    transports: Mapping[str, Transport], server: Address, room: str = ""
) -> tuple[Handshake, ...]:
    """Connect over all transports at once; leave out one that cannot connect.

    Raises ``ListenError`` if the relay cannot start.
    """
    delayed = _fastest(transports, server, room, DELAY_S)
    undelayed = _fastest(transports, server, room, 0.0)
    return tuple(
        Handshake(name, *delayed[name].round_trips_over(undelayed[name]))
        for name in transports
        if name in delayed and name in undelayed
    )


def _fastest(
    transports: Mapping[str, Transport], server: Address, room: str, delay_s: float
) -> dict[str, _Durations]:
    """Return the shortest durations of each transport that connects, over one-way ``delay_s``."""
    profile = LinkProfile(delay_s=delay_s)
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(Link(profile, profile), 0, server, routes)
    found: dict[str, _Durations] = {}
    with RelayProcess(settings) as relay:
        address = Address(LOOPBACK, relay.port)
        for _ in range(ATTEMPTS):
            work = _measure_all(transports, address, room)
            attempt = event_loop.run(event_loop.end_on_callback_error(work))
            for name, durations in attempt.items():
                found[name] = found.get(name, durations).shorter(durations)
            if not attempt:
                # A server that does not answer would be waited for as often again.
                break
    return found


async def _measure_all(
    transports: Mapping[str, Transport], address: Address, room: str
) -> dict[str, _Durations]:
    clients = {name: _HandshakeClient(each, room) for name, each in transports.items()}
    measured = await asyncio.gather(*(client.measure(address) for client in clients.values()))
    return {
        name: durations
        for name, durations in zip(clients, measured, strict=True)
        if durations is not None
    }


class _HandshakeClient:
    """A client that disconnects after its first snapshot."""

    def __init__(self, transport: Transport, room: str) -> None:
        self._transport = transport
        self._room = room
        self._welcomed_at = 0.0
        loop = asyncio.get_running_loop()
        self._first_snapshot_at: asyncio.Future[float] = loop.create_future()
        self._clock_sample: asyncio.Future[ClockSample] = loop.create_future()

    async def measure(self, address: Address) -> _Durations | None:
        """Connect and return how long it took; None if the server does not answer."""
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
        # A stream relay accepts at once, and delays the first bytes by TCP's handshake instead. So
        # the channel counts as open one round trip before the welcome, when the hello was sent.
        opened_at = self._welcomed_at - sample.delay_s
        return _Durations(opened_at - started_at, first_snapshot_at - started_at)

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
