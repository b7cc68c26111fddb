"""What a player holds down for one tick, whoever the player is: a person, a pad or a bot.

Knows the range of the values, which is what a server checks; what they do is `physics`' business.
"""

from dataclasses import dataclass

# A signed byte on the wire: finer than a thumb on a pad can steer.
STICK_LIMIT = 127


@dataclass(frozen=True, slots=True)
class Controls:
    """Hold one tick of input.

    `x` and `y` (each -127..127, right and down) point where to accelerate; the length says how
    hard, and a vector longer than 127 counts as 127 long, so a diagonal is no faster.
    `kick` is true while the key is down: one press gives at most one kick.

    Raises `ValueError` for anything else, so that garbage from a network stops here.
    """

    x: int
    y: int
    kick: bool

    def __post_init__(self) -> None:
        for name, value in (("x", self.x), ("y", self.y)):
            if type(value) is not int or not -STICK_LIMIT <= value <= STICK_LIMIT:
                raise ValueError(
                    f"controls: {name} must be a whole number -127..127, not {value!r}"
                )
        if type(self.kick) is not bool:
            raise ValueError(f"controls: kick must be true or false, not {self.kick!r}")


NEUTRAL = Controls(0, 0, False)
