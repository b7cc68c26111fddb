"""Reception of LATEST messages: the newest of each lane, and reassembly of fragments.  [pure]

A message longer than a datagram is split into fragments. They travel in datagrams with consecutive
sequence numbers, so the number of the first one identifies the message. Nothing is retransmitted:
if one fragment is lost, the message is lost. A message of ten fragments is lost ten times as often,
which is why snapshots are kept under one datagram.
"""

from collections.abc import Sequence

from net.datagram.wire_format import BODY_LIMIT_BYTES, FRAGMENT_HEADER
from net.errors import ProtocolError
from net.transport import LANES, MESSAGE_LIMIT_BYTES

FRAGMENT_PAYLOAD_BYTES = BODY_LIMIT_BYTES - FRAGMENT_HEADER.size
FRAGMENTS_LIMIT = -(-MESSAGE_LIMIT_BYTES // FRAGMENT_PAYLOAD_BYTES)


def fragment(message: bytes) -> list[bytes]:
    """Return the bodies of a message's fragments, each with its fragment header."""
    count = -(-len(message) // FRAGMENT_PAYLOAD_BYTES)
    return [
        FRAGMENT_HEADER.pack(index, count)
        + message[index * FRAGMENT_PAYLOAD_BYTES : (index + 1) * FRAGMENT_PAYLOAD_BYTES]
        for index in range(count)
    ]


class LatestReceiver:
    """A filter that passes only messages newer than all before in their lane.

    ``stale`` counts datagrams that came too late. In each lane at most one message, the newest,
    waits for its fragments.
    """

    __slots__ = ("_newest_of_lane", "_unfinished", "stale")

    def __init__(self) -> None:
        self.stale = 0
        self._newest_of_lane = [0] * len(LANES)
        self._unfinished: list[Reassembly | None] = [None] * len(LANES)

    def receive(self, lane: int, number: int, message: bytes) -> Sequence[bytes]:
        """Return the message of datagram ``number``, or nothing if it is stale."""
        if number <= self._newest_of_lane[lane]:
            self.stale += 1
            return ()
        self._newest_of_lane[lane] = number
        return (message,)

    def receive_fragment(self, lane: int, number: int, body: bytes) -> Sequence[bytes]:
        """Return the message that the fragment in datagram ``number`` completes, if any.

        Raises ``ProtocolError`` if the body is no fragment.
        """
        if len(body) < FRAGMENT_HEADER.size:
            raise ProtocolError("a fragment without its header")
        index, count = FRAGMENT_HEADER.unpack_from(body)
        if not index < count <= FRAGMENTS_LIMIT:
            raise ProtocolError(f"fragment {index} of {count}")
        first_number = number - index
        unfinished = self._unfinished[lane]
        # A fragment of a newer message drops the unfinished one: it would be stale when complete.
        if unfinished is None or first_number > unfinished.first_number:
            unfinished = self._unfinished[lane] = Reassembly(first_number, count)
        if first_number < max(unfinished.first_number, self._newest_of_lane[lane] + 1):
            self.stale += 1
            return ()
        message = unfinished.add(index, count, body[FRAGMENT_HEADER.size :])
        return () if message is None else self.receive(lane, first_number, message)


class Reassembly:
    """The fragments of one message that have arrived.

    ``first_number``: the sequence number of the message's first fragment.
    """

    __slots__ = ("_missing", "_parts", "first_number")

    def __init__(self, first_number: int, count: int) -> None:
        self.first_number = first_number
        self._parts: list[bytes | None] = [None] * count
        self._missing = count

    def add(self, index: int, count: int, part: bytes) -> bytes | None:
        """Add a fragment; return the message if it was the last one missing.

        A fragment with another ``count`` than the first that arrived is ignored. A message over the
        size limit is dropped.
        """
        if count != len(self._parts) or self._parts[index] is not None:
            return None
        self._parts[index] = part
        self._missing -= 1
        if self._missing:
            return None
        message = b"".join(part for part in self._parts if part is not None)
        return message if len(message) <= MESSAGE_LIMIT_BYTES else None
