"""Growth of costs with players, rooms, clients and minutes.

``python tests/bench/growth.py [--only PART]`` prints JSON. Each figure is followed by its ratio to
the smallest case of the same run, which other load on the machine disturbs less. Times are of the
processor, without waiting for a core, but for the frame's.

- ``tick``: a server tick without sockets: physics of bots, snapshot, deltas for a client a player.
- ``frame``: a frame of ``play`` at 1280x720, by ``frame.py``.
- ``memory``: a server without clients, and with some, in megabytes (Linux).
- ``report``: reading a measurement folder and writing its page, in a process of its own. The longer
  measurements repeat the minute of the shortest.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time, sleep

# The measurement in virtual time is among the tests of the lab.
sys.path.insert(0, str(Path(__file__).parents[2]))

from crowd import Crowd, GameReplay, TcpWire
from hosts import SNAPSHOT_HZ, GameHost, host_process
from machine import can_read_processes, describe, memory_bytes

from game.lab.measure.analysis import Analysis
from game.lab.measure.results_folder import save
from game.lab.report.texts import ENGLISH
from game.lab.report.writer import write_report
from game.lab.simulate.simulation import SimulationSettings, simulate
from game.match.physics import TICK_HZ
from game.protocol.snapshot import snapshot_of
from game.server.baseline import ClientBaseline
from game.server.broadcast import broadcast_snapshot
from game.server.room import Member, Room, RoomSettings
from game.server.slot import PlayerSlot
from net.codec import MSGPACK
from net.link.profile import Link
from tests.game.lab.measure.measured import LOSSY, results_of

PLAYERS = (2, 10, 40)
ROOMS = (1, 4, 20)
CLIENTS = (10, 40, 100)
MINUTES = (1, 10, 60)
SNAPSHOT_TICKS = TICK_HZ // SNAPSHOT_HZ
TICKS = 240
FRAMES = 240
# The allocator reaches its size within a second of play.
SETTLE_S = 1.0


class _Sink:
    """Connection of a player that takes every snapshot, as a stream does."""

    def send_snapshot(self, body: bytes) -> bool:
        return True


def _room(players: int) -> tuple[Room, list[PlayerSlot]]:
    room = Room("", RoomSettings(bots=players), 7)
    slots = []
    for player_id in room.match.roster():
        member = Member(f"p{player_id}", "", player_id)
        baseline = ClientBaseline(reads_deltas=True)
        slot = PlayerSlot(room, member, MSGPACK, SNAPSHOT_TICKS, baseline=baseline)
        slot.connection = _Sink()
        slots.append(slot)
    return room, slots


def tick_ms(players: int, rooms: int) -> float:
    """Return the median milliseconds of two ticks, half: snapshots leave in every second one."""
    games = [_room(players) for _ in range(rooms)]
    taken: list[float] = []
    for tick in range(TICKS // rooms + 20):
        began = process_time()
        for number, (room, slots) in enumerate(games):
            room.step()
            if (tick + number) % SNAPSHOT_TICKS == 0:
                broadcast_snapshot(room, slots, snapshot_of(room.match, tick / TICK_HZ, 0.0))
        taken.append((process_time() - began) * 1000.0)
    pairs = [sum(taken[n : n + 2]) / 2 for n in range(0, len(taken) - 1, 2)]
    return median(pairs)


def frame_ms(players: int) -> float:
    """Return the median milliseconds of a frame."""
    import frame
    import pygame

    with frame.pygame_ready(needs_display=False):
        window = pygame.Window("frame", frame.SIZE)
        ours, _ = frame.measure(window.get_surface(), FRAMES, players)
    return median(ours)


def server_mb(clients: int) -> float:
    """Return the resident megabytes of a server with so many clients."""
    with (
        host_process(partial(GameHost, "tcp")) as host,
        Crowd(GameReplay(1), TcpWire, host.port, SNAPSHOT_HZ) as crowd,
    ):
        crowd.grow_to(clients)
        if clients:
            crowd.play(SETTLE_S)
        else:
            sleep(SETTLE_S)
        return memory_bytes(host.pid) / 1e6


def one_minute() -> list[Analysis]:
    """Return the analyses of a measured minute over two transports, in virtual time."""
    return list(simulate(SimulationSettings(Link(LOSSY, LOSSY), seconds=60.0)).values())


def repeated(analysis: Analysis, minutes: int) -> Analysis:
    """Return the same minute many times, one after the other."""
    samples, frames = [], []
    for shift in range(0, 60 * minutes, 60):
        samples += [
            each._replace(at=None if each.at is None else each.at + shift)
            for each in analysis.samples
            if each.tick is not None
        ]
        frames += [each._replace(at=each.at + shift) for each in analysis.frames]
    run = replace(analysis.run, seconds=analysis.run.seconds * minutes)
    return replace(analysis, run=run, samples=tuple(samples), frames=tuple(frames))


def report_cost(folder: Path, minutes: int) -> dict[str, float]:
    """Return seconds, megabytes of memory and megabytes of the page of a report."""
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    child = context.Process(target=_write_report, args=(folder, far_end))
    child.start()
    far_end.close()
    figures = pipe.recv()
    child.join()
    return {"minutes": minutes, **figures}


def _write_report(folder: Path, pipe: "multiprocessing.connection.Connection") -> None:
    began = process_time()
    page = folder / "report.html"
    write_report([folder], page, ENGLISH)
    figures = {
        "seconds": round(process_time() - began, 2),
        "page_mb": round(page.stat().st_size / 1e6, 2),
    }
    if sys.platform != "win32":
        import resource

        figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    pipe.send(figures)


def measure_ticks() -> list[dict[str, float]]:
    """Return the cost of a tick for every number of players and rooms."""
    rows = [
        {"players": players, "rooms": rooms, "ms": tick_ms(players, rooms)}
        for rooms in ROOMS
        for players in PLAYERS
    ]
    return _with_ratios(rows, "ms")


def measure_frames() -> list[dict[str, float]]:
    """Return the cost of a frame for every number of players."""
    return _with_ratios([{"players": each, "ms": frame_ms(each)} for each in PLAYERS], "ms")


def measure_memory() -> list[dict[str, float]]:
    """Return the memory of a server, and what a client adds to it."""
    if not can_read_processes():
        return []
    empty_mb = server_mb(0)
    rows = [{"clients": 0, "mb": round(empty_mb, 1)}]
    for clients in CLIENTS:
        mb = server_mb(clients)
        kb_per_client = (mb - empty_mb) * 1000 / clients
        rows.append({"clients": clients, "mb": round(mb, 1), "kb_per_client": round(kb_per_client)})
    return rows


def measure_reports() -> list[dict[str, float]]:
    """Return the cost of a report for every length of a measurement."""
    minute, rows = one_minute(), []
    for minutes in MINUTES:
        analyses = [repeated(analysis, minutes) for analysis in minute]
        results = results_of([each.run for each in analyses], 60.0 * minutes, ())
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "measurement"
            save(folder, results, analyses)
            rows.append(report_cost(folder, minutes))
    return _with_ratios(rows, "seconds")


def _with_ratios(rows: list[dict[str, float]], key: str) -> list[dict[str, float]]:
    return [
        {**row, key: round(row[key], 3), "ratio": round(row[key] / rows[0][key], 2)} for row in rows
    ]


PARTS: dict[str, Callable[[], list[dict[str, float]]]] = {
    "tick": measure_ticks,
    "frame": measure_frames,
    "memory": measure_memory,
    "report": measure_reports,
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=list(PARTS), action="append")
    args = parser.parse_args()
    machine = describe()
    found = {name: PARTS[name]() for name in args.only or PARTS}
    print(json.dumps({**machine, **found}, indent=2))


if __name__ == "__main__":
    main()
