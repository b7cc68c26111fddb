"""Frames: everything that one image of the screen shows, as plain values.  [pure]

The client makes a ``Frame`` on request. The window draws it; measurements read its statistics.
"""

from dataclasses import dataclass, field
from enum import Enum

from game.client.netcode import NetcodeSettings
from game.match.pitch import MEDIUM_PITCH, Pitch
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import GameEvent
from net.measure.lag_monitor import LagColumn, LagStats
from net.sync.prediction import CorrectionStats
from net.transport import ChannelStats


class Status(Enum):
    """State of the connection between a client and its server."""

    CONNECTING = "connecting"
    PLAYING = "playing"
    LOST = "lost"
    # The server has said that it closes. Like LOST this ends when it is back.
    CLOSED = "closed"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DrawnPlayer:
    """A player as drawn, in pitch units; ``is_own`` marks the player of this client.

    ``is_ready``: to go on, while the match waits.
    """

    player_id: int
    name: str
    team: Team
    x: float
    y: float
    kicking: bool
    is_own: bool
    is_bot: bool
    is_ready: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """The match at one render time, in pitch units.

    ``ready_ids`` and ``awaited_ids``: of the players who are ready to go on, and of those for whom
    the match waits. Without any it does not wait.
    """

    tick: int
    phase: Phase
    half: int
    clock_s: float
    half_s: float
    score: tuple[int, int]
    ball_x: float
    ball_y: float
    players: tuple[DrawnPlayer, ...]
    pitch: Pitch = MEDIUM_PITCH
    ready_ids: tuple[int, ...] = ()
    awaited_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkStats:
    """Statistics of the connection for the screen; None while unknown.

    ``snapshot_age_s``: the age of the newest snapshot now.
    ``silence_s``: the time since the last message of any kind.
    ``columns``: what the lagometer draws, one entry a snapshot.
    ``wire``: the counters of the present channel. Byte rates include all headers.
    """

    rtt_s: float | None
    snapshot_age_s: float | None
    silence_s: float
    lag: LagStats | None = None
    columns: tuple[LagColumn, ...] = ()
    wire: ChannelStats = field(default_factory=ChannelStats)
    up_bytes_per_s: float = 0.0
    down_bytes_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``scene`` is None until the first snapshot.

    ``status_text``: one line for the player while not playing, such as the reason of a refusal.
    ``is_starved``: the newest snapshot is older than the render time. The picture stands still,
    or moves on with the last velocities if ``is_extrapolated``.
    ``corrections``: None without prediction.
    ``render_time_s``: the server time that is drawn.
    ``newest_time_s``: the server time of the newest snapshot.
    ``events``: the game events since the frame before.
    ``link_label``: the emulated link; empty without one.
    ``blind_choices``: the transports to choose from in a blind test, in which no screen names the
    one in use; empty without a test.
    ``switching_to``: the transport requested last; None while no switch is under way.
    """

    status: Status
    status_text: str
    transport: str
    address: str
    network: NetworkStats
    scene: Scene | None
    is_starved: bool
    is_extrapolated: bool
    netcode: NetcodeSettings
    corrections: CorrectionStats | None
    render_time_s: float | None
    newest_time_s: float | None
    own_id: int | None
    events: tuple[GameEvent, ...]
    link_label: str
    switching_to: str | None = None
    blind_choices: tuple[str, ...] = ()
