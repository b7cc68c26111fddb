"""A few clients in a process of their own, which chaos can freeze, kill and order about.

Run by ``chaos.py``: ``python -m tests.chaos.crowd PORT CROWD COUNT PATIENCE``. Orders come in a
line each: ``switch``, ``move`` (another source address), ``garbage``, ``report`` (answered by a
line of JSON with all that its clients were told), ``leave``.
"""

import asyncio
import json
import logging
import os
import sys
from random import Random
from time import perf_counter
from zlib import crc32

from game.client import Client, ClientSettings
from game.frame import Status
from game.match.controls import Controls
from game.messages import JoinRequest, Snapshot
from net import event_loop
from net.events import EventInbox
from net.session import Event
from net.transport import Address, Delivery, load_transport
from tests.chaos.life import scale_patience

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
# Few enough in each that those who have died, whose places are kept, take nobody's.
ROOMS = 4
# Players bring computers of their own; here a crowd that thinks must not keep the server waiting.
NICENESS = 10
TRANSPORTS = {name: load_transport(name) for name in ("tcp", "udp", "websocket")}
NAMES = tuple(TRANSPORTS)


class Wanderer:
    """A ``Brain`` that costs nothing: it runs about and kicks."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._controls = Controls(0, 0, False)

    def decide(self, snapshot: Snapshot, own_id: int) -> Controls:
        """Change the mind about twice a second."""
        if self._rng.random() < 1 / 30:
            x, y = self._rng.randint(-127, 127), self._rng.randint(-127, 127)
            self._controls = Controls(x, y, self._rng.random() < 0.5)
        return self._controls


class LoggedClient(Client):
    """Writes what it would show on the screen into the log."""

    def _say(self, status: Status, text: str) -> None:
        log.info("%s over %s: %s %s", self.settings.join.name, self.transport, status.value, text)
        super()._say(status, text)


class WitnessInbox(EventInbox):
    """Writes down each event that was let through, place by place."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self.witnessed: list[tuple[str, int, str]] = []
        # After which number a place's account begins, or goes on: its state held all up to there.
        self.begun: list[tuple[str, int]] = []

    def accept(self, event: Event) -> bool:
        """Write down what is new."""
        is_new = super().accept(event)
        if is_new:
            self.witnessed.append((self._place(), event.number, f"{crc32(event.body):08x}"))
        return is_new

    def begin_after(self, number: int) -> None:
        """Write down where the account begins."""
        self.begun.append((self._place(), number))
        super().begin_after(number)

    def _place(self) -> str:
        return self._client._place_id


def make_client(port: int, crowd: int, number: int) -> Client:
    """Return a client whose name, room and habits follow from its number."""
    room = f"room {crowd % ROOMS}"
    join = JoinRequest(f"c{crowd}-{number}", room)
    settings = ClientSettings(Address(LOOPBACK, port), join)
    first = NAMES[(crowd + number) % len(NAMES)]
    client = LoggedClient(TRANSPORTS, first, settings, Wanderer(Random(f"{crowd}/{number}")))
    client._inbox = WitnessInbox(client)
    return client


def obey(order: str, client: Client, rng: Random) -> None:
    """Do as chaos says, for one client."""
    visit = client._visit
    if order == "switch":
        client.switch(rng.choice([name for name in NAMES if name != client.transport]))
    elif order == "garbage" and visit is not None:
        # On our own channel: it costs us that channel, and nobody else anything.
        visit.channel.send(rng.randbytes(rng.randint(0, 300)), Delivery.RELIABLE)
    elif order == "move" and visit is not None and client.transport == "udp":
        # As if the network had taken the address away: the socket's owner opens another.
        visit.channel._finished.__self__._reopen(visit.channel)


def name_in_match(client: Client) -> str:
    """Return what the team sheet calls a client's player: a taken name has got a number."""
    picture = client._picture
    entry = picture._roster.get(picture.own_id) if picture else None
    return entry.name if entry else client.settings.join.name


def report(clients: list[Client]) -> str:
    """Return all that the clients were told, as a line of JSON."""
    return json.dumps(
        [
            {
                "name": name_in_match(client),
                "is_playing": client.status is Status.PLAYING and client._visit is not None,
                "has_scene": client.frame(perf_counter()).scene is not None,
                "status": f"{client.transport}: {client.status.value} {client.status_text}",
                "place": client._place_id,
                "witnessed": client._inbox.witnessed,
                "begun": client._inbox.begun,
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
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := (await orders.readline()).decode().strip():
        if line == "leave":
            break
        if line == "report":
            print(report(clients), flush=True)
        else:
            obey(line, rng.choice(clients), rng)
    for task in playing:
        task.cancel()
    await asyncio.gather(*playing, return_exceptions=True)


if __name__ == "__main__":
    os.nice(NICENESS)
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s crowd {sys.argv[2]}: %(message)s")
    scale_patience(float(sys.argv[4]))
    event_loop.run(main(*map(int, sys.argv[1:4])))
