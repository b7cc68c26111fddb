"""Search for games on the network, beside the thread that shows them."""

import threading
from collections.abc import Sequence
from time import perf_counter

from game.client.found_games import FoundGame, FoundGames
from game.protocol.announcement import decode_announcement
from net.discovery.probe import DISCOVERY_PORTS, Reply
from net.discovery.search_sockets import Searcher
from net.errors import DecodeError


class GameFinder:
    """A search for games; ``run`` belongs to the network thread, ``games`` to any thread.

    ``invalid``: replies that could not be read.
    """

    def __init__(self, ports: Sequence[int] = DISCOVERY_PORTS) -> None:
        self.invalid = 0
        self._ports = ports
        self._found = FoundGames()
        # Guards ``_found``: the network thread adds while another one reads.
        self._lock = threading.Lock()

    async def run(self) -> None:
        """Search until cancelled."""
        await Searcher(self._add, self._ports).run()

    def games(self) -> tuple[FoundGame, ...]:
        """Return the games that answer now."""
        with self._lock:
            return self._found.games(perf_counter())

    def _add(self, host: str, reply: Reply) -> None:
        try:
            announcement = decode_announcement(reply.body)
        except DecodeError:
            self.invalid += 1
            return
        with self._lock:
            self._found.add(announcement, host, reply.rtt_s, perf_counter())
