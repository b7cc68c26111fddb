"""A bot at the keys of a client: it sees what the client sees, and as late.  [pure]

The headless players of tests and measurements are driven so, and a panel that no person steers.
"""

from random import Random

from game.match.bots import Bot, Skill
from game.match.controls import Controls
from game.match.rules import Phase
from game.protocol.messages import Snapshot
from game.protocol.snapshot import world_of


class BotController:
    """A ``Controller`` for ``game.client.Client``."""

    def __init__(self, skill: Skill, rng: Random) -> None:
        self._skill = skill
        self._rng = rng
        self._bot: Bot | None = None

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Return what the bot holds down, looking at the newest snapshot."""
        if self._bot is None or self._bot.player_id != own_id:
            self._bot = Bot(own_id, self._skill, self._rng)
        is_play = snapshot.phase in (Phase.KICK_OFF, Phase.PLAY)
        return self._bot.decide(world_of(snapshot), is_play)
