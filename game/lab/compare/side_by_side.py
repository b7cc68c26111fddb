"""Several clients side by side: the same match at the same time, each over its own transport.

Every client is reached through a relay of its own with the same seed, so all transports meet the
same fate; beside them a spectator may watch the server past the emulated link and tell the truth.
The comparison draws a lineup, the measurement sums it up. Knows no pixels and no plugin by name.
"""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import hypot, inf
from random import Random
from types import TracebackType
from typing import Self

from game.client.bot_controller import BotController
from game.client.client import Client
from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.settings import ClientSettings
from game.match.bots import Skill
from game.match.world import Team
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX
from net.link.profile import Link, RelayProtocol
from net.link.relay.process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.link.stats import ConnectionStats
from net.security.options import SecurityOptions
from net.transport import Address, SocketOptions, Transport

REFERENCE_NAME = "truth"


@dataclass(frozen=True, slots=True)
class LineupSettings:
    """Who stands side by side, and in front of what.

    ``names`` are transports, one client each, all in ``team``; ``address`` is the server's, with
    the port that people type. Without a ``link`` there is no relay. ``has_truth`` adds the
    spectator: only where the server is near enough to tell the truth in time. ``skill`` None
    leaves the players without a driver. ``nagle`` and ``unreliable_events`` are lessons.
    """

    address: Address
    names: tuple[str, ...]
    has_truth: bool
    link: Link | None = None
    seed: int = 0
    room: str = ""
    team: Team | None = Team.ORANGE
    skill: Skill | None = Skill.NORMAL
    snapshot_hz: int | None = None
    codec: str = "msgpack"
    netcode: NetcodeSettings = field(
        default_factory=lambda: NetcodeSettings(prediction=PredictionMode.OWN_PLAYER)
    )
    sockets: SocketOptions = field(default_factory=SocketOptions)
    unreliable_events: bool = False
    access: SecurityOptions = field(default_factory=SecurityOptions)


class ClientGroup:
    """A context manager: inside the block the relays are up; ``run`` lets the clients play.

    ``clients`` are by the name of the transport they begin with, in the order asked for. ``run``
    belongs to the network's thread, everything else may be called from any thread. Raises
    ``ListenError`` on entering.
    """

    def __init__(self, transports: Mapping[str, Transport], settings: LineupSettings) -> None:
        self.settings = settings
        self.clients: dict[str, Client] = {}
        self.reference: Client | None = None
        self._transports = transports
        self._relays: dict[str, RelayProcess] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        settings = self.settings
        with ExitStack() as stack:
            if settings.link is not None:
                self._relays = stack.enter_context(self._relaying(settings.link))
            self.clients = {name: self._client(name) for name in settings.names}
            if settings.has_truth:
                self.reference = self._spectator()
            self._closing = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    async def run(self) -> None:
        """Play until cancelled; a client that is refused leaves the others playing."""
        await asyncio.gather(self.run_clients(), self.run_truth())

    async def run_clients(self) -> None:
        """Play without the spectator, who then is to be run elsewhere."""
        await asyncio.gather(*(client.run() for client in self.clients.values()))

    async def run_truth(self) -> None:
        """Watch until cancelled."""
        if self.reference is not None:
            await self.reference.run()

    def set_link(self, link: Link) -> None:
        """Hold ``link`` from the next packet on; there must have been one from the beginning."""
        for relay in self._relays.values():
            relay.set_link(link)

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet of every client, both ways, for a while."""
        for relay in self._relays.values():
            relay.burst_loss(duration_s)

    def link_stats(self) -> dict[str, ConnectionStats]:
        """Return what the link has done to each client that has a connection through it.

        The figures are those of the call before: ask several times a second.
        """
        told = {name: self._of_client(name, relay) for name, relay in self._relays.items()}
        return {name: figures for name, figures in told.items() if figures is not None}

    @property
    def relay_pids(self) -> list[int]:
        """The numbers of the relays' processes."""
        return [relay.pid for relay in self._relays.values()]

    @property
    def reference_is_delayed(self) -> bool:
        """Whether the truth must come from the later snapshots of the clients themselves."""
        return self.reference is None

    def reference_scene(self, server_time_s: float) -> Scene | None:
        """Return the true state at a time of the server's clock; None while nobody can know it."""
        witnesses = [self.reference] if self.reference is not None else list(self.clients.values())
        witness = max(witnesses, key=_newest_time_s)
        if _newest_time_s(witness) < server_time_s:
            return None
        return witness.scene_at(server_time_s)

    def visual_error(self, name: str, frame: Frame) -> float | None:
        """Return how far from the truth a client's frame drew the ball, in pitch units.

        The truth is that of the frame's render time, and the ball is taken as interpolated even
        where it is drawn predicted. None while nobody can know it.
        """
        if frame.scene is None or frame.render_time_s is None:
            return None
        drawn: Scene | None = frame.scene
        if frame.netcode.prediction is PredictionMode.OWN_PLAYER_AND_BALL:
            drawn = self.clients[name].scene_at(frame.render_time_s)
        truth = self.reference_scene(frame.render_time_s)
        if drawn is None or truth is None:
            return None
        return hypot(drawn.ball_x - truth.ball_x, drawn.ball_y - truth.ball_y)

    def autopilot(self, name: str) -> BotController | None:
        """Return a driver for a client, the same one's habits every time; None without a skill."""
        if self.settings.skill is None:
            return None
        return BotController(self.settings.skill, Random(f"{self.settings.seed}/{name}"))

    @contextmanager
    def _relaying(self, link: Link) -> Iterator[dict[str, RelayProcess]]:
        """Run a relay for each client; they start at once, since each takes a quarter second."""
        settings = self.settings
        offsets = [transport.port_offset for transport in self._transports.values()]
        relay_settings = RelaySettings(link, settings.seed, settings.address, game_routes(offsets))
        with ExitStack() as stack, ThreadPoolExecutor(len(settings.names)) as starters:

            def start(_name: str) -> RelayProcess:
                return stack.enter_context(RelayProcess(relay_settings))

            started = list(starters.map(start, settings.names))
            with stack.pop_all():
                yield dict(zip(settings.names, started, strict=True))

    def _client(self, name: str) -> Client:
        relay = self._relays.get(name)
        settings = self.settings
        address = Address(LOOPBACK, relay.port) if relay else settings.address
        join = JoinRequest(
            name,
            settings.room,
            snapshot_hz=settings.snapshot_hz,
            team=settings.team,
            nagle=settings.sockets.nagle,
            unreliable_events=settings.unreliable_events,
        )
        client_settings = ClientSettings(
            address,
            join,
            settings.codec,
            settings.netcode,
            settings.sockets,
            security=settings.access,
        )
        return Client(self._transports, name, client_settings, self.autopilot(name))

    def _spectator(self) -> Client:
        """Return a client that sees every tick and passes no relay."""
        watch = JoinRequest(
            REFERENCE_NAME, self.settings.room, watch=True, snapshot_hz=SNAPSHOT_HZ_MAX
        )
        # Where LATEST always arrives, no tick is missing from the truth.
        names = sorted(
            self.settings.names,
            key=lambda name: self._transports[name].guarantees.latest_may_be_lost,
        )
        client_settings = ClientSettings(
            self.settings.address, watch, security=self.settings.access
        )
        return Client(self._transports, names[0], client_settings)

    def _of_client(self, name: str, relay: RelayProcess) -> ConnectionStats | None:
        """Return the figures of the connection that a client uses now, as far as can be told."""
        transport = self._transports[self.clients[name].transport]
        kind = (
            RelayProtocol.TCP if transport.guarantees.head_of_line_blocking else RelayProtocol.UDP
        )
        port = relay.port + transport.port_offset
        return max(
            (figures for figures in relay.connections() if figures.port == port),
            key=lambda figures: (figures.kind is kind, figures.number),
            default=None,
        )


def _newest_time_s(client: Client) -> float:
    newest_time_s = client.newest_time_s
    return -inf if newest_time_s is None else newest_time_s
