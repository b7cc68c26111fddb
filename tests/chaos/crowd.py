"""A few clients in a process of their own, which chaos can freeze, kill and order about.

Run by ``chaos.py``: ``python -m tests.chaos.crowd PORT CROWD COUNT PATIENCE``. Orders come in a
line each: ``switch``, ``move`` (another source address), ``garbage``, ``leave``; ``report`` is
answered by a line of JSON with all that its clients were told, ``done`` with what became of orders.
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
from net.registry import load_transport
from net.security.options import SecurityOptions
from net.session.event_log import EventReceiver
from net.session.messages import SessionEvent
from net.system import event_loop
from net.transport import Address, Delivery
from tests.chaos.life import PASSWORD, read_orders, scale_patience

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
# Few enough in each that those who have died, whose places are kept, take nobody's.
ROOMS = 4
TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}
NAMES = tuple(TRANSPORTS)


class Wanderer:
    """A ``Controller`` that costs nothing: it runs about and kicks."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._controls = Controls(0, 0, False)

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Change the mind about twice a second."""
        if self._rng.random() < 1 / 30:
            x, y = self._rng.randint(-127, 127), self._rng.randint(-127, 127)
            self._controls = Controls(x, y, self._rng.random() < 0.5)
        return self._controls


class StatusLog(ClientObserver):
    """Writes every status of a client, as its screen would show it, into the log."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def status_changed(self, status: Status, text: str) -> None:
        name, transport = self._client.settings.join.name, self._client.transport
        log.info("%s over %s: %s %s", name, transport, status.value, text)


class WitnessInbox(EventReceiver):
    """Writes down each event that was let through, place by place."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self.witnessed: list[tuple[str, int, str]] = []
        # After which number a place's account begins, or goes on (its state held all up to there),
        # and how many that left out.
        self.begun: list[tuple[str, int, int | None]] = []

    def accept(self, event: SessionEvent) -> bool:
        """Write down what is new."""
        is_new = super().accept(event)
        if is_new:
            self.witnessed.append((self._place(), event.number, f"{crc32(event.body):08x}"))
        return is_new

    def reset(self, number: int) -> None:
        """Write down where the account begins."""
        place = self._place()
        is_known = bool(self.begun) and self.begun[-1][0] == place
        self.begun.append((place, number, number - self.last_number if is_known else None))
        super().reset(number)

    def _place(self) -> str:
        return self._client.connector.slot_id


def make_client(port: int, crowd: int, number: int) -> Client:
    """Return a client whose name, room and habits follow from its number."""
    room = f"room {crowd % ROOMS}"
    join = JoinRequest(f"c{crowd}-{number}", room)
    settings = ClientSettings(Address(LOOPBACK, port), join, security=SecurityOptions(PASSWORD))
    first = NAMES[(crowd + number) % len(NAMES)]
    client = Client(TRANSPORTS, first, settings, Wanderer(Random(f"{crowd}/{number}")))
    client.observers.append(StatusLog(client))
    client.connector.event_receiver = WitnessInbox(client)
    return client


def obey(order: str, clients: list[Client], rng: Random) -> bool:
    """Do as chaos says, for one client; say whether there was one that could."""
    able = [client for client in clients if client.connection is not None]
    if order == "move":
        able = [client for client in able if client.transport == "udp"]
    if not able:
        return False
    client = rng.choice(able)
    channel = client.connection.channel
    if order == "switch":
        client.switch(rng.choice([name for name in NAMES if name != client.transport]))
    elif order == "garbage":
        # On our own channel: it costs us that channel, and nobody else anything.
        channel.send(rng.randbytes(rng.randint(0, 300)), Delivery.RELIABLE)
    elif order == "move":
        # As if the network had taken the address away: the socket's owner opens another.
        channel._finished.__self__.change_network()
    return True


def name_in_match(client: Client) -> str:
    """Return what the team sheet calls a client's player: a taken name has got a number."""
    scene = client.frame(perf_counter()).scene
    names = (player.name for player in scene.players if player.is_own) if scene else iter(())
    return next(names, client.settings.join.name)


def report(clients: list[Client]) -> str:
    """Return all that the clients were told, as a line of JSON."""
    return json.dumps(
        [
            {
                "name": name_in_match(client),
                "is_playing": client.status is Status.PLAYING and client.connection is not None,
                "has_scene": client.frame(perf_counter()).scene is not None,
                "status": f"{client.transport}: {client.status.value} {client.status_text}",
                "place": client.connector.slot_id,
                "witnessed": client.connector.event_receiver.witnessed,
                "begun": client.connector.event_receiver.begun,
            }
            for client in clients
        ]
    )


async def main(port: int, crowd: int, count: int) -> None:
    """Play until told to leave."""
    clients = [make_client(port, crowd, number) for number in range(count)]
    rng = Random(crowd)
    loop = asyncio.get_running_loop()
    playing = [loop.create_task(client.run()) for client in clients]
    done: Counter[str] = Counter()
    orders = await read_orders()
    while (order := (await orders.readline()).decode().strip()) not in ("", "leave"):
        if order == "report":
            print(report(clients), flush=True)
        elif order == "done":
            print(json.dumps(done), flush=True)
        else:
            done[order] += obey(order, clients, rng)
    for task in playing:
        task.cancel()
    for ending in await asyncio.gather(*playing, return_exceptions=True):
        if isinstance(ending, Exception):
            raise ending


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s crowd {sys.argv[2]}: %(message)s")
    scale_patience(float(sys.argv[4]))
    event_loop.run(main(*map(int, sys.argv[1:4])))
