"""What TCP puts on the wire, and what it costs there.  [pure]

Knows the fields of a segment that the model needs and the header bytes that a rate limit counts.
Does not know who sends it, when it arrives, or whether it does.
"""

from enum import IntEnum
from typing import NamedTuple

# Counted as Linux's `tc` counts it: the MAC header, without preamble, checksum and gap.
ETHERNET_HEADER_BYTES = 14

IP_HEADER_BYTES = 20
TCP_HEADER_BYTES = 20

# RFC 7323: ten bytes and two of padding, in every segment of the systems of today.
TIMESTAMP_OPTION_BYTES = 12

# The most data in a segment on a link that carries IP packets of 1500 bytes: 1448.
MSS_BYTES = 1500 - IP_HEADER_BYTES - TCP_HEADER_BYTES - TIMESTAMP_OPTION_BYTES

PACKET_HEADER_BYTES = (
    ETHERNET_HEADER_BYTES + IP_HEADER_BYTES + TCP_HEADER_BYTES + TIMESTAMP_OPTION_BYTES
)

# What fits in the 40 bytes of TCP options beside the timestamps (RFC 2018, section 3).
MAX_SACK_BLOCKS = 3

# A range of the stream, `(start, end)`, end excluded.
Block = tuple[int, int]


class PacketType(IntEnum):
    """The part a packet plays; only the handshake's packets are special."""

    SYN = 0
    SYN_ACK = 1
    ORDINARY = 2


class Packet(NamedTuple):
    """One segment on the wire: data of the stream from `start` to `end`, and an acknowledgement.

    An empty range is a pure ACK. `stamp` and `echo` are the timestamps option in seconds of
    virtual time (RFC 7323), `duplicate` the DSACK block (RFC 2883).
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
        """Return the bytes this packet takes of a link's rate, headers and options included."""
        size = PACKET_HEADER_BYTES + self.end - self.start
        blocks = len(self.sacks) + (self.duplicate is not None)
        return size + 4 + 8 * blocks if blocks else size
