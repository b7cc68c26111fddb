"""A teacher's actions on a running server: links, transports, players, the match.

Every action is a line in the log. Thread: the event loop's.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Protocol

from game.match.pitch import PitchSize
from game.protocol import encoding
from game.protocol.look_alikes import skeleton
from game.protocol.messages import (
    ClientReport,
    LinkChanged,
    MessageKind,
    Notice,
    PauseChanged,
    ReportsRequested,
    TransportRequested,
)
from game.protocol.names import NAME_LIMIT
from game.protocol.untrusted_text import sanitize_text
from game.server.blind_test import BlindTestControl
from game.server.broadcast import broadcast_at_tick, broadcast_events
from game.server.room import NO_MEMBER
from game.server.rooms import Lobby
from game.server.slot import PlayerSlot, Slot
from net.link.profile import Link
from net.link.relay.settings import RelayClient
from net.link.spec import format_link
from net.link.stats import ConnectionStats
from net.security.client_network import client_network
from net.security.sanitize import printable

log = logging.getLogger(__name__)

REPORT_INTERVAL_S = 1.0
# As much as one line of a phone shows.
NOTICE_MAX_CHARS = 160
SENT_OUT_TEXT = "the teacher has sent you out"
# The kinds of messages that ``Classroom.on_message`` reads.
CLASS_MESSAGES = (bytes((MessageKind.REPORT,)), bytes((MessageKind.VOTE,)))


class ClassRelay(Protocol):
    """The relay in front of the server, as far as a class uses it. No method waits."""

    @property
    def seed(self) -> int:
        """The seed of the link."""

    def connections(self) -> list[ConnectionStats]:
        """Return the counters of each client's link, as they were last received."""

    def client_at(self, port: int) -> RelayClient | None:
        """Return the client behind the relay's connection from this port."""

    def set_link(self, link: Link, client: RelayClient | None = None) -> None:
        """Apply a link: to one client, or to all that have none of their own."""

    def clear_link(self, client: RelayClient) -> None:
        """Give a client the link of all others."""

    def burst_loss(self, duration_s: float, client: RelayClient | None = None) -> None:
        """Lose every packet for a time: of one client, or of all."""


class Classroom:
    """The state that the teacher has set, and the actions that set it.

    ``relay`` stands in front of the server in class mode, and all clients come through it. It is
    set when the server listens. Without one there is no link to set.
    ``link`` is that of all, and ``own_links`` those of single slots, by slot id.
    ``transports`` are those that the server listens on. ``blind_test`` lets players guess them.
    Slots are named by their ids. An id that is not there any more does nothing.
    """

    def __init__(
        self,
        lobby: Lobby,
        transports: Sequence[str],
        rng: Random,
        *,
        wants_reports: bool = False,
    ) -> None:
        self.relay: ClassRelay | None = None
        self.link = Link()
        self.own_links: dict[str, Link] = {}
        self.blind_test = BlindTestControl(lobby, transports)
        self.is_paused = False
        # The duration of a half, the goal limit and the pitch; None until the teacher sets them.
        self.limits: tuple[float, int, PitchSize] | None = None
        self.transports = tuple(transports)
        self._sent_out: set[tuple[str, str]] = set()
        self._lobby = lobby
        self._rng = rng
        self._wants_reports = wants_reports

    @property
    def seed(self) -> int:
        """The seed of the link; 0 without a relay."""
        return self.relay.seed if self.relay else 0

    def greet(self, slot: Slot, *, lacks_events: bool = False) -> None:
        """Tell a client the state of room and class, and give its connection its own link.

        A new client assumes the defaults, and is told what differs. ``lacks_events``: a client that
        resumes without the events that it missed may hold any older state, and is told everything.
        """
        room = slot.owner.room
        if self.is_paused:
            room.set_paused(True, NO_MEMBER)
        if self.limits is not None:
            room.set_limits(*self.limits)
        settings = room.match.settings
        has_limits = settings.goal_limit or settings.pitch_size is not PitchSize.MEDIUM
        if lacks_events or has_limits:
            broadcast_events([slot], [room.limits()])
        if lacks_events or room.is_paused:
            pause = partial(PauseChanged, is_paused=room.is_paused, name=room.paused_by)
            broadcast_at_tick([slot], pause)
        ready_players = room.ready_players()
        if lacks_events or ready_players.ready or ready_players.awaited:
            broadcast_events([slot], [ready_players])
        if self._wants_reports:
            broadcast_at_tick([slot], lambda tick: ReportsRequested(tick, REPORT_INTERVAL_S))
        if self.relay is not None:
            link = self.own_links.get(slot.slot_id)
            client = _relay_client(slot)
            if link is not None and client is not None:
                self.relay.set_link(link, client)
            self._announce_link([slot])
        self.blind_test.greet(slot, lacks_events=lacks_events)

    def on_message(self, player_slot: PlayerSlot, body: bytes) -> None:
        """Keep a report or a vote of a client. Raises ``DecodeError``."""
        if body[0] == MessageKind.REPORT:
            player_slot.report = _sanitized(encoding.decode_report(body, player_slot.codec))
        else:
            self.blind_test.on_vote(player_slot, body)

    # Links.

    def set_link(self, link: Link, slot_id: str | None = None) -> None:
        """Put a link in front of everybody, or of one."""
        relay = self.relay
        if relay is None:
            return
        if slot_id is None:
            self.link = link
            relay.set_link(link)
            for slot in self._lobby.all_slots():
                self._clear_own_link(slot)
            self._announce_link(self._lobby.all_slots())
            log.info("teacher: link of the class: %s", format_link(link))
        elif only := self._slot(slot_id):
            self.own_links[slot_id] = link
            if client := _relay_client(only):
                relay.set_link(link, client)
            self._announce_link([only])
            log.info("teacher: link of %r: %s", only.owner.member.name, format_link(link))

    def burst(self, duration_s: float, slot_id: str | None = None) -> None:
        """Lose every packet of everybody, or of one, for a time."""
        if self.relay is None:
            return
        slot = self._slot(slot_id) if slot_id else None
        client = _relay_client(slot) if slot else None
        if slot_id is None or client is not None:
            self.relay.burst_loss(duration_s, client)
            who = slot.owner.member.name if slot else "everybody"
            log.info("teacher: burst of %.2f s for %s", duration_s, who)

    # Transports.

    def move(self, transport: str | None, slot_id: str | None = None) -> None:
        """Move everybody, or one, to a transport; None: each to a random one."""
        slots = self._lobby.all_slots() if slot_id is None else self._some(slot_id)
        for slot in slots:
            target = transport or self._random_transport(slot.owner.report)
            broadcast_at_tick([slot], partial(TransportRequested, transport=target))
        log.info("teacher: %d to move to %s", len(slots), transport or "random transports")

    # The match.

    def say(self, text: str) -> None:
        """Show a line of text on every screen."""
        line = printable(" ".join(text.split()), NOTICE_MAX_CHARS)
        if line:
            broadcast_at_tick(self._lobby.all_slots(), lambda tick: Notice(tick, line))
            log.info("teacher: says %r", line)

    def send_out(self, slot_id: str) -> None:
        """Close the connection of one player, who cannot come back by this name from there."""
        for slot in self._some(slot_id):
            name, connection = slot.owner.member.name, slot.owner.connection
            self._lobby.remove(slot)
            if connection is not None:
                self._sent_out.add((skeleton(name), client_network(connection.peer.host)))
                connection.dismiss(SENT_OUT_TEXT)
            log.info("teacher: sends out %r", name)

    def let_back_in(self) -> None:
        """Allow those who were sent out to come back."""
        self._sent_out.clear()
        log.info("teacher: lets back in who was sent out")

    def note_results_taken(self) -> None:
        """Log that the results of the class were downloaded."""
        log.info("teacher: takes the results of the class")

    def is_sent_out(self, name: str, network: str) -> bool:
        """Return whether a client of this name and network was sent out."""
        return (skeleton(sanitize_text(name, NAME_LIMIT)), network) in self._sent_out

    def restart(self) -> None:
        """Begin a new match in every room."""
        for room in self._lobby.rooms.values():
            room.restart()
        log.info("teacher: restarts the match")

    def pause(self, is_on: bool) -> None:
        """Stop or continue the match in every room."""
        self.is_paused = is_on
        for room in self._lobby.rooms.values():
            room.set_paused(is_on, NO_MEMBER)
        log.info("teacher: %s the match", "pauses" if is_on else "continues")

    def set_limits(self, half_s: float, goal_limit: int, pitch_size: PitchSize) -> None:
        """Have halves of this duration, and matches that end with so many goals; 0: no limit.

        The pitch has this size from the next match on.
        """
        self.limits = half_s, goal_limit, pitch_size
        for room in self._lobby.rooms.values():
            room.set_limits(half_s, goal_limit, pitch_size)
        log.info(
            *("teacher: halves of %g s, goal limit %d, %s pitch", half_s, goal_limit),
            pitch_size.name.lower(),
        )

    def draw_teams(self) -> None:
        """Put the people of every room into new teams by lot, and begin a new match."""
        for room in self._lobby.rooms.values():
            room.draw_teams(self._rng)
        log.info("teacher: draws the teams by lot")

    def set_bots(self, count: int) -> None:
        """Set the number of bots in every room."""
        for room in self._lobby.rooms.values():
            room.set_bots(count)
        log.info("teacher: %d bots in a room", count)

    def _some(self, slot_id: str) -> list[Slot]:
        slot = self._slot(slot_id)
        return [slot] if slot else []

    def _slot(self, slot_id: str) -> Slot | None:
        return next((slot for slot in self._lobby.all_slots() if slot.slot_id == slot_id), None)

    def _clear_own_link(self, slot: Slot) -> None:
        client = _relay_client(slot)
        had_own = self.own_links.pop(slot.slot_id, None) is not None
        if had_own and client is not None and self.relay is not None:
            self.relay.clear_link(client)

    def link_of(self, slot_id: str) -> Link:
        """Return the link of a slot: its own, or that of all."""
        return self.own_links.get(slot_id, self.link)

    def _announce_link(self, slots: Iterable[Slot]) -> None:
        for slot in slots:
            settings = format_link(self.link_of(slot.slot_id))
            broadcast_at_tick([slot], partial(LinkChanged, settings=settings, seed=self.seed))

    def _random_transport(self, report: ClientReport | None) -> str:
        """Return a transport that both ends have; any, if the client has reported none."""
        known = report.transports if report else ()
        both = [name for name in self.transports if name in known]
        return self._rng.choice(both or self.transports)


def _relay_client(slot: Slot) -> RelayClient | None:
    connection = slot.owner.connection
    return connection.relay_client if connection else None


def _sanitized(report: ClientReport) -> ClientReport:
    """Return a report whose texts, which come from the network, may be shown."""
    return replace(report, device=sanitize_text(report.device, NAME_LIMIT))
