"""Room: one match with its bots, players and spectators.  [pure]

Turns inputs into ticks, and ticks into events of the protocol.
"""

from dataclasses import dataclass, field, replace
from random import Random

from game.match.bots import Bot, Skill
from game.match.formation import MAX_PLAYERS
from game.match.physics import TICK_HZ, BounceContact, KickContact
from game.match.pitch import PitchSize
from game.match.roster import MatchFullError
from game.match.rules import GoalScored, Match, MatchEvent, MatchSettings, Phase, PhaseEntered
from game.match.world import Team
from game.protocol.delta_snapshots import SnapshotEncoder
from game.protocol.messages import (
    NO_PLAYER,
    Bounced,
    ChatLine,
    GameEvent,
    Goal,
    JoinResponse,
    Kicked,
    LimitsChanged,
    OwnState,
    PauseChanged,
    PhaseChanged,
    PlayerJoined,
    PlayerLeft,
    ReadyPlayers,
    Roster,
    RosterEntry,
)
from game.protocol.names import unique_name
from game.server.idle_players import IdlePlayers
from game.server.input_queue import InputQueue
from game.server.readiness import Readiness, Wait

# Stands for the server's host where a member of the room would be named.
NO_MEMBER = ""
# In units/s. A softer bounce makes no sound on the client, so it is not sent.
AUDIBLE_BOUNCE = 120.0
BOT_NAMES = (
    *("Ada", "Alan", "Barbara", "Edith", "Dennis", "Donald", "Edsger", "Frances", "Grace", "Hedy"),
    *("Ida", "John", "Joan", "Ken", "Leslie", "Linus", "Margaret", "Niklaus", "Radia", "Vint"),
)


_BREAKS = {Phase.HALF_TIME: Wait.HALF_TIME, Phase.FINAL: Wait.FINAL}


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """Bots of a room, and durations of its matches.

    ``bots_give_way``: ``bots`` counts people too. A bot leaves for each, and comes back after.
    ``idle_s``: a bot plays for a person without input for this time in seconds. 0: never.
    ``size``: if this many play here, people who name no room go to another one. 0: no limit.
    ``restart_with``: the match starts again when this many people play, since those who came
    first could score against nobody. 0: never.
    """

    bots: int = 0
    bot_skill: Skill = Skill.NORMAL
    match: MatchSettings = field(default_factory=MatchSettings)
    restart_with: int = 0
    size: int = 0
    idle_s: float = 0.0
    bots_give_way: bool = False


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """Upper bounds on the rooms and player slots of one server.

    Slots include those that are reserved for players whose connection was lost.
    """

    rooms: int = 64
    slots: int = 4096


@dataclass(slots=True, eq=False)
class Member:
    """Member of a room: a player or a spectator; a spectator has no ``player_id``.

    ``is_connected``: false while its slot is reserved for a client that was lost.
    """

    name: str
    transport: str
    player_id: int | None
    is_connected: bool = True
    inputs: InputQueue = field(default_factory=InputQueue)


class Room:
    """One match and its members.

    ``offset_ticks`` shifts the snapshots of this room against those of other rooms.
    ``is_paused``: the match stands still; its tick goes on, so that snapshots are sent.
    ``paused_by``: the member who stopped it.
    ``seed`` decides all that is random in the match.
    ``snapshots`` encodes the snapshots for its clients.
    """

    def __init__(self, name: str, settings: RoomSettings, seed: int) -> None:
        self.name = name
        self.match = Match(seed, settings.match)
        self.members: list[Member] = []
        self.snapshots = SnapshotEncoder()
        self.offset_ticks = 0
        self.is_paused = False
        self.paused_by = NO_MEMBER
        self._hides_transports = False
        self._settings = settings
        self._rng = Random(seed)
        self._bots: dict[int, Bot] = {}
        self._events: list[GameEvent] = []
        # A generator of its own: idle players must not change what the others' chance is.
        self._idle = IdlePlayers(settings.idle_s, settings.bot_skill, Random(seed + 1))
        self._readiness = Readiness()
        self._fit_bots()

    @property
    def player_count(self) -> int:
        """The number of people who play; without bots and spectators."""
        return sum(member.player_id is not None for member in self.members)

    @property
    def _tick(self) -> int:
        return self.match.world.tick

    def join(
        self, name: str, transport: str, watch: bool = False, team: Team | None = None
    ) -> Member:
        """Add a player, or a spectator, and return the member.

        A taken name gets a number. Without a ``team`` the player joins the one with fewer people.
        In a full match the player replaces a bot. Other bots change sides to balance the teams.
        Raises ``MatchFullError`` if the match is full of people.
        """
        if watch:
            member = Member(name, transport, None)
        else:
            shown = unique_name(name, {entry.name for entry in self.match.roster().values()})
            member = Member(shown, transport, self._take_player(shown, team))
        self.members.append(member)
        if member.player_id is not None:
            self._fit_bots()
            self._events += [PlayerJoined(self._tick, member.name), self.roster()]
            if self.player_count == self._settings.restart_with:
                self.restart()
        return member

    def leave(self, member: Member) -> None:
        """Remove a member, and the player of that member.

        A bot that made way for a player comes back, and bots balance the teams.
        """
        self.members.remove(member)
        if member.player_id is not None:
            self.match.leave(member.player_id)
            self._forget(member.player_id)
            self._fit_bots()
            self._events += [PlayerLeft(self._tick, member.name), self.roster()]

    def play_for(self, member: Member, team: Team) -> None:
        """Let a member play for a team: a player changes sides, a spectator comes in.

        Raises ``MatchFullError`` if the match is full of people.
        """
        if member.player_id is None:
            taken = {entry.name for entry in self.match.roster().values()}
            name = unique_name(member.name, taken)
            member.player_id = self._take_player(name, team)
            member.name = name
            self._events.append(PlayerJoined(self._tick, member.name))
        else:
            self.match.set_teams({member.player_id: team})
        self._fit_bots()
        self._events.append(self.roster())

    def watch(self, member: Member) -> None:
        """Make a player a spectator; a bot that made way comes back."""
        if member.player_id is None:
            return
        self.match.leave(member.player_id)
        self._forget(member.player_id)
        member.player_id = None
        self._fit_bots()
        self._events += [PlayerLeft(self._tick, member.name), self.roster()]

    def set_paused(self, is_on: bool, name: str) -> None:
        """Stop the match, or let it go on; ``name`` is the member who asked, or ``NO_MEMBER``."""
        if is_on != self.is_paused:
            self.is_paused, self.paused_by = is_on, name
            self._events.append(PauseChanged(self._tick, is_on, name))

    def set_limits(self, half_s: float, goal_limit: int, pitch_size: PitchSize) -> None:
        """Change the duration of a half, the goal limit, and the pitch of the next matches."""
        before = self.match.settings
        self.match.set_limits(half_s, goal_limit, pitch_size)
        if self.match.settings != before:
            self._events.append(self.limits())

    def limits(self) -> LimitsChanged:
        """Return the event that tells a client the limits of the matches."""
        settings = self.match.settings
        return LimitsChanged(self._tick, settings.half_s, settings.goal_limit, settings.pitch_size)

    def set_ready(self, member: Member, is_ready: bool) -> None:
        """Note that a player is ready to go on, or not yet; nothing happens while nobody waits."""
        if member.player_id is None or self._wait is None:
            return
        if member.player_id in self._idle:
            # Who says so is there again.
            self._idle.forget(member.player_id)
            self._events.append(self.roster())
        # The wait may have begun after the last tick.
        self._update_readiness()
        self._readiness.say(member.player_id, is_ready)

    def ready_players(self) -> ReadyPlayers:
        """Return the event that tells a client who is ready to go on."""
        return ReadyPlayers(self._tick, self._readiness.ready, self._readiness.awaited)

    def is_ready(self, member: Member) -> bool:
        """Return whether a member is ready to go on."""
        return member.player_id in self._readiness.ready

    @property
    def _wait(self) -> Wait | None:
        """The present wait; None while the match is played."""
        if self.is_paused:
            return Wait.PAUSE
        return _BREAKS.get(self.match.phase)

    def _follow_readiness(self) -> None:
        """Tell who is ready, and go on if all are."""
        self._update_readiness()
        # A teacher's pause ends when the teacher has finished.
        is_teachers = self.is_paused and self.paused_by == NO_MEMBER
        if self._readiness.are_all and not is_teachers:
            if self.is_paused:
                self.set_paused(False, NO_MEMBER)
            else:
                for event in self.match.end_break():
                    self._publish(event)
            self._update_readiness()

    def _update_readiness(self) -> None:
        """Count who is ready and who is awaited, and tell everybody what has changed."""
        wait = self._wait
        players = {} if wait is None else self._waiting_players()
        if self._readiness.update(wait, players):
            self._events.append(self.ready_players())

    def _waiting_players(self) -> dict[int, bool]:
        """Return the people who play, by player id, and whether the others wait for each."""
        connected = {
            member.player_id: member.is_connected
            for member in self.members
            if member.player_id is not None
        }
        active = {
            player_id: is_connected and player_id not in self._idle
            for player_id, is_connected in connected.items()
        }
        # Where all are idle, as after a long talk of the teacher, they hold nobody up.
        return active if any(active.values()) else connected

    def _forget(self, player_id: int) -> None:
        """Forget a player whose id another one may get."""
        self._idle.forget(player_id)
        self._readiness.say(player_id, False)

    def chat(self, member: Member, text: str) -> None:
        """Show a line of a member to everybody in the room."""
        self._events.append(ChatLine(self._tick, member.name, text))

    def set_transport(self, member: Member, transport: str) -> None:
        """Set the transport of a member, which the roster shows."""
        if member.transport != transport:
            member.transport = transport
            self._events.append(self.roster())

    def set_hides_transports(self, is_on: bool) -> None:
        """Leave the transports out of the roster, or name them again."""
        if is_on != self._hides_transports:
            self._hides_transports = is_on
            self._events.append(self.roster())

    def restart(self) -> None:
        """Begin a new match with the same players."""
        for event in self.match.restart():
            self._publish(event)

    def draw_teams(self, rng: Random) -> None:
        """Put the people into new teams by lot, and begin a new match."""
        people = [each.player_id for each in self.members if each.player_id is not None]
        rng.shuffle(people)
        self.match.set_teams({player: Team(n % 2) for n, player in enumerate(people)})
        self.restart()

    def set_bots(self, count: int) -> None:
        """Set the number of bots beside the people, as far as there are free slots."""
        self._settings = replace(self._settings, bots=count, bots_give_way=False)
        self._fit_bots()
        self._events.append(self.roster())

    def step(self) -> list[GameEvent]:
        """Play one tick and return the events since the last one, in order."""
        self._follow_readiness()
        world = self.match.world
        if self.is_paused:
            world.tick += 1
            events, self._events = self._events, []
            return events
        is_play = self.match.phase in (Phase.KICK_OFF, Phase.PLAY)
        controls = {
            member.player_id: member.inputs.pop()
            for member in self.members
            if member.player_id is not None
        }
        if self._idle.replace_controls(controls, world, is_play):
            self._events.append(self.roster())
        for player_id, bot in self._bots.items():
            controls[player_id] = bot.decide(world, is_play)
        for event in self.match.step(controls):
            self._publish(event)
        events, self._events = self._events, []
        return events

    def own_state(self, member: Member) -> OwnState:
        """Return the part of a snapshot that is for this member only."""
        player_id = NO_PLAYER if member.player_id is None else member.player_id
        return OwnState(player_id, member.inputs.last_used, member.inputs.waiting)

    def join_response(
        self, member: Member, snapshot_ticks: int, deltas: bool = False
    ) -> JoinResponse:
        """Return the payload of the welcome to a member; ``deltas`` if it gets delta snapshots."""
        return JoinResponse(
            player_id=member.player_id,
            room=self.name,
            tick_hz=TICK_HZ,
            snapshot_ticks=snapshot_ticks,
            half_s=self.match.settings.half_s,
            score=self.match.score,
            roster=self.roster(),
            deltas=deltas,
        )

    def roster(self) -> Roster:
        """Return the roster, with the transport of every person."""
        entries = (self._roster_entry(player_id) for player_id in self.match.roster())
        return Roster(self._tick, tuple(entries))

    def _roster_entry(self, player_id: int) -> RosterEntry:
        entry = self.match.roster()[player_id]
        transports = (m.transport for m in self.members if m.player_id == player_id)
        transport = "" if self._hides_transports else next(transports, "")
        is_bot = entry.is_bot or player_id in self._idle
        counts = entry.goals, transport, entry.assists, entry.own_goals
        return RosterEntry(player_id, entry.name, entry.team, is_bot, *counts)

    def _take_player(self, name: str, team: Team | None) -> int:
        try:
            return self.match.join(name, team)
        except MatchFullError:
            if not self._bots:
                raise
            self._remove_bot()
            return self.match.join(name, team)

    def _fit_bots(self) -> None:
        """Add or remove bots as the settings say, as far as there are free slots."""
        people, settings = self.player_count, self._settings
        wanted = settings.bots - people if settings.bots_give_way else settings.bots
        wanted = max(0, min(wanted, MAX_PLAYERS - people))
        while len(self._bots) > wanted:
            self._remove_bot()
        while len(self._bots) < wanted:
            self._add_bot()
        self.match.balance_teams()

    def _remove_bot(self) -> None:
        player_id, _ = self._bots.popitem()
        self.match.leave(player_id)

    def _add_bot(self) -> None:
        taken = {entry.name for entry in self.match.roster().values()}
        fresh = [name for name in BOT_NAMES if name not in taken]
        name = unique_name(self._rng.choice(fresh or BOT_NAMES), taken)
        player_id = self.match.join(name, is_bot=True)
        rng = Random(self._rng.getrandbits(64))
        self._bots[player_id] = Bot(player_id, self._settings.bot_skill, rng)

    def _publish(self, event: MatchEvent) -> None:
        match event:
            case KickContact(player_id):
                self._events.append(Kicked(self._tick, player_id))
            case BounceContact(strength, is_post) if strength >= AUDIBLE_BOUNCE:
                self._events.append(Bounced(self._tick, strength, is_post))
            case GoalScored(team, scorer_id, own_goal, score):
                goal = Goal(self._tick, team, scorer_id, own_goal, score)
                # The roster carries each player's goals.
                self._events += [goal, self.roster()]
            case PhaseEntered(phase, half):
                # A new match clears the goals and may move bots to the other side.
                self._events += [PhaseChanged(self._tick, phase, half), self.roster()]
