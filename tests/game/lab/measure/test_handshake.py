"""The round trips of the transports' handshakes, as their specifications say."""

import asyncio

import pytest

from game.lab.measure.handshake import measure_handshakes
from game.server.local import LocalServer
from net.registry import load_transport
from plugins.tcp import TcpTransport
from tests.disturbance import skip_if_disturbed

TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}


@pytest.mark.timing
def test_round_trips_are_those_of_the_specifications():
    with LocalServer("--log-level", "warning") as server, skip_if_disturbed():
        measured = {each.transport: each for each in measure_handshakes(TRANSPORTS, server.address)}
        # SYN; a hello and a cookie, with a response and an acceptance; SYN and an HTTP upgrade.
        books = {"tcp": 1, "udp": 2, "websocket": 2}
        for name, expected in books.items():
            assert measured[name].connect_round_trips == pytest.approx(expected, abs=0.15)
            # A hello and its welcome, behind which the first snapshot comes at once.
            first_snapshot = measured[name].first_snapshot_round_trips
            assert first_snapshot == pytest.approx(expected + 1, abs=0.3)


class SlowTcp(TcpTransport):
    """TCP on a computer that takes a quarter of a second to open a socket."""

    async def connect(self, *arguments):
        await asyncio.sleep(0.25)
        return await super().connect(*arguments)


@pytest.mark.timing
def test_the_time_of_this_computer_is_no_round_trip():
    with LocalServer("--log-level", "warning") as server, skip_if_disturbed():
        (measured,) = measure_handshakes({"tcp": SlowTcp()}, server.address)
        assert measured.connect_round_trips == pytest.approx(1, abs=0.15)
