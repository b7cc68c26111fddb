"""A match of several minutes over all transports.

``python tests/bench/endurance.py`` prints JSON.

``jitterball serve`` runs in a process of its own, with bots. Three clients without a screen run in
this process, one on each transport, each controlled by a bot. All log lines of both sides from
WARNING up are listed. At the end the server is interrupted as by Ctrl-C.
Exit code 1 unless both teams scored, every client kept its slot, nothing was logged, and the
server ended with code 0 within a second.
"""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from time import perf_counter

from machine import describe
from served import LOOPBACK, Server

from game.client.bot_controller import BotController
from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.match.bots import Skill
from game.protocol.messages import Goal, JoinRequest
from net.registry import load_transport
from net.system import event_loop
from net.transport import Address

NAMES = ("tcp", "udp", "websocket")
TRANSPORTS = {name: load_transport(name) for name in NAMES}
FRAME_S = 1 / 60
ENDS_WITHIN_S = 1.0


class Troubles(logging.Handler):
    """Log handler that keeps the lines of this process from WARNING up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Player:
    """Client whose frame is read sixty times a second, as by a window."""

    def __init__(self, port: int, name: str) -> None:
        settings = ClientSettings(Address(LOOPBACK, port), JoinRequest(name, ""))
        driver = BotController(Skill.NORMAL, Random(name))
        self.client = Client(TRANSPORTS, name, settings, driver)
        self.goals: Counter[str] = Counter()
        self.own_ids: set[int] = set()
        self.frames: Counter[str] = Counter()

    def look(self) -> None:
        """Read everything that a window would draw."""
        frame = self.client.frame(perf_counter())
        self.last = frame
        self.goals.update(event.team.name.lower() for event in frame.events if type(event) is Goal)
        if frame.status is not Status.PLAYING:
            self.frames["not playing"] += 1
        elif frame.scene is not None:
            self.frames["dry" if frame.is_starved else "fresh"] += 1
            self.own_ids.add(frame.own_id)

    def figures(self) -> dict[str, object]:
        """Return the figures of the match from this client."""
        figures = self.last.network
        return {
            "status": self.last.status.value,
            "score": self.last.scene and self.last.scene.score,
            "goals": dict(self.goals),
            "frames": dict(self.frames),
            "players_it_was": len(self.own_ids),
            "rtt_ms": figures.rtt_s and round(figures.rtt_s * 1000, 2),
            "lost": figures.wire and figures.wire.lost,
        }


async def play(port: int, seconds: float) -> list[Player]:
    """Run one client on each transport for some seconds, and return them."""
    players = [Player(port, name) for name in NAMES]
    runs = [asyncio.create_task(player.client.run()) for player in players]
    end = perf_counter() + seconds
    while perf_counter() < end:
        await asyncio.sleep(FRAME_S)
        for player in players:
            player.look()
    for run in runs:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
    return players


@contextmanager
def own_troubles() -> Iterator[Troubles]:
    """Collect the log lines and warnings of this process during the block."""
    troubles = Troubles()
    logging.getLogger().addHandler(troubles)
    logging.captureWarnings(True)
    try:
        yield troubles
    finally:
        logging.getLogger().removeHandler(troubles)


def main() -> None:
    """Print the figures; exit code 1 if a condition was not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--bots", type=int, default=5)
    args = parser.parse_args()
    machine = describe()
    with own_troubles() as troubles, tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "server.log"), "--bots", str(args.bots))
        try:
            players = event_loop.run(play(server.port, args.seconds))
        finally:
            ending = server.stop()
        warnings = [*troubles.lines, *server.troubles()]
    goals = players[0].goals
    never_lost = all(len(player.own_ids) == 1 for player in players)
    passed = (
        bool(goals["orange"] and goals["sky"])
        and never_lost
        and not warnings
        and ending["exit_code"] == 0
        and ending["ended_after_s"] <= ENDS_WITHIN_S
    )
    figures = {
        **machine,
        "seconds": args.seconds,
        "bots": args.bots,
        "players": {player.client.transport: player.figures() for player in players},
        "warnings": warnings,
        "server": ending,
        "passed": passed,
    }
    print(json.dumps(figures, indent=2))
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
