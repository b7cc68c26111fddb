"""One take: all transports of a lineup recorded over the same stretch of time.

Runs in the network's thread beside the clients, and only writes down; ``game.lab.measure.analysis``
works out later what it means. Knows no figures and no files.
"""

import asyncio
from time import perf_counter

from game.client.client import Client
from game.client.frame import Status
from game.lab.compare.side_by_side import ClientGroup
from game.lab.measure.recording import Recorder, Recording, counted_since
from game.lab.measure.results import LinkCounters, ledger_figures
from net.link.stats import ConnectionStats
from net.transport import ChannelStats

# Through the worst of links a handshake needs several retransmissions.
JOIN_WITHIN_S = 15.0
# The offset of the clocks and the least delay settle, and TCP's handshake is forgotten.
WARM_UP_S = 2.0
# The figures of a relay are those of the call before; a busy computer may need some calls more.
_ASK_EVERY_S = 0.1
STATS_TIMEOUT_S = 3.0


class RunRecorder:
    """Records the clients of a lineup for ``seconds``, once all play or have had time enough.

    ``run`` belongs to the network's thread, beside ``ClientGroup.run``; cancelled, it ends the
    recording there and then. ``elapsed_s`` may be read from anywhere. ``recordings`` are of those
    that were playing when it began, ``failures`` say why the others were not, ``refused`` which of
    these the server turned away, ``truth`` is of the spectator.
    """

    def __init__(self, lineup: ClientGroup, seconds: float) -> None:
        self.recordings: dict[str, Recording] = {}
        self.failures: dict[str, str] = {}
        self.refused: set[str] = set()
        self.truth: Recording | None = None
        self.is_over = False
        self._lineup = lineup
        self._seconds = seconds
        self._began_at: float | None = None
        self._recorders = {name: _observe(client) for name, client in lineup.clients.items()}
        if lineup.reference is not None:
            self.truth = _observe(lineup.reference).recording

    @property
    def elapsed_s(self) -> float:
        """For how long it has been recording."""
        return 0.0 if self._began_at is None else perf_counter() - self._began_at

    async def run(self) -> None:
        """Record, and return when it is done."""
        try:
            await self._everyone_plays()
            self._note_failures()
            if any(map(_plays, self._lineup.clients.values())):
                await asyncio.sleep(WARM_UP_S)
                await self._record()
        finally:
            self.is_over = True

    async def _everyone_plays(self) -> None:
        everyone = [*self._lineup.clients.values()]
        if self._lineup.reference is not None:
            everyone.append(self._lineup.reference)
        deadline = perf_counter() + JOIN_WITHIN_S
        # No event to wait for: a client says how it stands when it is asked.
        while perf_counter() < deadline and not all(map(_is_settled, everyone)):  # noqa: ASYNC110
            await asyncio.sleep(_ASK_EVERY_S)

    def _note_failures(self) -> None:
        for name, client in self._lineup.clients.items():
            if not _plays(client):
                waited = f"no answer within {JOIN_WITHIN_S:.0f} s"
                self.failures[name] = client.status_text or waited
            if client.status is Status.REFUSED:
                self.refused.add(name)

    async def _record(self) -> None:
        playing = [name for name, client in self._lineup.clients.items() if _plays(client)]
        links = await self._links_of(playing)
        wires = {name: self._lineup.clients[name].channel_stats() for name in playing}
        self._began_at = perf_counter()
        try:
            while self.elapsed_s < self._seconds:
                await asyncio.sleep(min(_ASK_EVERY_S, self._seconds - self.elapsed_s))
                self._lineup.link_stats()
        finally:
            self._end(self._began_at, wires, links)

    async def _links_of(self, names: list[str]) -> dict[str, ConnectionStats]:
        """Return what the link did to these clients so far, as soon as the relays have told."""
        links = self._lineup.link_stats()
        deadline = perf_counter() + STATS_TIMEOUT_S
        while self._lineup.settings.link is not None and perf_counter() < deadline:
            await asyncio.sleep(_ASK_EVERY_S)
            links = self._lineup.link_stats()
            if links.keys() >= set(names):
                break
        return links

    def _end(
        self,
        started_at: float,
        wires: dict[str, ChannelStats],
        links: dict[str, ConnectionStats],
    ) -> None:
        ended_at = perf_counter()
        links_now = self._lineup.link_stats()
        for name, wire in wires.items():
            recording = self._recorders[name].recording
            recording.started_at, recording.ended_at = started_at, ended_at
            recording.wire = counted_since(wire, self._lineup.clients[name].channel_stats())
            if name in links and name in links_now:
                recording.ledger = _ledger(links_now[name], links[name])
            self.recordings[name] = recording


def _observe(client: Client) -> Recorder:
    recorder = Recorder()
    client.observers.append(recorder)
    return recorder


def _plays(client: Client) -> bool:
    return client.status is Status.PLAYING and client.newest_time_s is not None


def _is_settled(client: Client) -> bool:
    return _plays(client) or client.status is Status.REFUSED


def _ledger(after: ConnectionStats, before: ConnectionStats) -> LinkCounters:
    """Return what the link did in between; another connection's figures began at nothing."""
    now = LinkCounters(ledger_figures(after.up), ledger_figures(after.down))
    if (after.kind, after.number) != (before.kind, before.number):
        return now
    return now.since(LinkCounters(ledger_figures(before.up), ledger_figures(before.down)))
