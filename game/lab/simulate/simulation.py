"""A whole measured match in virtual time: same rules, same sessions, same links, no socket.  [pure]

One seed gives identical results, and minutes take seconds: so the figures can be held to what the
link says they must be, which no stopwatch on a busy machine can do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from game.client.bot_controller import BotController
from game.client.input_sender import InputSender
from game.lab.measure.analysis import Analysis, AnalysisSettings, ReferenceTrack, analyse
from game.lab.measure.recording import Recorder, Recording, counted_since
from game.lab.measure.results import LinkCounters
from game.lab.simulate.virtual_wire import DatagramWire, SimulatedChannel, StreamWire, VirtualTime
from game.match.bots import Skill
from game.match.controls import NEUTRAL
from game.match.physics import TICK_HZ
from game.protocol import encoding, messages
from game.protocol.messages import JoinRequest, OwnState, Snapshot
from game.protocol.snapshot import snapshot_of
from game.server.room import Member, Room, RoomSettings
from net.codec import MSGPACK
from net.errors import SessionRefused
from net.link.profile import Link
from net.link.tcp.endpoint import Side
from net.session.client import ClientSession
from net.session.messages import ApplicationMessage, Hello, SessionEvent, Welcome
from net.session.server import ServerSession
from net.sync.clock import ClockFilter, ClockSample
from net.transport import ChannelStats, Delivery

# By name, what each transport's messages travel in.
WIRES: Mapping[str, type[SimulatedChannel]] = {"tcp": StreamWire, "udp": DatagramWire}
SERVER_PING_INTERVAL_S = 1.0
_NO_OWN = OwnState(messages.NO_PLAYER, 0, 0)


@dataclass(frozen=True, slots=True)
class SkewedClock:
    """A client's clock beside the server's: ``offset_s`` ahead, gaining ``drift_ratio``."""

    offset_s: float = 0.0
    drift_ratio: float = 0.0

    def at(self, now: float) -> float:
        """Return what it shows when the server's shows ``now``."""
        return now + self.offset_s + self.drift_ratio * now


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """What is simulated: names of ``WIRES`` side by side in one match over one link.

    Figures begin after ``warm_up_s``. ``changes`` are links that hold from a time on. With a
    skewed clock the ages rest on the estimated offset, else on one clock for both ends.
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
    def terms(self) -> AnalysisSettings:
        """What holds for all of its runs."""
        is_shared = self.clock == SkewedClock()
        return AnalysisSettings(self.interval_ticks, self.interpolation_s, is_shared)


def simulate(script: SimulationSettings) -> dict[str, Analysis]:
    """Play the script; return what each transport's client met."""
    time = VirtualTime()
    server = _Server(time, script)
    clients = {name: _Client(time, script, name) for name in script.names}
    for client in clients.values():
        server.accept(client.wire)
        client.begin()
    for at, link in script.changes:
        for client in clients.values():
            time.call_at(at, _setting(client.wire, link))
    time.run_until(script.warm_up_s)
    for client in clients.values():
        client.begin_recording()
    time.run_until(script.warm_up_s + script.seconds)
    truth = ReferenceTrack(server.truth.recording.arrivals)
    return {
        name: analyse(name, "simulated", script.link, client.end(), truth, script.terms)
        for name, client in clients.items()
    }


def _setting(wire: SimulatedChannel, link: Link) -> Callable[[], None]:
    return lambda: wire.set_link(link)


class _Seat:
    """One client's place: its session, and its member of the room once it is welcome."""

    def __init__(self, server: "_Server", wire: SimulatedChannel) -> None:
        self._server = server
        self.member: Member | None = None
        self.session = ServerSession(
            lambda message, delivery, lane: wire.send(Side.SERVER, message, delivery, lane),
            lambda: server.time.now,
            ClockFilter(),
            SERVER_PING_INTERVAL_S,
        )
        wire.receivers[Side.SERVER] = self.receive

    def receive(self, message: bytes) -> None:
        """Read what the client says."""
        heard = self.session.message_received(message, self._server.time.now)
        if isinstance(heard, Hello):
            self._welcome(encoding.decode_join_request(heard.payload))
        elif isinstance(heard, ApplicationMessage) and self.member is not None:
            said = encoding.decode_input(heard.body, MSGPACK)
            self.member.inputs.push(said.newest, said.controls)

    def _welcome(self, request: JoinRequest) -> None:
        server = self._server
        self.member = server.room.join(request.name, request.name)
        welcome = server.room.join_response(self.member, server.script.interval_ticks)
        self.session.welcome(Welcome("token", False, 0, encoding.encode_join_response(welcome)))


class _Server:
    """The server of one room, with its clock as the measure of all things."""

    def __init__(self, time: VirtualTime, script: SimulationSettings) -> None:
        self.time = time
        self.script = script
        self.room = Room("", RoomSettings(script.bots), script.seed)
        self.truth = Recorder()
        self._seats: list[_Seat] = []
        self._events = 0
        time.call_at(1 / TICK_HZ, self._tick)

    def accept(self, wire: SimulatedChannel) -> None:
        """Receive a client."""
        self._seats.append(_Seat(self, wire))

    def _tick(self) -> None:
        now, room = self.time.now, self.room
        for event in room.step():
            self._events += 1
            body = encoding.encode_event(event, MSGPACK)
            for seat in self._seats:
                if seat.member:
                    seat.session.send_event(SessionEvent(self._events, body))
        snapshot = snapshot_of(room.match, now, 0.0)
        self.truth.snapshot_received(_NO_OWN, snapshot, now)
        tick = room.match.world.tick
        if tick % self.script.interval_ticks == 0:
            self._show(snapshot)
        self.time.call_at((tick + 1) / TICK_HZ, self._tick)

    def _show(self, snapshot: Snapshot) -> None:
        shared = encoding.encode_snapshot(snapshot, MSGPACK)
        for seat in self._seats:
            seat.session.send_ping_if_due(self.time.now)
            if seat.member:
                body = encoding.prepend_own_state(shared, self.room.own_state(seat.member))
                seat.session.send_application(body, Delivery.LATEST)


class _Client:
    """A client with a driver and a recorder, and a clock of its own."""

    def __init__(self, time: VirtualTime, script: SimulationSettings, name: str) -> None:
        self.wire = WIRES[name](time, script.link, script.seed)
        self._time = time
        self._script = script
        self._name = name
        self._recorder = Recorder()
        self._inputs = InputSender()
        self._driver = BotController(Skill.NORMAL, Random(f"{script.seed}/{name}"))
        self._phase_s = Random(script.seed).uniform(0.0, 1 / TICK_HZ)
        self._ticks = 0
        self._player_id: int | None = None
        self._newest: Snapshot | None = None
        self._session: ClientSession
        self._started_at = 0.0
        self._wire_at_start = ChannelStats()
        self._ledger_at_start: LinkCounters

    def begin(self) -> None:
        """Say hello, and tick from now on."""
        wire = self.wire
        wire.receivers[Side.CLIENT] = self._receive
        payload = encoding.encode_join_request(JoinRequest(self._name, ""))
        self._session = ClientSession(
            lambda message, delivery, lane: wire.send(Side.CLIENT, message, delivery, lane),
            self._now,
            ClockFilter(),
            Hello(MSGPACK.name, payload),
        )
        self._time.call_at(self._phase_s, self._tick)

    def begin_recording(self) -> None:
        """Count from now on."""
        self._started_at = self._now()
        self._wire_at_start = self.wire.counters(Side.CLIENT)
        self._ledger_at_start = self.wire.ledger()

    def end(self) -> Recording:
        """Return what was recorded up to now."""
        recording = self._recorder.recording
        recording.started_at, recording.ended_at = self._started_at, self._now()
        recording.wire = counted_since(self._wire_at_start, self.wire.counters(Side.CLIENT))
        recording.ledger = self.wire.ledger().since(self._ledger_at_start)
        return recording

    def _now(self) -> float:
        return self._script.clock.at(self._time.now)

    def _receive(self, message: bytes) -> None:
        now = self._now()
        heard = self._session.message_received(message, now)
        if isinstance(heard, Welcome):
            self._player_id = encoding.decode_join_response(heard.payload).player_id
        elif isinstance(heard, ClockSample):
            self._recorder.ping_answered(heard)
        elif isinstance(heard, ApplicationMessage):
            own, snapshot = encoding.decode_snapshot(heard.body, MSGPACK)
            self._inputs.acknowledge(own.last_input)
            self._recorder.snapshot_received(own, snapshot, now)
            if self._newest is None or snapshot.tick > self._newest.tick:
                self._newest = snapshot
        elif isinstance(heard, SessionRefused):
            raise heard

    def _tick(self) -> None:
        self._ticks += 1
        self._time.call_at(self._phase_s + self._ticks / TICK_HZ, self._tick)
        if self._player_id is None:
            return
        now = self._now()
        self._session.send_ping_if_due(now)
        controls = NEUTRAL
        if self._newest is not None:
            controls = self._driver.decide(self._newest, self._player_id)
        message = self._inputs.push(controls)
        self._recorder.input_sent(message.newest, controls, now)
        body = encoding.encode_input(message, MSGPACK)
        self._session.send_application(body, Delivery.LATEST)
