"""One life of the server under chaos: a real one, whose every event goes into a ledger.

Run by ``chaos.py`` as a process of its own: ``python -m tests.chaos.life PORT LEDGER PATIENCE``. It
prints ``ready`` when it listens and, when it is told to end (SIGTERM), a line of JSON about its
health. ``PATIENCE`` scales for how long silence is borne and places are kept, so that a short run
sees them end too.
The ledger has a line an event: the place's public name, the event's number, its body's checksum.
"""

import asyncio
import gc
import json
import logging
import os
import resource
import signal
import sys
from array import array
from pathlib import Path
from typing import TextIO
from zlib import crc32

from game.room import RoomSettings
from game.server import GameServer, ServerSettings
from game.server_figures import quantile
from net import event_loop, events, places, session
from net.events import EventLog
from net.places import Places
from net.session import Event
from net.transport import load_transport

LOOPBACK = "127.0.0.1"
NAMES = ("tcp", "udp", "websocket")
BOTS = 4
# Enough for a freeze, and full within a minute: the 256 of a real server take four minutes to
# fill, which looks like a leak to who watches for five.
EVENTS_KEPT = 64


def keep_a_ledger(ledger: TextIO) -> None:
    """Have every event that any place is given written down, before it is sent."""
    take, append = Places.take, EventLog.append
    names: dict[int, str] = {}

    def take_and_name(self, occupant):  # type: ignore[no-untyped-def]
        place = take(self, occupant)
        names[id(place.events)] = place.place_id
        return place

    def append_and_write(self: EventLog, body: bytes) -> Event:
        event = append(self, body)
        ledger.write(f"{names[id(self)]} {event.number} {crc32(body):08x}\n")
        return event

    Places.take = take_and_name  # type: ignore[method-assign]
    EventLog.append = append_and_write  # type: ignore[method-assign]


class TickWatch:
    """How late every tick of the whole life was, and how long it took, in seconds."""

    def __init__(self) -> None:
        self.lateness_s = array("d")
        self.durations_s = array("d")

    def note(self, lateness_s: float, duration_s: float) -> None:
        """Take a tick."""
        self.lateness_s.append(lateness_s)
        self.durations_s.append(duration_s)

    def figures(self) -> dict[str, object]:
        """Return the middle, the tail and the end of both, in milliseconds."""
        figures: dict[str, object] = {"ticks": len(self.lateness_s)}
        for name, seconds in (("lateness", self.lateness_s), ("duration", self.durations_s)):
            for share in (0.5, 0.99, 1.0):
                milliseconds = quantile(seconds, share) * 1000
                figures[f"{name}_p{share * 100:g}_ms"] = round(milliseconds, 3)
        return figures


def health(ticks: TickWatch, descriptors_before: int) -> dict[str, object]:
    """Return what there is to say about a server that has ended."""
    gc.collect()
    return {
        **ticks.figures(),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "tasks_left": len(asyncio.all_tasks()) - 1,
        "descriptors_left": len(os.listdir("/proc/self/fd")) - descriptors_before,
    }


async def live(port: int, ledger: TextIO) -> None:
    """Serve until SIGTERM."""
    keep_a_ledger(ledger)
    told_to_end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_end.set)
    descriptors = len(os.listdir("/proc/self/fd"))
    transports = [load_transport(name) for name in NAMES]
    settings = ServerSettings(LOOPBACK, port, room=RoomSettings(bots=BOTS))
    watch = TickWatch()
    async with GameServer(transports, settings) as server:
        server.on_tick = watch.note
        ticking = asyncio.get_running_loop().create_task(server.run())
        print("ready", flush=True)
        await told_to_end.wait()
        roster = {
            name: [entry.name for entry in room.roster().entries if not entry.is_bot]
            for name, room in server.rooms.items()
        }
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
    for _ in range(10):
        await asyncio.sleep(0.01)
    print(json.dumps({"players": roster, **health(watch, descriptors)}), flush=True)


def scale_patience(factor: float) -> None:
    """Bear silence, and keep places, for ``factor`` times as long as usual."""
    session.SILENCE_GONE_S *= factor
    places.PLACE_KEPT_S *= factor


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s server: %(message)s")
    scale_patience(float(sys.argv[3]))
    events.EVENTS_KEPT = EVENTS_KEPT
    with Path(sys.argv[2]).open("a", buffering=1) as file:
        event_loop.run(live(int(sys.argv[1]), file))
