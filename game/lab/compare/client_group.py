"""Several clients side by side: the same match at the same time, each over its own transport.

Every client has a relay of its own. All relays use the same seed, so the same packets are lost on
every transport. A spectator without a relay may be added as the reference: it knows the match
before it went through the emulated link. The comparison draws a client group, the measurement
records one.
"""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from math import hypot, inf
from random import Random
from time import monotonic
from typing import Self

from game.client.bot_controller import BotController
from game.client.client import Client
from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.settings import ClientSettings
from game.lab.compare.deferred_delivery import defer_delivery
from game.match.bots import Skill
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX
from net.link.packet_log import FlowLog, OnLog, PacketLogBuffer, fan_out
from net.link.profile import Link, RelayProtocol
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.link.stats import ConnectionStats
from net.security.options import SecurityOptions
from net.transport import Address, SocketOptions, Transport

REFERENCE_NAME = "reference"


@dataclass(frozen=True, slots=True)
class ClientGroupSettings:
    """The clients of a group, and the server and link they use.

    ``address`` is the server's, with its base port. ``names`` are transports, one client each.
    ``has_reference`` adds the spectator; it needs a server on this computer. Without a ``link``
    there are no relays. Without a ``skill`` no bot controls the players. ``nagle`` (in ``sockets``)
    and ``unreliable_events`` show a mistake on purpose. ``has_packet_log``: the relays log
    each packet, for ``ClientGroup.packet_log``.
    """

    address: Address
    names: tuple[str, ...]
    has_reference: bool
    link: Link | None = None
    seed: int = 0
    room: str = ""
    skill: Skill | None = Skill.NORMAL
    snapshot_hz: int | None = None
    codec: str = "msgpack"
    netcode: NetcodeSettings = field(
        default_factory=lambda: NetcodeSettings(prediction=PredictionMode.OWN_PLAYER)
    )
    sockets: SocketOptions = field(default_factory=SocketOptions)
    unreliable_events: bool = False
    security: SecurityOptions = field(default_factory=SecurityOptions)
    has_packet_log: bool = False


class ClientGroup:
    """A context manager that starts the relays; ``run`` connects the clients.

    ``clients`` has the transport names as keys, in the order of the settings.
    ``on_log`` gets the packet logs of all relays too, from a thread of each relay.
    Entering raises ``ListenError`` if a relay cannot be started.
    Thread: ``run`` belongs to the network thread; other methods can be called from any thread.
    """

    def __init__(
        self,
        transports: Mapping[str, Transport],
        settings: ClientGroupSettings,
        on_log: OnLog | None = None,
    ) -> None:
        if settings.link is not None:
            # Begun once for all relays: each transport is at the same position of a recording.
            settings = replace(settings, link=settings.link.playing(monotonic()))
        self.settings = settings
        self.clients: dict[str, Client] = {}
        self.reference: Client | None = None
        # All clients share a thread.
        self._transports = defer_delivery(transports)
        self._relays: dict[str, RelayProcess] = {}
        self._on_log = on_log
        self._logs = {name: PacketLogBuffer() for name in settings.names}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        settings = self.settings
        with ExitStack() as stack:
            if settings.link is not None:
                self._relays = stack.enter_context(self._start_relays(settings.link))
            self.clients = {name: self._make_client(name) for name in settings.names}
            if settings.has_reference:
                self.reference = self._make_reference()
            self._closing = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._closing.close()

    async def run(self) -> None:
        """Play until cancelled; if one client is refused, the others play on."""
        await asyncio.gather(self.run_clients(), self.run_reference())

    async def run_clients(self) -> None:
        """Run the clients without the reference, which another thread may run."""
        await asyncio.gather(*(client.run() for client in self.clients.values()))

    async def run_reference(self) -> None:
        """Run the reference client, if there is one, until cancelled."""
        if self.reference is not None:
            await self.reference.run()

    def set_link(self, link: Link) -> None:
        """Emulate ``link`` from the next packet on; the settings must have had a link."""
        for relay in self._relays.values():
            relay.set_link(link)

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet of every client in both directions for ``duration_s``."""
        for relay in self._relays.values():
            relay.burst_loss(duration_s)

    def link_stats(self) -> dict[str, ConnectionStats]:
        """Return the link's counters for each client that has a connection through it.

        A relay answers with the counters of the previous call: call several times a second.
        """
        stats = {name: self._stats_of(name, relay) for name, relay in self._relays.items()}
        return {name: each for name, each in stats.items() if each is not None}

    def packet_log(self, name: str) -> list[FlowLog]:
        """Return a client's packets since the last call; none if the settings ask for no log.

        Flows of the relay that the client has left, or has not joined yet, are among them:
        ``link_stats`` has the port and the number of the present one.
        """
        return self._logs[name].drain()

    @property
    def relay_pids(self) -> list[int]:
        """The process ids of the relays."""
        return [relay.pid for relay in self._relays.values()]

    @property
    def reference_is_delayed(self) -> bool:
        """True if the reference comes from the clients' own later snapshots."""
        return self.reference is None

    def reference_newest_time_s(self) -> float | None:
        """Return the newest server time with a reference scene; None before the first."""
        source = self._reference_source()
        return None if source is None else source.newest_time_s

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the reference scene at a server time; None if it is not known yet."""
        source = self._reference_source()
        if source is None or _newest_time_s(source) < server_time_s:
            return None
        return source.scene_at(server_time_s)

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return the distance of the ball in a client's frame from the reference, in pitch units.

        The reference is that of the frame's render time. A predicted ball is replaced by the
        interpolated one, since it is drawn ahead of the render time on purpose.
        Returns None if the reference is not known.
        """
        if frame.scene is None or frame.render_time_s is None:
            return None
        drawn: Scene | None = frame.scene
        if frame.netcode.prediction is PredictionMode.OWN_PLAYER_AND_BALL:
            drawn = self.clients[name].scene_at(frame.render_time_s)
        reference = self.reference_scene(frame.render_time_s)
        if drawn is None or reference is None:
            return None
        return hypot(drawn.ball_x - reference.ball_x, drawn.ball_y - reference.ball_y)

    def bot_controller(self, name: str) -> BotController | None:
        """Return a bot for a client, the same for the same seed; None without a skill."""
        if self.settings.skill is None:
            return None
        return BotController(self.settings.skill, Random(f"{self.settings.seed}/{name}"))

    def _reference_source(self) -> Client | None:
        """Return the client with the newest snapshot: the reference if there is one."""
        if self.reference is not None:
            return self.reference
        return max(self.clients.values(), key=_newest_time_s, default=None)

    @contextmanager
    def _start_relays(self, link: Link) -> Iterator[dict[str, RelayProcess]]:
        """Start a relay for each client, all at once: one takes a quarter of a second."""
        settings = self.settings
        offsets = [transport.port_offset for transport in self._transports.values()]
        relay_settings = RelaySettings(link, settings.seed, settings.address, game_routes(offsets))
        with ExitStack() as stack, ThreadPoolExecutor(len(settings.names)) as starters:

            def start(name: str) -> RelayProcess:
                relay = RelayProcess(relay_settings, self._log_subscriber(name))
                return stack.enter_context(relay)

            started = list(starters.map(start, settings.names))
            with stack.pop_all():
                yield dict(zip(settings.names, started, strict=True))

    def _log_subscriber(self, name: str) -> OnLog | None:
        """Return what gets the packet log of a client's relay; None if nobody wants it."""
        keep = self._logs[name].add if self.settings.has_packet_log else None
        return fan_out(keep, self._on_log)

    def _make_client(self, name: str) -> Client:
        relay = self._relays.get(name)
        settings = self.settings
        address = Address(LOOPBACK, relay.port) if relay else settings.address
        join = JoinRequest(
            name,
            settings.room,
            snapshot_hz=settings.snapshot_hz,
            nagle=settings.sockets.nagle,
            unreliable_events=settings.unreliable_events,
        )
        client_settings = ClientSettings(
            address,
            join,
            settings.codec,
            settings.netcode,
            settings.sockets,
            security=settings.security,
        )
        return Client(self._transports, name, client_settings, self.bot_controller(name))

    def _make_reference(self) -> Client:
        """Return a spectator that receives every tick and has no relay."""
        watch = JoinRequest(
            REFERENCE_NAME, self.settings.room, watch=True, snapshot_hz=SNAPSHOT_HZ_MAX
        )
        # If there is a transport over which LATEST always arrives, the reference lacks no tick.
        names = sorted(
            self.settings.names,
            key=lambda name: self._transports[name].guarantees.latest_may_be_lost,
        )
        settings = ClientSettings(self.settings.address, watch, security=self.settings.security)
        return Client(self._transports, names[0], settings)

    def _stats_of(self, name: str, relay: RelayProcess) -> ConnectionStats | None:
        """Return the counters of the connection that a client uses now; None if none is known."""
        transport = self._transports[self.clients[name].transport]
        protocol = (
            RelayProtocol.TCP if transport.guarantees.head_of_line_blocking else RelayProtocol.UDP
        )
        port = relay.port + transport.port_offset
        # A port can have old connections, and UDP beside TCP: the newest of the protocol counts.
        return max(
            (stats for stats in relay.connections() if stats.port == port),
            key=lambda stats: (stats.kind is protocol, stats.number),
            default=None,
        )


def _newest_time_s(client: Client) -> float:
    newest_time_s = client.newest_time_s
    return -inf if newest_time_s is None else newest_time_s
