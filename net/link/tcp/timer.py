"""When a kernel timer really fires: on a tick, and the later the longer it was.  [pure]

Linux keeps timers in a wheel whose slots widen with the distance (`kernel/time/timer.c`). A timer
never fires early, so it fires up to one slot late: 4 ms for short ones, 32 ms for retransmission
timeouts of more than a quarter of a second. In a trace of the kernel both stand out plainly.
"""

from enum import IntEnum
from math import ceil, floor, inf

# One jiffy at 250 Hz (CONFIG_HZ=250), the usual setting of distributions' kernels.
TICK_S = 0.004

# Up to this distance a slot is one tick wide.
_NEAR_TICKS = 63

# Each level of the wheel reaches eight times as far as the one before, in slots as much wider.
_WIDENING = 8


def expiry(now: float, delay_s: float) -> float:
    """Return when a timer armed at `now` for `delay_s` fires, in seconds."""
    ticks = ceil(delay_s / TICK_S)
    slot = 1
    while ticks > _NEAR_TICKS * slot:
        slot *= _WIDENING
    return float(((floor(now / TICK_S) + ticks) // slot + 1) * slot) * TICK_S


class TimerType(IntEnum):
    """What the one retransmission timer of a connection is armed for."""

    NOTHING = 0
    TIMEOUT = 1
    PROBE = 2
    REORDERING = 3


class RetransmissionTimer:
    """The one timer that a sender has: `at` is when it fires, `cause` what for."""

    __slots__ = ("at", "cause")

    def __init__(self) -> None:
        self.cause = TimerType.NOTHING
        self.at = inf

    def arm(self, cause: TimerType, now: float, delay_s: float) -> None:
        """Fire in `delay_s`, whatever it was armed for before."""
        self.cause = cause
        self.at = expiry(now, delay_s)

    def disarm(self) -> None:
        """Do not fire."""
        self.cause = TimerType.NOTHING
        self.at = inf
