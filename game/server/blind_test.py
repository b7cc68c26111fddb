"""Blind test of a class: players vote for the transport that they take for their own.

No screen names a transport until the teacher reveals them. Thread: the event loop's.
"""

import logging
from collections.abc import Sequence

from game.protocol import encoding
from game.protocol.messages import BlindStage, BlindTest
from game.server.broadcast import broadcast_at_tick
from game.server.rooms import Lobby
from game.server.slot import PlayerSlot, Slot
from net.errors import DecodeError

log = logging.getLogger(__name__)


class BlindTestControl:
    """The stage of the blind test in all rooms; ``transports`` are the choices of a vote."""

    def __init__(self, lobby: Lobby, transports: Sequence[str]) -> None:
        self.stage = BlindStage.OFF
        self._lobby = lobby
        self._transports = tuple(transports)

    @property
    def is_voting(self) -> bool:
        """True while a blind test is on: nobody may read a transport anywhere."""
        return self.stage is BlindStage.VOTING

    def begin(self) -> None:
        """Hide the names of the transports on all screens, and ask for votes."""
        for slot in self._lobby.all_slots():
            slot.owner.vote = ""
        self._set_stage(BlindStage.VOTING)

    def reveal(self) -> None:
        """End the vote: the screens name the transports again."""
        self._set_stage(BlindStage.REVEALED)

    def end(self) -> None:
        """Go back to before the blind test."""
        self._set_stage(BlindStage.OFF)

    def greet(self, slot: Slot, *, lacks_events: bool) -> None:
        """Tell a client of a vote that is on; one that ``lacks_events``, the stage in any case."""
        slot.owner.room.set_hides_transports(self.is_voting)
        if lacks_events or self.is_voting:
            broadcast_at_tick([slot], self._event)

    def on_vote(self, player_slot: PlayerSlot, body: bytes) -> None:
        """Keep the vote of a client while there is one. Raises ``DecodeError``."""
        vote = encoding.decode_vote(body, player_slot.codec)
        if vote not in self._transports:
            raise DecodeError(f"a vote for {vote!r:.40}, which this server does not offer")
        if self.is_voting:
            player_slot.vote = vote

    def _set_stage(self, stage: BlindStage) -> None:
        self.stage = stage
        for room in self._lobby.rooms.values():
            room.set_hides_transports(self.is_voting)
        broadcast_at_tick(self._lobby.all_slots(), self._event)
        log.info("teacher: blind test: %s", stage.name.lower())

    def _event(self, tick: int) -> BlindTest:
        return BlindTest(tick, self.stage, self._transports)
