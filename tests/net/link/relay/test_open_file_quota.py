"""A relay with few open files: each protocol has its share, and what is refused is said."""

import asyncio
import json
import logging
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress

import pytest

from net.link.json_lines import encode_line
from net.link.profile import Link, RelayProtocol
from net.link.relay.control_protocol import settings_to_json
from net.link.relay.open_file_quota import OpenFileQuota, open_file_quotas
from net.link.relay.settings import RelaySettings
from net.transport import Address

LOOPBACK = "127.0.0.1"
LIMIT_S = 60.0


@contextmanager
def relay_with_few_files(files, server_port):
    """Run a relay's process under a limit of open files."""
    limited = 'ulimit -n "$0"; exec "$@"'
    command = ["sh", "-c", limited, str(files), sys.executable, "-m", "net.link.relay.child_main"]
    settings = RelaySettings(Link(), 1, Address(LOOPBACK, server_port))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            process.stdin.write(encode_line(settings_to_json(settings)))
            process.stdin.flush()
            yield process, json.loads(process.stdout.readline())["port"]
        finally:
            process.kill()


async def answer(reader, writer):
    # A relay that ends resets its connections.
    with suppress(ConnectionResetError):
        writer.write(await reader.read(1))
        await reader.read()
    writer.close()


async def answered(port):
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(b"x")
    await reader.readexactly(1)
    writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit that a process can change")
async def test_a_crowd_over_udp_leaves_tcp_its_share_and_is_told_of():
    async with asyncio.timeout(LIMIT_S), await asyncio.start_server(answer, LOOPBACK, 0) as server:
        with ExitStack() as stack:
            process, port = stack.enter_context(
                relay_with_few_files(64, server.sockets[0].getsockname()[1])
            )
            for _ in range(120):
                client = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                client.sendto(b"hello", (LOOPBACK, port))
            for _ in range(8):
                await answered(port)
            process.stdin.write(encode_line({"get": "stats"}))
            process.stdin.flush()
            warnings = []
            while "connections" not in (stats := json.loads(process.stdout.readline())):
                warnings.append(stats["warning"])
            process.kill()
            assert process.stderr.read() == b""
    udp_clients = [each for each in stats["connections"] if each["kind"] == "udp"]
    # Half of the 64 files, less the reserve.
    assert len(udp_clients) == 24
    assert "no file is free for 127.0.0.1:" in warnings[0]
    assert "over UDP: 24 of the limit 64 are its share" in warnings[0]
    assert len(warnings) < 5


def test_protocols_share_equally_and_one_alone_has_all():
    both = open_file_quotas([RelayProtocol.TCP, RelayProtocol.UDP, RelayProtocol.UDP])
    alone = open_file_quotas([RelayProtocol.UDP])
    assert set(both) == set(RelayProtocol)
    count = 0
    while both[RelayProtocol.UDP].take(1):
        count += 1
    assert both[RelayProtocol.TCP].take(count)
    assert not both[RelayProtocol.TCP].take(2)
    assert alone[RelayProtocol.UDP].take(2 * count)


def test_released_files_can_be_taken_again(caplog):
    quota = OpenFileQuota(RelayProtocol.TCP, 2, 64)
    assert quota.take(2)
    assert not quota.take(2)
    quota.give_back(2)
    assert quota.take(2)
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            quota.report_full()
    (record,) = caplog.records
    assert "over TCP" in record.getMessage()
