"""Messages between game client and server, as plain values.  [pure]

``game.protocol.encoding`` describes their bytes. Classes of the same idea in ``game.match`` have
no tick and do not cross the network.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from game.match.controls import Controls
from game.match.pitch import PitchSize
from game.match.rules import Phase
from game.match.world import Team

# Resolution of positions (pitch units) and velocities (units/s). A 32nd of a unit is a 30th of a
# pixel on a large screen. The farthest position (740) and the highest speed (720) still fit 16
# bits. A power of two adds no rounding error of its own.
QUANTUM = 1 / 32
# The stamp of a snapshot: finer than any clock that it is compared with.
TIME_QUANTUM_S = 1e-6
# The match clock, which is shown in seconds.
CLOCK_QUANTUM_S = 0.01
# 133 ms of inputs. A burst that loses more is a stall, which no repetition hides.
INPUTS_PER_MESSAGE = 8
# One second. The client keeps its snapshots for longer, so an older baseline would save little.
BASELINE_LIMIT_TICKS = 60
U32_MAX = (1 << 32) - 1
# The tick of no snapshot: a match counts its ticks from 1.
NO_SNAPSHOT = 0
# The player id of a spectator.
NO_PLAYER = 255
# Longer than any name that the server keeps: it shortens a long name instead of refusing it.
MAX_TEXT_CHARS = 128


class MessageKind(IntEnum):
    """The first byte of an application message."""

    INPUT = 1
    SNAPSHOT = 2
    DELTA = 3
    ACKNOWLEDGED_INPUT = 4
    REPORT = 5
    VOTE = 6
    ROOM_REQUEST = 7


class InputMessage(NamedTuple):
    """The latest controls of a player, the last one with sequence number ``newest``.

    1 to ``INPUTS_PER_MESSAGE`` of them. Each message repeats the unacknowledged ones, so that a
    lost message costs nothing.

    ``snapshot_tick``: the newest snapshot that the client holds, as a baseline for the next ones;
    ``NO_SNAPSHOT`` asks for whole snapshots. A message with it may have no controls, as that of a
    spectator. None: the client reads no deltas.
    """

    newest: int
    controls: tuple[Controls, ...]
    snapshot_tick: int | None = None


class BallState(NamedTuple):
    """Position of the ball in pitch units, and its velocity in units/s."""

    x: float
    y: float
    vx: float
    vy: float


class PlayerState(NamedTuple):
    """State of a player's disc: all that the physics step reads, for prediction.

    Position in pitch units, velocity in units/s.
    """

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

    ``time_s``: when the tick was due, by the server's clock.
    ``late_s``: how much later the snapshot was sent.
    Names and goals of players are in the roster.
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
    pitch_size: PitchSize = PitchSize.MEDIUM


@dataclass(frozen=True, slots=True)
class Delta:
    """A snapshot as its changes against an older one, its baseline.

    ``tick``: of this snapshot. ``baseline_ticks``: how many ticks older the baseline is.
    ``time_error_us``: how far its due time is from that of the baseline plus these ticks.
    ``late_us``: as ``Snapshot.late_s``.
    ``changes``: the rest, encoded by ``net.sync.integer_delta``.
    """

    tick: int
    baseline_ticks: int
    time_error_us: int
    late_us: int
    changes: bytes


class OwnState(NamedTuple):
    """The part of a snapshot that is for one client only.

    ``player_id``: ``NO_PLAYER`` for a spectator.
    ``last_input``: the sequence number of the input that the server used at the snapshot's tick.
    ``inputs_waiting``: how many later inputs the server had.
    """

    player_id: int
    last_input: int
    inputs_waiting: int


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A player in the roster; ``transport`` is empty for bots."""

    player_id: int
    name: str
    team: Team
    is_bot: bool
    goals: int
    transport: str
    assists: int = 0
    own_goals: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """All players of a match; replaces the roster before."""

    tick: int
    entries: tuple[RosterEntry, ...]


@dataclass(frozen=True, slots=True)
class PlayerJoined:
    """A player joined; the roster has the team."""

    tick: int
    name: str


@dataclass(frozen=True, slots=True)
class PlayerLeft:
    """A player left."""

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
    """A goal for ``team``, with the new ``score`` (orange, sky).

    ``scorer_id``: None if nobody who is still there touched the ball.
    """

    tick: int
    team: Team
    scorer_id: int | None
    own_goal: bool
    score: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """A phase of the match began, in half 1 or 2."""

    tick: int
    phase: Phase
    half: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of text for the player."""

    tick: int
    text: str


@dataclass(frozen=True, slots=True)
class ReportsRequested:
    """The server wants a ``ClientReport`` every ``interval_s`` seconds."""

    tick: int
    interval_s: float


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link that the server emulates before this client.

    ``settings``: as after ``--link``; empty for a link that does nothing.
    ``seed``: of the link's chance.
    """

    tick: int
    settings: str
    seed: int


@dataclass(frozen=True, slots=True)
class TransportRequested:
    """The client is to move to this transport, if it can."""

    tick: int
    transport: str


class BlindStage(IntEnum):
    """Stages of a blind test. Transports have no names on any screen while ``VOTING``."""

    OFF = 0
    VOTING = 1
    REVEALED = 2


@dataclass(frozen=True, slots=True)
class BlindTest:
    """A stage of a blind test begins; ``choices`` are the transports to choose from."""

    tick: int
    stage: BlindStage
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A line that a member of the room has written."""

    tick: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PauseChanged:
    """A member of the room, called ``name``, stopped the match or let it go on.

    An empty ``name`` is the teacher's.
    """

    tick: int
    is_paused: bool
    name: str


@dataclass(frozen=True, slots=True)
class LimitsChanged:
    """The match has other limits from now on: the duration of a half, and the goals that end it.

    ``goal_limit``: 0 for none.
    ``pitch_size``: of the matches that begin from now on.
    """

    tick: int
    half_s: float
    goal_limit: int
    pitch_size: PitchSize = PitchSize.MEDIUM


@dataclass(frozen=True, slots=True)
class ReadyPlayers:
    """The match waits, and goes on when nobody is awaited any more; replaces the one before.

    ``ready``: ids of the players who are ready to go on. ``awaited``: ids of those who are not, and
    neither idle nor disconnected. Without any the wait is over. The teacher's pause goes on.
    """

    tick: int
    ready: tuple[int, ...]
    awaited: tuple[int, ...]


GameEvent = (
    Roster
    | PlayerJoined
    | PlayerLeft
    | Kicked
    | Bounced
    | Goal
    | PhaseChanged
    | Notice
    | ReportsRequested
    | LinkChanged
    | TransportRequested
    | BlindTest
    | ChatLine
    | PauseChanged
    | LimitsChanged
    | ReadyPlayers
)

# A line of chat that fits into the width of a window.
CHAT_LIMIT = 100


class RoomAction(IntEnum):
    """Kind of a request to a room."""

    PLAY_ORANGE = 0
    PLAY_SKY = 1
    WATCH = 2
    PAUSE = 3
    GO_ON = 4
    CHAT = 5
    SET_MINUTES = 6
    SET_GOAL_LIMIT = 7
    SET_PITCH = 8
    READY = 9
    NOT_READY = 10


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """A request of a client to its room.

    ``text``: the line of ``CHAT``; the number of ``SET_MINUTES`` (of both halves) and
    ``SET_GOAL_LIMIT``, and that of ``SET_PITCH``, a ``PitchSize``, in digits; empty for the others.
    """

    action: RoomAction
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClientReport:
    """The statistics of one client, as it sees them; None where they are unknown.

    ``device``: such as ``window`` or ``page``. ``transports``: those that the client can move to.
    ``measured_s``: the time that all others are about, at most a minute. It starts again with
    another link or transport.
    ``age_s``: the age of the newest snapshot now, ``age_p95_s`` the 95th percentile over frames.
    ``frozen_ratio``: the ratio of starved frames. ``longest_freeze_s``: the longest row of them.
    ``stalls``: gaps of over 125 ms between snapshots. ``loss_ratio``: snapshots never shown.
    ``visual_error``: the ball's distance from its true place in the frame last known, in units.
    """

    device: str
    transports: tuple[str, ...]
    measured_s: float
    rtt_s: float | None
    jitter_s: float
    age_s: float | None
    age_p95_s: float | None
    frozen_ratio: float | None
    longest_freeze_s: float
    stalls: int
    loss_ratio: float | None
    visual_error: float | None
    visual_error_p95: float | None
    frame_gap_p99_s: float | None


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """The payload of a client's hello.

    ``watch``: join as a spectator.
    ``snapshot_hz``: None for the server's default.
    ``team``: None for the smaller team.
    ``nagle``: leave Nagle's algorithm on at the server's end too, a lesson.
    ``unreliable_events``: send kicks and goals as LATEST, a lesson.
    ``deltas``: the client reads deltas, and acknowledges snapshots.
    """

    name: str
    room: str
    watch: bool = False
    snapshot_hz: int | None = None
    team: Team | None = None
    nagle: bool = False
    unreliable_events: bool = False
    deltas: bool = False


@dataclass(frozen=True, slots=True)
class JoinResponse:
    """The payload of the server's welcome: what a client needs before its first snapshot.

    ``player_id``: None for a spectator.
    ``snapshot_ticks``: the interval between two snapshots.
    ``half_s``: the duration of a half, to show the remaining time.
    ``deltas``: the server sends deltas, and reads acknowledgements.
    """

    player_id: int | None
    room: str
    tick_hz: int
    snapshot_ticks: int
    half_s: float
    score: tuple[int, int]
    roster: Roster
    deltas: bool = False
