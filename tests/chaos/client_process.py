"""Process of a client group, which ``chaos.py`` freezes, kills and commands.

``python -m tests.chaos.client_process PORT GROUP COUNT TIME_SCALE``. Commands are lines:
``switch``, ``move`` (another source address), ``garbage``, ``leave``. ``report`` is answered by a
line of JSON with all events that the clients received, ``done`` with the executed commands.
"""

import asyncio
import json
import logging
import sys
from collections import Counter
from random import Random
from time import perf_counter
from zlib import crc32

from game.client.client import Client
from game.client.frame import Status
from game.client.observer import ClientObserver
from game.client.settings import ClientSettings
from game.match.controls import Controls
from game.protocol.messages import JoinRequest, Snapshot
from net.security.options import SecurityOptions
from net.session.event_log import EventReceiver
from net.session.messages import SessionEvent
from net.system import event_loop
from net.transport import Address, Delivery
from tests.chaos.server_process import PASSWORD, read_commands, scale_timeouts
from tests.game.support import INSTALLED

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
# Few clients in each, so that the reserved slots of killed clients do not fill a match.
ROOMS = 4
NAMES = tuple(INSTALLED)


class RandomController:
    """A cheap ``Controller`` of random directions and kicks."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._controls = Controls(0, 0, False)

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Change the controls about twice a second."""
        if self._rng.random() < 1 / 30:
            x, y = self._rng.randint(-127, 127), self._rng.randint(-127, 127)
            self._controls = Controls(x, y, self._rng.random() < 0.5)
        return self._controls


class StatusLog(ClientObserver):
    """Logs every status of a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def status_changed(self, status: Status, text: str, at: float) -> None:
        name, transport = self._client.settings.join.name, self._client.transport
        log.info("%s over %s: %s %s", name, transport, status.value, text)


class RecordingEventReceiver(EventReceiver):
    """Records every event that is not a duplicate, with its slot."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self.received: list[tuple[str, int, str]] = []
        # Slot and number of each reset by a welcome, and how many events it skipped (None: a new
        # slot).
        self.resets: list[tuple[str, int, int | None]] = []

    def accept(self, event: SessionEvent) -> bool:
        """Record an event, unless it is a duplicate."""
        is_new = super().accept(event)
        if is_new:
            self.received.append((self._slot_id(), event.number, f"{crc32(event.body):08x}"))
        return is_new

    def reset(self, number: int) -> None:
        """Record a reset."""
        slot = self._slot_id()
        is_known = bool(self.resets) and self.resets[-1][0] == slot
        self.resets.append((slot, number, number - self.last_number if is_known else None))
        super().reset(number)

    def _slot_id(self) -> str:
        return self._client.connector.slot_id


def make_client(port: int, group: int, number: int) -> Client:
    """Return a client; its name, room and controls follow from its number."""
    room = f"room {group % ROOMS}"
    join = JoinRequest(f"c{group}-{number}", room)
    settings = ClientSettings(Address(LOOPBACK, port), join, security=SecurityOptions(PASSWORD))
    first = NAMES[(group + number) % len(NAMES)]
    client = Client(INSTALLED, first, settings, RandomController(Random(f"{group}/{number}")))
    client.observers.append(StatusLog(client))
    client.connector.event_receiver = RecordingEventReceiver(client)
    return client


def execute(order: str, clients: list[Client], rng: Random) -> bool:
    """Execute a command with one client; return whether one was able to."""
    candidates = [client for client in clients if client.connection is not None]
    if order == "move":
        candidates = [client for client in candidates if client.transport == "udp"]
    if not candidates:
        return False
    client = rng.choice(candidates)
    channel = client.connection.channel
    if order == "switch":
        client.switch(rng.choice([name for name in NAMES if name != client.transport]))
    elif order == "garbage":
        # On a client's own channel: only that channel closes.
        channel.send(rng.randbytes(rng.randint(0, 300)), Delivery.RELIABLE)
    elif order == "move":
        # As after a change of network: the owner of the socket opens another one.
        channel.udp_socket.owner.change_network()
    return True


def name_in_match(client: Client) -> str:
    """Return the name of a client's player in the match: a taken name has a number."""
    scene = client.frame(perf_counter()).scene
    names = (player.name for player in scene.players if player.is_own) if scene else iter(())
    return next(names, client.settings.join.name)


def report(clients: list[Client]) -> str:
    """Return the events and status of all clients, as a line of JSON."""
    return json.dumps(
        [
            {
                "name": name_in_match(client),
                "is_playing": client.status is Status.PLAYING and client.connection is not None,
                "has_scene": client.frame(perf_counter()).scene is not None,
                "status": f"{client.transport}: {client.status.value} {client.status_text}",
                "slot": client.connector.slot_id,
                "received": client.connector.event_receiver.received,
                "resets": client.connector.event_receiver.resets,
            }
            for client in clients
        ]
    )


async def main(port: int, group: int, count: int) -> None:
    """Play until the command to leave."""
    clients = [make_client(port, group, number) for number in range(count)]
    rng = Random(group)
    loop = asyncio.get_running_loop()
    playing = [loop.create_task(client.run()) for client in clients]
    done: Counter[str] = Counter()
    commands = await read_commands()
    while (order := (await commands.readline()).decode().strip()) not in ("", "leave"):
        if order == "report":
            print(report(clients), flush=True)
        elif order == "done":
            print(json.dumps(done), flush=True)
        else:
            done[order] += execute(order, clients, rng)
    for task in playing:
        task.cancel()
    for ending in await asyncio.gather(*playing, return_exceptions=True):
        if isinstance(ending, Exception):
            raise ending


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s group {sys.argv[2]}: %(message)s")
    scale_timeouts(float(sys.argv[4]))
    event_loop.run(main(*map(int, sys.argv[1:4])))
