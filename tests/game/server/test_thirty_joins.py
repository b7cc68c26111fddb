"""Start of a match: thirty clients connect within a second to a server with a password."""

import asyncio
from time import perf_counter

import pytest

from game.client.client import Client
from game.client.frame import Status
from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from game.server.local import LocalServer
from net.security.options import SecurityOptions
from net.transport import Address
from tests.disturbance import skip_if_disturbed
from tests.game.support import TRANSPORTS, until

CLIENTS = 30
PASSWORD = "sesame"


async def join_all(address: Address, names: list[str]) -> float:
    """Let a client join for each name of a transport, evenly within a second.

    Return the seconds from the first attempt to the last welcome.
    """
    security = SecurityOptions(PASSWORD)
    netcode = NetcodeSettings(prediction=PredictionMode.OFF)
    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        clients, tasks = [], []
        for number, name in enumerate(names):
            await asyncio.sleep(began + number / len(names) - perf_counter())
            join = JoinRequest(f"p{number}", "main")
            settings = ClientSettings(address, join, netcode=netcode, security=security)
            clients.append(Client(TRANSPORTS, name, settings))
            tasks.append(group.create_task(clients[-1].run()))
        await until(lambda: all(client.status is Status.PLAYING for client in clients))
        all_in_s = perf_counter() - began
        for task in tasks:
            task.cancel()
    return all_in_s


@pytest.fixture
def address(tmp_path):
    password_file = tmp_path / "password"
    password_file.write_text(PASSWORD)
    with LocalServer("--password-file", str(password_file)) as server:
        yield server.address


# The start of each client, and its proof of the password, take processor time.
@pytest.mark.slow
async def test_clients_join_over_all_transports_at_once(address):
    names = [name for name in TRANSPORTS for _ in range(CLIENTS // len(TRANSPORTS))]
    await join_all(address, names)


@pytest.mark.timing
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_thirty_clients_have_joined_within_two_seconds(address, transport):
    with skip_if_disturbed():
        assert await join_all(address, [transport] * CLIENTS) < 2.0
