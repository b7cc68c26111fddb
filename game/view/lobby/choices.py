"""Values that the lobby shows, and those that it returns.  [pure]"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol


class LobbyAction(Enum):
    """Next action that the player chose in the lobby."""

    JOIN = "join"
    PRACTISE = "practise"
    PLAY_HOSTED = "play hosted"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class LobbySettings:
    """The player's choices. ``link`` is a preset; empty for none. ``host``: the typed address.

    ``fingerprint``: of the server's certificate, as typed; empty to join without.
    ``team``: the name of a ``Team``; empty for the one with fewer people.
    """

    name: str
    transport: str
    link: str = ""
    host: str = ""
    room: str = ""
    password: str = field(default="", repr=False)
    team: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class LobbyChoice:
    """The player's decision; ``host`` is the address to join at, for ``JOIN`` only."""

    action: LobbyAction
    settings: LobbySettings
    host: str = ""


@dataclass(frozen=True, slots=True)
class LobbyGame:
    """A game on the network. ``host`` is what ``jitterball play`` takes.

    ``rooms``: the names of some of its ``room_count`` rooms.
    ``is_joinable``: it speaks our version of the protocol.
    """

    title: str
    host: str
    people: int
    room_count: int
    rooms: tuple[str, ...]
    has_password: bool
    uses_tls: bool
    is_joinable: bool
    rtt_s: float


@dataclass(frozen=True, slots=True)
class HostedGame:
    """The game that this computer hosts.

    ``hosts``: what others type, the most useful first. ``url``: of the web page; empty without one.
    ``qr_code``: the modules of that address as a QR code, row by row, dark ones true.
    """

    hosts: tuple[str, ...]
    url: str
    qr_code: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class HostingFailed:
    """The server could not start; ``reason`` is one line."""

    reason: str


class LobbySource(Protocol):
    """Source of what the lobby shows. No method blocks. Thread: the screen's."""

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that can be used."""
        ...

    @property
    def links(self) -> tuple[str, ...]:
        """Names of the presets of a link."""
        ...

    def games(self) -> tuple[LobbyGame, ...]:
        """Return the games on the network that answer now."""
        ...

    def start_hosting(self, bots: int, password: str) -> None:
        """Start a server in a process of its own, in the background."""
        ...

    def stop_hosting(self) -> None:
        """End the server."""
        ...

    def hosted(self) -> HostedGame | HostingFailed | None:
        """Return the hosted game; None while there is none, or while it starts."""
        ...
