"""One life of the server under chaos: a real one, whose every event goes into a ledger.

Run by ``chaos.py`` as a process of its own: ``python -m tests.chaos.life PORT LEDGER TICKS
PATIENCE``. It prints ``ready`` when it listens, and takes orders in a line each, answered by a
line of JSON: ``players``, ``leftovers`` (what it has open for clients), ``leave`` (it ends, and
says what it could not end). ``PATIENCE`` scales for how long silence is borne and places are kept.

The ledger has a line an event: the place's public name, the event's number, its body's checksum.
The file of ticks has a line a tick: by how many milliseconds it was late, and how many it took.
Both outlive a SIGKILL.
"""

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO
from zlib import crc32

from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.registry import load_transport
from net.session import event_log, session, slots
from net.session.event_log import EventLog
from net.session.messages import SessionEvent
from net.session.slots import SlotTable
from net.system import event_loop

LOOPBACK = "127.0.0.1"
NAMES = ("tcp", "udp", "websocket")
PASSWORD = "sesame"
BOTS = 4
# Enough for a freeze, and full within a minute: the 256 of a real server take four minutes to
# fill, which looks like a leak to who watches for five.
EVENTS_KEPT = 64


def keep_a_ledger(ledger: TextIO) -> None:
    """Have every event that any place is given written down, before it is sent."""
    take, append = SlotTable.create, EventLog.append
    names: dict[int, str] = {}

    def take_and_name(self, owner):  # type: ignore[no-untyped-def]
        place = take(self, owner)
        names[id(place.events)] = place.slot_id
        return place

    def append_and_write(self: EventLog, body: bytes) -> SessionEvent:
        event = append(self, body)
        ledger.write(f"{names[id(self)]} {event.number} {crc32(body):08x}\n")
        return event

    SlotTable.create = take_and_name  # type: ignore[method-assign]
    EventLog.append = append_and_write  # type: ignore[method-assign]


def note_ticks(file: TextIO) -> Callable[[float, float], None]:
    """Return what to tell of each tick."""

    def note(lateness_s: float, duration_s: float) -> None:
        file.write(f"{lateness_s * 1000:.3f} {duration_s * 1000:.3f}\n")

    return note


def players(server: GameServer) -> list[str]:
    """Return who plays, bots left out."""
    return [
        entry.name
        for room in server.rooms.values()
        for entry in room.roster().entries
        if not entry.is_bot
    ]


def open_files() -> int:
    """Return how many descriptors this process has."""
    return len(os.listdir("/dev/fd"))


async def live(port: int, ledger: TextIO, ticks: TextIO) -> None:
    """Serve until told to leave."""
    keep_a_ledger(ledger)
    orders = await read_orders()
    at_first = open_files()
    transports = [load_transport(name) for name in NAMES]
    settings = ServerSettings(LOOPBACK, port, password=PASSWORD, room=RoomSettings(bots=BOTS))
    async with GameServer(transports, settings) as server:
        server.on_tick = note_ticks(ticks)
        ticking = asyncio.get_running_loop().create_task(server.run())
        print("ready", flush=True)
        await obey(orders, server, open_files())
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
    for _ in range(10):
        await asyncio.sleep(0.01)
    gc.collect()
    tasks = len(asyncio.all_tasks()) - 1
    print(json.dumps({"tasks": tasks, "descriptors": open_files() - at_first}), flush=True)


async def obey(orders: asyncio.StreamReader, server: GameServer, listening: int) -> None:
    """Answer until told to leave; ``listening`` descriptors are open when nobody is there."""
    while (order := (await orders.readline()).decode().strip()) not in ("", "leave"):
        answer: object = players(server)
        if order == "leftovers":
            answer = {
                "connections": server.stats().connections,
                "rooms": len(server.rooms),
                "descriptors": open_files() - listening,
            }
        print(json.dumps(answer), flush=True)


async def read_orders() -> asyncio.StreamReader:
    """Return the lines of standard input."""
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    return orders


def scale_patience(factor: float) -> None:
    """Bear silence, and keep places, for ``factor`` times as long as usual."""
    session.PEER_TIMEOUT_S *= factor
    slots.RESERVATION_S *= factor


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s server: %(message)s")
    scale_patience(float(sys.argv[4]))
    event_log.MAX_KEPT_EVENTS = EVENTS_KEPT
    with ExitStack() as stack:
        # By the line, or the last ones would die with the process.
        files = [stack.enter_context(Path(path).open("a", buffering=1)) for path in sys.argv[2:4]]
        event_loop.run(live(int(sys.argv[1]), *files))
