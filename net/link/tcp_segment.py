"""TCP segments on the wire: the fields that the model needs, and their size.  [pure]"""

from enum import IntEnum
from typing import NamedTuple

__all__ = [
    "ETHERNET_HEADER_BYTES",
    "MAX_SACK_BLOCKS",
    "MSS_BYTES",
    "PACKET_HEADER_BYTES",
    "Block",
    "Packet",
    "PacketType",
    "ResendCause",
]

# Counted as Linux's ``tc`` does: the MAC header, without preamble, checksum and inter-frame gap.
ETHERNET_HEADER_BYTES = 14

IP_HEADER_BYTES = 20
TCP_HEADER_BYTES = 20

# RFC 7323: ten bytes and two of padding. Today's systems send them in each segment.
TIMESTAMP_OPTION_BYTES = 12

# The most data in a segment on a link that carries IP packets of 1500 bytes: 1448.
MSS_BYTES = 1500 - IP_HEADER_BYTES - TCP_HEADER_BYTES - TIMESTAMP_OPTION_BYTES

PACKET_HEADER_BYTES = (
    ETHERNET_HEADER_BYTES + IP_HEADER_BYTES + TCP_HEADER_BYTES + TIMESTAMP_OPTION_BYTES
)

# As many blocks as fit in 40 bytes of TCP options beside the timestamps (RFC 2018, section 3).
MAX_SACK_BLOCKS = 3

# A byte range of the stream, ``(start, end)``, end excluded.
Block = tuple[int, int]


class PacketType(IntEnum):
    """Type of a segment. The values go into JSON.

    Only the packets of the handshake and the reset differ from the others.
    """

    SYN = 0
    SYN_ACK = 1
    ORDINARY = 2
    RESET = 3


class ResendCause(IntEnum):
    """Reason why a segment was sent again; false for the first transmission.

    The values go into JSON.
    """

    NONE = 0
    FAST = 1  # an acknowledgement showed the loss
    RACK = 2  # the reordering timer found it missing (RFC 8985, section 6.2)
    PROBE = 3  # a tail loss probe
    TIMEOUT = 4  # the retransmission timeout, or the handshake's


class Packet(NamedTuple):
    """One segment: the stream's bytes from ``start`` to ``end``, and an acknowledgement.

    An empty range is a pure ACK. ``duplicate`` is the DSACK block (RFC 2883).
    ``stamp`` and ``echo`` are the timestamps option (RFC 7323), in seconds of virtual time.
    """

    kind: PacketType
    start: int
    end: int
    ack: int
    sacks: tuple[Block, ...]
    duplicate: Block | None
    stamp: float
    echo: float

    def size_bytes(self) -> int:
        """Return the size that a rate limit counts, headers and options included."""
        size = PACKET_HEADER_BYTES + self.end - self.start
        blocks = len(self.sacks) + (self.duplicate is not None)
        # SACK option: kind and length, two bytes of padding, eight bytes a block.
        return size + 4 + 8 * blocks if blocks else size
