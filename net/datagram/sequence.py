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
# of snapshots. Far below half the range of the numbers, so that wrapping cannot be mistaken; a
# power of two, so that a slot is found with a mask.
HISTORY_NUMBERS = 1024
_SLOT_MASK = HISTORY_NUMBERS - 1


def unwrap(wrapped: int, near: int) -> int:
    """Return the number closest to ``near`` whose low 16 bits are ``wrapped``.

    It may be below zero for what the peer cannot have sent (RFC 1982 compares such numbers).
    """
    return near + ((wrapped - near + _HALF_RANGE) & NUMBER_MASK) - _HALF_RANGE


class ArrivalKind(Enum):
    """What a datagram is to those that arrived before it."""

    FRESH = "fresh"
    DUPLICATE = "duplicate"
    TOO_OLD = "too old"


class ReceiveWindow:
    """What has arrived from the peer.

    ``newest`` is the highest number so far, ``ack_bits`` the 32 bits to send beside it,
    ``arrived`` counts numbers that arrived.
    """

    __slots__ = ("_slots", "ack_bits", "arrived", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self.arrived = 0
        # Before the first there was nothing to miss.
        self.ack_bits = _ACK_BITS_MASK
        # Whether a number arrived, at `number & _SLOT_MASK`. Setting one slot for each arrival is
        # cheaper than shifting a thousand bits.
        self._slots = bytearray(b"\x01" * HISTORY_NUMBERS)

    @property
    def lost(self) -> int:
        """How many numbers below the newest have not arrived (RFC 3550, A.3).

        A gap counts at once, so a burst of loss shows when it ends and not a second later; what
        arrives after all is taken off again.
        """
        return self.newest - self.arrived

    def classify(self, number: int) -> ArrivalKind:
        """Tell whether a number arrives for the first time; remembers nothing."""
        behind = self.newest - number
        if behind < 0:
            return ArrivalKind.FRESH
        if behind >= HISTORY_NUMBERS:
            return ArrivalKind.TOO_OLD
        return ArrivalKind.DUPLICATE if self._slots[number & _SLOT_MASK] else ArrivalKind.FRESH

    def record(self, number: int) -> None:
        """Remember a number that was judged fresh."""
        ahead = number - self.newest
        if ahead == 1:
            self.ack_bits = (self.ack_bits << 1 | 1) & _ACK_BITS_MASK
            self.newest = number
        elif ahead > 1:
            self._forget_slots(min(ahead, HISTORY_NUMBERS))
            # The newest until now, and then a zero for each number that was skipped.
            self.ack_bits = ((self.ack_bits << 1 | 1) << (ahead - 1)) & _ACK_BITS_MASK
            self.newest = number
        elif ahead >= -ACK_BITS:
            self.ack_bits |= 1 << (-ahead - 1)
        self._slots[number & _SLOT_MASK] = 1
        self.arrived += 1

    def _forget_slots(self, count: int) -> None:
        """Note that the next ``count`` numbers have not arrived."""
        for number in range(self.newest + 1, self.newest + 1 + count):
            self._slots[number & _SLOT_MASK] = 0


class SendHistory:
    """What the peer confirmed of the datagrams that were sent to it.

    ``next_number`` is for the sender to take and increase. ``newest`` is the highest number
    confirmed. ``unacknowledged`` counts numbers of which no acknowledgement will speak again.
    """

    __slots__ = ("_window", "newest", "next_number", "unacknowledged")

    def __init__(self) -> None:
        self.next_number = 1
        self.newest = 0
        self.unacknowledged = 0
        # As in an acknowledgement, bit n: whether `newest - 1 - n` was confirmed.
        self._window = _ACK_BITS_MASK

    def confirm(self, wrapped_ack: int, ack_bits: int) -> int | None:
        """Take an acknowledgement; return what it newly confirms: bit n for ``newest - n``.

        None, and nothing is taken, when it speaks of a number that was never sent.
        """
        if ack_bits == self._window == _ACK_BITS_MASK:
            # Nothing is missing, as mostly: what is new is the next one, if it was sent.
            following = self.newest + 1
            if wrapped_ack == following & NUMBER_MASK and following < self.next_number:
                self.newest = following
                return 1
        return self._confirm_any(wrapped_ack, ack_bits)

    def _confirm_any(self, wrapped_ack: int, ack_bits: int) -> int | None:
        if (self.next_number - 1 - wrapped_ack) & NUMBER_MASK >= _HALF_RANGE:
            return None
        ahead = ((wrapped_ack - self.newest + _HALF_RANGE) & NUMBER_MASK) - _HALF_RANGE
        confirmed = ack_bits << 1 | 1
        # The newest itself is always confirmed.
        window = self._window << 1 | 1
        if ahead > 0:
            window <<= ahead
            # What leaves the window without having been confirmed will not be any more.
            self.unacknowledged += ahead - (window >> _ACK_WINDOW_BITS).bit_count()
            window &= _ACK_WINDOW_MASK
            self.newest += ahead
        elif ahead > -_ACK_WINDOW_BITS:
            confirmed = (confirmed << -ahead) & _ACK_WINDOW_MASK
        else:
            return 0
        self._window = (window | confirmed) >> 1
        return confirmed & ~window


def set_bits(bits: int) -> list[int]:
    """Return the positions of the bits that are set, lowest first."""
    positions = []
    while bits:
        lowest = bits & -bits
        positions.append(lowest.bit_length() - 1)
        bits ^= lowest
    return positions
