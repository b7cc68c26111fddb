"""What client and server of the game say to each other, as bytes and as plain values.  [pure]

An application's message begins with its kind; what follows, by kind:

    INPUT     codec array: u32 newest sequence number, then the code of 1 to 8 controls, the
              newest last; a code is (x + 127) * 512 + (y + 127) * 2 + kick
    SNAPSHOT  u8 player (255: a watcher), u32 last input used, u8 inputs waiting;
              then, the same bytes for every player of the match, a codec array: ``_SNAPSHOT``

An event is a codec array, its kind and what ``_EVENTS`` says; the payloads of hello and welcome
are arrays too. Who reads an array passes over items at its end that it does not know.
Lengths and speeds travel as multiples of ``QUANTUM``. Knows no session, no channel and no clock.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from game.match.controls import Controls
from game.match.rules import Phase
from game.match.world import Team

# Pitch units, and units a second. A 32nd of a unit is a 30th of a pixel on a large screen, and
# the farthest place (600 units) and highest speed (720) still fit 16 bits. Being a power of two
# it adds no rounding of its own: the error is at most a 64th.
QUANTUM = 1 / 32


TIME_QUANTUM_S = 1e-6


CLOCK_QUANTUM_S = 0.01


# 133 ms of inputs: a burst that loses more is a stall that no repetition hides.
INPUTS_PER_MESSAGE = 8


U32_MAX = (1 << 32) - 1


# In the place of a player's id: this client watches.
NO_PLAYER = 255


# Far longer than the server lets a name or room be: it wants to see, and cut, what was asked for.
MAX_TEXT_CHARS = 128


class MessageKind(IntEnum):
    """The first byte of a message of the game's."""

    INPUT = 1
    SNAPSHOT = 2


class InputMessage(NamedTuple):
    """The latest controls of a player: 1 to ``INPUTS_PER_MESSAGE``, the last numbered ``newest``.

    Each message repeats those that no snapshot has confirmed yet, so that a lost one costs
    nothing.
    """

    newest: int
    controls: tuple[Controls, ...]


class BallState(NamedTuple):
    """Where the ball is, in pitch units, and its velocity, in units a second."""

    x: float
    y: float
    vx: float
    vy: float


class PlayerState(NamedTuple):
    """A player's disc: all that the physics step reads, so that a client can replay it."""

    player_id: int
    team: Team
    x: float
    y: float
    vx: float
    vy: float
    kicking: bool
    kick_memory_ticks: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a match after ``tick``.

    ``time_s`` is when the tick was due on the server's clock, ``late_s`` by how much later the
    snapshot really left. Names and goals of players are in the roster.
    """

    tick: int
    time_s: float
    late_s: float
    phase: Phase
    half: int
    clock_s: float
    score: tuple[int, int]
    kickoff_team: Team | None
    swapped: bool
    ball: BallState
    players: tuple[PlayerState, ...]


class OwnState(NamedTuple):
    """What in a snapshot is for one client alone.

    ``player_id`` is ``NO_PLAYER`` for a watcher. ``last_input`` is the sequence number of the
    input that the server used at the snapshot's tick, ``inputs_waiting`` how many more it had.
    """

    player_id: int
    last_input: int
    inputs_waiting: int


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One line of the team sheet; ``transport`` is empty for bots."""

    player_id: int
    name: str
    team: Team
    is_bot: bool
    goals: int
    transport: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole team sheet: replaces what the client knew."""

    tick: int
    entries: tuple[RosterEntry, ...]


@dataclass(frozen=True, slots=True)
class PlayerJoined:
    """A player came; the roster says where."""

    tick: int
    name: str


@dataclass(frozen=True, slots=True)
class PlayerLeft:
    """A player went."""

    tick: int
    name: str


@dataclass(frozen=True, slots=True)
class Kicked:
    """A player kicked the ball."""

    tick: int
    player_id: int


@dataclass(frozen=True, slots=True)
class Bounced:
    """The ball met a wall, a net or a post at ``strength`` units/s."""

    tick: int
    strength: float
    is_post: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal for ``team``, and the ``score`` (orange, sky) since; nobody's has no ``scorer_id``."""

    tick: int
    team: Team
    scorer_id: int | None
    own_goal: bool
    score: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """A phase began, in half 1 or 2."""

    tick: int
    phase: Phase
    half: int


@dataclass(frozen=True, slots=True)
class Notice:
    """The server says something to people."""

    tick: int
    text: str


GameEvent = Roster | PlayerJoined | PlayerLeft | Kicked | Bounced | Goal | PhaseChanged | Notice


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What a client asks for in its hello.

    ``watch``: see the match without a place in it. ``snapshot_hz`` None: as the server likes.
    ``team`` None: where it is needed. ``nagle``: the server's end is to leave Nagle's algorithm
    on too. ``unreliable_events``: send kicks and goals as LATEST (a lesson).
    """

    name: str
    room: str
    watch: bool = False
    snapshot_hz: int | None = None
    team: Team | None = None
    nagle: bool = False
    unreliable_events: bool = False


@dataclass(frozen=True, slots=True)
class JoinResponse:
    """What a client must know before its first snapshot; ``player_id`` is None for a watcher.

    A snapshot comes every ``snapshot_ticks`` ticks. ``half_s`` is how long a half lasts, so that
    the client can show the time that is left.
    """

    player_id: int | None
    room: str
    tick_hz: int
    snapshot_ticks: int
    half_s: float
    score: tuple[int, int]
    roster: Roster
