"""Look-ups with pretended name servers that are slow or dead."""

import asyncio
import socket
import subprocess
import sys
import threading
from time import perf_counter

import pytest

from net.errors import ConnectStage, ResolveError
from net.system import lookup
from net.system.sockets import connected_socket, resolve
from net.transport import Address, SocketOptions

STREAM = socket.SOCK_STREAM
LIMIT_S = 60.0


class NameServer:
    """Resolver that answers when the test says so; it counts the names it is asked for."""

    def __init__(self, monkeypatch, answer):
        self.asked = []
        self.answers = threading.Event()
        self._answer = answer
        self._numbers = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        monkeypatch.setattr(lookup, "_look_ups", {})

    def _look_up(self, host, *arguments, **options):
        if options["flags"] & socket.AI_NUMERICHOST:
            return self._numbers(host, *arguments, **options)
        self.asked.append(host)
        self.answers.wait(LIMIT_S)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture
def slow(monkeypatch):
    server = NameServer(monkeypatch, [(socket.AF_INET, STREAM, 6, "", ("127.0.0.1", 0))])
    yield server
    server.answers.set()


async def test_a_look_up_stays_under_way_between_attempts(slow):
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await resolve(Address("lab", 7777), STREAM)
    slow.answers.set()
    async with asyncio.timeout(LIMIT_S):
        (candidate,) = await resolve(Address("lab", 7777), STREAM)
        (other,) = await resolve(Address("lab", 7778), STREAM)
    assert (candidate.sockaddr, other.sockaddr) == (("127.0.0.1", 7777), ("127.0.0.1", 7778))
    assert slow.asked == ["lab"]


async def test_an_answer_is_soon_asked_for_again(slow, monkeypatch):
    monkeypatch.setattr(lookup, "FRESH_S", 0.0)
    slow.answers.set()
    await resolve(Address("lab", 7777), STREAM)
    await asyncio.sleep(0.01)
    await resolve(Address("lab", 7777), STREAM)
    assert slow.asked == ["lab", "lab"]


async def test_a_look_up_does_not_count_as_connecting(slow):
    stages = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = Address("lab", server.getsockname()[1])
        options = SocketOptions(stage_timeout_s=0.2, on_stage=stages.append)
        asyncio.get_running_loop().call_later(0.5, slow.answers.set)
        sock = await connected_socket(address, STREAM, options)
        sock.close()
    assert stages == [ConnectStage.LOOK_UP, ConnectStage.CONNECT]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (socket.gaierror(socket.EAI_NONAME, "?"), "no host is called 'lab'"),
        (socket.gaierror(socket.EAI_AGAIN, "?"), "look-up of 'lab' failed: no name server"),
        (UnicodeError("label too long"), "no host is called 'lab'"),
    ],
)
async def test_a_failed_look_up_says_whose_fault_it_is(monkeypatch, error, text):
    server = NameServer(monkeypatch, error)
    server.answers.set()
    with pytest.raises(ResolveError, match=text):
        await resolve(Address("lab", 7777), STREAM)


async def test_two_event_loops_share_a_look_up(slow):
    found = []

    def in_another_loop():
        found.extend(asyncio.run(resolve(Address("lab", 1), STREAM)))

    thread = threading.Thread(target=in_another_loop)
    thread.start()
    here = asyncio.ensure_future(resolve(Address("lab", 1), STREAM))
    await asyncio.sleep(0.1)
    slow.answers.set()
    assert await here
    await asyncio.to_thread(thread.join)
    assert found == await here
    assert slow.asked == ["lab"]


_PROGRAM = """
import asyncio, socket, threading
from net.system import event_loop
from net.system.sockets import resolve
from net.transport import Address
numbers = socket.getaddrinfo
def dead(host, *arguments, flags=0, **options):
    if flags & socket.AI_NUMERICHOST:
        return numbers(host, *arguments, flags=flags, **options)
    threading.Event().wait(60)
socket.getaddrinfo = dead
async def main():
    async with asyncio.timeout(0.1):
        await resolve(Address("lab", 1), socket.SOCK_STREAM)
try:
    event_loop.run(main())
except TimeoutError:
    print("given up")
"""


def test_a_program_ends_while_a_look_up_is_under_way():
    started_at = perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=50
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("given up\n", "", 0)
    assert perf_counter() - started_at < 40
