"""Game client without a screen: joins, plays, reconnects, and returns frames to draw.

Window, bots and measurements use it. ``Client.run`` runs in the event loop of the network thread,
which stamps arrivals and answers pings. ``frame``, ``set_controls`` and ``switch`` may be called
from any thread.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import Protocol

from game.client.connection import ServerConnection
from game.client.connector import Connector
from game.client.frame import Frame, NetworkStats, Scene, Status
from game.client.input_sender import InputSender
from game.client.netcode import NetcodeSettings
from game.client.observer import ClientObserver
from game.client.reporter import Reporter
from game.client.scene_builder import SceneBuilder
from game.client.settings import ClientSettings
from game.client.teacher_settings import TeacherSettings
from game.client.transport_switch import TransportSwitch
from game.match.controls import Controls
from game.match.controls_latch import ControlsLatch
from game.match.physics import TICK_HZ
from game.match.world import Team
from game.protocol import encoding
from game.protocol.delta_snapshots import SnapshotDecoder
from game.protocol.messages import (
    NO_SNAPSHOT,
    BlindTest,
    GameEvent,
    InputMessage,
    JoinRequest,
    JoinResponse,
    Notice,
    ReportsRequested,
    RoomAction,
    RoomRequest,
    Snapshot,
    TransportRequested,
)
from game.runtime.ticker import ticks
from net.codec import CODECS
from net.errors import SessionRefused
from net.measure.statistics import Rate
from net.session.messages import ApplicationMessage, SessionEvent, Welcome
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import LANE_EVENT, ChannelStats, Delivery, Transport

log = logging.getLogger(__name__)

# Channel counters are read ten times a second. Over a stream each reading is a system call.
COUNTERS_INTERVAL_TICKS = TICK_HZ // 10
# Events wait here for the next frame. A client that draws none, such as a bot, keeps the latest.
MAX_PENDING_EVENTS = 256


class Controller(Protocol):
    """A source of controls in place of a person; called in the network thread, once a tick."""

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Return the controls for the next tick."""


class Client:
    """A player or spectator on one server.

    ``transports``: the names that ``switch`` accepts. ``transport``: the one in use.
    ``connection``: the present one; None while there is none. Network thread only.
    ``controller``: decides the controls; None leaves them to ``set_controls``.
    ``refusal``: why the server refused us, once ``run`` has returned.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        transport: str,
        settings: ClientSettings,
        controller: Controller | None = None,
    ) -> None:
        self.settings = settings
        self.transports = tuple(transports)
        self.transport = transport
        self.status = Status.CONNECTING
        self.status_text = ""
        self._has_closed = False
        self.refusal: SessionRefused | None = None
        self.controller = controller
        self.observers: list[ClientObserver] = []
        self.connection: ServerConnection | None = None
        self.connector = Connector(transports, settings, self)
        self._codec = CODECS[settings.codec]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._switch = TransportSwitch(
            self.connector.open, lambda: self.transport, self._note_failed_switch
        )
        self._input_sender = InputSender()
        self._snapshots = SnapshotDecoder()
        self._acknowledges = False
        self._acknowledged_tick = NO_SNAPSHOT
        # The screen's thread sets it, the tick of the network thread reads it.
        self._controls = ControlsLatch()
        self._netcode = settings.netcode
        self._channel_stats = ChannelStats()
        self._up, self._down = Rate(), Rate()
        self._up_bytes_per_s = self._down_bytes_per_s = 0.0
        # Guards the scene builder and the events: the network thread adds to them while the
        # screen's thread draws.
        self._lock = threading.Lock()
        self._scene_builder: SceneBuilder | None = None
        self._events: deque[GameEvent] = deque(maxlen=MAX_PENDING_EVENTS)
        self._teacher_settings = TeacherSettings(settings.link_words)
        # None until the server asks for reports.
        self._reporter: Reporter | None = None

    async def run(self) -> None:
        """Join, and reconnect after every loss, until cancelled.

        Returns if the server refuses us for good; ``refusal`` then has the reason.
        Cancelling sends a close message.
        """
        self._loop = asyncio.get_running_loop()
        ticker = self._loop.create_task(self._run_ticks())
        try:
            while True:
                await self.connector.join(lambda: self.transport, self._set_join_status)
                self._has_closed = False
                await self._wait_until_lost()
        except SessionRefused as refusal:
            self.refusal = refusal
            self._set_status(Status.REFUSED, str(refusal))
        finally:
            ticker.cancel()
            await self._leave()

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls from the next tick on.

        A press that ends before the next tick is sent with that tick.
        """
        with self._lock:
            self._controls.set(controls)

    @property
    def netcode(self) -> NetcodeSettings:
        """The compensation for network delay; may be replaced at any time."""
        return self._netcode

    @netcode.setter
    def netcode(self, netcode: NetcodeSettings) -> None:
        with self._lock:
            self._netcode = netcode
            if self._scene_builder is not None:
                self._scene_builder.netcode = netcode

    def switch(self, transport: str) -> None:
        """Move to another transport during the match; the player stays the same.

        The old connection closes when the new one is welcomed. If that fails nothing changes.
        During a switch it is done next; of several requests the last one counts.
        """
        if self._loop is None:
            self.transport = transport
        else:
            self._loop.call_soon_threadsafe(self._move_to, transport)

    @property
    def server_link_label(self) -> str:
        """The label of the link that the server emulates before us; empty without one."""
        return self._teacher_settings.link_label

    def vote(self, transport: str) -> None:
        """Tell the server, in a blind test, which transport the player takes for this one."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cast_vote, transport)

    def ask_room(self, request: RoomRequest) -> None:
        """Ask the room for another team, to watch, for a pause, or to show a line of chat."""
        if self._loop is not None:
            body = encoding.encode_room_request(request, self._codec)
            self._loop.call_soon_threadsafe(self._send_reliably, body)
            self._loop.call_soon_threadsafe(self._keep_for_rejoin, request.action)

    @property
    def request(self) -> JoinRequest:
        """The join request, with the options ``nagle`` and ``unreliable_events``."""
        return self.connector.request

    @request.setter
    def request(self, request: JoinRequest) -> None:
        """Apply another request: over a new connection of the same transport, same player."""
        self.connector.request = request
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._apply_request)

    def frame(self, now: float) -> Frame:
        """Return what to draw at ``now``, in seconds of ``perf_counter``."""
        with self._lock:
            builder, connection = self._scene_builder, self.connection
            sample = builder.sample(now) if builder else None
            if builder and sample:
                builder.lag_monitor.add_frame(now, sample.starved)
                if self._reporter is not None:
                    self._reporter.add_frame(now, builder)
            events = tuple(self._events)
            self._events.clear()
            prediction = builder.prediction if builder else None
            return Frame(
                status=self.status,
                status_text=self.status_text,
                transport=self.transport,
                address=str(self.settings.address),
                network=self._network_stats(now, builder, connection),
                scene=builder.scene(sample, now) if builder and sample else None,
                is_starved=sample is None or sample.starved,
                is_extrapolated=bool(sample and sample.starved and self._netcode.extrapolates),
                netcode=self._netcode,
                corrections=prediction.corrections if prediction else None,
                render_time_s=builder.render_time_s(now) if builder and sample else None,
                newest_time_s=builder.newest_time_s if builder else None,
                own_id=builder.own_id if builder else None,
                events=events,
                link_label=self.settings.link_label or self._teacher_settings.link_label,
                switching_to=self._switch.target,
                blind_choices=self._teacher_settings.blind_choices,
            )

    @property
    def newest_time_s(self) -> float | None:
        """The server time of the newest snapshot; None before the first."""
        with self._lock:
            return self._scene_builder.newest_time_s if self._scene_builder else None

    def scene_at(self, server_time_s: float) -> Scene | None:
        """Return the interpolated scene at a server time, without prediction.

        After the newest snapshot nothing moves. None before the first.
        """
        with self._lock:
            return self._scene_builder.scene_at(server_time_s) if self._scene_builder else None

    def channel_stats(self) -> ChannelStats:
        """Return the counters of the present channel; network thread only."""
        return self.connection.channel.stats() if self.connection else self._channel_stats

    def on_welcome(self, connection: ServerConnection, welcome: Welcome) -> None:
        """Adopt a connection that the server has accepted (``ServerConnectionHandler``)."""
        response = encoding.decode_join_response(welcome.payload)
        with self._lock:
            old, self.connection = self.connection, connection
            self._adopt_match(response, welcome.resumed)
        self.connector.accept_welcome(welcome)
        self._use_transport(connection.channel.transport.name)
        self._set_status(Status.PLAYING, "")
        if old is not None:
            old.close()

    def on_message(
        self,
        connection: ServerConnection,
        message: ApplicationMessage | SessionEvent,
        received_at: float,
    ) -> None:
        """Read a snapshot or an event (``ServerConnectionHandler``)."""
        if connection is not self.connection:
            # The channel before a switch. What it still brings arrives over the new one too.
            return
        if isinstance(message, SessionEvent):
            if self.connector.event_receiver.accept(message):
                self._apply_event(encoding.decode_event(message.body, self._codec))
            return
        # Decode before taking the lock: it is the longest part, and a frame would wait for it.
        decoded = self._snapshots.decode(message.body, self._codec)
        if decoded is None:
            # Its baseline has not arrived. We go on to acknowledge an older one.
            return
        own, snapshot = decoded
        with self._lock:
            if self._scene_builder:
                self._scene_builder.add(own, snapshot, received_at)
        self._input_sender.acknowledge(own.last_input)
        for observer in self.observers:
            observer.snapshot_received(own, snapshot, received_at)

    def on_pong(self, connection: ServerConnection, sample: ClockSample) -> None:
        """Pass a clock sample on to the observers (``ServerConnectionHandler``)."""
        if connection is self.connection:
            for observer in self.observers:
                observer.ping_answered(sample)

    def _adopt_match(self, response: JoinResponse, resumed: bool) -> None:
        """Use the state of a welcome. The caller holds the lock."""
        assert self.connection is not None
        if self._scene_builder is None or not resumed:
            # A server that does not know us may be another one, whose clock counts from elsewhere.
            clock_filter = ClockFilter()
            self.connection.session.clock_filter = self.connector.clock_filter = clock_filter
            self._scene_builder = SceneBuilder(
                response, clock_filter, self._netcode, perf_counter()
            )
            self._input_sender = InputSender()
            self._snapshots = SnapshotDecoder()
            self._teacher_settings.reset()
            self._reporter = None
        self._acknowledges, self._acknowledged_tick = response.deltas, NO_SNAPSHOT
        self._scene_builder.set_roster(response.roster)
        unreliable_events = self.connector.request.unreliable_events
        self._scene_builder.announced_score = response.score if unreliable_events else None

    async def _wait_until_lost(self) -> None:
        """Wait until there is no connection; a switch of transport replaces it meanwhile."""
        while (connection := self.connection) is not None:
            await asyncio.shield(connection.closed)
            # The server closes the old channel when it welcomes us over the new one. Its close
            # message may arrive before that welcome.
            await self._switch.wait()
            if connection is self.connection:
                self.connection = None
                log.info("lost %s: %s", self.settings.address, connection.close_reason)
                self._has_closed = connection.was_closed_by_server
                status = Status.CLOSED if self._has_closed else Status.LOST
                self._set_status(status, f"{connection.close_reason}: trying again")

    async def _leave(self) -> None:
        self._switch.cancel()
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.session.send_close("left")
            await connection.channel.close()
        if self.status is not Status.REFUSED:
            self._set_status(Status.LEFT, "")

    def _move_to(self, transport: str) -> None:
        if self.connection is None:
            # Nothing to move: the next attempt to join uses the new transport.
            self._use_transport(transport)
        else:
            self._switch.move_to(transport)

    def _apply_request(self) -> None:
        # Without a connection the next hello carries the request anyway.
        if self.connection is not None:
            self._switch.reopen()

    def _use_transport(self, transport: str) -> None:
        """Set the transport in use, and reset the statistics if it is another one."""
        with self._lock:
            if self._scene_builder is not None and transport != self.transport:
                self._reset_stats(self._scene_builder)
            self.transport = transport

    def _note_failed_switch(self, transport: str, error: Exception) -> None:
        newest = self._scene_builder.newest if self._scene_builder else None
        self._events.append(Notice(newest.tick if newest else 0, f"{transport}: {error}"))

    async def _run_ticks(self) -> None:
        """Send inputs and check timeouts, sixty times a second."""
        async with aclosing(ticks(1 / TICK_HZ)) as deadlines:
            tick = 0
            async for _ in deadlines:
                tick += 1
                if (connection := self.connection) is not None:
                    connection.tick(perf_counter())
                    self._send_input(connection)
                    self._send_report(connection, perf_counter())
                    if tick % COUNTERS_INTERVAL_TICKS == 0:
                        self._read_counters(connection)

    def _read_counters(self, connection: ServerConnection) -> None:
        """Copy the channel's counters, which belong to this thread, for the screen's thread."""
        now, stats = perf_counter(), connection.channel.stats()
        self._up_bytes_per_s = self._up.update(now, stats.wire_bytes_sent)
        self._down_bytes_per_s = self._down.update(now, stats.wire_bytes_received)
        with self._lock:
            if self._scene_builder and stats.stale > self._channel_stats.stale:
                self._scene_builder.lag_monitor.mark_stale(stats.stale - self._channel_stats.stale)
        self._channel_stats = stats

    def _send_input(self, connection: ServerConnection) -> None:
        builder = self._scene_builder
        if builder is None:
            return
        if builder.own_id is None:
            self._send_acknowledgement(connection)
            return
        with self._lock:
            # Also if a controller decides: an old press must not be sent when a person takes over.
            controls = self._controls.read()
        if self.controller and builder.newest:
            controls = self.controller.decide(builder.newest, builder.own_id)
        message = self._input_sender.push(controls, self._snapshot_tick)
        now = perf_counter()
        with self._lock:
            builder.predict(message.newest, controls, now)
        for observer in self.observers:
            observer.input_sent(message.newest, controls, now)
        # LATEST: a lost input is repeated by the next message, sooner than a retransmission.
        body = encoding.encode_input(message, self._codec)
        connection.session.send_application(body, Delivery.LATEST)

    @property
    def _snapshot_tick(self) -> int | None:
        """The tick to acknowledge; None to a server that sends no deltas."""
        if not self._acknowledges:
            return None
        return self._snapshots.newest_tick if self._netcode.deltas else NO_SNAPSHOT

    def _send_acknowledgement(self, connection: ServerConnection) -> None:
        """Acknowledge a new snapshot without inputs, as a spectator."""
        if self._acknowledges and self._snapshots.newest_tick > self._acknowledged_tick:
            self._acknowledged_tick = self._snapshots.newest_tick
            message = InputMessage(0, (), self._snapshot_tick)
            body = encoding.encode_input(message, self._codec)
            connection.session.send_application(body, Delivery.LATEST)

    def _apply_event(self, event: GameEvent | None) -> None:
        # None: an event of a later protocol version.
        if event is None:
            return
        with self._lock:
            if self._scene_builder:
                self._scene_builder.apply_event(event)
                if self._teacher_settings.apply(event):
                    self._reset_stats(self._scene_builder)
            if isinstance(event, ReportsRequested):
                self._reporter = Reporter(self.transports, event.interval_s, perf_counter())
            self._events.append(event)
        if isinstance(event, BlindTest) and (vote := self._teacher_settings.vote):
            # The server asks again after a loss or a switch, in which the vote may have been lost.
            self._cast_vote(vote)
        if isinstance(event, TransportRequested) and event.transport in self.transports:
            self._move_to(event.transport)

    def _reset_stats(self, builder: SceneBuilder) -> None:
        """Begin the statistics again. The caller holds the lock."""
        builder.reset_stats(perf_counter())
        if self._reporter is not None:
            self._reporter.reset()

    def _send_report(self, connection: ServerConnection, now: float) -> None:
        """Send the statistics to the server, if it asked for them and they are due."""
        builder = self._scene_builder
        if self._reporter is None or builder is None or not self._reporter.is_due(now):
            return
        with self._lock:
            report = self._reporter.report(now, builder)
        body = encoding.encode_report(report, self._codec)
        # A lane of its own: in that of the inputs, each would replace the other.
        connection.session.send_application(body, Delivery.LATEST, LANE_EVENT)

    def _keep_for_rejoin(self, action: RoomAction) -> None:
        """Join like this again, where a server does not know us any more."""
        team = {RoomAction.PLAY_ORANGE: Team.ORANGE, RoomAction.PLAY_SKY: Team.SKY}.get(action)
        if team is not None or action is RoomAction.WATCH:
            self.connector.request = replace(
                self.connector.request, team=team, watch=action is RoomAction.WATCH
            )

    def _cast_vote(self, transport: str) -> None:
        self._teacher_settings.vote = transport
        self._send_reliably(encoding.encode_vote(transport, self._codec))

    def _send_reliably(self, body: bytes) -> None:
        if self.connection is not None:
            self.connection.session.send_application(body, Delivery.RELIABLE)

    def _network_stats(
        self, now: float, builder: SceneBuilder | None, connection: ServerConnection | None
    ) -> NetworkStats:
        if builder is None or connection is None:
            return NetworkStats(None, None, 0.0)
        return NetworkStats(
            rtt_s=builder.clock.rtt_s if builder.clock.ready else None,
            snapshot_age_s=builder.age_s(now),
            silence_s=connection.session.silence_s(now),
            lag=builder.lag_monitor.stats(now),
            columns=tuple(builder.lag_monitor.columns),
            wire=self._channel_stats,
            up_bytes_per_s=self._up_bytes_per_s,
            down_bytes_per_s=self._down_bytes_per_s,
        )

    def _set_join_status(self, status: Status, text: str) -> None:
        """Set the status while an attempt to join fails; after a close message it stays that."""
        # That nobody listens any more is no news then, and no fault of the network.
        if not self._has_closed or status is not Status.LOST:
            self._set_status(status, text)

    def _set_status(self, status: Status, text: str) -> None:
        self.status, self.status_text = status, text
        for observer in self.observers:
            observer.status_changed(status, text, perf_counter())
