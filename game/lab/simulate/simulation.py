"""A simulated measurement in virtual time, without sockets.  [pure]

Match, sessions and link models are the real ones. One seed gives identical results, and a minute
takes about a second. So tests can compare the results with the settings of the link exactly, on a
busy machine too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from game.client.bot_controller import BotController
from game.client.input_sender import InputSender
from game.lab.measure.analysis import Analysis, analyse
from game.lab.measure.client_recording import ClientRecorder, ClientRecording, stats_since
from game.lab.measure.replay import AnalysisSettings, ReferenceTrack
from game.lab.measure.results import LinkCounters
from game.lab.simulate.virtual_wire import (
    SimulatedChannel,
    SimulatedDatagramChannel,
    SimulatedStreamChannel,
    VirtualTime,
)
from game.match.bots import Skill
from game.match.controls import NEUTRAL
from game.match.physics import TICK_HZ
from game.protocol import encoding, messages
from game.protocol.messages import JoinRequest, OwnState, Snapshot
from game.protocol.snapshot import snapshot_of
from game.server.room import Member, Room, RoomSettings
from net.codec import MSGPACK
from net.errors import SessionRefused
from net.link.packet_log import LogRecord
from net.link.profile import Link
from net.link.tcp.endpoint import Side
from net.session.client import ClientSession
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.session.server import ServerSession
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import ChannelStats, Delivery

# The simulated channel of each transport.
CHANNELS: Mapping[str, type[SimulatedChannel]] = {
    "tcp": SimulatedStreamChannel,
    "udp": SimulatedDatagramChannel,
}
SERVER_PING_INTERVAL_S = 1.0

# Called with the name of a client and each record of its link's packet log.
OnRecord = Callable[[str, LogRecord], None]

_NO_OWN = OwnState(messages.NO_PLAYER, 0, 0)


@dataclass(frozen=True, slots=True)
class SkewedClock:
    """A client's clock, ``offset_s`` ahead of the server's and gaining ``drift_ratio``."""

    offset_s: float = 0.0
    drift_ratio: float = 0.0

    def at(self, now: float) -> float:
        """Return the client's time at the server time ``now``."""
        return now + self.offset_s + self.drift_ratio * now


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """The settings of a simulation: clients in one match over one link.

    ``names`` are keys of ``CHANNELS``. The recording starts after ``warm_up_s``. ``changes`` are
    (time, link) pairs: each link replaces the previous one. With a skewed ``clock`` the ages use
    the estimated offset, else both ends share one clock.
    """

    link: Link
    names: tuple[str, ...] = ("tcp", "udp")
    seed: int = 7
    seconds: float = 20.0
    warm_up_s: float = 2.0
    bots: int = 2
    interval_ticks: int = 2
    interpolation_s: float = 4 / TICK_HZ
    clock: SkewedClock = SkewedClock()
    changes: tuple[tuple[float, Link], ...] = ()

    @property
    def analysis_settings(self) -> AnalysisSettings:
        """The settings for the analysis of each run."""
        is_shared = self.clock == SkewedClock()
        return AnalysisSettings(self.interval_ticks, self.interpolation_s, is_shared)


def simulate(
    settings: SimulationSettings, on_record: OnRecord | None = None
) -> dict[str, Analysis]:
    """Run a simulation; return the analysis of each transport's client."""
    time = VirtualTime()
    server = _Server(time, settings)
    clients = {name: _Client(time, settings, name, on_record) for name in settings.names}
    for client in clients.values():
        server.accept(client.channel)
        client.start()
    for at, link in settings.changes:
        for client in clients.values():
            time.call_at(at, _link_setter(client.channel, link))
    time.run_until(settings.warm_up_s)
    for client in clients.values():
        client.start_recording()
    time.run_until(settings.warm_up_s + settings.seconds)
    reference = ReferenceTrack(server.reference.recording.arrivals)
    return {
        name: analyse(
            name, "simulated", settings.link, client.end(), reference, settings.analysis_settings
        )
        for name, client in clients.items()
    }


def _link_setter(channel: SimulatedChannel, link: Link) -> Callable[[], None]:
    return lambda: channel.set_link(link)


class _ServerClient:
    """The server's side of one client: its session, and its room member after the welcome."""

    def __init__(self, server: "_Server", channel: SimulatedChannel) -> None:
        self._server = server
        self.member: Member | None = None
        self.session = ServerSession(
            lambda message, delivery, lane: channel.send(Side.SERVER, message, delivery, lane),
            lambda: server.time.now,
            ClockFilter(),
            SERVER_PING_INTERVAL_S,
        )
        channel.receivers[Side.SERVER] = self.receive

    def receive(self, message: bytes) -> None:
        """Handle a message of the client."""
        received = self.session.message_received(message, self._server.time.now)
        if isinstance(received, Hello):
            self._welcome(encoding.decode_join_request(received.payload))
        elif isinstance(received, ApplicationMessage) and self.member is not None:
            inputs = encoding.decode_input(received.body, MSGPACK)
            self.member.inputs.push(inputs.newest, inputs.controls)

    def _welcome(self, request: JoinRequest) -> None:
        server = self._server
        self.member = server.room.join(request.name, request.name)
        response = server.room.join_response(self.member, server.settings.interval_ticks)
        self.session.welcome(Welcome("token", False, 0, encoding.encode_join_response(response)))


class _Server:
    """The server of one room; virtual time is its clock."""

    def __init__(self, time: VirtualTime, settings: SimulationSettings) -> None:
        self.time = time
        self.settings = settings
        self.room = Room("", RoomSettings(settings.bots), settings.seed)
        self.reference = ClientRecorder()
        self._clients: list[_ServerClient] = []
        self._events = 0
        time.call_at(1 / TICK_HZ, self._tick)

    def accept(self, channel: SimulatedChannel) -> None:
        """Accept a client's channel."""
        self._clients.append(_ServerClient(self, channel))

    def _tick(self) -> None:
        now, room = self.time.now, self.room
        for event in room.step():
            self._events += 1
            body = encoding.encode_event(event, MSGPACK)
            for client in self._clients:
                if client.member:
                    client.session.send_event(SessionEvent(self._events, body))
        snapshot = snapshot_of(room.match, now, 0.0)
        self.reference.snapshot_received(_NO_OWN, snapshot, now)
        tick = room.match.world.tick
        if tick % self.settings.interval_ticks == 0:
            self._send_snapshot(snapshot)
        self.time.call_at((tick + 1) / TICK_HZ, self._tick)

    def _send_snapshot(self, snapshot: Snapshot) -> None:
        shared = encoding.encode_snapshot(snapshot, MSGPACK)
        for client in self._clients:
            # As the real server: before the hello, an answer to a ping would be a protocol error.
            if client.member:
                client.session.send_ping_if_due(self.time.now)
                body = encoding.prepend_own_state(shared, self.room.own_state(client.member))
                client.session.send_application(body, Delivery.LATEST)


class _Client:
    """A client with a bot, a recorder and its own clock."""

    def __init__(
        self,
        time: VirtualTime,
        settings: SimulationSettings,
        name: str,
        on_record: OnRecord | None,
    ) -> None:
        log = None if on_record is None else partial(on_record, name)
        self.channel = CHANNELS[name](time, settings.link, settings.seed, log)
        self._time = time
        self._settings = settings
        self._name = name
        self._recorder = ClientRecorder()
        self._inputs = InputSender()
        self._bot = BotController(Skill.NORMAL, Random(f"{settings.seed}/{name}"))
        self._phase_s = Random(settings.seed).uniform(0.0, 1 / TICK_HZ)
        self._ticks = 0
        self._player_id: int | None = None
        self._newest: Snapshot | None = None
        self._session: ClientSession
        self._started_at = 0.0
        self._stats_at_start = ChannelStats()
        self._link_counters_at_start: LinkCounters

    def start(self) -> None:
        """Send the hello and start the ticks."""
        channel = self.channel
        channel.receivers[Side.CLIENT] = self._receive
        payload = encoding.encode_join_request(JoinRequest(self._name, ""))
        self._session = ClientSession(
            lambda message, delivery, lane: channel.send(Side.CLIENT, message, delivery, lane),
            self._now,
            ClockFilter(),
            Hello(MSGPACK.name, payload),
        )
        self._time.call_at(self._phase_s, self._tick)

    def start_recording(self) -> None:
        """Start the recording."""
        self._started_at = self._now()
        self._stats_at_start = self.channel.stats(Side.CLIENT)
        self._link_counters_at_start = self.channel.link_counters()

    def end(self) -> ClientRecording:
        """Return the recording up to now."""
        recording = self._recorder.recording
        recording.started_at, recording.ended_at = self._started_at, self._now()
        recording.wire = stats_since(self._stats_at_start, self.channel.stats(Side.CLIENT))
        recording.link_counters = self.channel.link_counters().since(self._link_counters_at_start)
        return recording

    def _now(self) -> float:
        return self._settings.clock.at(self._time.now)

    def _receive(self, message: bytes) -> None:
        now = self._now()
        received = self._session.message_received(message, now)
        if isinstance(received, Welcome):
            self._player_id = encoding.decode_join_response(received.payload).player_id
        elif isinstance(received, ClockSample):
            self._recorder.ping_answered(received)
        elif isinstance(received, ApplicationMessage):
            own, snapshot = encoding.decode_snapshot(received.body, MSGPACK)
            self._inputs.acknowledge(own.last_input)
            self._recorder.snapshot_received(own, snapshot, now)
            if self._newest is None or snapshot.tick > self._newest.tick:
                self._newest = snapshot
        elif isinstance(received, SessionRefused):
            raise received

    def _tick(self) -> None:
        self._ticks += 1
        self._time.call_at(self._phase_s + self._ticks / TICK_HZ, self._tick)
        if self._player_id is None:
            return
        now = self._now()
        self._session.send_ping_if_due(now)
        controls = NEUTRAL
        if self._newest is not None:
            controls = self._bot.decide(self._newest, self._player_id)
        message = self._inputs.push(controls)
        self._recorder.input_sent(message.newest, controls, now)
        body = encoding.encode_input(message, MSGPACK)
        self._session.send_application(body, Delivery.LATEST)
