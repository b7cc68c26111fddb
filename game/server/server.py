"""Game server: the tick loop of all rooms, with the connections of all transports.

It is authoritative and has no screen. One event loop serves the sockets of every transport and the
ticks of every room. A tick never waits for a client, because ``Channel.send`` does not block.
Invalid input from the network is counted, dropped or closes its own channel.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from random import SystemRandom
from time import perf_counter
from typing import Self

from game.match.physics import TICK_HZ
from game.protocol import encoding
from game.protocol.snapshot import snapshot_of
from game.runtime.ticker import EARLY_S, ticks
from game.server.broadcast import broadcast_events, broadcast_snapshot, slots_due
from game.server.classroom import CLASS_MESSAGES, SENT_OUT_TEXT, Classroom
from game.server.connection import ClientConnection, ConnectionHandler
from game.server.reference_connections import References
from game.server.rejections import RejectionLog
from game.server.room import Room
from game.server.room_requests import ROOM_REQUEST, RoomRights, answer_room_request
from game.server.rooms import Lobby
from game.server.settings import ServerSettings
from game.server.slot import Slot
from game.server.stats import PlayerStats, ServerStats, TransportTraffic, loss_ratio
from game.server.wire_log import WireLog
from net.datagram.channel import DatagramChannel
from net.datagram.path_recording import ProbeAllowance
from net.errors import AddressInUse
from net.link.relay.settings import LOOPBACK, RelayClient
from net.measure.statistics import Quantiles
from net.security.client_network import client_network, is_loopback
from net.security.server_limits import ConnectionLimiter
from net.session.authenticator import Authenticator
from net.session.messages import Hello, RefusalReason
from net.transport import Address, Channel, ChannelStats, Listener, Transport

log = logging.getLogger(__name__)

# Timeouts of every connection are checked twice a second. Each tick checks one thirtieth of them,
# since pinging hundreds of clients in one tick would delay it.
MAINTENANCE_TICKS = TICK_HZ // 2
# With port 0 all transports need one base port that is free for each of them.
SAME_BASE_ATTEMPTS = 16
# One minute of tick timings.
TICKS_KEPT = 60 * TICK_HZ
# Ctrl-C ends within a second. A client that does not read is not waited for.
SHUTDOWN_TIMEOUT_S = 0.7


class GameServer:
    """An async context manager that listens inside its block; ``run`` plays the ticks.

    ``connections`` are all open ones, also those that have not joined yet.
    ``base_port`` and ``hosts`` are those that clients use. ``reference_port`` is that of
    ``references``, None without one.
    ``on_tick`` receives lateness and duration of every tick, in seconds.
    All members belong to the thread of the event loop.
    Raises ``ListenError`` on entering if an address is not available.
    """

    def __init__(self, transports: Sequence[Transport], settings: ServerSettings) -> None:
        self.settings = settings
        # Class mode replaces both by those of its relay.
        self.base_port = settings.port
        self.hosts: tuple[str, ...] = ()
        self._private = (
            Address(LOOPBACK, 0)
            if settings.is_behind_relay
            else Address(settings.host, settings.port)
        )
        self.listeners: list[Listener] = []
        self.lobby = Lobby(settings)
        self.references = References(self.lobby.rooms, settings.snapshot_hz, self._forget)
        self.reference_port: int | None = None
        self.connections: set[ClientConnection] = set()
        self.rejections = RejectionLog()
        self.lateness_s: deque[float] = deque(maxlen=TICKS_KEPT)
        self.durations_s: deque[float] = deque(maxlen=TICKS_KEPT)
        self.on_tick: Callable[[float, float], None] | None = None
        self._transports = transports
        # In a class the teacher stops the match.
        self.rights = RoomRights(chat=settings.chat, pause=settings.pause)
        self.classroom = Classroom(
            self.lobby,
            [transport.name for transport in transports],
            SystemRandom(),
            wants_reports=settings.wants_reports,
        )
        self._authenticator = Authenticator(
            SystemRandom(), self.lobby.slots.token, settings.password
        )
        limits = settings.limits
        self.connection_limiter = ConnectionLimiter(
            limits, lambda network: limits.trusts_loopback and is_loopback(network)
        )
        # Counters of channels that have closed.
        self._past_traffic = {transport.name: TransportTraffic() for transport in transports}
        self._closing = AsyncExitStack()
        self._is_closing = False
        self._probe_allowance = ProbeAllowance()

    async def __aenter__(self) -> Self:
        attempts = SAME_BASE_ATTEMPTS if self._private.port == 0 else 1
        while True:
            attempts -= 1
            try:
                await self._listen_on_all_transports()
                return self
            except AddressInUse:
                if not attempts:
                    raise

    async def __aexit__(self, *exc_info: object) -> None:
        self._is_closing = True
        for connection in self.connections:
            connection.session.send_close("the server was closed")
        try:
            async with asyncio.timeout(SHUTDOWN_TIMEOUT_S):
                await asyncio.gather(*(each.channel.close() for each in self.connections))
        except TimeoutError:
            log.info("%d clients did not receive the close message", len(self.connections))
        await self._closing.aclose()

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The open rooms by name."""
        return self.lobby.rooms

    async def run(self) -> None:
        """Play the ticks of every room until cancelled."""
        async with aclosing(ticks(1 / TICK_HZ, EARLY_S)) as deadlines:
            tick = 0
            async for deadline in deadlines:
                tick += 1
                began_at = perf_counter()
                self._run_tick(deadline)
                ended_at = perf_counter()
                self._record_tick(began_at - deadline, ended_at - began_at)
                # After the snapshots have left: nothing in it is urgent.
                self._run_maintenance(tick % MAINTENANCE_TICKS, ended_at)

    def stats(self) -> ServerStats:
        """Return the present counters and the tick timings of the last minute."""
        wires = {each: each.channel.stats() for each in self.connections}
        traffic = dict(self._past_traffic)
        for connection, wire in wires.items():
            traffic[connection.channel.transport.name] += wire
        players = [
            _player_stats(connection, connection.slot, wire)
            for connection, wire in wires.items()
            if connection.slot is not None and connection not in self.references
        ]
        # Before the first tick all timings are zero, so that every reader gets a number.
        lateness_s = Quantiles.of(self.lateness_s or (0.0,))
        durations_s = Quantiles.of(self.durations_s or (0.0,))
        counts = Counter(player.transport for player in players)
        return ServerStats(
            players=tuple(players),
            rooms=len(self.rooms),
            connections=len(wires),
            clients_by_transport={name: counts[name] for name in traffic},
            traffic_by_transport=traffic,
            rejections_by_reason=dict(self.rejections.counts),
            lateness_p50_s=lateness_s.p50,
            lateness_p99_s=lateness_s.p99,
            duration_p99_s=durations_s.p99,
        )

    async def listen_for_references(self, transport: Transport, address: Address) -> None:
        """Listen for references too, past the relay of a class, until the server is closed.

        Raises ``ListenError``.
        """
        page_offset = self.settings.sockets.page_offset
        if page_offset is not None:
            # The page is as far from the port of the players as before.
            page_offset += self.base_port + transport.port_offset - address.port
        sockets = replace(self.settings.sockets, page_offset=page_offset)
        listener = await transport.listen(address, self._accept_reference, sockets)
        await self._closing.enter_async_context(listener)
        self.reference_port = address.port

    def accept(self, channel: Channel) -> ClientConnection:
        """Return the receiver of a new channel; it has a slot only after its hello."""
        relay = self.classroom.relay
        return self._open(channel, self, relay.client_at(channel.peer.port) if relay else None)

    def _accept_reference(self, channel: Channel) -> ClientConnection:
        return self._open(channel, self.references, None)

    def _open(
        self, channel: Channel, handler: ConnectionHandler, relay_client: RelayClient | None
    ) -> ClientConnection:
        """Return the connection of a new channel, counted against the limits of its network."""
        peer = relay_client.address if relay_client else channel.peer
        permit = self.connection_limiter.acquire(client_network(peer.host), perf_counter())
        name, label = self.settings.log_wire_of, f"{peer} over {channel.transport.name}"
        connection = ClientConnection(
            *(channel, handler, self._authenticator, self.rejections, self.settings.limits, permit),
            wire_log=WireLog(name, label) if name else None,
            relay_client=relay_client,
        )
        self.connections.add(connection)
        if permit.drop_silently:
            self.rejections.record(
                RefusalReason.TOO_MANY_CONNECTIONS, f"{connection}: {permit.rejection_reason}"
            )
            channel.abort()
        elif self._is_closing:
            # A client that comes back at once. Welcomed, it would be lost again without a reason.
            channel.abort()
        return connection

    def on_hello(self, connection: ClientConnection, hello: Hello) -> None:
        """Let a client join or resume (``ConnectionHandler``)."""
        request = encoding.decode_join_request(hello.payload)
        if self.classroom.is_sent_out(request.name, client_network(connection.peer.host)):
            raise connection.session.refuse(RefusalReason.SENT_OUT, SENT_OUT_TEXT)
        lacks_events = self.lobby.join(connection, hello, request)
        assert connection.slot is not None
        self.classroom.greet(connection.slot, lacks_events=lacks_events)
        # After the join: a client without the password makes this server send nothing.
        if self.settings.allow_record and isinstance(connection.channel, DatagramChannel):
            connection.channel.allow_probes(self._probe_allowance)

    def on_message(self, connection: ClientConnection, body: bytes) -> None:
        """Queue the inputs of a client (``ConnectionHandler``)."""
        # The session passes application messages on only after the welcome, which sets the slot.
        assert connection.slot is not None
        player_slot = connection.slot.owner
        kind = body[:1]
        if kind in CLASS_MESSAGES:
            self.classroom.on_message(player_slot, body)
            return
        if kind == ROOM_REQUEST:
            answer_room_request(connection.slot, body, self.rights, perf_counter())
            return
        inputs = player_slot.member.inputs
        message = encoding.decode_input(body, player_slot.codec, inputs.newest)
        inputs.push(message.newest, message.controls)
        if message.snapshot_tick is not None:
            player_slot.baseline.acknowledge(message.snapshot_tick)

    def on_disconnect(self, connection: ClientConnection, was_closed_by_peer: bool) -> None:
        """Remove a connection, and remove or reserve its slot (``ConnectionHandler``)."""
        self._forget(connection)
        self.lobby.leave(connection, was_closed_by_peer, perf_counter())

    def _forget(self, connection: ClientConnection) -> None:
        self.connections.discard(connection)
        connection.permit.release()
        self._past_traffic[connection.channel.transport.name] += connection.channel.stats()

    async def _listen_on_all_transports(self) -> None:
        """Listen at the base port plus each transport's offset.

        Raises ``AddressInUse`` if one of these ports is taken. No listener is left open then.
        """
        async with AsyncExitStack() as stack:
            base = self._private.port
            listeners = []
            for transport in self._transports:
                port = base + transport.port_offset if base else 0
                address = Address(self._private.host, port)
                listener = await transport.listen(address, self.accept, self.settings.sockets)
                listeners.append(await stack.enter_async_context(listener))
                # With port 0 the first listener's port decides the base of the others.
                base = listener.addresses[0].port - transport.port_offset
            self.base_port, self.listeners = base, listeners
            self.hosts = tuple(
                {address.host for listener in listeners for address in listener.addresses}
            )
            self._closing = stack.pop_all()

    def _run_tick(self, deadline: float) -> None:
        """Play one tick in every room, and send what follows from it."""
        for room in self.rooms.values():
            events = room.step()
            slots = self.lobby.slots_in(room)
            if events:
                # Before the snapshot: a client then has the names of the players that it shows.
                broadcast_events(slots, events)
            receivers = [*slots, *self.references.slots_in(room)]
            due = slots_due(receivers, room.match.world.tick + room.offset_ticks)
            if due:
                # The client subtracts this lateness from the snapshot's age, so that a slow tick
                # is not taken for a slow network.
                snapshot = snapshot_of(room.match, deadline, perf_counter() - deadline)
                broadcast_snapshot(room, due, snapshot)

    def _record_tick(self, lateness_s: float, duration_s: float) -> None:
        self.lateness_s.append(lateness_s)
        self.durations_s.append(duration_s)
        if self.on_tick is not None:
            self.on_tick(lateness_s, duration_s)

    def _run_maintenance(self, turn: int, now: float) -> None:
        """Check the timeouts of one thirtieth of the connections; once in a round, of the slots."""
        for connection in list(self.connections)[turn::MAINTENANCE_TICKS]:
            connection.check_timeouts(now)
        if turn == 0:
            self.lobby.expire_slots(now)
            self.references.dismiss_roomless()


def _player_stats(connection: ClientConnection, slot: Slot, wire: ChannelStats) -> PlayerStats:
    player_slot = slot.owner
    channel, clock = connection.channel, connection.session.clock_filter
    may_lose = channel.transport.guarantees.latest_may_be_lost
    return PlayerStats(
        name=player_slot.member.name,
        room=player_slot.room.name,
        transport=channel.transport.name,
        address=str(connection.peer),
        watches=player_slot.member.player_id is None,
        rtt_s=clock.rtt_s if clock.ready else None,
        loss_ratio=loss_ratio(wire) if may_lose else None,
        retransmitted=wire.retransmitted,
        slot_id=slot.slot_id,
        report=player_slot.report,
        vote=player_slot.vote,
        is_ready=player_slot.room.is_ready(player_slot.member),
        relay_client=connection.relay_client,
    )
