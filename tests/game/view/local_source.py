"""Play source without a network: a match that plays by itself."""

import random
from dataclasses import replace

from game.client.frame import DrawnPlayer, Frame, NetworkStats, Scene, Status
from game.client.netcode import NetcodeSettings
from game.match import physics, rules
from game.match.bots import Bot, Skill
from game.match.controls import NEUTRAL, Controls
from game.match.physics import TICK_HZ
from game.match.rules import Match, MatchSettings, Phase
from game.protocol.messages import (
    Bounced,
    GameEvent,
    Goal,
    Kicked,
    PhaseChanged,
    RoomRequest,
    Roster,
    RosterEntry,
)
from net.link.packet_log import FlowLog

DECISION_TICKS = 4
NAMES = ("Ada", "Grace", "Edsger", "Radia", "Vint", "Zoë", "Íñigo", "Barbara", "Linus", "Margaret")


class LocalSource:
    """Match of ``players``: the first takes controls, the others are bots.

    The match advances with ``now``, so the test's clock is the match's clock.
    """

    transports = ("tcp", "udp", "websocket")
    nagle = False
    packet_clock_offset_s = 0.0

    def __init__(
        self, players: int = 10, seed: int = 7, settings: MatchSettings | None = None
    ) -> None:
        self.match = Match(seed, settings)
        self.own_id = self.match.join("You")
        self.controls = NEUTRAL
        self.transport = "udp"
        self.switched_to: list[str] = []
        self.votes: list[str] = []
        self.netcode = NetcodeSettings()
        self.asked: list[RoomRequest] = []
        self.impairments: list[tuple[str, bool]] = []
        self.overrides: dict[str, object] = {}
        # New packets, on the clock of the frames.
        self.packet_logs: list[FlowLog] = []
        self.network = NetworkStats(0.052, 0.031, 0.01)
        rng = random.Random(seed)
        self._bots = [
            Bot(self.match.join(NAMES[n % len(NAMES)], is_bot=n % 3 > 0), Skill.HARD, rng)
            for n in range(players - 1)
        ]
        self._started_at: float | None = None
        self._ticks = 0
        self._controls: dict[int, Controls] = {}
        self._events: list[GameEvent] = []

    def ask_room(self, request: RoomRequest) -> None:
        self.asked.append(request)

    def vote(self, transport: str) -> None:
        self.votes.append(transport)

    def set_controls(self, controls: Controls) -> None:
        self.controls = controls

    def packet_log(self) -> list[FlowLog]:
        logs, self.packet_logs = self.packet_logs, []
        return logs

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        self.netcode = netcode

    def set_nagle(self, is_on: bool) -> None:
        self.impairments.append(("nagle", is_on))

    def set_unreliable_events(self, is_on: bool) -> None:
        self.impairments.append(("latest events", is_on))

    def switch(self, transport: str) -> None:
        self.switched_to.append(transport)
        self.transport = transport

    def frame(self, now: float) -> Frame:
        self.play_until(now)
        events, self._events = tuple(self._events), []
        frame = Frame(
            status=Status.PLAYING,
            status_text="",
            transport=self.transport,
            address="192.168.1.38:7777",
            network=self.network,
            scene=self.scene(),
            is_starved=False,
            is_extrapolated=False,
            netcode=self.netcode,
            corrections=None,
            render_time_s=self._ticks / TICK_HZ,
            newest_time_s=self._ticks / TICK_HZ,
            own_id=self.own_id,
            events=events,
            link_label="",
        )
        return replace(frame, **self.overrides)  # type: ignore[arg-type]

    def play_until(self, now: float) -> None:
        """Simulate the ticks that have passed since the first call."""
        if self._started_at is None:
            self._started_at = now
        while self._ticks < (now - self._started_at) * TICK_HZ:
            self.step()

    def step(self) -> None:
        """Simulate one tick."""
        self._ticks += 1
        match = self.match
        is_play = match.phase in (Phase.KICK_OFF, Phase.PLAY)
        # Their decisions take most of a match's processor time, hence one for some ticks.
        if self._ticks % DECISION_TICKS == 1:
            bots = {bot.player_id: bot.decide(match.world, is_play) for bot in self._bots}
            self._controls.update(bots)
        self._controls[self.own_id] = self.controls
        for event in match.step(self._controls):
            self._note(event)

    def _note(self, event: rules.MatchEvent) -> None:
        tick = self.match.world.tick
        match event:
            case rules.GoalScored():
                self._events.append(self.roster())
                goal = (event.team, event.scorer_id, event.own_goal, event.score)
                self._events.append(Goal(tick, *goal))
            case physics.KickContact():
                self._events.append(Kicked(tick, event.player_id))
            case physics.BounceContact():
                self._events.append(Bounced(tick, event.strength, event.is_post))
            case rules.PhaseEntered():
                self._events.append(PhaseChanged(tick, event.phase, event.half))

    def roster(self) -> Roster:
        entries = self.match.roster().items()
        return Roster(
            self.match.world.tick,
            tuple(
                RosterEntry(player_id, e.name, e.team, e.is_bot, e.goals, "udp")
                for player_id, e in entries
            ),
        )

    def scene(self) -> Scene:
        """Return the present state of the match."""
        match, roster = self.match, self.match.roster()
        world = match.world
        players = tuple(
            DrawnPlayer(
                body.player_id,
                roster[body.player_id].name,
                body.team,
                body.x,
                body.y,
                body.kicking,
                body.player_id == self.own_id,
                roster[body.player_id].is_bot,
            )
            for body in world.players.values()
        )
        return Scene(
            tick=world.tick,
            phase=match.phase,
            half=match.half,
            clock_s=match.clock_s,
            half_s=match.settings.half_s,
            score=match.score,
            ball_x=world.ball.x,
            ball_y=world.ball.y,
            players=players,
        )
