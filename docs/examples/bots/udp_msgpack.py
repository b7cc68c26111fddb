"""A bot over UDP with msgpack: ``python udp_msgpack.py HOST PORT ROOM NAME``.

It teaches a binary codec: a hello in msgpack makes the whole session msgpack. When it ends it says
how long its snapshots were, and how long they would have been in JSON. It sends the last eight
inputs in each message, so that a lost message costs nothing. It leaves out events and pings.
"""

import json
import sys
from collections import deque

import msgpack
from football import decide
from udp_connection import Connection

DEFAULTS = ["127.0.0.1", "7777", "main", "msgpack"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]
sizes = {"msgpack": 0, "json": 0}


def play(connection):
    """Answer each snapshot with an input."""
    me, newest_snapshot, inputs, codes = None, 0, 0, deque(maxlen=8)
    while True:
        number, messages = connection.receive()
        for message in messages:
            if message[0] in (3, 6):
                raise ConnectionError(message[1:].decode())
            if message[0] == 2:
                me = msgpack.unpackb(message[1:])[3][0]
            if message[:2] == b"\x08\x02" and me is not None and number > newest_snapshot:
                newest_snapshot = number
                inputs += 1
                snapshot = msgpack.unpackb(message[8:])
                sizes["msgpack"] += len(message[8:])
                sizes["json"] += len(json.dumps(snapshot, separators=(",", ":")))
                codes.append(decide(snapshot, me, inputs))
                connection.send(0x10, b"\x08\x01" + msgpack.packb([inputs, *codes]))


try:
    connection = Connection((HOST, int(PORT)), b"\x01\x03" + msgpack.packb([[NAME, ROOM]]))
    play(connection)
except KeyboardInterrupt:
    connection.send_reliable(1, b"\x06left")
    print(f"bytes of snapshots: {sizes}")
except OSError as error:
    sys.exit(f"{NAME}: {error}")
