"""A player without a screen: connects, plays, comes back, and says what is to be drawn.

The window, the bots of a test and the measurements all use it. ``Client.run`` lives in the event
loop of the network's thread, where arrivals are stamped and pings answered; ``frame``,
``set_controls`` and ``switch`` may be called from any thread. Knows no pixels and no plugin by
name: the transports come in as arguments.
"""

import asyncio
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from random import SystemRandom
from time import perf_counter
from typing import Protocol

from game.client.connection import ServerConnection
from game.client.frame import Frame, NetworkStats, Scene, Status
from game.client.input_sender import InputSender
from game.client.netcode import NetcodeSettings
from game.client.observer import ClientObserver
from game.client.reachability import explain_failure, reachable_transports
from game.client.scene_builder import SceneBuilder
from game.match.controls import NEUTRAL, Controls
from game.match.physics import TICK_HZ
from game.protocol import encoding, messages
from game.protocol.messages import GameEvent, JoinRequest, Snapshot
from game.runtime.ticker import ticks
from net.codec import CODECS
from net.errors import ConnectError, ConnectTimeout, SessionRefused, TlsError
from net.measure.statistics import Rate
from net.security.options import SecurityOptions
from net.session.client import Credentials
from net.session.event_log import EventReceiver
from net.session.messages import ApplicationMessage, Hello, RefusalReason, SessionEvent, Welcome
from net.sync.clock import ClockFilter, ClockSample
from net.transport import Address, ChannelStats, Delivery, SocketOptions, Transport

log = logging.getLogger(__name__)

# Longer than a handshake over a satellite takes with a packet lost; people do not wait longer
# for a hint that something is wrong.
CONNECT_TIMEOUT_S = 3.0
# Quick at first, for a server that is being restarted; never so slow that a player gives up.
BACKOFF_S = (0.1, 0.25, 0.5, 1.0, 2.0)
# What a server says of an address, and not of us: it may say otherwise in a moment.
TRANSIENT_REFUSALS = (RefusalReason.RATE_LIMITED, RefusalReason.TOO_MANY_CONNECTIONS)
# Counters are read ten times a second: a system call each on a stream.
COUNTING_TICKS = TICK_HZ // 10
# What nobody collects (a bot draws nothing) must not pile up.
MAX_PENDING_EVENTS = 256


class Controller(Protocol):
    """Who plays when no person does; called in the network's thread, once a tick."""

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Return the controls for the next tick."""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How a client joins; ``address`` has the port that people type, without any offset.

    With a ``relay`` channels are opened there; it stands before the same server.
    """

    address: Address
    join: JoinRequest
    codec: str = "msgpack"
    netcode: NetcodeSettings = field(default_factory=NetcodeSettings)
    sockets: SocketOptions = field(default_factory=SocketOptions)
    link_badge: str = ""
    relay: Address | None = None
    security: SecurityOptions = field(default_factory=SecurityOptions)

    @property
    def connect_address(self) -> Address:
        """Where channels are opened: at the relay, if there is one."""
        return self.relay or self.address


class Client:
    """A player, or a watcher, on one server.

    ``run`` plays until it is cancelled or refused; cancelling says goodbye. ``transports`` are
    those it may move to, by name; ``transport`` is the one in use. ``controls`` are those of a
    person unless a ``brain`` decides.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        transport: str,
        settings: ClientSettings,
        brain: Controller | None = None,
    ) -> None:
        self.settings = settings
        self.transports = tuple(transports)
        self.transport = transport
        self.status = Status.CONNECTING
        self.status_text = ""
        self.refusal: SessionRefused | None = None
        self.controller = brain
        self.observers: list[ClientObserver] = []
        self._by_name = transports
        self._codec = CODECS[settings.codec]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: ServerConnection | None = None
        self._switching: asyncio.Task[None] | None = None
        # Finds the player's place again, and proves that it is ours.
        self._slot_id = self._token = ""
        self._event_receiver = EventReceiver()
        self._input_sender = InputSender()
        self._controls = NEUTRAL
        self._request = settings.join
        self._netcode = settings.netcode
        self._wire = ChannelStats()
        self._up, self._down = Rate(), Rate()
        self._up_bytes_per_s = self._down_bytes_per_s = 0.0
        # The network's thread adds to the picture while the screen's thread draws it.
        self._lock = threading.Lock()
        self._scene_builder: SceneBuilder | None = None
        self._events: deque[GameEvent] = deque(maxlen=MAX_PENDING_EVENTS)

    async def run(self) -> None:
        """Join, and stay in the match whatever the network does.

        Returns when the server refuses, or TLS with it will never do (both in ``refusal``); cancel
        it to leave.
        """
        self._loop = asyncio.get_running_loop()
        ticker = self._loop.create_task(self._run_ticks())
        try:
            while True:
                await self._join()
                await self._wait_until_lost()
        except SessionRefused as refusal:
            self.refusal = refusal
            self._set_status(Status.REFUSED, str(refusal))
        finally:
            ticker.cancel()
            await self._leave()

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls from the next tick on."""
        self._controls = controls

    @property
    def netcode(self) -> NetcodeSettings:
        """What is done about the delay; may be replaced at any time."""
        return self._netcode

    @netcode.setter
    def netcode(self, netcode: NetcodeSettings) -> None:
        with self._lock:
            self._netcode = netcode
            if self._scene_builder is not None:
                self._scene_builder.netcode = netcode

    def switch(self, transport: str) -> None:
        """Move to another transport in mid-match: same player, same place.

        The old channel is left when the new one is welcomed; if that fails nothing changes.
        """
        if transport != self.transport:
            self._call_in_loop(self._start_switch, transport)

    @property
    def request(self) -> JoinRequest:
        """What is asked of the server, the lessons (``nagle``, ``unreliable_events``) among it."""
        return self._request

    @request.setter
    def request(self, request: JoinRequest) -> None:
        """Ask for something else, over a fresh channel of the same transport: same player."""
        self._request = request
        self._call_in_loop(self._start_switch, self.transport)

    def frame(self, now: float) -> Frame:
        """Return what is to be drawn at ``now`` (``perf_counter`` seconds)."""
        with self._lock:
            picture, visit = self._scene_builder, self._connection
            sample = picture.sample(now) if picture else None
            if picture and sample:
                picture.lag_monitor.add_frame(now, sample.starved)
            news = tuple(self._events)
            self._events.clear()
            foresight = picture.prediction if picture else None
            return Frame(
                status=self.status,
                status_text=self.status_text,
                transport=self.transport,
                address=str(self.settings.address),
                network=self._network_stats(now, picture, visit),
                scene=picture.scene(sample, now) if picture and sample else None,
                is_starved=sample is None or sample.starved,
                is_extrapolated=bool(sample and sample.starved and self._netcode.extrapolates),
                netcode=self._netcode,
                corrections=foresight.corrections if foresight else None,
                render_time_s=picture.render_time_s(now) if picture and sample else None,
                newest_time_s=picture.newest_time_s if picture else None,
                own_id=picture.own_id if picture else None,
                events=news,
                link_badge=self.settings.link_badge,
            )

    @property
    def newest_time_s(self) -> float | None:
        """The server's time of the newest snapshot; None before the first."""
        with self._lock:
            return self._scene_builder.newest_time_s if self._scene_builder else None

    def scene_at(self, server_time_s: float) -> Scene | None:
        """Return what is known of the match at a time of the server's clock, nothing predicted.

        Beyond the newest snapshot everything stands as it was there; None before the first.
        """
        with self._lock:
            return self._scene_builder.scene_at(server_time_s) if self._scene_builder else None

    def wire(self) -> ChannelStats:
        """Return what the present channel has carried up to now; in the network's thread only."""
        return self._connection.channel.stats() if self._connection else self._wire

    def on_welcome(self, visit: ServerConnection, welcome: Welcome) -> None:
        """Adopt a connection that the server has accepted; see ``ServerConnectionHandler``."""
        words = encoding.decode_join_response(welcome.payload)
        with self._lock:
            old, self._connection = self._connection, visit
            if self._scene_builder is None or not welcome.resumed:
                # A server that has forgotten us may be another one, with another clock.
                visit.session.clock_filter = ClockFilter()
                self._scene_builder = SceneBuilder(
                    words, visit.session.clock_filter, self._netcode, perf_counter()
                )
                self._input_sender = InputSender()
            self._scene_builder.set_roster(words.roster)
            self._scene_builder.announced_score = (
                words.score if self._request.unreliable_events else None
            )
        self._slot_id = welcome.slot_id
        # A server says it once.
        self._token = welcome.token or self._token
        # What the old channel brought while we knocked at the new one will be repeated: our own
        # count is ahead of the welcome's then, and must stay there.
        if not welcome.resumed or welcome.last_event > self._event_receiver.last_number:
            self._event_receiver.reset(welcome.last_event)
        self._use_transport(visit.channel.transport.name)
        self._set_status(Status.PLAYING, "")
        if old is not None:
            old.close()

    def on_message(
        self, visit: ServerConnection, heard: ApplicationMessage | SessionEvent, received_at: float
    ) -> None:
        """Read a snapshot or an event; as ``ServerConnectionHandler`` says."""
        if visit is not self._connection:
            return
        if isinstance(heard, SessionEvent):
            if self._event_receiver.accept(heard):
                self._apply_event(encoding.decode_event(heard.body, self._codec))
            return
        own, snapshot = encoding.decode_snapshot(heard.body, self._codec)
        with self._lock:
            if self._scene_builder:
                self._scene_builder.add(own, snapshot, received_at)
        self._input_sender.acknowledge(own.last_input)
        for observer in self.observers:
            observer.snapshot_received(own, snapshot, received_at)

    def on_pong(self, visit: ServerConnection, exchange: ClockSample) -> None:
        """Pass the timestamps on; as ``ServerConnectionHandler`` says."""
        if visit is self._connection:
            for observer in self.observers:
                observer.ping_answered(exchange)

    def _call_in_loop(self, function: Callable[[str], None], argument: str) -> None:
        """Have something done in the network's thread; nothing, before it runs."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(function, argument)

    async def _join(self) -> None:
        """Try until the server welcomes us. Raises ``SessionRefused``."""
        for attempt in itertools.count():
            try:
                await self._open(self.transport)
                return
            except TlsError as error:
                # As it is now it will be at every attempt.
                raise SessionRefused(RefusalReason.NO_TLS, str(error)) from error
            except ConnectError as error:
                status = Status.LOST if self._slot_id else Status.CONNECTING
                self._set_status(status, await self._explain_failure(error))
            except SessionRefused as refusal:
                # Neighbours' slips must not cost a player who was in already.
                if not self._slot_id or refusal.reason not in TRANSIENT_REFUSALS:
                    raise
                self._set_status(Status.LOST, f"{refusal}: trying again")
            await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])

    async def _open(self, name: str) -> ServerConnection:
        """Open a channel, say hello, await the welcome.

        Raises ``ConnectError`` or ``SessionRefused``.
        """
        transport = self._by_name[name]
        self.settings.security.require_encryption(transport)
        typed = self.settings.connect_address
        address = Address(typed.host, typed.port + transport.port_offset)
        visit = ServerConnection(self)
        clock_filter = self._scene_builder.clock if self._scene_builder else ClockFilter()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                channel = await transport.connect(address, visit, self._sockets())
                try:
                    visit.start(channel, self._hello(), clock_filter, self._credentials())
                    await asyncio.shield(visit.handshake_done)
                except BaseException:
                    channel.abort()
                    raise
        except TimeoutError as error:
            raise ConnectTimeout(f"{address} gives no answer") from error
        if not visit.is_welcomed:
            raise ConnectError(f"{address} hung up ({visit.close_reason})")
        return visit

    async def _wait_until_lost(self) -> None:
        """Stay while there is a visit; a switch of transport replaces it meanwhile."""
        while (visit := self._connection) is not None:
            await asyncio.shield(visit.closed)
            if self._switching is not None:
                # The server lets the old channel go when it lets us in by the new one, and its
                # goodbye may overtake its welcome.
                await asyncio.wait([self._switching])
            if visit is self._connection:
                self._connection = None
                log.info("lost %s: %s", self.settings.address, visit.close_reason)
                self._set_status(Status.LOST, f"{visit.close_reason}: trying again")

    async def _leave(self) -> None:
        if self._switching is not None:
            self._switching.cancel()
        visit, self._connection = self._connection, None
        if visit is not None:
            visit.session.send_close("left")
            await visit.channel.close()
        if self.status is not Status.REFUSED:
            self._set_status(Status.LEFT, "")

    def _start_switch(self, transport: str) -> None:
        if self._switching is not None and not self._switching.done():
            return
        if self._connection is None:
            # Nothing to move: the next attempt goes over the new transport.
            self._use_transport(transport)
        else:
            self._switching = asyncio.get_running_loop().create_task(self._switch(transport))

    def _use_transport(self, transport: str) -> None:
        """Use a transport from now on, and measure it by itself."""
        with self._lock:
            if self._scene_builder is not None and transport != self.transport:
                self._scene_builder.reset_stats(perf_counter())
            self.transport = transport

    async def _switch(self, transport: str) -> None:
        try:
            await self._open(transport)
        except (ConnectError, SessionRefused) as error:
            tick = (
                self._scene_builder.newest.tick
                if self._scene_builder and self._scene_builder.newest
                else 0
            )
            self._events.append(messages.Notice(tick, f"{transport}: {error}"))

    async def _run_ticks(self) -> None:
        """Send an input and look after the session, sixty times a second."""
        async with aclosing(ticks(1 / TICK_HZ)) as deadlines:
            tick = 0
            async for _ in deadlines:
                tick += 1
                if (visit := self._connection) is not None:
                    visit.tick(perf_counter())
                    self._send_input(visit)
                    if tick % COUNTING_TICKS == 0:
                        self._read_counters(visit)

    def _read_counters(self, visit: ServerConnection) -> None:
        """Read the channel's counters, which belong to this thread, for the screen's."""
        now, wire = perf_counter(), visit.channel.stats()
        self._up_bytes_per_s = self._up.update(now, wire.wire_bytes_sent)
        self._down_bytes_per_s = self._down.update(now, wire.wire_bytes_received)
        with self._lock:
            if self._scene_builder and wire.stale > self._wire.stale:
                self._scene_builder.lag_monitor.mark_stale(wire.stale - self._wire.stale)
        self._wire = wire

    def _send_input(self, visit: ServerConnection) -> None:
        picture = self._scene_builder
        if picture is None or picture.own_id is None:
            return
        if self.controller and picture.newest:
            self._controls = self.controller.decide(picture.newest, picture.own_id)
        message = self._input_sender.push(self._controls)
        now = perf_counter()
        with self._lock:
            picture.predict(message.newest, self._controls, now)
        for observer in self.observers:
            observer.input_sent(message.newest, self._controls, now)
        visit.session.send_application(encoding.encode_input(message, self._codec), Delivery.LATEST)

    def _apply_event(self, event: GameEvent | None) -> None:
        if event is None:
            return
        with self._lock:
            if self._scene_builder:
                self._scene_builder.apply_event(event)
            self._events.append(event)

    def _hello(self) -> Hello:
        payload = encoding.encode_join_request(self._request)
        return Hello(self.settings.codec, payload, self._slot_id, self._event_receiver.last_number)

    def _sockets(self) -> SocketOptions:
        tls = self.settings.security.tls
        if tls is not None and not tls.host:
            # The certificate is the server's, also where a relay stands before it.
            tls = replace(tls, host=self.settings.address.host)
        return replace(self.settings.sockets, nagle=self._request.nagle, tls=tls)

    def _credentials(self) -> Credentials:
        return Credentials(SystemRandom(), self.settings.security.password, self._token)

    def _network_stats(
        self, now: float, picture: SceneBuilder | None, visit: ServerConnection | None
    ) -> NetworkStats:
        if picture is None or visit is None:
            return NetworkStats(None, None, 0.0)
        return NetworkStats(
            rtt_s=picture.clock.rtt_s if picture.clock.ready else None,
            snapshot_age_s=picture.age_s(now),
            silence_s=visit.session.silence_s(now),
            lag=picture.lag_monitor.stats(now),
            columns=tuple(picture.lag_monitor.columns),
            wire=self._wire,
            up_bytes_per_s=self._up_bytes_per_s,
            down_bytes_per_s=self._down_bytes_per_s,
        )

    async def _explain_failure(self, error: ConnectError) -> str:
        others = {name: plugin for name, plugin in self._by_name.items() if name != self.transport}
        answering = await reachable_transports(others, self.settings.connect_address)
        return explain_failure(error, self.transport, answering)

    def _set_status(self, status: Status, text: str) -> None:
        self.status, self.status_text = status, text
