"""Bot controller: a bot that plays from the snapshots of a client.  [pure]

Headless players of tests and measurements use it, and panels that no person controls.
"""

from random import Random

from game.match.bots import Bot, Skill
from game.match.controls import Controls
from game.match.rules import Phase
from game.protocol.messages import Snapshot
from game.protocol.snapshot import world_of


class BotController:
    """A ``game.client.client.Controller``. Network delay affects it as it affects a person."""

    def __init__(self, skill: Skill, rng: Random) -> None:
        self._skill = skill
        self._rng = rng
        self._bot: Bot | None = None

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Return the controls for the next tick, from the newest snapshot."""
        # After joining afresh the player has another id.
        if self._bot is None or self._bot.player_id != own_id:
            self._bot = Bot(own_id, self._skill, self._rng)
        is_play = snapshot.phase in (Phase.KICK_OFF, Phase.PLAY)
        return self._bot.decide(world_of(snapshot), is_play)
