"""Process of one server run under chaos, which writes every event into a ledger.

``python -m tests.chaos.server_process PORT LEDGER TICKS TIME_SCALE``. It prints ``ready`` when it
listens. Commands are lines, answered by a line of JSON: ``players``, ``leftovers`` (what is open
for clients), ``leave`` (end, and report what is still open). ``TIME_SCALE`` scales the timeout of
silence and the reservation of slots.

The ledger has a line for each event: the slot's public id, the event's number, its body's checksum.
The file of ticks has a line for each tick: lateness and duration, in milliseconds.
Both survive a SIGKILL.
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
from net.session import event_log, liveness, slots
from net.session.event_log import EventLog
from net.session.messages import SessionEvent
from net.session.slots import SlotTable
from net.system import event_loop
from tests.game.support import INSTALLED

LOOPBACK = "127.0.0.1"
PASSWORD = "sesame"
BOTS = 4
# Enough for a freeze, and full within a minute. The 256 of a real server take four minutes to fill,
# which would look like a leak in a run of five.
EVENTS_KEPT = 64


def log_events(ledger: TextIO) -> None:
    """Write every event of every slot to the ledger before it is sent."""
    take, append = SlotTable.create, EventLog.append
    names: dict[int, str] = {}

    def create_and_name(self, owner):  # type: ignore[no-untyped-def]
        slot = take(self, owner)
        names[id(slot.events)] = slot.slot_id
        return slot

    def append_and_write(self: EventLog, body: bytes) -> SessionEvent:
        event = append(self, body)
        ledger.write(f"{names[id(self)]} {event.number} {crc32(body):08x}\n")
        return event

    SlotTable.create = create_and_name  # type: ignore[method-assign]
    EventLog.append = append_and_write  # type: ignore[method-assign]


def tick_writer(file: TextIO) -> Callable[[float, float], None]:
    """Return a callback that writes each tick."""

    def write(lateness_s: float, duration_s: float) -> None:
        file.write(f"{lateness_s * 1000:.3f} {duration_s * 1000:.3f}\n")

    return write


def players(server: GameServer) -> list[str]:
    """Return the names of the players, without bots."""
    return [
        entry.name
        for room in server.rooms.values()
        for entry in room.roster().entries
        if not entry.is_bot
    ]


def open_files() -> int:
    """Return the number of open file descriptors."""
    return len(os.listdir("/dev/fd"))


async def serve(port: int, ledger: TextIO, ticks: TextIO) -> None:
    """Serve until the command to leave."""
    log_events(ledger)
    commands = await read_commands()
    at_first = open_files()
    transports = list(INSTALLED.values())
    settings = ServerSettings(LOOPBACK, port, password=PASSWORD, room=RoomSettings(bots=BOTS))
    async with GameServer(transports, settings) as server:
        server.on_tick = tick_writer(ticks)
        ticking = asyncio.get_running_loop().create_task(server.run())
        print("ready", flush=True)
        await execute(commands, server, open_files())
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
    for _ in range(10):
        await asyncio.sleep(0.01)
    gc.collect()
    tasks = len(asyncio.all_tasks()) - 1
    print(json.dumps({"tasks": tasks, "descriptors": open_files() - at_first}), flush=True)


async def execute(commands: asyncio.StreamReader, server: GameServer, listening: int) -> None:
    """Answer commands until ``leave``; ``listening`` descriptors are open without clients."""
    while (order := (await commands.readline()).decode().strip()) not in ("", "leave"):
        answer: object = players(server)
        if order == "leftovers":
            answer = {
                "connections": server.stats().connections,
                "rooms": len(server.rooms),
                "descriptors": open_files() - listening,
            }
        print(json.dumps(answer), flush=True)


async def read_commands() -> asyncio.StreamReader:
    """Return a reader of standard input."""
    commands = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    return commands


def scale_timeouts(factor: float) -> None:
    """Multiply the timeout of silence and the reservation of slots."""
    liveness.PEER_TIMEOUT_S *= factor
    slots.RESERVATION_S *= factor


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s server: %(message)s")
    scale_timeouts(float(sys.argv[4]))
    event_log.MAX_KEPT_EVENTS = EVENTS_KEPT
    with ExitStack() as stack:
        # Line-buffered, or a SIGKILL would lose the last lines.
        files = [stack.enter_context(Path(path).open("a", buffering=1)) for path in sys.argv[2:4]]
        event_loop.run(serve(int(sys.argv[1]), *files))
