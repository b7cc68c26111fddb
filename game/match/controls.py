"""Controls: the input of one player for one tick, from a keyboard, a gamepad or a bot.  [pure]"""

from dataclasses import dataclass

# A signed byte on the wire: finer than a thumb can move a stick.
STICK_LIMIT = 127


@dataclass(frozen=True, slots=True)
class Controls:
    """The direction of acceleration and the kick key, for one tick.

    ``x``, ``y``: -127..127, right and down. A vector longer than 127 counts as 127 long, so that a
    diagonal is not faster.
    ``kick``: whether the key is down. One press gives at most one kick.
    Raises ``ValueError`` for any other value: a server builds controls from untrusted bytes.
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
