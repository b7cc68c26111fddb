"""Tests of the reassembly queue: merged blocks, the order of the last changes, duplicates."""

from net.link.tcp.reassembly import REMEMBERED_BLOCKS, ReassemblyQueue


def test_at_most_four_blocks_are_remembered() -> None:
    queue = ReassemblyQueue()
    for number in range(1, 13, 2):
        queue.store(number * 64, number * 64 + 64)
    assert len(queue.blocks) == 6
    assert len(queue.recent) == REMEMBERED_BLOCKS
    assert queue.recent[0] == (11 * 64, 12 * 64)


def test_data_between_two_blocks_joins_them() -> None:
    queue = ReassemblyQueue()
    assert not queue.store(64, 128)
    assert not queue.store(192, 256)
    assert not queue.store(128, 192)
    assert queue.blocks == queue.recent == [(64, 256)]


def test_data_that_is_in_the_queue_is_a_duplicate() -> None:
    queue = ReassemblyQueue()
    queue.store(64, 256)
    assert queue.store(128, 192)
    assert not queue.store(192, 320)
    assert queue.blocks == [(64, 320)]


def test_release_stops_at_the_next_hole() -> None:
    queue = ReassemblyQueue()
    queue.store(64, 128)
    queue.store(192, 256)
    assert queue.release(32) == 32
    assert queue.release(64) == 128
    assert queue.blocks == queue.recent == [(192, 256)]
