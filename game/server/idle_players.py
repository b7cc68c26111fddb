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

    def replace_controls(self, controls: dict[int, Controls], world: World, is_play: bool) -> bool:
        """Replace the controls of idle players, by player id, by those of their bots for one tick.

        Return whether a bot took over or stopped.
        """
        if not self._limit_ticks:
            return False
        playing = set(self._bots)
        for player_id, own in controls.items():
            if own != NEUTRAL:
                self.forget(player_id)
            elif player_id in playing:
                controls[player_id] = self._bots[player_id].decide(world, is_play)
            else:
                self._count_still_tick(player_id)
        return set(self._bots) != playing

    def _count_still_tick(self, player_id: int) -> None:
        """Count a tick of a player without input. From the limit on, a bot plays."""
        still_ticks = self._still_ticks[player_id] = self._still_ticks.get(player_id, 0) + 1
        if still_ticks >= self._limit_ticks:
            self._bots[player_id] = Bot(player_id, self._skill, Random(self._rng.getrandbits(64)))

    def forget(self, player_id: int) -> None:
        """Reset the count of a player who moves or leaves, and take the bot away."""
        self._still_ticks.pop(player_id, None)
        self._bots.pop(player_id, None)
