"""LATEST messages: the newest of each lane, and long ones in fragments.  [pure]

A message that is longer than a datagram is cut up. The pieces go in datagrams with consecutive
numbers, so the number of the first one names the message. Nothing is sent again: one piece lost,
the message is lost. That multiplies loss, which is why snapshots are kept under a datagram.

A fragment is 1 byte index, 1 byte count of fragments, and a part of the message. Knows no header
and no connection.
"""

from collections.abc import Sequence

from net.datagram.wire_format import BODY_LIMIT_BYTES, FRAGMENT_HEADER
from net.errors import ProtocolError
from net.transport import LANES, MESSAGE_LIMIT_BYTES

FRAGMENT_PAYLOAD_BYTES = BODY_LIMIT_BYTES - FRAGMENT_HEADER.size
FRAGMENTS_LIMIT = -(-MESSAGE_LIMIT_BYTES // FRAGMENT_PAYLOAD_BYTES)


def fragment(message: bytes) -> list[bytes]:
    """Return the bodies of the fragments of a message, each with its fragment header."""
    count = -(-len(message) // FRAGMENT_PAYLOAD_BYTES)
    return [
        FRAGMENT_HEADER.pack(index, count)
        + message[index * FRAGMENT_PAYLOAD_BYTES : (index + 1) * FRAGMENT_PAYLOAD_BYTES]
        for index in range(count)
    ]


class LatestReceiver:
    """Lets through what is newer than all that came before in its lane.

    ``stale`` counts datagrams that came too late. Of each lane one message at most, the newest,
    waits for its fragments.
    """

    __slots__ = ("_newest_of_lane", "_unfinished", "stale")

    def __init__(self) -> None:
        self.stale = 0
        self._newest_of_lane = [0] * len(LANES)
        self._unfinished: list[Reassembly | None] = [None] * len(LANES)

    def add_fragment(self, lane: int, number: int, message: bytes) -> Sequence[bytes]:
        """Return the message that came in datagram ``number``, or nothing when it is stale."""
        if number <= self._newest_of_lane[lane]:
            self.stale += 1
            return ()
        self._newest_of_lane[lane] = number
        return (message,)

    def take_fragment(self, lane: int, number: int, body: bytes) -> Sequence[bytes]:
        """Return the message that the fragment in datagram ``number`` completes, if it does.

        Raises ``ProtocolError`` for what is no fragment.
        """
        if len(body) < FRAGMENT_HEADER.size:
            raise ProtocolError("a fragment without its header")
        index, count = FRAGMENT_HEADER.unpack_from(body)
        if not index < count <= FRAGMENTS_LIMIT:
            raise ProtocolError(f"fragment {index} of {count}")
        first_number = number - index
        unfinished = self._unfinished[lane]
        if unfinished is None or first_number > unfinished.first_number:
            unfinished = self._unfinished[lane] = Reassembly(first_number, count)
        if first_number < max(unfinished.first_number, self._newest_of_lane[lane] + 1):
            self.stale += 1
            return ()
        message = unfinished.add(index, count, body[FRAGMENT_HEADER.size :])
        return () if message is None else self.add_fragment(lane, first_number, message)


class Reassembly:
    """The fragments so far of one message, ``first_number`` being the number of the first one."""

    __slots__ = ("_missing", "_parts", "first_number")

    def __init__(self, first_number: int, count: int) -> None:
        self.first_number = first_number
        self._parts: list[bytes | None] = [None] * count
        self._missing = count

    def add(self, index: int, count: int, part: bytes) -> bytes | None:
        """Take a fragment; return the message when it was the last one missing.

        A fragment that contradicts the first that came (``count``) is ignored, and so is a
        message that turns out longer than messages may be.
        """
        if count != len(self._parts) or self._parts[index] is not None:
            return None
        self._parts[index] = part
        self._missing -= 1
        if self._missing:
            return None
        message = b"".join(part for part in self._parts if part is not None)
        return message if len(message) <= MESSAGE_LIMIT_BYTES else None
