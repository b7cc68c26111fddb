"""LATEST messages that are longer than a datagram: cut up, and joined if every piece came.  [pure]

The pieces of a message go in datagrams with consecutive numbers, so the number of the first one
names the message. Nothing is sent again: one piece lost, the message is lost. That multiplies
loss, which is why snapshots are kept under a datagram. Knows no header and no connection.
"""

from net.datagram_wire import BODY_LIMIT_BYTES, FRAGMENT_HEADER
from net.transport import MESSAGE_LIMIT_BYTES

PART_LIMIT_BYTES = BODY_LIMIT_BYTES - FRAGMENT_HEADER.size
FRAGMENTS_LIMIT = -(-MESSAGE_LIMIT_BYTES // PART_LIMIT_BYTES)


def cut(message: bytes) -> list[bytes]:
    """Return the bodies of the fragments of a message, each with its fragment header."""
    count = -(-len(message) // PART_LIMIT_BYTES)
    return [
        FRAGMENT_HEADER.pack(index, count)
        + message[index * PART_LIMIT_BYTES : (index + 1) * PART_LIMIT_BYTES]
        for index in range(count)
    ]


class Reassembly:
    """The fragments so far of one message, ``first_number`` being the number of the first one."""

    __slots__ = ("_missing", "_parts", "first_number")

    def __init__(self, first_number: int, count: int) -> None:
        self.first_number = first_number
        self._parts: list[bytes | None] = [None] * count
        self._missing = count

    def add(self, index: int, count: int, part: bytes) -> bytes | None:
        """Take a fragment; return the message when it was the last one missing.

        A fragment that contradicts the first that came (``count``) is ignored.
        """
        if count != len(self._parts) or self._parts[index] is not None:
            return None
        self._parts[index] = part
        self._missing -= 1
        if self._missing:
            return None
        message = b"".join(part for part in self._parts if part is not None)
        return message if len(message) <= MESSAGE_LIMIT_BYTES else None
