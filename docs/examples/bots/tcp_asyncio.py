"""A bot over TCP with asyncio streams: ``python tcp_asyncio.py HOST PORT ROOM NAME``.

It teaches ``readexactly``, and two tasks that share their variables without a lock: a task is
interrupted at an ``await`` only. It leaves out events and reconnecting.
"""

import asyncio
import json
import struct
import sys
import time

from football import decide

DEFAULTS = ["127.0.0.1", "7777", "main", "asyncio"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]


async def receive(reader):
    """Return the next message."""
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return await reader.readexactly(length)


def send(writer, message):
    """Queue a frame: asyncio sends it while we do something else."""
    writer.write(struct.pack("!I", len(message)) + message)


async def ping(writer):
    """Send a ping every two seconds."""
    while True:
        await asyncio.sleep(2)
        send(writer, struct.pack("!Bd", 4, time.monotonic()))


async def play(reader, writer):
    """Answer each snapshot with an input, and print the round-trip time of each ping."""
    me, number = None, 0
    while True:
        message = await receive(reader)
        if message[0] in (3, 6):
            sys.exit(f"{NAME}: {message[1:].decode()}")
        elif message[0] == 2:
            me = json.loads(message[1:])[3][0]
        elif message[0] == 5:
            t1, t2, t3 = struct.unpack("!ddd", message[1:])
            print(f"round trip {1000 * (time.monotonic() - t1 - (t3 - t2)):.1f} ms")
        elif message[:2] == b"\x08\x02":
            number += 1
            code = decide(json.loads(message[8:]), me, number)
            send(writer, b"\x08\x01" + json.dumps([number, code]).encode())


async def main():
    """Connect, and leave with a close message."""
    reader, writer = await asyncio.open_connection(HOST, int(PORT))
    send(writer, b"\x01\x03" + json.dumps([[NAME, ROOM]]).encode())
    pinging = asyncio.create_task(ping(writer))
    try:
        await play(reader, writer)
    except asyncio.IncompleteReadError:
        sys.exit(f"{NAME}: the server has ended the connection")
    finally:
        pinging.cancel()
        send(writer, b"\x06left")
        writer.close()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("left")
