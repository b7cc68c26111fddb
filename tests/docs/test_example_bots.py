"""The bots of ``docs/examples/bots`` kick the ball over a lossy link, by the server's count."""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from game.protocol.encoding import decode_event
from game.protocol.messages import Kicked
from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.transport import Address
from tests.game.support import LOOPBACK, serving, until

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "bots"
# Modules that the bots share.
SHARED = {"football.py", "football.mjs", "udp_connection.py"}
BOTS = sorted(
    path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".mjs") and path.is_file()
)
ROOM, NAME = "league", "bot"
# A kick-off of the other side takes up to eight seconds, and Python starts in one.
KICK_WITHIN_S = 45.0
SEED = 7


def command(bot: str) -> list[str]:
    """Return the command that runs a bot; skip the test where its language is missing."""
    if bot.endswith(".mjs"):
        node = shutil.which("node")
        if node is None:
            pytest.skip("Node is not installed")
        return [node, str(EXAMPLES / bot)]
    return [sys.executable, str(EXAMPLES / bot)]


class KickCounter:
    """Reader of the events that the server has logged for the bot; it counts its kicks."""

    def __init__(self, server: GameServer) -> None:
        self.kicks = 0
        self._lobby = server.lobby
        self._read = 0

    def look(self) -> int:
        room = self._lobby.rooms.get(ROOM)
        for slot in self._lobby.slots_in(room) if room else ():
            for logged in slot.events.since(self._read) or ():
                event = decode_event(logged.body, slot.owner.codec)
                own_id = slot.owner.member.player_id
                self.kicks += isinstance(event, Kicked) and event.player_id == own_id
                self._read = logged.number
        return self.kicks


@asynccontextmanager
async def lossy_server():
    """Run a server with one bot in each room behind a lossy link."""
    settings = ServerSettings(port=0, room=RoomSettings(bots=1), seed=SEED)
    async with serving(settings) as server:
        target = Address(LOOPBACK, server.base_port)
        relay_settings = RelaySettings(parse_link("lossy"), SEED, target, game_routes((0, 1)))
        async with LinkRelay(relay_settings) as relay:
            yield server, relay.port


@contextmanager
def running_bot(bot: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run a bot in the block."""
    # Not asyncio's subprocess: Windows has none in the event loop that can watch UDP sockets.
    with subprocess.Popen(
        [*command(bot), LOOPBACK, str(port), ROOM, NAME],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


async def errors_at_end(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process without blocking the server; return what it has complained."""
    _, errors = await asyncio.to_thread(process.communicate, timeout=20)
    return errors


@pytest.mark.slow
@pytest.mark.parametrize("bot", sorted(set(BOTS) - SHARED))
async def test_a_bot_kicks_the_ball_over_a_lossy_link_and_leaves(bot):
    async with lossy_server() as (server, port):
        with running_bot(bot, port) as process:
            counter = KickCounter(server)
            await until(
                lambda: counter.look() >= 2 or process.poll() is not None, within_s=KICK_WITHIN_S
            )
            assert process.poll() is None, await errors_at_end(process)
            assert not server.rejections.counts
            if sys.platform != "win32":
                process.send_signal(signal.SIGINT)
                assert "Traceback" not in await errors_at_end(process)
                assert process.returncode == 0
                # The close message ends the slot at once; it may be lost over UDP.
                await until(lambda: not server.connections, 20)


@pytest.mark.parametrize("bot", sorted(set(BOTS) - SHARED))
async def test_a_bot_says_why_it_is_refused(bot):
    settings = ServerSettings(port=0, rooms=("other",))
    async with serving(settings) as server:
        with running_bot(bot, server.base_port) as process:
            errors = await errors_at_end(process)
    assert "bad-room" in errors
    assert "Traceback" not in errors
    assert process.returncode != 0


@pytest.mark.parametrize("name", BOTS)
def test_an_example_is_short_and_says_what_it_teaches(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 80
    assert "teaches" in text or name in SHARED
    assert "leaves out" in text or name.startswith("football")
    assert "from net" not in text
    assert "from game" not in text
