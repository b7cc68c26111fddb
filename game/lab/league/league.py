"""League of bots: a private server, and as many matches side by side as the computer carries."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence

from game.lab.league.match import LeagueMatch, LeagueSettings
from game.lab.league.schedule import Fixture
from game.lab.league.table import MatchResult


def matches_at_once() -> int:
    """Return how many matches this computer carries side by side: one for each core."""
    # A match keeps two bots, two relays and a share of the server busy.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class League:
    """The matches of a league. ``results`` are those of the matches that have ended.

    ``on_start`` is called with each fixture that begins, ``on_result`` with each match that ended.
    """

    def __init__(
        self,
        settings: LeagueSettings,
        fixtures: Sequence[Fixture],
        on_start: Callable[[Fixture], None],
        on_result: Callable[[LeagueMatch, MatchResult], None],
    ) -> None:
        self.results: list[MatchResult] = []
        self._settings = settings
        self._waiting = deque(fixtures)
        self._on_start = on_start
        self._on_result = on_result

    async def run(self, at_once: int) -> None:
        """Play all matches, ``at_once`` side by side.

        Cancelled, it ends every bot first. Raises ``MatchError``, and ``NetError`` if a relay
        cannot start.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(self._play_matches())
        except ExceptionGroup as errors:
            # One reason is enough: they all come from the same server.
            raise errors.exceptions[0] from None

    async def _play_matches(self) -> None:
        while self._waiting:
            fixture = self._waiting.popleft()
            self._on_start(fixture)
            match = LeagueMatch(self._settings, fixture)
            result = await match.play()
            self.results.append(result)
            self._on_result(match, result)
