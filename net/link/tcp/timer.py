"""Kernel timers: they fire on a tick, and longer ones on a coarser tick.  [pure]

Linux keeps timers in a wheel whose slots widen with the distance (``kernel/time/timer.c``).
A timer never fires early, so it fires up to one slot late. A slot is 4 ms for short timers, and
32 ms for timeouts of more than a quarter of a second. Traces of the kernel show both.
"""

from enum import IntEnum
from math import ceil, floor, inf

__all__ = ["RetransmissionTimer", "TimerType", "expiry"]

# One jiffy at 250 Hz (``CONFIG_HZ=250``), the usual setting of distributions.
TICK_S = 0.004

# Up to this distance a slot is one tick wide.
_NEAR_TICKS = 63

# Each level of the wheel reaches eight times as far as the one below, with slots as much wider
# (``LVL_CLK_SHIFT``).
_WIDENING = 8


def expiry(now: float, delay_s: float) -> float:
    """Return the time at which a timer armed at ``now`` for ``delay_s`` fires, in seconds."""
    ticks = ceil(delay_s / TICK_S)
    slot = 1
    while ticks > _NEAR_TICKS * slot:
        slot *= _WIDENING
    return float(((floor(now / TICK_S) + ticks) // slot + 1) * slot) * TICK_S


class TimerType(IntEnum):
    """Purpose of the sender's one timer (Linux's ``icsk_pending``)."""

    NOTHING = 0
    TIMEOUT = 1
    PROBE = 2
    REORDERING = 3


class RetransmissionTimer:
    """Timer of a sender, which has only one. It fires at ``at`` for the purpose ``cause``.

    Linux shares one timer between retransmission, probe and reordering. Arming it for one purpose
    cancels the others, so the model must share it too.
    """

    __slots__ = ("at", "cause")

    def __init__(self) -> None:
        self.cause = TimerType.NOTHING
        self.at = inf

    def arm(self, cause: TimerType, now: float, delay_s: float) -> None:
        """Fire in ``delay_s``, instead of what it was armed for before."""
        self.cause = cause
        self.at = expiry(now, delay_s)

    def disarm(self) -> None:
        """Cancel the timer."""
        self.cause = TimerType.NOTHING
        self.at = inf
