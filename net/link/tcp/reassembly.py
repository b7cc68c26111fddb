"""Reassembly queue of a TCP receiver: data that waits behind a missing segment.  [pure]

This wait is head-of-line blocking. The application reads nothing of the queue until the missing
segment has arrived (RFC 9293, section 3.10.7.4; Linux ``tcp_data_queue_ofo``, ``tcp_ofo_queue``).
"""

from net.link.tcp_segment import Block

__all__ = ["REMEMBERED_BLOCKS", "ReassemblyQueue"]

# Linux keeps the last four SACK blocks (``TCP_NUM_SACKS``).
REMEMBERED_BLOCKS = 4


class ReassemblyQueue:
    """Blocks of a stream that arrived out of order, with their positions in bytes.

    ``blocks`` are sorted and disjoint. ``recent`` are the same, last changed first, as SACK lists
    them (RFC 2018, section 4).
    """

    __slots__ = ("blocks", "recent")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.recent: list[Block] = []

    def store(self, start: int, end: int) -> bool:
        """Add data from above a hole, merged with the blocks that it touches.

        Return whether all of it was in the queue before.
        """
        is_duplicate = False
        kept: list[Block] = []
        for block in self.blocks:
            if block[1] < start or block[0] > end:
                kept.append(block)
                continue
            if block[0] <= start and end <= block[1]:
                is_duplicate = True
            start, end = min(start, block[0]), max(end, block[1])
        merged = (start, end)
        self.recent = [merged, *(b for b in self.recent if b in kept)][:REMEMBERED_BLOCKS]
        kept.append(merged)
        kept.sort()
        self.blocks = kept
        return is_duplicate

    def release(self, next_seq: int) -> int:
        """Remove the data that is in order now; return the first position still missing.

        ``next_seq`` is the first position that has not arrived in order.
        """
        while self.blocks and self.blocks[0][0] <= next_seq:
            block = self.blocks.pop(0)
            next_seq = max(next_seq, block[1])
        self.recent = [block for block in self.recent if block[0] > next_seq]
        return next_seq
