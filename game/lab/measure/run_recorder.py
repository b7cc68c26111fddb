"""A recorder of one run: all clients of a group over the same stretch of time.

It only stores what happens; ``game.lab.measure.analysis`` computes the results afterwards.
Thread: the network thread, beside the clients.
"""

import asyncio
from enum import Enum
from time import monotonic, perf_counter

from game.client.client import Client
from game.client.frame import Status
from game.lab.compare.client_group import ClientGroup
from game.lab.join_timeout import ROUND_TRIP_MAX_S, emulated_round_trip_s, join_timeout_s
from game.lab.measure.client_recording import (
    ClientRecorder,
    ClientRecording,
    stats_since,
    sum_stats,
)
from game.lab.measure.link_course import playback_from
from game.lab.measure.replay import ReferenceTrack
from game.lab.measure.results import LinkCounters
from net.link.recorded_schedule import Playback
from net.link.stats import ConnectionStats
from net.transport import ChannelStats

# Until the clock offset and the minimum delay are stable, and TCP's slow start is over.
WARM_UP_S = 2.0
# A relay answers with the counters of the previous call; a busy computer may need more calls.
_POLL_INTERVAL_S = 0.1
STATS_TIMEOUT_S = 3.0


class Stage(Enum):
    """The stages of a run."""

    JOINING = "joining"
    WARMING_UP = "warming up"
    RECORDING = "recording"


class RunRecorder:
    """A recorder of a client group for ``seconds``, once all clients play or had time to join.

    ``run`` runs beside ``ClientGroup.run``; when cancelled, it ends the recording. ``recordings``
    has the clients that played at the start, ``failures`` the reasons why others did not, and
    ``refused`` those that the server refused. ``reference`` is the recording of the reference
    client. ``playback`` is the recorded link from the start of the run on, None for another link.
    Thread: ``stage``, ``is_over`` and both elapsed times can be read from any thread.
    """

    def __init__(self, group: ClientGroup, seconds: float) -> None:
        self.recordings: dict[str, ClientRecording] = {}
        self.failures: dict[str, str] = {}
        self.refused: set[str] = set()
        self.reference: ClientRecording | None = None
        self.stage = Stage.JOINING
        self.is_over = False
        self.playback: Playback | None = None
        self._group = group
        self._seconds = seconds
        self._stage_began_at = perf_counter()
        self._recorders = {name: _observe(client) for name, client in group.clients.items()}
        if group.reference is not None:
            self.reference = _observe(group.reference).recording

    @property
    def elapsed_s(self) -> float:
        """The length of the recording so far; 0 before it starts."""
        return self.stage_elapsed_s if self.stage is Stage.RECORDING else 0.0

    @property
    def stage_elapsed_s(self) -> float:
        """The time since the present stage began."""
        return perf_counter() - self._stage_began_at

    async def run(self) -> None:
        """Wait for the clients, record, and return at the end."""
        try:
            await self._wait_for_clients()
            self._note_failures()
            if any(map(_is_playing, self._group.clients.values())):
                self._begin(Stage.WARMING_UP)
                await asyncio.sleep(WARM_UP_S)
                await self._record()
        finally:
            self.is_over = True

    def reference_track(self) -> ReferenceTrack:
        """Return the reference: from the reference client, else from the clients' snapshots."""
        if self.reference is not None:
            return ReferenceTrack(self.reference.arrivals)
        recordings = self.recordings.values()
        arrivals = [arrival for recording in recordings for arrival in recording.arrivals]
        return ReferenceTrack(arrivals, is_spectator=False)

    def _begin(self, stage: Stage) -> float:
        """Enter a stage; return its start."""
        # In this order: another thread must not add the old stage's time to the new one.
        self._stage_began_at = perf_counter()
        self.stage = stage
        return self._stage_began_at

    async def _wait_for_clients(self) -> None:
        clients = [*self._group.clients.values()]
        if self._group.reference is not None:
            clients.append(self._group.reference)
        # A client has no event for this; its status must be polled.
        while any(map(self._is_awaited, clients)):  # noqa: ASYNC110
            await asyncio.sleep(_POLL_INTERVAL_S)

    def _is_awaited(self, client: Client) -> bool:
        """Return whether a client may still join."""
        return not _is_decided(client) and self.stage_elapsed_s < self._join_timeout_s(client)

    def _join_timeout_s(self, client: Client) -> float:
        """Return how long a client gets to join."""
        link = self._group.settings.link
        # A real path may be long too. Its server has answered something by then, as a missing one
        # has not. With a link it is the relay, on this computer, that answers first.
        if link is None and client.connector.was_answered:
            return join_timeout_s(ROUND_TRIP_MAX_S)
        return join_timeout_s(emulated_round_trip_s(link))

    def _note_failures(self) -> None:
        for name, client in self._group.clients.items():
            if not _is_playing(client):
                no_answer = f"no answer within {self._join_timeout_s(client):.0f} s"
                self.failures[name] = client.status_text or no_answer
            if client.status is Status.REFUSED:
                self.refused.add(name)

    async def _record(self) -> None:
        playing = [name for name, client in self._group.clients.items() if _is_playing(client)]
        links = await self._first_link_stats(playing)
        counters = {
            name: _RunCounters(self._group.clients[name], links.get(name)) for name in playing
        }
        started_at = self._begin(Stage.RECORDING)
        link = self._group.settings.link
        self.playback = playback_from(link.playback, monotonic()) if link else None
        paused_s = 0.0
        try:
            while self.elapsed_s < self._seconds:
                interval_s = min(_POLL_INTERVAL_S, self._seconds - self.elapsed_s)
                slept_at = perf_counter()
                await asyncio.sleep(interval_s)
                paused_s = max(paused_s, perf_counter() - slept_at - interval_s)
                self._read(counters)
        finally:
            self._end(started_at, counters, paused_s)

    def _read(self, counters: dict[str, "_RunCounters"]) -> None:
        links = self._group.link_stats()
        for name, each in counters.items():
            each.read(self._group.clients[name], links.get(name))

    async def _first_link_stats(self, names: list[str]) -> dict[str, ConnectionStats]:
        """Return the link's counters for these clients, as soon as the relays have sent them."""
        links = self._group.link_stats()
        deadline = perf_counter() + STATS_TIMEOUT_S
        while self._group.settings.link is not None and perf_counter() < deadline:
            await asyncio.sleep(_POLL_INTERVAL_S)
            links = self._group.link_stats()
            if links.keys() >= set(names):
                break
        return links

    def _end(self, started_at: float, counters: dict[str, "_RunCounters"], paused_s: float) -> None:
        ended_at = perf_counter()
        self._read(counters)
        for name, each in counters.items():
            recording = self._recorders[name].recording
            recording.started_at, recording.ended_at = started_at, ended_at
            recording.wire, recording.link_counters = each.wire, each.link
            recording.paused_s = paused_s
            self.recordings[name] = recording


class _RunCounters:
    """The counters of one client since the start of the run, over all of its connections.

    Those of a connection start at zero, so each reading adds what came since the last one.
    """

    def __init__(self, client: Client, link: ConnectionStats | None) -> None:
        self.wire = ChannelStats()
        self.link: LinkCounters | None = None
        self._last_wire, self._last_link = client.channel_stats(), link

    def read(self, client: Client, link: ConnectionStats | None) -> None:
        """Add a reading."""
        wire = client.channel_stats()
        self.wire = sum_stats(self.wire, stats_since(self._last_wire, wire))
        self._last_wire = wire
        if link is not None and self._last_link is not None:
            new = _link_counters_since(self._last_link, link)
            self.link = new if self.link is None else self.link.plus(new)
        self._last_link = link or self._last_link


def _observe(client: Client) -> ClientRecorder:
    recorder = ClientRecorder()
    client.observers.append(recorder)
    return recorder


def _is_playing(client: Client) -> bool:
    return client.status is Status.PLAYING and client.newest_time_s is not None


def _is_decided(client: Client) -> bool:
    return _is_playing(client) or client.status is Status.REFUSED


def _link_counters_since(before: ConnectionStats, after: ConnectionStats) -> LinkCounters:
    """Return what the link counted between two reads; a new connection starts at zero."""
    now = LinkCounters.of(after.up, after.down)
    if (after.kind, after.number) != (before.kind, before.number):
        return now
    return now.since(LinkCounters.of(before.up, before.down))
