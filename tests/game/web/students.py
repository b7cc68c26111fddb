"""Headless students of a class: bots over each transport, in a thread that also draws for them."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random

from game.client.bot_controller import BotController
from game.client.client import Client
from game.client.settings import ClientSettings
from game.match.bots import Skill
from game.protocol.messages import JoinRequest
from game.runtime.network_thread import NetworkThread
from net.transport import Address
from tests.game.support import INSTALLED, LOOPBACK, TRANSPORTS, Player
from tests.game.web.hosts import until

# A client measures with its frames, as a window does.
FRAME_S = 1 / 30


class Student(Player):
    """A client whose last frame any thread may read."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.frame = self.look()

    def draw(self) -> None:
        """Draw a frame. Thread: the students' one."""
        self.frame = self.look()


@contextmanager
def students(port: int, transports: Mapping[str, str]) -> Iterator[dict[str, Student]]:
    """Let students play; ``transports`` has that of each by name. They have joined inside."""
    group = {name: Student(_client(port, name, each)) for name, each in transports.items()}

    async def play() -> None:
        async with asyncio.TaskGroup() as tasks:
            for each in group.values():
                tasks.create_task(each.client.run())
            while True:
                for each in group.values():
                    each.draw()
                await asyncio.sleep(FRAME_S)

    with NetworkThread(play):
        until(lambda: all(each.frame.scene for each in group.values()))
        yield group


def _client(port: int, name: str, transport: str) -> Client:
    available = {**TRANSPORTS, transport: INSTALLED[transport]}
    settings = ClientSettings(Address(LOOPBACK, port), JoinRequest(name, ""))
    return Client(available, transport, settings, BotController(Skill.NORMAL, Random(name)))
