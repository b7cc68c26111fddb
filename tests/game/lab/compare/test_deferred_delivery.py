"""Deferred delivery: time stamps and order are kept, on a transport made for the test."""

import asyncio

from game.lab.compare.deferred_delivery import defer_delivery
from net.registry import load_transport
from net.transport import Address


class SimulatedChannel:
    """Delivers the messages that the test passes to it, as a transport would."""

    name = "made up"
    guarantees = load_transport("udp").guarantees
    port_offset = 5

    async def connect(self, address, receiver, options=None):
        self.receiver = receiver
        return self

    async def listen(self, address, accept, options=None):
        return accept


class Listener:
    def __init__(self):
        self.heard = []
        self.ended = asyncio.Event()

    def message_received(self, channel, message, received_at):
        self.heard.append((message, received_at))

    def channel_closed(self, channel, error):
        self.heard.append(("closed", error))
        self.ended.set()


def deferred():
    return defer_delivery({"made up": SimulatedChannel()})["made up"]


async def all_connected(count):
    """Return so many wires, whose transports are deferred together, each with its listener."""
    wires = {str(number): (SimulatedChannel(), Listener()) for number in range(count)}
    transports = defer_delivery({name: wire for name, (wire, _) in wires.items()})
    for name, (_, listener) in wires.items():
        await transports[name].connect(Address("lab", 1), listener)
    return wires.values()


async def connected():
    (ends,) = await all_connected(1)
    return ends


async def test_a_message_is_deferred_with_its_time_stamp_and_order():
    wire, listener = await connected()
    wire.receiver.message_received(wire, b"one", 1.0)
    wire.receiver.message_received(wire, b"two", 2.0)
    assert listener.heard == []
    while len(listener.heard) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert listener.heard == [(b"one", 1.0), (b"two", 2.0)]


async def test_what_arrives_is_stamped_between_two_messages():
    """A burst on one channel must not hold the event loop until all of it is handled."""
    (wire, listener), (other_wire, other) = await all_connected(2)
    wire.receiver.message_received(wire, b"one", 1.0)
    other_wire.receiver.message_received(other_wire, b"two", 1.0)
    wire.receiver.message_received(wire, b"three", 1.0)
    handled = []
    while not handled or handled[-1] < 3:
        await asyncio.sleep(0)
        handled.append(len(listener.heard) + len(other.heard))
    # Between two passes of the event loop at most one message is handled.
    assert {1, 2, 3} <= set(handled)
    assert [message for message, _ in listener.heard] == [b"one", b"three"]


async def test_the_channel_closes_after_the_last_message():
    wire, listener = await connected()
    wire.receiver.message_received(wire, b"last", 1.0)
    wire.receiver.channel_closed(wire, None)
    await listener.ended.wait()
    assert listener.heard == [(b"last", 1.0), ("closed", None)]


def test_the_guarantees_are_those_of_the_transport():
    prompt = deferred()
    assert (prompt.name, prompt.port_offset) == ("made up", 5)
    assert prompt.guarantees is SimulatedChannel.guarantees


async def test_listening_is_not_deferred():
    assert await deferred().listen(Address("lab", 1), "whoever") == "whoever"
