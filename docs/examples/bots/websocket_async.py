"""A bot over WebSocket: ``python websocket_async.py HOST PORT ROOM NAME``; PORT is the base port.

It teaches ``async with`` and ``async for`` of the ``websockets`` library. WebSocket keeps the
boundaries of messages, so nothing is framed here. It leaves out events, pings and reconnecting.
"""

import asyncio
import json
import sys

from football import decide
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

DEFAULTS = ["127.0.0.1", "7777", "main", "websocket"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]


async def play():
    """Join, and answer each snapshot with an input."""
    url = f"ws://{HOST}:{int(PORT) + 1}/"
    async with connect(url, subprotocols=["jitterball"], compression=None) as connection:
        await connection.send(b"\x01\x03" + json.dumps([[NAME, ROOM]]).encode())
        me, number = None, 0
        try:
            async for message in connection:
                if message[0] in (3, 6):
                    sys.exit(f"{NAME}: {message[1:].decode()}")
                elif message[0] == 2:
                    me = json.loads(message[1:])[3][0]
                elif message[:2] == b"\x08\x02":
                    number += 1
                    code = decide(json.loads(message[8:]), me, number)
                    await connection.send(b"\x08\x01" + json.dumps([number, code]).encode())
        except asyncio.CancelledError:
            # Ctrl-C.
            await connection.send(b"\x06left")


try:
    asyncio.run(play())
except (OSError, ConnectionClosed) as error:
    sys.exit(f"{NAME}: {error}")
