"""Sequence numbers of 16 bits that wrap, and what they tell of loss.  [pure]

Datagrams are numbered from 1. Here numbers are unbounded integers; on the wire stand their low
16 bits, and ``unwrap`` finds the rest. An acknowledgement is the newest number that arrived and
32 bits, of which bit n says whether ``ack - 1 - n`` arrived too (Fiedler, "Reliable Ordering and
Congestion Avoidance over UDP"). What is told in 33 consecutive acknowledgements is seldom lost in
all of them, so acknowledgements need none of their own.

Knows no datagram, no message and no time.
"""

from enum import Enum

NUMBER_MASK = 0xFFFF
_HALF_RANGE = 0x8000

# What one acknowledgement speaks of: the newest number and the 32 before it.
ACK_BITS = 32
_ACK_BITS_MASK = (1 << ACK_BITS) - 1
_ACK_WINDOW_BITS = ACK_BITS + 1
_ACK_WINDOW_MASK = (1 << _ACK_WINDOW_BITS) - 1

# How far back an arrival is remembered, to tell a late datagram from a second copy: half a minute
# of snapshots. Far below half the range of the numbers, so that wrapping cannot be mistaken.
HISTORY_BITS = 1024
_HISTORY_MASK = (1 << HISTORY_BITS) - 1


def unwrap(wrapped: int, near: int) -> int:
    """Return the number closest to ``near`` whose low 16 bits are ``wrapped``.

    It may be below zero for what the peer cannot have sent (RFC 1982 compares such numbers).
    """
    return near + ((wrapped - near + _HALF_RANGE) & NUMBER_MASK) - _HALF_RANGE


class Arrival(Enum):
    """What a datagram is to those that arrived before it."""

    FRESH = "fresh"
    DUPLICATE = "duplicate"
    TOO_OLD = "too old"


class Arrivals:
    """What has arrived from the peer.

    ``newest`` is the highest number so far, ``arrived`` counts numbers that arrived.
    """

    __slots__ = ("_history", "arrived", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self.arrived = 0
        # Bit n: whether `newest - n` arrived. Before the first there was nothing to miss.
        self._history = _HISTORY_MASK

    @property
    def lost(self) -> int:
        """How many numbers below the newest have not arrived (RFC 3550, A.3).

        A gap counts at once, so a burst of loss shows when it ends and not a second later; what
        arrives after all is taken off again.
        """
        return self.newest - self.arrived

    @property
    def ack_bits(self) -> int:
        """The 32 bits to send beside ``newest``."""
        return (self._history >> 1) & _ACK_BITS_MASK

    def judge(self, number: int) -> Arrival:
        """Tell whether a number arrives for the first time; remembers nothing."""
        behind = self.newest - number
        if behind < 0:
            return Arrival.FRESH
        if behind >= HISTORY_BITS:
            return Arrival.TOO_OLD
        return Arrival.DUPLICATE if (self._history >> behind) & 1 else Arrival.FRESH

    def record(self, number: int) -> None:
        """Remember a number that was judged fresh."""
        ahead = number - self.newest
        if ahead > 0:
            self._history = ((self._history << ahead) | 1) & _HISTORY_MASK
            self.newest = number
        else:
            self._history |= 1 << -ahead
        self.arrived += 1


class Acknowledgements:
    """What the peer confirmed of the datagrams that were sent to it.

    ``next_number`` is for the sender to take and increase. ``newest`` is the highest number
    confirmed. ``unacknowledged`` counts numbers of which no acknowledgement will speak again.
    """

    __slots__ = ("_window", "newest", "next_number", "unacknowledged")

    def __init__(self) -> None:
        self.next_number = 1
        self.newest = 0
        self.unacknowledged = 0
        # Bit n: whether `newest - n` was confirmed.
        self._window = _ACK_WINDOW_MASK

    def is_possible(self, wrapped_ack: int) -> bool:
        """Whether an acknowledgement speaks of numbers that were sent."""
        return unwrap(wrapped_ack, self.newest) < self.next_number

    def confirm(self, wrapped_ack: int, ack_bits: int) -> int:
        """Take an acknowledgement; return what it newly confirms: bit n for ``newest - n``."""
        ack = unwrap(wrapped_ack, self.newest)
        confirmed = ack_bits << 1 | 1
        ahead = ack - self.newest
        if ahead > 0:
            self._advance(ahead)
            self.newest = ack
        elif ahead > -_ACK_WINDOW_BITS:
            confirmed = (confirmed << -ahead) & _ACK_WINDOW_MASK
        else:
            return 0
        newly = confirmed & ~self._window
        self._window |= newly
        return newly

    def _advance(self, ahead: int) -> None:
        """Move the window up, counting what leaves it without having been confirmed."""
        shifted = self._window << ahead
        left_confirmed = (shifted >> _ACK_WINDOW_BITS).bit_count()
        self.unacknowledged += ahead - left_confirmed
        self._window = shifted & _ACK_WINDOW_MASK


def set_bits(bits: int) -> list[int]:
    """Return the positions of the bits that are set, lowest first."""
    positions = []
    while bits:
        lowest = bits & -bits
        positions.append(lowest.bit_length() - 1)
        bits ^= lowest
    return positions
