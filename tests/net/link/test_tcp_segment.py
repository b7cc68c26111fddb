"""Tests of the size of a packet on the wire, headers and options included."""

from net.link.tcp_segment import MSS_BYTES, Block, Packet, PacketType

Sacks = tuple[Block, ...]


def test_size() -> None:
    def size_bytes(payload: int, sacks: Sacks, duplicate: Block | None) -> int:
        end = 1000 + payload
        return Packet(PacketType.ORDINARY, 1000, end, 0, sacks, duplicate, 0.0, 0.0).size_bytes()

    expected: dict[tuple[int, Sacks, Block | None], int] = {
        # Ethernet 14, IP 20, TCP 20, timestamps 12.
        (0, (), None): 66,
        (64, (), None): 130,
        (MSS_BYTES, (), None): 1514,
        # SACK: two bytes and two of padding, eight for each block. A DSACK is a block.
        (0, ((10, 20),), None): 78,
        (0, ((10, 20), (30, 40)), (1, 5)): 94,
    }
    assert {packet: size_bytes(*packet) for packet in expected} == expected
