import pytest

from game.lab.handshake import measure_handshakes
from game.local_server import LocalServer
from net.transport import load_transport

TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}


def test_round_trips_are_those_of_the_books():
    with LocalServer("--log-level", "warning") as server:
        measured = measure_handshakes(TRANSPORTS, server.address)
    trips = {each.transport: each for each in measured}
    # SYN; a hello and a cookie, with a response and an acceptance; SYN and an HTTP upgrade.
    books = {"tcp": 1, "udp": 2, "websocket": 2}
    for name, expected in books.items():
        assert trips[name].connect_round_trips == pytest.approx(expected, abs=0.3)
        # A hello and its welcome, behind which the first snapshot comes at once.
        assert trips[name].first_snapshot_round_trips == pytest.approx(expected + 1, abs=0.45)
