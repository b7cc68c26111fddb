"""The round trips of the transports' handshakes, as their specifications say."""

import pytest

from game.lab.measure.handshake import measure_handshakes
from game.server.local import LocalServer
from net.registry import load_transport
from tests.disturbance import skip_if_disturbed

TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}

# The machine only ever adds to a round trip: of a few attempts the least is the nearest.
ATTEMPTS = 3


@pytest.mark.timing
def test_round_trips_are_those_of_the_specifications():
    with LocalServer("--log-level", "warning") as server, skip_if_disturbed():
        attempts = [measure_handshakes(TRANSPORTS, server.address) for _ in range(ATTEMPTS)]
        # SYN; a hello and a cookie, with a response and an acceptance; SYN and an HTTP upgrade.
        books = {"tcp": 1, "udp": 2, "websocket": 2}
        for name, expected in books.items():
            measured = [each for attempt in attempts for each in attempt if each.transport == name]
            connect = min(each.connect_round_trips for each in measured)
            assert connect == pytest.approx(expected, abs=0.3)
            # A hello and its welcome, behind which the first snapshot comes at once.
            first_snapshot = min(each.first_snapshot_round_trips for each in measured)
            assert first_snapshot == pytest.approx(expected + 1, abs=0.45)
