"""Tests of the delivery queue: order of time, and of adding among equal times."""

import asyncio

from net.link.lateness import LatenessHistogram
from net.link.relay.delivery_timer import DeliveryTimer


async def test_packets_leave_in_the_order_of_their_times() -> None:
    loop, left = asyncio.get_running_loop(), asyncio.Queue[bytes]()
    queue = DeliveryTimer(loop, LatenessHistogram())
    now = loop.time()
    for milliseconds, packet in ((3, b"third"), (1, b"first"), (2, b"second")):
        queue.add(now + milliseconds / 1000, left.put_nowait, packet)
    assert [await left.get() for _ in range(3)] == [b"first", b"second", b"third"]
    queue.close()


async def test_equal_times_keep_the_order_of_adding() -> None:
    loop, left = asyncio.get_running_loop(), asyncio.Queue[bytes]()
    queue = DeliveryTimer(loop, LatenessHistogram())
    at = loop.time() + 0.001
    packets = [bytes([number]) for number in range(50)]
    for packet in packets:
        queue.add(at, left.put_nowait, packet)
    assert [await left.get() for _ in packets] == packets
    queue.close()


async def test_a_packet_leaves_no_earlier_than_its_time_and_its_lateness_is_counted() -> None:
    loop, lateness = asyncio.get_running_loop(), LatenessHistogram()
    queue = DeliveryTimer(loop, lateness)
    left_at: asyncio.Future[float] = loop.create_future()
    at = loop.time() + 0.002
    queue.add(at, lambda _packet: left_at.set_result(loop.time()), b"")
    assert await left_at >= at
    queue.close()
    assert lateness.stats().count == 1


async def test_waiting_deliveries_are_dropped_on_closing() -> None:
    loop, left = asyncio.get_running_loop(), asyncio.Queue[bytes]()
    queue = DeliveryTimer(loop, LatenessHistogram())
    queue.add(loop.time() + 0.001, left.put_nowait, b"too late")
    queue.close()
    await asyncio.sleep(0.003)
    assert left.empty()
