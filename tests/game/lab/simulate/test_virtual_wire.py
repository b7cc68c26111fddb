"""Channels in virtual time."""

from collections.abc import Callable

import pytest

from game.lab.simulate.virtual_wire import (
    SimulatedChannel,
    SimulatedDatagramChannel,
    SimulatedStreamChannel,
    VirtualTime,
)
from net.link.spec import parse_link
from net.link.tcp.endpoint import Side
from net.transport import Delivery

SEED = 7
HZ = 60
MESSAGES = 15 * HZ


class CountingTime(VirtualTime):
    """A clock that counts the calls that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def call_at(self, at: float, call: Callable[[], None]) -> None:
        self.calls += 1
        super().call_at(at, call)


@pytest.mark.parametrize("kind", [SimulatedDatagramChannel, SimulatedStreamChannel])
def test_later_traffic_takes_as_many_timers_as_earlier(kind: type[SimulatedChannel]) -> None:
    time = CountingTime()
    channel = kind(time, parse_link("delay=10ms,loss=10%"), SEED)
    channel.receivers = dict.fromkeys(Side, lambda _message: None)
    counts = []
    for half in range(2):
        before = time.calls
        for number in range(half * MESSAGES, (half + 1) * MESSAGES):
            time.run_until(number / HZ)
            for side in Side:
                channel.send(side, b"message", Delivery.RELIABLE)
        counts.append(time.calls - before)
    first, second = counts
    assert second == pytest.approx(first, rel=0.1)
