"""The recipes of ``docs/examples/sockets`` run as their page says, through the link and without.

The commands are read from the page. Ports become free ones, and the link runs in this process.
"""

import asyncio
import os
import re
import shlex
import signal
import sys
import urllib.request
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from game.server.sntp import SntpServer
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings
from net.link.spec import parse_link
from net.transport import Address
from tests.game.cli.command_line import begun
from tests.game.support import LOOPBACK, serving
from tests.ports import free_base_port

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "sockets"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
RECIPES = sorted(path.name for path in FOLDER.glob("*.py"))
BLOCK = re.compile(r"(?:^ {4}.+\n)+", re.MULTILINE)
RELAY_PORT = "9000"
LIMIT_S = 40.0


@dataclass(frozen=True)
class Block:
    """The commands of one block: an optional server, an optional link, and the client."""

    server: str
    link: str
    client: str

    @property
    def target_port(self) -> str:
        found = re.search(r"--to 127\.0\.0\.1:(\d+)", self.link)
        return found[1] if found else ""


def blocks() -> list[Block]:
    found = []
    for text in BLOCK.findall(PAGE):
        lines = [line.strip() for line in text.splitlines()]
        link = next((line for line in lines if line.startswith("jitterball link")), "")
        server = lines[0] if len(lines) == 3 else ""
        found.append(Block(server, link, lines[-1]))
    return found


BLOCKS = blocks()


def block_of(server: str, client: str) -> Block:
    """Return the one block with these programs."""
    [found] = [
        block
        for block in BLOCKS
        if block.client.startswith(client) and block.server.startswith(server)
    ]
    return found


@asynccontextmanager
async def process(command: str):
    """Run a Python program of the folder in the block; yield it."""
    _, script, *arguments = shlex.split(command)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", script, *arguments),
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def output_of(command: str, code: int = 0) -> str:
    """Run a program of the folder to its end; return what it printed, and its error."""
    async with process(command) as child, asyncio.timeout(LIMIT_S):
        output, errors = await child.communicate()
    assert child.returncode == code, errors.decode()
    return (output + errors).decode()


@asynccontextmanager
async def server_of(command: str):
    """Run the server of a block on a free port; yield the port. Ctrl-C must end it cleanly."""
    if "--sntp-port" in command:
        async with SntpServer(Address(LOOPBACK, 0)) as sntp:
            yield sntp.address.port
        return
    async with process(re.sub(r" \d+$", " 0", command)) as child:
        assert child.stdout is not None
        async with asyncio.timeout(LIMIT_S):
            line = await child.stdout.readline()
        assert line.startswith(b"listening on port "), (await child.communicate())[1].decode()
        yield int(line.split()[-1])
        if sys.platform != "win32":
            child.send_signal(signal.SIGINT)
            _, errors = await asyncio.wait_for(child.communicate(), LIMIT_S)
            assert (child.returncode, b"Traceback" in errors) == (0, False), errors.decode()


@asynccontextmanager
async def link_of(block: Block, target_port: int):
    """Run the link of a block before a port; yield the port where it listens."""
    found = re.search(r"--link (\S+)", block.link)
    assert found, f"no link: {block}"
    seed = re.search(r"--seed (\d+)", block.link)
    target = Address(LOOPBACK, target_port)
    relay_settings = RelaySettings(parse_link(found[1]), int(seed[1]) if seed else 0, target)
    async with LinkRelay(relay_settings) as relay:
        yield relay.port


async def run_both(server: str, client: str, code: int = 0) -> tuple[str, str]:
    """Run the commands of a block without the link, then with it; return both outputs."""
    block = block_of(server, client)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(server_of(block.server))
        relay_port = await stack.enter_async_context(link_of(block, port))
        plain = await output_of(block.client.replace(RELAY_PORT, str(port)))
        return plain, await output_of(block.client.replace(RELAY_PORT, str(relay_port)), code)


def times_ms(output: str) -> list[float]:
    return [float(found) for found in re.findall(r": ([\d.]+) ms", output)]


def figure(name: str, output: str) -> float:
    return float(re.search(rf"{name} ([+-]?[\d.]+)", output)[1])


def test_every_recipe_has_a_block_and_every_link_leads_to_its_server():
    named = set(re.findall(r"python (\w+\.py)", PAGE))
    assert sorted(named) == RECIPES
    for block in BLOCKS[1:]:
        assert f"--listen {RELAY_PORT} " in block.link, block
        assert RELAY_PORT in block.client
        if not block.server.startswith("jitterball"):
            assert block.target_port in f"{block.server} {block.client}"


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_short_and_says_what_it_teaches(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 80
    assert re.search(r"\bteaches\b", text)
    assert "leaves out" in re.sub(r"\s+", " ", text)
    assert not re.search(r"^(from|import) (net|game|plugins)\b", text, re.MULTILINE)


async def test_addresses_and_byte_order():
    output = await output_of("python addresses.py 127.0.0.1 7777")
    assert "127.0.0.1 7777: AF_INET 127.0.0.1 port 7777" in output
    assert "127.0.0.1 in bytes: 7f 00 00 01 and back: 127.0.0.1" in output
    assert "port 7777 on the network: 1e 61" in output
    assert "no address of" in await output_of("python addresses.py 127.0.0.1 no-service", 1)


async def test_each_error_has_a_line():
    plain, linked = await run_both("python tcp_echo_server", "python timeouts_errors", code=1)
    assert r"answer: b'hello\n'" in plain
    assert "no answer within 0.5 s" in linked
    nobody = await output_of(f"python timeouts_errors.py 127.0.0.1 {free_base_port()}", 1)
    assert "nobody listens" in nobody
    assert "0 is no port" in await output_of("python timeouts_errors.py 127.0.0.1 0", 2)
    async with serving() as server:
        command = f"python timeouts_errors.py 127.0.0.1 {server.base_port}"
        assert "the connection broke" in await output_of(command, 1)


async def test_a_larger_buffer_takes_more_at_once():
    for output in await run_both("python tcp_echo_threads", "python buffers"):
        small, large = re.findall(r"asked (?:16384|262144): .* took (\d+) bytes", output)
        assert 0 < int(small) < int(large)


async def test_a_non_blocking_socket_has_turns_without_an_answer():
    _, linked = await run_both("python tcp_echo_threads", "python nonblocking")
    turns = int(re.fullmatch(r"answer b'hello' after (\d+) turns without one\s*", linked)[1])
    # The round trip is 100 ms. A turn takes 10 ms or more.
    assert turns >= 1


async def linked_alone(client: str) -> tuple[str, str]:
    """Run a program that is server and client in one, without the link and with it."""
    block = block_of("", client)
    plain = await output_of(f"{client}.py")
    port = free_base_port()
    async with link_of(block, port) as relay_port:
        command = block.client.replace(block.target_port, str(port))
        return plain, await output_of(command.replace(RELAY_PORT, str(relay_port)))


@pytest.mark.skipif(sys.platform == "win32", reason="the option means something else there")
async def test_without_reuse_address_a_server_cannot_start_again():
    for output in await linked_alone("python reuse_address"):
        assert re.search(r"SO_REUSEADDR False: .*in use", output)
        assert "SO_REUSEADDR True: the port is free" in output


async def test_send_takes_a_part_and_sendall_all():
    for output in await linked_alone("python send_or_sendall"):
        found = re.findall(r"of (\d+) bytes returned (\w+); (\d+) arrived", output)
        (size, sent, arrived), (_, nothing, everything) = found
        assert 0 < int(sent) == int(arrived) < int(size) == int(everything)
        assert nothing == "None"


@pytest.mark.parametrize("server", ["server", "threads", "asyncio"])
async def test_tcp_brings_every_message_back(server):
    plain, linked = await run_both(f"python tcp_echo_{server}", "python tcp_echo_client")
    count = block_of(f"python tcp_echo_{server}", "python tcp_echo_client").client.split()[-1]
    for output in (plain, linked):
        assert f"{count} of {count} came back" in output
    assert min(times_ms(linked)) >= 100
    if server == "server":
        # At least one of the packets was lost, and waited for a retransmission timeout.
        assert max(times_ms(linked)) >= 300


@pytest.mark.parametrize("server", ["server", "threads", "asyncio"])
async def test_udp_loses_messages_over_a_link_that_loses_packets(server):
    plain, linked = await run_both(f"python udp_echo_{server}", "python udp_echo_client")
    assert re.search(r"(\d+) of \1 came back", plain)
    # Twice the delay of 50 ms, less twice the jitter of 20 ms where there is some.
    assert min(times_ms(linked)) >= (60 if server == "asyncio" else 100)
    returned, count = map(int, re.search(r"(\d+) of (\d+) came back", linked).groups())
    assert returned < count if server == "server" else returned == count


async def test_a_websocket_pushes_the_time_and_its_port_has_the_page():
    block = block_of("python websocket_time_server", "http://")
    async with server_of(block.server) as port, link_of(block, port) as relay_port:
        for each in (port, relay_port):
            url = block.client.replace(RELAY_PORT, str(each))
            page = await asyncio.to_thread(lambda url=url: urllib.request.urlopen(url).read())
            assert page.decode() == (FOLDER / "websocket_time.html").read_text(encoding="utf-8")
            async with connect(url.replace("http", "ws")) as websocket, asyncio.timeout(LIMIT_S):
                first, second = await websocket.recv(), await websocket.recv()
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", first)
            assert first < second


@pytest.mark.parametrize("client", ["sntp_struct", "sntp_ntplib"])
async def test_an_asymmetric_path_makes_a_wrong_offset(client):
    plain, linked = await run_both("jitterball serve", f"python {client}")
    assert abs(figure("offset", plain)) <= figure("delay", plain) / 2 + 0.1
    assert figure("delay", linked) >= 70
    # Within what the machine adds to the delay.
    assert abs(figure("offset", linked) - 25) <= (figure("delay", linked) - 70) / 2 + 0.1


async def test_the_uptime_as_json():
    outputs = await run_both("python http_server", "python rest_json")
    plain, linked = (float(re.fullmatch(r"uptime_s: ([\d.]+)\s*", text)[1]) for text in outputs)
    assert 0 <= plain <= linked


async def test_a_web_client_says_what_is_wrong():
    nobody = free_base_port()
    assert "Traceback" not in await output_of(f"python http_raw.py 127.0.0.1 {nobody}", 1)
    output = await output_of(f"python rest_json.py http://127.0.0.1:{nobody}/", 1)
    assert "no answer from http://127.0.0.1:" in output


@pytest.mark.slow
@pytest.mark.parametrize("client", ["python http_raw", "python rest_json"])
async def test_the_interface_of_the_game_answers(client):
    block = block_of("jitterball serve", client)
    port = free_base_port()
    arguments = ("--host", LOOPBACK, "--port", str(free_base_port()), "--http-port", str(port))
    with begun("serve", "--transport", "tcp", *arguments):
        async with link_of(block, port) as relay_port:
            for each in (port, relay_port):
                output = await output_of(block.client.replace(RELAY_PORT, str(each)))
                assert "snapshot_hz" in output
