"""Games found on the network, merged by server and forgotten after a silence.  [pure]"""

from collections import deque
from dataclasses import dataclass, field

from game.protocol.announcement import Announcement

# Five probes without a reply: the server has gone.
FORGET_AFTER_S = 5.0
# The least of these is shown: a reply that waited in a busy program says nothing of the network.
_RTTS_KEPT = 5
# More would be no list for a person. Forged replies must not fill the memory.
GAMES_MAX = 256


@dataclass(frozen=True, slots=True)
class FoundGame:
    """A game that can be joined at ``host``; ``rtt_s`` is the least of the last few."""

    announcement: Announcement
    host: str
    rtt_s: float


@dataclass(slots=True)
class _Entry:
    announcement: Announcement
    seen_at: float
    # By the host that answered: a server with two cards has two.
    hosts: dict[str, float] = field(default_factory=dict)
    rtts_s: deque[float] = field(default_factory=lambda: deque(maxlen=_RTTS_KEPT))


class FoundGames:
    """The games that have answered lately."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def add(self, announcement: Announcement, host: str, rtt_s: float, now: float) -> None:
        """Note an answer from ``host``."""
        entry = self._entries.get(announcement.server_id)
        if entry is None:
            if len(self._entries) >= GAMES_MAX:
                return
            entry = self._entries[announcement.server_id] = _Entry(announcement, now)
        entry.announcement, entry.seen_at = announcement, now
        entry.hosts[announcement.host or host] = now
        entry.rtts_s.append(rtt_s)

    def games(self, now: float) -> tuple[FoundGame, ...]:
        """Return the games that answer, those with people first, then by title."""
        for server_id in [
            server_id
            for server_id, entry in self._entries.items()
            if now - entry.seen_at > FORGET_AFTER_S
        ]:
            del self._entries[server_id]
        found = [
            FoundGame(entry.announcement, _best_host(entry, now), min(entry.rtts_s))
            for entry in self._entries.values()
        ]
        return tuple(
            sorted(
                found,
                key=lambda game: (
                    -game.announcement.people,
                    game.announcement.title,
                    game.announcement.server_id,
                ),
            )
        )


def _best_host(entry: _Entry, now: float) -> str:
    """Return the address to join at: an IPv4 address of the network, else IPv6, else loopback."""
    recent = [host for host, at in entry.hosts.items() if now - at <= FORGET_AFTER_S]
    return min(recent, key=lambda host: (host.startswith("127."), ":" in host, host))
