"""What a packet takes of a rate is what stands on the wire, headers and options included."""

import pytest

from net.link.tcp.packet import MSS_BYTES, Block, Packet, PacketType


@pytest.mark.parametrize(
    ("payload", "sacks", "duplicate", "size"),
    [
        # Ethernet 14, IP 20, TCP 20, timestamps 12.
        (0, (), None, 66),
        (64, (), None, 130),
        (MSS_BYTES, (), None, 1514),
        # SACK: two bytes and two of padding, eight for each block; a DSACK is a block.
        (0, ((10, 20),), None, 78),
        (0, ((10, 20), (30, 40)), (1, 5), 94),
    ],
)
def test_size(payload: int, sacks: tuple[Block, ...], duplicate: Block | None, size: int) -> None:
    packet = Packet(PacketType.ORDINARY, 1000, 1000 + payload, 0, sacks, duplicate, 0.0, 0.0)
    assert packet.size_bytes() == size
