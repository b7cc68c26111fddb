"""LATEST messages in QUIC datagrams (RFC 9221): numbers, fragments, waiting slots.  [pure]

QUIC numbers packets, but does not tell an application which datagrams were lost. So each datagram
of ours has a header of its own::

    0       1                3
    +-------+----------------+------------------+
    | kind  | number         | body             |     number: 16 bits, big-endian, wrapping, from 1
    +-------+----------------+------------------+

    kind    0x10 + lane     the body is a message
            0x20 + lane     the body is a fragment, as in ``net/datagram/wire_format.py``

The body is at most as long as that of a UDP datagram of ours, since QUIC's headers leave the same
room. A longer DATAGRAM frame would fit no packet, and wait for ever in front of all later ones.
"""

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

from net.datagram.latest import LatestReceiver, fragment
from net.datagram.sequence import NUMBER_MASK, ArrivalKind, ReceiveWindow, unwrap
from net.datagram.wire_format import BODY_LIMIT_BYTES, FRAGMENT, LATEST
from net.errors import ProtocolError
from net.transport import LANES

__all__ = ["HEADER_BYTES", "PACKET_OVERHEAD_BYTES", "LatestInbox", "LatestSlots"]

_HEADER = Struct(">BH")
HEADER_BYTES = _HEADER.size

# IP, UDP, a short header with a connection id of 8 bytes and a packet number of 2 (RFC 9000,
# section 17.3), the tag of the encryption, and a DATAGRAM frame's type and length.
PACKET_OVERHEAD_BYTES = 20 + 8 + 11 + 16 + 2


class _Slot(NamedTuple):
    """A waiting message: the bodies of its datagrams that have not left, and its length."""

    kind: int
    bodies: list[bytes]
    message_bytes: int


class LatestSlots:
    """LATEST messages that wait to be sent, one a lane; a newer message replaces an older one.

    The congestion window may let nothing leave for seconds. QUIC's own queue would keep every
    datagram meanwhile, and the peer would see the oldest first.

    The caller offers the datagrams of ``offer`` to the connection, and reports with
    ``confirm_sent`` how many of them have left. The others are offered again.
    ``replaced`` counts messages, and ``replaced_bytes`` their bytes.
    """

    __slots__ = ("_next_number", "_slots", "_started_lane", "replaced", "replaced_bytes")

    def __init__(self) -> None:
        self.replaced = 0
        self.replaced_bytes = 0
        self._next_number = 1
        # By lane, in the order of sending: the bodies that have not left. In front stands the lane
        # of which a part has left, since the fragments of a message have consecutive numbers.
        self._slots: dict[int, _Slot] = {}
        self._started_lane: int | None = None

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, lane: int) -> bool:
        return lane in self._slots

    def put(self, message: bytes, lane: int) -> None:
        """Put a message into the slot of its lane, in place of one that waits there."""
        if lane == self._started_lane:
            # It counts as sent. The rest would complete a message that is no longer wanted.
            self._started_lane = None
        elif lane in self._slots:
            self.replaced += 1
            self.replaced_bytes += self._slots[lane].message_bytes
        if len(message) <= BODY_LIMIT_BYTES:
            slot = _Slot(LATEST + lane, [message], len(message))
        else:
            slot = _Slot(FRAGMENT + lane, fragment(message), len(message))
        # At the same position in the dict: a lane that is refreshed often is not sent last.
        self._slots[lane] = slot

    def offer(self) -> list[bytes]:
        """Return the datagrams of all messages that wait, in order."""
        number = self._next_number
        datagrams = []
        for slot in self._slots.values():
            for body in slot.bodies:
                datagrams.append(_HEADER.pack(slot.kind, number & NUMBER_MASK) + body)
                number += 1
        return datagrams

    def confirm_sent(self, count: int) -> None:
        """Remove the first ``count`` datagrams that were offered: they have left."""
        self._next_number += count
        while count:
            lane = next(iter(self._slots))
            bodies = self._slots[lane].bodies
            if count < len(bodies):
                del bodies[:count]
                self._started_lane = lane
                return
            count -= len(bodies)
            del self._slots[lane]
            self._started_lane = None


class LatestInbox:
    """The datagrams that have arrived: losses, duplicates, and the newest message of each lane."""

    __slots__ = ("_receiver", "_window", "duplicate", "invalid")

    def __init__(self) -> None:
        self.duplicate = 0
        self.invalid = 0
        self._window = ReceiveWindow()
        self._receiver = LatestReceiver()

    @property
    def arrived(self) -> int:
        """Datagrams of the peer that have arrived."""
        return self._window.arrived

    @property
    def lost(self) -> int:
        """Datagrams of the peer that have not arrived; one that arrives late is subtracted."""
        return self._window.lost

    @property
    def stale(self) -> int:
        """Datagrams that came after a newer one of their lane."""
        return self._receiver.stale

    def receive(self, datagram: bytes) -> Sequence[bytes]:
        """Return the messages that a datagram completes: none, or one."""
        if len(datagram) < HEADER_BYTES:
            self.invalid += 1
            return ()
        kind, wrapped = _HEADER.unpack_from(datagram)
        window = self._window
        number = unwrap(wrapped, window.newest)
        arrival = window.classify(number) if number > 0 else ArrivalKind.TOO_OLD
        if arrival is not ArrivalKind.FRESH:
            self.duplicate += arrival is ArrivalKind.DUPLICATE
            self._receiver.stale += arrival is ArrivalKind.TOO_OLD
            return ()
        try:
            messages = self._messages(kind, number, datagram[HEADER_BYTES:])
        except ProtocolError:
            self.invalid += 1
            return ()
        window.record(number)
        return messages

    def _messages(self, kind: int, number: int, body: bytes) -> Sequence[bytes]:
        if kind - LATEST in LANES:
            return self._receiver.receive(kind - LATEST, number, body)
        if kind - FRAGMENT in LANES:
            return self._receiver.receive_fragment(kind - FRAGMENT, number, body)
        raise ProtocolError(f"kind {kind:02x}")
