"""Statistics of one room at one moment: its match and its score sheet.  [pure]"""

from dataclasses import dataclass

from game.match.pitch import PitchSize
from game.match.rules import Phase
from game.match.world import Team
from game.server.room import Room


@dataclass(frozen=True, slots=True)
class ScoreSheetLine:
    """One player of a match; own goals are not counted in ``goals``."""

    name: str
    team: Team
    is_bot: bool
    goals: int
    assists: int
    own_goals: int


@dataclass(frozen=True, slots=True)
class RoomStats:
    """One room; ``score`` is (orange, sky), ``clock_s`` the seconds of play so far."""

    name: str
    phase: Phase
    half: int
    clock_s: float
    score: tuple[int, int]
    pitch_size: PitchSize
    watchers: int
    score_sheet: tuple[ScoreSheetLine, ...]


def room_stats(room: Room) -> RoomStats:
    """Return the statistics of a room now."""
    match = room.match
    return RoomStats(
        name=room.name,
        phase=match.phase,
        half=match.half,
        clock_s=match.clock_s,
        score=match.score,
        pitch_size=match.world.pitch.size,
        watchers=len(room.members) - room.player_count,
        score_sheet=tuple(
            ScoreSheetLine(
                each.name, each.team, each.is_bot, each.goals, each.assists, each.own_goals
            )
            for each in match.roster().values()
        ),
    )
