"""What one frame of the screen shows, as plain values.  [pure]

The client makes a ``Frame`` whenever it is asked to; the window draws it, a bot reads it, a
measurement looks at its figures. Knows no pixels and no network.
"""

from dataclasses import dataclass, field
from enum import Enum

from game.client.netcode import NetcodeSettings
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import GameEvent
from net.measure.lag_monitor import LagColumn, LagStats
from net.sync.prediction import CorrectionStats
from net.transport import ChannelStats


class Status(Enum):
    """How a client stands with its server."""

    CONNECTING = "connecting"
    PLAYING = "playing"
    LOST = "lost"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DrawnPlayer:
    """A player as drawn; ``is_own`` marks the one whose keys the client sends."""

    player_id: int
    name: str
    team: Team
    x: float
    y: float
    kicking: bool
    is_own: bool
    is_bot: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The match as drawn: everything at one render time, in pitch units."""

    tick: int
    phase: Phase
    half: int
    clock_s: float
    half_s: float
    score: tuple[int, int]
    ball_x: float
    ball_y: float
    players: tuple[DrawnPlayer, ...]


@dataclass(frozen=True, slots=True)
class NetworkStats:
    """What is on screen about the network; None where nothing is known yet.

    ``snapshot_age_s`` is how old the newest snapshot is now, ``silence_s`` for how long nothing
    at all has come. ``lag`` and its ``columns``, one a snapshot, are what a lagometer draws.
    ``wire`` counts what the present channel carried; the rates hold every header.
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
    """One frame: ``scene`` is None until the first snapshot.

    ``status_text`` says in one line for people what is going on when it is not simply playing
    (which address and transport is tried, why the server refused). ``is_starved``: the newest
    snapshot is older than the render time, so the picture stands still, or is carried on with the
    last velocities where ``is_extrapolated``. ``corrections`` is None without prediction.
    ``render_time_s`` is the server's time that is drawn, ``newest_time_s`` that of the newest
    snapshot. ``news`` is what happened since the frame before. ``link_label`` names the emulated
    link, empty without one.
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
