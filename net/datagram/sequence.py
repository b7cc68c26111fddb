"""Sequence numbers of 16 bits that wrap, and ack bitfields.  [pure]

Datagrams are numbered from 1. Here a number is an unbounded integer. On the wire are its low 16
bits, and ``unwrap`` finds the rest.

An acknowledgement is the newest number that arrived, ``ack``, and 32 bits. Bit n says whether
``ack - 1 - n`` arrived too (Glenn Fiedler, "Reliability and Congestion Avoidance over UDP"). So 33
consecutive datagrams repeat each fact. All of them are seldom lost, and acknowledgements need no
acknowledgement.
"""

from enum import Enum

NUMBER_MASK = 0xFFFF
_HALF_RANGE = 0x8000

# One acknowledgement covers the newest number and the 32 before it.
ACK_BITS = 32
_ACK_BITS_MASK = (1 << ACK_BITS) - 1
_ACK_WINDOW_BITS = ACK_BITS + 1
_ACK_WINDOW_MASK = (1 << _ACK_WINDOW_BITS) - 1

# How many numbers are remembered, to tell a late datagram from a duplicate: half a minute of
# snapshots. Far below half the range of the numbers, where wrapping would be ambiguous. A power of
# two, so that a mask finds the slot.
HISTORY_NUMBERS = 1024
_SLOT_MASK = HISTORY_NUMBERS - 1


def unwrap(wrapped: int, near: int) -> int:
    """Return the number closest to ``near`` whose low 16 bits are ``wrapped``.

    It is below zero for some numbers that the peer cannot have sent. RFC 1982 defines the
    comparison of wrapping numbers; RFC 9000, appendix A.3, does the same for QUIC.
    """
    return near + ((wrapped - near + _HALF_RANGE) & NUMBER_MASK) - _HALF_RANGE


class ArrivalKind(Enum):
    """The relation of a datagram to those that arrived before it."""

    FRESH = "fresh"
    DUPLICATE = "duplicate"
    TOO_OLD = "too old"


class ReceiveWindow:
    """The numbers that have arrived from the peer.

    ``newest``: the highest number so far.
    ``ack_bits``: the ack bitfield to send with it.
    ``arrived``: how many numbers have arrived.
    """

    __slots__ = ("_slots", "ack_bits", "arrived", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self.arrived = 0
        # Nothing before the first datagram is missing.
        self.ack_bits = _ACK_BITS_MASK
        # Whether a number arrived, at index ``number & _SLOT_MASK``. Setting one slot for each
        # arrival is cheaper than shifting an integer of a thousand bits.
        self._slots = bytearray(b"\x01" * HISTORY_NUMBERS)

    @property
    def lost(self) -> int:
        """Count of numbers below the newest that have not arrived (RFC 3550, appendix A.3).

        A gap counts at once, so a burst of loss is visible when it ends. A datagram that arrives
        late is subtracted again.
        """
        return self.newest - self.arrived

    def classify(self, number: int) -> ArrivalKind:
        """Return whether a number arrives for the first time; change nothing."""
        behind = self.newest - number
        if behind < 0:
            return ArrivalKind.FRESH
        if behind >= HISTORY_NUMBERS:
            return ArrivalKind.TOO_OLD
        return ArrivalKind.DUPLICATE if self._slots[number & _SLOT_MASK] else ArrivalKind.FRESH

    def record(self, number: int) -> None:
        """Store the arrival of a number that is ``FRESH``."""
        ahead = number - self.newest
        if ahead == 1:
            self.ack_bits = (self.ack_bits << 1 | 1) & _ACK_BITS_MASK
            self.newest = number
        elif ahead > 1:
            self._clear_slots(min(ahead, HISTORY_NUMBERS))
            # A one for the newest number until now, then a zero for each number that was skipped.
            self.ack_bits = ((self.ack_bits << 1 | 1) << (ahead - 1)) & _ACK_BITS_MASK
            self.newest = number
        elif ahead >= -ACK_BITS:
            self.ack_bits |= 1 << (-ahead - 1)
        self._slots[number & _SLOT_MASK] = 1
        self.arrived += 1

    def _clear_slots(self, count: int) -> None:
        """Mark the next ``count`` numbers as not arrived; their slots hold old numbers."""
        for number in range(self.newest + 1, self.newest + 1 + count):
            self._slots[number & _SLOT_MASK] = 0


class SendHistory:
    """The numbers that were sent, and those that the peer has acknowledged.

    ``next_number``: the number of the next datagram; the sender takes and increases it.
    ``newest``: the highest number that was acknowledged.
    ``unacknowledged``: how many numbers were never acknowledged, and are too old to be.
    """

    __slots__ = ("_window", "newest", "next_number", "unacknowledged")

    def __init__(self) -> None:
        self.next_number = 1
        self.newest = 0
        self.unacknowledged = 0
        # As in an ack bitfield, bit n: whether ``newest - 1 - n`` was acknowledged.
        self._window = _ACK_BITS_MASK

    def confirm(self, wrapped_ack: int, ack_bits: int) -> int | None:
        """Process an acknowledgement; return what is newly acknowledged, bit n for ``newest - n``.

        Returns None, and changes nothing, if it acknowledges a number that was never sent.
        """
        if ack_bits == self._window == _ACK_BITS_MASK:
            # The usual case: nothing is missing, and the newest numbers are new, or none is.
            ahead = (wrapped_ack - self.newest) & NUMBER_MASK
            if ahead <= ACK_BITS and self.newest + ahead < self.next_number:
                self.newest += ahead
                return (1 << ahead) - 1
        return self._confirm_any(wrapped_ack, ack_bits)

    def _confirm_any(self, wrapped_ack: int, ack_bits: int) -> int | None:
        if (self.next_number - 1 - wrapped_ack) & NUMBER_MASK >= _HALF_RANGE:
            return None
        ahead = ((wrapped_ack - self.newest + _HALF_RANGE) & NUMBER_MASK) - _HALF_RANGE
        # From here on bit n stands for ``newest - n``; bit 0, the newest itself, is always set.
        confirmed = ack_bits << 1 | 1
        window = self._window << 1 | 1
        if ahead > 0:
            window <<= ahead
            # A number that leaves the window unacknowledged stays so. The bits above the window are
            # those that leave it now.
            self.unacknowledged += ahead - (window >> _ACK_WINDOW_BITS).bit_count()
            window &= _ACK_WINDOW_MASK
            self.newest += ahead
        elif ahead > -_ACK_WINDOW_BITS:
            # An older acknowledgement, overtaken on the way: align its bits with ``newest``.
            confirmed = (confirmed << -ahead) & _ACK_WINDOW_MASK
        else:
            # It speaks of numbers that have all left the window.
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
