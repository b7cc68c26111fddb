"""A bot over UDP: ``python udp.py HOST PORT ROOM NAME``.

It teaches to drop what is stale: a snapshot that was overtaken by a newer one. What UDP itself
takes is in ``udp_connection.py``. It leaves out events, pings and reconnecting.
"""

import json
import sys

from football import decide
from udp_connection import Connection

DEFAULTS = ["127.0.0.1", "7777", "main", "udp"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]


def play(connection):
    """Answer each snapshot with an input."""
    me, inputs, newest_snapshot = None, 0, 0
    while True:
        number, messages = connection.receive()
        for message in messages:
            if message[0] in (3, 6):
                raise ConnectionError(message[1:].decode())
            if message[0] == 2:
                me = json.loads(message[1:])[3][0]
            # A snapshot may overtake the welcome, and an older snapshot.
            if message[:2] == b"\x08\x02" and me is not None and number > newest_snapshot:
                newest_snapshot = number
                inputs += 1
                code = decide(json.loads(message[8:]), me, inputs)
                connection.send(0x10, b"\x08\x01" + json.dumps([inputs, code]).encode())


hello = b"\x01\x03" + json.dumps([[NAME, ROOM]]).encode()
try:
    connection = Connection((HOST, int(PORT)), hello)
    play(connection)
except KeyboardInterrupt:
    connection.send_reliable(1, b"\x06left")
except OSError as error:
    sys.exit(f"{NAME}: {error}")
