"""Idle players: a bot plays for a person who has not touched the controls for a while.  [pure]"""

from random import Random

from game.match.bots import Bot, Skill
from game.match.controls import NEUTRAL, Controls
from game.match.physics import TICK_HZ
from game.match.world import World


class IdlePlayers:
    """The players of a room who are idle, by player id.

    ``limit_s``: a player without input for so long is idle; 0 for never.
    """

    def __init__(self, limit_s: float, skill: Skill, rng: Random) -> None:
        self._limit_ticks = round(limit_s * TICK_HZ)
        self._skill = skill
        self._rng = rng
        self._still_ticks: dict[int, int] = {}
        self._bots: dict[int, Bot] = {}

    def __contains__(self, player_id: int) -> bool:
        return player_id in self._bots

    def controls(
        self, player_id: int, controls: Controls, world: World, is_play: bool
    ) -> tuple[Controls, bool]:
        """Return a player's controls for one tick, and whether a bot took over or stopped in it."""
        if not self._limit_ticks:
            return controls, False
        if controls != NEUTRAL:
            return controls, self.forget(player_id)
        bot = self._bots.get(player_id)
        if bot is not None:
            return bot.decide(world, is_play), False
        still_ticks = self._still_ticks.get(player_id, 0) + 1
        self._still_ticks[player_id] = still_ticks
        if still_ticks < self._limit_ticks:
            return controls, False
        self._bots[player_id] = Bot(player_id, self._skill, Random(self._rng.getrandbits(64)))
        return controls, True

    def forget(self, player_id: int) -> bool:
        """Reset the count of a player who moves or leaves; return whether a bot played."""
        self._still_ticks.pop(player_id, None)
        return self._bots.pop(player_id, None) is not None
