"""The actions of the teacher's page: their JSON, and what they do to a class.

The HTTP process reads an action strictly, and refuses a wrong one in one line. The game server
performs it in its own thread.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from game.match.formation import MAX_PLAYERS
from game.match.pitch import PitchSize
from game.match.rules import GOALS_MAX, HALF_S_PER_MINUTE, MINUTES_MAX, MINUTES_MIN
from game.server.classroom import Classroom
from net.link.spec import LinkSpecError, parse_link
from net.strict_json import JsonError, Limits, read_json

# How the reader of JSON calls a whole value, which here is no file.
_WHOLE_VALUE = "the file: "
# A longer one would end sessions, which give up after 10 s of silence.
BURST_MAX_S = 8.0


class ActionError(Exception):
    """An action that cannot be performed; the message is one line for the teacher."""


@dataclass(frozen=True, slots=True)
class SetLink:
    """Put a link in front of everybody, or of one player: ``link`` is as after ``--link``."""

    link: str
    player: str | None

    def check(self) -> None:
        """Raises ``ValueError`` if there is no such link."""
        try:
            parse_link(self.link)
        except LinkSpecError as error:
            raise ValueError(str(error)) from error

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.set_link(parse_link(self.link), self.player)


@dataclass(frozen=True, slots=True)
class Burst:
    """Lose every packet of everybody, or of one player, for a time."""

    seconds: Annotated[float, Limits(0.05, BURST_MAX_S)]
    player: str | None

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.burst(self.seconds, self.player)


@dataclass(frozen=True, slots=True)
class Move:
    """Move everybody, or one player, to a transport; without one each to a random one."""

    transport: str | None
    player: str | None

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.move(self.transport, self.player)


@dataclass(frozen=True, slots=True)
class Blind:
    """Begin a blind test, reveal the transports, or end the test."""

    stage: Literal["begin", "reveal", "end"]

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        blind_test = classroom.blind_test
        {"begin": blind_test.begin, "reveal": blind_test.reveal, "end": blind_test.end}[
            self.stage
        ]()


@dataclass(frozen=True, slots=True)
class Say:
    """Show a line of text on every screen."""

    text: str

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.say(self.text)


@dataclass(frozen=True, slots=True)
class SendOut:
    """Send one player out."""

    player: str

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.send_out(self.player)


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop the matches, or continue them."""

    on: bool

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.pause(self.on)


@dataclass(frozen=True, slots=True)
class Bots:
    """Set the number of bots in every room."""

    count: Annotated[int, Limits(0, MAX_PLAYERS)]

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        classroom.set_bots(self.count)


@dataclass(frozen=True, slots=True)
class MatchLimits:
    """Have matches of so many minutes, both halves, that end with so many goals; 0: no limit.

    ``pitch``: its size from the next match on.
    """

    minutes: Annotated[float, Limits(MINUTES_MIN, MINUTES_MAX)]
    goals: Annotated[int, Limits(0, GOALS_MAX)]
    pitch: Literal["small", "medium", "large"]

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        pitch_size = PitchSize[self.pitch.upper()]
        classroom.set_limits(self.minutes * HALF_S_PER_MINUTE, self.goals, pitch_size)


@dataclass(frozen=True, slots=True)
class Order:
    """An action without values; ``results-taken`` is a line in the log and no more."""

    what: Literal["restart", "draw-teams", "let-back-in", "results-taken"]

    def perform(self, classroom: Classroom) -> None:
        """Do it."""
        {
            "restart": classroom.restart,
            "draw-teams": classroom.draw_teams,
            "let-back-in": classroom.let_back_in,
            "results-taken": classroom.note_results_taken,
        }[self.what]()


Action = SetLink | Burst | Move | Blind | Say | SendOut | Pause | Bots | MatchLimits | Order

ACTIONS: Mapping[str, type[Action]] = {
    "link": SetLink,
    "burst": Burst,
    "move": Move,
    "blind": Blind,
    "say": Say,
    "send-out": SendOut,
    "pause": Pause,
    "bots": Bots,
    "limits": MatchLimits,
    "order": Order,
}


def read_action(plain: Any) -> Action:
    """Return the action of a JSON value ``{"action": name, "values": {...}}``.

    Raises ``ActionError`` if it is not valid.
    """
    if not isinstance(plain, dict) or plain.keys() != {"action", "values"}:
        raise ActionError("an action is an object with action and values")
    kind = ACTIONS.get(plain["action"]) if isinstance(plain["action"], str) else None
    if kind is None:
        raise ActionError(f"no such action: there are {', '.join(ACTIONS)}")
    try:
        return read_json(kind, plain["values"])
    except JsonError as error:
        raise ActionError(str(error).removeprefix(_WHOLE_VALUE)) from error


def action_to_json(action: Action) -> dict[str, Any]:
    """Return the value that ``read_action`` reads."""
    name = next(name for name, kind in ACTIONS.items() if isinstance(action, kind))
    return {"action": name, "values": asdict(action)}
