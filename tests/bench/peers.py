"""Search for the number of clients that other libraries hold.

``python tests/bench/peers.py`` prints JSON.

Bare loops as in ``capacity.py``, under the same crowd and conditions, written with pyenet (ENet in
C, over UDP) and with ``ws`` for Node. A library that is not installed is left out. Install them
with ``pip install pyenet``, and ``npm install ws`` in a folder given by ``--node-modules``.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from capacity import Search, capacity, prepare, search_arguments
from crowd import (
    BARE_SNAPSHOT,
    LOOPBACK,
    OPEN_WITHIN_S,
    BareReplay,
    SimulatedChannel,
    WebSocketWire,
)
from hosts import BareHost, HostProcess, host_process
from machine import describe

try:
    import enet
except ImportError:
    enet = None

ENET_PEERS_MAX = 4000
NODE_SERVER = Path(__file__).with_name("node_ws.mjs")


class EnetHost(BareHost):
    """Bare loop of ENet, run whenever its socket is readable and after each snapshot."""

    async def listen(self) -> None:
        self._host = enet.Host(enet.Address(LOOPBACK.encode(), 0), ENET_PEERS_MAX, 1, 0, 0)
        self.port = self._host.address.port
        asyncio.get_running_loop().add_reader(self._host.socket.fileno(), self._serve)

    def send(self, peers: list, snapshot: bytes) -> None:
        for peer in peers:
            peer.send(0, enet.Packet(snapshot, 0))
        self._host.flush()

    def _serve(self) -> None:
        event = self._host.service(0)
        while event.type != enet.EVENT_TYPE_NONE:
            if event.type == enet.EVENT_TYPE_RECEIVE:
                self.inputs += 1
            elif event.type == enet.EVENT_TYPE_CONNECT:
                self.peers.append(event.peer)
            event = self._host.check_events() or self._host.service(0)


class _EnetSocket:
    """Members of a socket that the crowd uses."""

    def __init__(self, host) -> None:
        self._host = host

    def fileno(self) -> int:
        return self._host.socket.fileno()

    def setblocking(self, flag: bool) -> None:
        """Do nothing: ENet never blocks."""

    def close(self) -> None:
        """Do nothing: ENet closes the socket with its host."""


class EnetWire(SimulatedChannel):
    """Connection of one client with an ENet host of its own."""

    def open(self, greeting: bytes) -> None:
        self._host = enet.Host(None, 1, 1, 0, 0)
        self.sock = _EnetSocket(self._host)
        self._peer = self._host.connect(enet.Address(LOOPBACK.encode(), self.port), 1)
        deadline = perf_counter() + OPEN_WITHIN_S
        while self._host.service(10).type != enet.EVENT_TYPE_CONNECT:
            if perf_counter() > deadline:
                raise TimeoutError("ENet's server gives no answer")

    def first_answer(self) -> bytes:
        messages: list[bytes] = []
        while not messages:
            messages = self.receive()
        return messages[0]

    def send(self, shared: bytes) -> None:
        self._peer.send(0, enet.Packet(shared, 0))
        self._host.flush()

    def receive(self) -> list[bytes]:
        messages = []
        event = self._host.service(0)
        while event.type != enet.EVENT_TYPE_NONE:
            if event.type == enet.EVENT_TYPE_RECEIVE:
                messages.append(event.packet.data)
            event = self._host.service(0)
        return messages

    def unpack(self, data: bytes) -> list[bytes]:
        """Return the data: ENet has unpacked it."""
        return [data]


class _NodePipe:
    """Pipe to a Node process, with the interface of a ``multiprocessing`` connection."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def send(self, order: str) -> None:
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()

    def recv(self):
        return json.loads(self._process.stdout.readline())


@contextmanager
def node_process(node_modules: str, is_first: bool) -> Iterator[HostProcess]:
    """Run the Node server on the core of the other hosts."""
    command = ["node", str(NODE_SERVER), str(BARE_SNAPSHOT.size), node_modules]
    if shutil.which("taskset"):
        command = ["taskset", "-c", "1", *command]
    if is_first:
        command = ["chrt", "--rr", "1", *command]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield HostProcess(_NodePipe(process), process.pid)
        finally:
            process.kill()


def main() -> None:
    """Print the figures."""
    parser = search_arguments(__doc__)
    parser.add_argument("--node-modules", default="", help="where `ws` is installed")
    args = parser.parse_args()
    machine = describe()
    prepare(args.first)
    search = Search(args.start, args.most, args.seconds)
    found = {}
    if enet is not None:
        hosting = host_process(EnetHost, args.first)
        found["pyenet"] = capacity("pyenet", hosting, EnetWire, BareReplay(), search)
    if args.node_modules and shutil.which("node"):
        hosting = node_process(args.node_modules, args.first)
        found["node ws"] = capacity("node ws", hosting, WebSocketWire, BareReplay(), search)
    if not found:
        sys.exit("no peer is installed: pip install pyenet, or --node-modules FOLDER with ws")
    print(json.dumps({**machine, "seconds": args.seconds, "peers": found}, indent=2))


if __name__ == "__main__":
    main()
