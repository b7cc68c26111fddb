"""The headless, authoritative server: a fixed tick, listening on every transport at once.

One event loop carries the sockets of all transports and the ticks of all rooms. A tick never
waits for a client: ``Channel.send`` cannot block. Knows no plugin by name and no screen; what
strangers send is counted, dropped or ends their channel, never the server.
"""

import asyncio
import itertools
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from random import Random, SystemRandom
from time import perf_counter
from types import TracebackType
from typing import Self

from game.match.physics import TICK_HZ
from game.match.roster import MatchFullError
from game.protocol import encoding, messages
from game.protocol.addresses import DEFAULT_PORT
from game.protocol.names import DEFAULT_NAME, DEFAULT_ROOM, NAME_LIMIT, ROOM_LIMIT, sanitize_name
from game.protocol.snapshot import snapshot_of
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ, ticks_between_snapshots
from game.runtime.ticker import EARLY_S, ticks
from game.server.connection import ClientConnection
from game.server.rejections import RejectionLog
from game.server.room import Room, RoomLimits, RoomSettings
from game.server.slot import PlayerSlot
from game.server.stats import PlayerStats, ServerStats, TransportTraffic, loss_ratio
from net.codec import CODECS, Codec
from net.errors import AddressInUse
from net.measure.statistics import Quantiles
from net.security.admission import ConnectionLimiter, ServerLimits
from net.security.client_network import client_network, is_loopback
from net.session.authenticator import Authenticator
from net.session.messages import Hello, RefusalReason, Welcome
from net.session.slots import SessionSlot, SlotTable
from net.transport import (
    Address,
    Channel,
    ChannelStats,
    Listener,
    SocketOptions,
    Transport,
)

log = logging.getLogger(__name__)


# What a client that asks for the lesson is told as LATEST: over datagrams some will vanish.
UNRELIABLE_EVENTS = (messages.Kicked, messages.Goal)


# Every guest is looked after twice a second: a thirtieth of them at each tick, since the pings of
# hundreds at once would hold up a tick.
MAINTENANCE_TICKS = TICK_HZ // 2


# With port 0 the transports share whatever base is free for all of them.
SAME_BASE_ATTEMPTS = 16


# A minute of ticks.
TICKS_KEPT = 60 * TICK_HZ


# Everyone is told within a second of Ctrl-C; a peer that does not read is not waited for.
SHUTDOWN_TIMEOUT_S = 0.7


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What ``jitterball serve`` lets people choose; port 0 takes any base that is free.

    With ``rooms`` there are only these, the first for those who name none; without, a room opens
    when somebody asks for it. With a ``password`` only those come in who know it.
    """

    host: str = ""
    port: int = DEFAULT_PORT
    snapshot_hz: int = DEFAULT_SNAPSHOT_HZ
    seed: int = 0
    room: RoomSettings = field(default_factory=RoomSettings)
    rooms: tuple[str, ...] = ()
    sockets: SocketOptions = field(default_factory=SocketOptions)
    password: str = field(default="", repr=False)
    limits: ServerLimits = field(default_factory=ServerLimits)
    room_limits: RoomLimits = field(default_factory=RoomLimits)


class GameServer:
    """An async context manager: listens inside the block, and ``run`` plays.

    Raises ``ListenError`` on entering when an address cannot be had.
    """

    def __init__(self, transports: Sequence[Transport], settings: ServerSettings) -> None:
        self.settings = settings
        self.base_port = settings.port
        self.listeners: list[Listener] = []
        self.rooms: dict[str, Room] = {}
        self.lateness_s: deque[float] = deque(maxlen=TICKS_KEPT)
        self.durations_s: deque[float] = deque(maxlen=TICKS_KEPT)
        # Told the lateness and the duration of every tick, in seconds.
        self.on_tick: Callable[[float, float], None] | None = None
        self._transports = transports
        self._rng = Random(settings.seed)
        # Tokens, nonces and keys are secrets, whatever seed the matches have.
        self._slots: SlotTable[PlayerSlot] = SlotTable(SystemRandom())
        self._authenticator = Authenticator(SystemRandom(), self._slots.token, settings.password)
        self._slots_by_room: dict[Room, list[SessionSlot[PlayerSlot]]] = {}
        self._snapshot_offsets = itertools.count()
        self._connections: set[ClientConnection] = set()
        limits = settings.limits
        self._connection_limiter = ConnectionLimiter(
            limits, lambda visitor: limits.trusts_loopback and is_loopback(visitor)
        )
        self.rejections = RejectionLog()
        # Of channels that have ended.
        self._past_traffic = {transport.name: TransportTraffic() for transport in transports}
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        attempts = SAME_BASE_ATTEMPTS if self.settings.port == 0 else 1
        while True:
            attempts -= 1
            try:
                await self._listen_everywhere()
                return self
            except AddressInUse:
                if not attempts:
                    raise

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for guest in self._connections:
            guest.session.send_close("the server was closed")
        try:
            async with asyncio.timeout(SHUTDOWN_TIMEOUT_S):
                await asyncio.gather(*(guest.channel.close() for guest in self._connections))
        except TimeoutError:
            log.info("%d clients did not hear the goodbye", len(self._connections))
        await self._closing.aclose()

    async def run(self) -> None:
        """Play every room's ticks until cancelled."""
        async with aclosing(ticks(1 / TICK_HZ, EARLY_S)) as deadlines:
            tick = 0
            async for deadline in deadlines:
                tick += 1
                began_at = perf_counter()
                self._run_tick(deadline)
                played_at = perf_counter()
                self._record_tick(began_at - deadline, played_at - began_at)
                self._run_maintenance(tick % MAINTENANCE_TICKS, played_at)

    def stats(self) -> ServerStats:
        """Return what can be seen of the server now; in its own thread only."""
        wires = {guest: guest.channel.stats() for guest in self._connections}
        traffic = dict(self._past_traffic)
        for guest, wire in wires.items():
            traffic[guest.channel.transport.name] += wire
        seated = [guest for guest in wires if guest.slot is not None]
        # Before the first tick the figures are zero, so that every reader gets a number.
        lateness_s = Quantiles.of(self.lateness_s or (0.0,))
        durations_s = Quantiles.of(self.durations_s or (0.0,))
        names = Counter(guest.channel.transport.name for guest in seated)
        return ServerStats(
            players=tuple(self._player_stats(guest, wires[guest]) for guest in seated),
            rooms=len(self.rooms),
            connections=len(wires),
            clients_by_transport={name: names[name] for name in traffic},
            traffic_by_transport=traffic,
            rejections_by_reason=dict(self.rejections.counts),
            lateness_p50_s=lateness_s.p50,
            lateness_p99_s=lateness_s.p99,
            duration_p99_s=durations_s.p99,
        )

    def accept(self, channel: Channel) -> ClientConnection:
        """Receive a new channel; what it says decides whether it gets a seat."""
        stay = self._connection_limiter.acquire(client_network(channel.peer.host), perf_counter())
        guest = ClientConnection(
            channel, self, self._authenticator, self.rejections, self.settings.limits, stay
        )
        self._connections.add(guest)
        if stay.drop_silently:
            self.rejections.record(
                RefusalReason.TOO_MANY_CONNECTIONS, f"{guest}: {stay.rejection_reason}"
            )
            channel.abort()
        return guest

    def on_hello(self, guest: ClientConnection, hello: Hello) -> None:
        """Give a guest back its place, or a new one; as ``Host`` says."""
        request = encoding.decode_join_request(hello.payload)
        place = self._slots.claim(hello.slot_id) if hello.slot_id else None
        resumed = place is not None
        if place is None:
            place = self._create_slot(guest, request, CODECS[hello.codec])
        seat = place.owner
        seat.unreliable_events = request.unreliable_events
        guest.channel.set_nagle(request.nagle)
        missed = place.events.since(hello.last_event) if resumed else None
        if seat.codec.name != hello.codec:
            # A log written in another codec is of no use to this guest: it gets the whole state.
            seat.codec, missed = CODECS[hello.codec], None
        self._attach(guest, place)
        welcome = seat.room.join_response(seat.member, seat.snapshot_ticks)
        guest.session.welcome(
            Welcome(
                token="" if resumed else place.token,
                resumed=resumed,
                last_event=place.events.last_number if missed is None else hello.last_event,
                payload=encoding.encode_join_response(welcome),
                slot_id=place.slot_id,
            )
        )
        for event in missed or []:
            guest.session.send_event(event)

    def on_message(self, guest: ClientConnection, body: bytes) -> None:
        """Take a message of a seated guest: inputs are all it can send. Raises ``DecodeError``."""
        seat: PlayerSlot = guest.slot.owner
        message = encoding.decode_input(body, seat.codec)
        seat.member.inputs.push(message.newest, message.controls)

    def on_disconnect(self, guest: ClientConnection, farewell: bool) -> None:
        """Free the place of a guest that said goodbye, keep it a while for one that vanished."""
        self._connections.discard(guest)
        guest.permit.release()
        self._past_traffic[guest.channel.transport.name] += guest.channel.stats()
        place: SessionSlot[PlayerSlot] | None = guest.slot
        if place is None or place.owner.connection is not guest:
            return
        place.owner.connection = None
        if farewell:
            self._slots.release(place)
            self._remove(place)
        else:
            self._slots.reserve(place, perf_counter())

    async def _listen_everywhere(self) -> None:
        async with AsyncExitStack() as stack:
            base = self.settings.port
            listeners = []
            for transport in self._transports:
                port = base + transport.port_offset if base else 0
                address = Address(self.settings.host, port)
                listener = await transport.listen(address, self.accept, self.settings.sockets)
                listeners.append(await stack.enter_async_context(listener))
                base = listener.addresses[0].port - transport.port_offset
            self.base_port, self.listeners = base, listeners
            self._closing = stack.pop_all()

    def _create_slot(
        self, guest: ClientConnection, request: messages.JoinRequest, codec: Codec
    ) -> SessionSlot[PlayerSlot]:
        """Seat a newcomer in the room it asks for.

        Raises ``SessionRefused`` if there is no room for it.
        """
        if len(self._slots) >= self.settings.room_limits.slots:
            raise guest.session.refuse(
                RefusalReason.TOO_MANY_CONNECTIONS, "too many have come and gone: wait a bit"
            )
        room = self._find_room(guest, sanitize_name(request.room, ROOM_LIMIT))
        name = sanitize_name(request.name, NAME_LIMIT) or DEFAULT_NAME
        try:
            member = room.join(name, guest.channel.transport.name, request.watch, request.team)
        except MatchFullError as full:
            raise guest.session.refuse(
                RefusalReason.ROOM_FULL, f"room {room.name!r}: {full}"
            ) from full
        every = ticks_between_snapshots(request.snapshot_hz or self.settings.snapshot_hz)
        place = self._slots.create(PlayerSlot(room, member, codec, every))
        self._slots_by_room[room].append(place)
        log.info("%s joins room %r as %r", guest, room.name, member.name)
        return place

    def _find_room(self, guest: ClientConnection, asked_for: str) -> Room:
        """Return the room of that name; open it if that is allowed.

        Raises ``SessionRefused`` if it is not.
        """
        names = self.settings.rooms
        name = asked_for or (names[0] if names else DEFAULT_ROOM)
        if names and name not in names:
            text = f"no room is called {name!r} here: there are {', '.join(names)}"
            raise guest.session.refuse(RefusalReason.BAD_ROOM, text)
        room = self.rooms.get(name)
        if room is None:
            if len(self.rooms) >= self.settings.room_limits.rooms:
                text = f"there are {len(self.rooms)} rooms already: choose one of them"
                raise guest.session.refuse(RefusalReason.BAD_ROOM, text)
            room = Room(name, self.settings.room, self._rng.getrandbits(32))
            # Rooms take turns, or all snapshots of a server would leave in one heap.
            room.offset_ticks = next(self._snapshot_offsets)
            self.rooms[name] = room
            self._slots_by_room[room] = []
        return room

    def _attach(self, guest: ClientConnection, place: SessionSlot[PlayerSlot]) -> None:
        """Bind a place to a guest; an older channel of the same place is closed."""
        seat = place.owner
        if seat.connection is not None:
            seat.connection.close()
        seat.connection = guest
        guest.slot = place
        seat.room.set_transport(seat.member, guest.channel.transport.name)

    def _remove(self, place: SessionSlot[PlayerSlot]) -> None:
        room, member = place.owner.room, place.owner.member
        log.info("%r leaves room %r", member.name, room.name)
        room.leave(member)
        self._slots_by_room[room].remove(place)
        if not room.members:
            del self.rooms[room.name], self._slots_by_room[room]

    def _player_stats(self, guest: ClientConnection, wire: ChannelStats) -> PlayerStats:
        seat: PlayerSlot = guest.slot.owner
        channel, clock = guest.channel, guest.session.clock_filter
        may_lose = channel.transport.guarantees.latest_may_be_lost
        return PlayerStats(
            name=seat.member.name,
            room=seat.room.name,
            transport=channel.transport.name,
            address=str(channel.peer),
            watches=seat.member.player_id is None,
            rtt_s=clock.rtt_s if clock.ready else None,
            loss_ratio=loss_ratio(wire) if may_lose else None,
            retransmitted=wire.retransmitted,
        )

    def _record_tick(self, lateness_s: float, duration_s: float) -> None:
        self.lateness_s.append(lateness_s)
        self.durations_s.append(duration_s)
        if self.on_tick is not None:
            self.on_tick(lateness_s, duration_s)

    def _run_tick(self, deadline: float) -> None:
        for room in self.rooms.values():
            news = room.step()
            places = self._slots_by_room[room]
            if news:
                self._broadcast_events(places, news)
            tick = room.match.world.tick + room.offset_ticks
            due = [
                seat
                for place in places
                if tick % (seat := place.owner).snapshot_ticks == 0 and seat.connection
            ]
            if due:
                self._broadcast_snapshot(room, due, deadline)

    def _broadcast_snapshot(self, room: Room, seats: list[PlayerSlot], deadline: float) -> None:
        """Send a snapshot to each seat: encoded once a codec, and a few bytes of each one's own."""
        snapshot = snapshot_of(room.match, deadline, perf_counter() - deadline)
        encoded: dict[str, bytes] = {}
        for seat in seats:
            codec = seat.codec
            if codec.name not in encoded:
                encoded[codec.name] = encoding.encode_snapshot(snapshot, codec)
            body = encoding.prepend_own_state(encoded[codec.name], room.own_state(seat.member))
            if seat.connection:
                seat.connection.send_state(body)

    def _broadcast_events(
        self, places: list[SessionSlot[PlayerSlot]], news: list[messages.GameEvent]
    ) -> None:
        for event in news:
            encoded: dict[str, bytes] = {}
            for place in places:
                seat = place.owner
                if seat.codec.name not in encoded:
                    encoded[seat.codec.name] = encoding.encode_event(event, seat.codec)
                body = encoded[seat.codec.name]
                if seat.unreliable_events and isinstance(event, UNRELIABLE_EVENTS):
                    if seat.connection:
                        seat.connection.session.send_unreliable_event(body)
                    continue
                numbered = place.events.append(body)
                if seat.connection:
                    seat.connection.session.send_event(numbered)

    def _run_maintenance(self, turn: int, now: float) -> None:
        for guest in list(self._connections)[turn::MAINTENANCE_TICKS]:
            guest.check_timeouts(now)
        if turn:
            return
        for place in self._slots.expire(now):
            log.info("%r did not come back", place.owner.member.name)
            self._remove(place)
