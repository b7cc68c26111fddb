"""One match of a league: two bots, each behind a relay of its own, and a spectator that counts."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from time import perf_counter

from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.lab.join_timeout import emulated_round_trip_s, join_timeout_s
from game.lab.league.bot_command import BotCommand
from game.lab.league.bot_process import BotProcess, BotStartError
from game.lab.league.disqualification import BotTraffic
from game.lab.league.referee import Referee
from game.lab.league.schedule import Fixture
from game.lab.league.table import BotFigures, MatchResult
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MIN
from net.link.profile import Link
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.transport import Address, Transport

# The spectator's name in the roster of a match; it is in no team.
SPECTATOR_NAME = "referee"
# Seconds of real time for each second of play. Goals stop the clock, and a kick-off may take 8 s.
_REAL_TIME_RATIO = 5.0
_PAUSES_S = 60.0
_POLL_S = 0.1


class MatchError(Exception):
    """The match cannot be judged: the server is gone, or refuses the spectator."""


@dataclass(frozen=True, slots=True)
class LeagueSettings:
    """Settings that all matches of a league share.

    ``transports``: by name, those that the server listens on. ``spectator_transport``: one of them.
    ``bots`` and ``transport_of``: by the bots' names.
    """

    server: Address
    link: Link
    seed: int
    match_s: float
    transports: Mapping[str, Transport]
    spectator_transport: str
    bots: Mapping[str, BotCommand]
    transport_of: Mapping[str, str]


@dataclass(slots=True)
class _Side:
    """One bot in a match, and what is known of it."""

    bot: BotCommand
    index: int
    relay: RelayProcess
    process: BotProcess | None = None
    traffic: BotTraffic = field(default_factory=BotTraffic)
    failure: str = ""
    warnings: tuple[str, ...] = ()

    def figures(self, kicks: int) -> BotFigures:
        """Return the figures at the end of the match."""
        # The last connection ended with the match, unless the bot failed.
        ended = self.traffic.connections - (not self.failure)
        return BotFigures(kicks, self.traffic.packets, max(0, ended), self.failure, self.warnings)


class LeagueMatch:
    """A match to be played once, by ``play``; ``outputs`` then has what the bots have printed."""

    def __init__(self, settings: LeagueSettings, fixture: Fixture) -> None:
        self.outputs: dict[str, bytes] = {}
        self._settings = settings
        self._fixture = fixture
        self._referee = Referee()
        self._spectator = self._make_spectator()

    async def play(self) -> MatchResult:
        """Play to the end, or until a bot fails; whatever happens, no process is left.

        Raises ``MatchError``, and ``NetError`` if a relay cannot start.
        """
        async with AsyncExitStack() as stack:
            watching = asyncio.create_task(self._spectator.run())
            stack.push_async_callback(_cancel, watching)
            await self._wait_for_spectator(watching)
            relays = ExitStack()
            stack.callback(relays.close)
            sides = await asyncio.to_thread(self._open_relays, relays)
            try:
                await self._play(sides)
            except BaseException:
                # A cancelled task awaits nothing more.
                _end(sides)
                raise
            await asyncio.to_thread(_end, sides)
            for side in sides:
                if side.process is not None:
                    self.outputs[side.bot.name] = bytes(side.process.output)
        orange, sky = sides
        figures = (
            orange.figures(self._referee.kicks(0)),
            sky.figures(self._referee.kicks(1)),
        )
        return MatchResult(self._fixture, self._referee.goals, figures)

    async def _play(self, sides: Sequence[_Side]) -> None:
        for side in sides:
            # One after the other: the first to join is orange.
            await self._join(side, sides)
            if side.failure:
                return
        limit = perf_counter() + _PAUSES_S + _REAL_TIME_RATIO * self._settings.match_s
        while not self._referee.is_over and perf_counter() < limit:
            await asyncio.sleep(_POLL_S)
            self._watch(sides)
            for side in sides:
                self._judge(side)
            if any(side.failure for side in sides):
                return

    async def _join(self, side: _Side, sides: Sequence[_Side]) -> None:
        """Start a bot and wait until it plays, or has failed."""
        try:
            # Not in a thread: a cancelled task would leave a bot that nobody ends.
            side.process = BotProcess(self._command(side), self._environment(side))
        except BotStartError as error:
            side.failure = str(error)
            return
        limit_s = join_timeout_s(emulated_round_trip_s(self._settings.link))
        limit = perf_counter() + limit_s
        while len(self._referee.players) <= side.index:
            await asyncio.sleep(_POLL_S)
            self._watch(sides)
            for started in sides[: side.index]:
                self._judge(started)
            if side.process.exit_code is not None:
                side.failure = _ended_text(side.process)
            elif perf_counter() > limit:
                side.failure = f"it has not joined within {limit_s:g} s"
            if any(each.failure for each in sides):
                return
        side.traffic.begin(perf_counter())

    def _watch(self, sides: Sequence[_Side]) -> None:
        now = perf_counter()
        self._referee.watch(self._spectator.frame(now).events)
        if self._spectator.refusal is not None or self._spectator.status is Status.CLOSED:
            raise MatchError(f"the server of the league is gone: {self._spectator.status_text}")
        for side in sides:
            side.traffic.count(side.relay.connections(), now)

    def _judge(self, side: _Side) -> None:
        """Set the failure of a bot that has one."""
        assert side.process is not None
        if side.process.exit_code is not None:
            side.failure = _ended_text(side.process)
        elif self._referee.has_left(side.index):
            side.failure = "its player has left the match"
        else:
            side.failure = side.traffic.disqualification(perf_counter())

    def _make_spectator(self) -> Client:
        settings = self._settings
        watch = JoinRequest(
            SPECTATOR_NAME, self._fixture.room, watch=True, snapshot_hz=SNAPSHOT_HZ_MIN
        )
        client = ClientSettings(settings.server, watch)
        return Client(settings.transports, settings.spectator_transport, client)

    async def _wait_for_spectator(self, watching: "asyncio.Task[None]") -> None:
        """Wait until the spectator is in the room, which it opens."""
        limit = perf_counter() + join_timeout_s(0.0)
        while self._spectator.status is not Status.PLAYING:
            if watching.done() or perf_counter() > limit:
                raise MatchError(f"the server of the league is gone: {self._spectator.status_text}")
            await asyncio.sleep(_POLL_S / 4)

    def _open_relays(self, stack: ExitStack) -> tuple[_Side, _Side]:
        """Open a relay for each bot. One seed: both links lose the same packets."""
        settings, fixture = self._settings, self._fixture
        offsets = [transport.port_offset for transport in settings.transports.values()]
        relay = RelaySettings(settings.link, settings.seed, settings.server, game_routes(offsets))
        orange, sky = (stack.enter_context(RelayProcess(relay)) for _ in range(2))
        return (
            _Side(settings.bots[fixture.orange], 0, orange),
            _Side(settings.bots[fixture.sky], 1, sky),
        )

    def _command(self, side: _Side) -> list[str]:
        given = self._environment(side)
        names = ("HOST", "PORT", "ROOM", "NAME", "TRANSPORT")
        return [*side.bot.words, *(given[f"JITTERBALL_{name}"] for name in names)]

    def _environment(self, side: _Side) -> dict[str, str]:
        transport = self._settings.transport_of[side.bot.name]
        port = side.relay.port + self._settings.transports[transport].port_offset
        return {
            "JITTERBALL_HOST": LOOPBACK,
            "JITTERBALL_PORT": str(port),
            "JITTERBALL_ROOM": self._fixture.room,
            "JITTERBALL_NAME": side.bot.name,
            "JITTERBALL_TRANSPORT": transport,
        }


def _end(sides: Sequence[_Side]) -> None:
    """End the bots of a match."""
    processes = [(side, side.process) for side in sides if side.process is not None]
    for _, process in processes:
        process.request_end()
    for side, process in processes:
        side.warnings += process.end()


def _ended_text(process: BotProcess) -> str:
    code = process.exit_code
    how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
    last_line = process.last_line
    return f"it ended {how}: {last_line}" if last_line else f"it ended {how}"


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait({task})
