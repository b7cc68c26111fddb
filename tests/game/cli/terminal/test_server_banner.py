"""Banner of ``jitterball serve``: the players who can join, and the commands for it."""

import os
import subprocess
import sys

import pytest

from game.cli.options.transports import usable_transports
from game.cli.terminal import server_banner as module
from game.cli.terminal.server_banner import server_banner
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.system.lan_addresses import LanAddresses
from tests.game.cli.command_line import JITTERBALL, LIMIT_S
from tests.game.support import TRANSPORTS

TCP = {"tcp": TRANSPORTS["tcp"]}
SOME = LanAddresses(("192.0.2.7", "2001:db8::7"), ("fe80::7",))
ONLY_LINK_LOCAL = LanAddresses((), ("fe80::7",))
NONE = LanAddresses((), ())


async def banner_of(monkeypatch, host: str, found: LanAddresses) -> str:
    monkeypatch.setattr(module, "lan_addresses", lambda: found)
    async with GameServer(list(TCP.values()), ServerSettings(host=host, port=0)) as server:
        return "\n".join(server_banner(server, TCP, page_port=None, sntp_port=None))


async def test_all_addresses_of_all_cards_are_named(monkeypatch):
    banner = await banner_of(monkeypatch, "", SOME)
    assert "play 192.0.2.7:" in banner
    assert "[2001:db8::7]:" in banner
    assert "reachable by every computer on the network" in banner


async def test_a_server_on_all_ipv4_addresses_names_these(monkeypatch):
    banner = await banner_of(monkeypatch, "0.0.0.0", SOME)
    assert "play 192.0.2.7:" in banner
    assert "play 0.0.0.0" not in banner
    assert "2001:db8" not in banner
    assert "reachable by every computer on the network" in banner


async def test_without_an_address_to_type_no_reach_is_denied(monkeypatch):
    banner = await banner_of(monkeypatch, "", ONLY_LINK_LOCAL)
    assert "can join at fe80::7, with % and the name of their network card" in banner
    assert "only this computer" not in banner
    assert "reachable by every computer on the network" in banner


async def test_without_a_network_it_says_so_and_for_how_long(monkeypatch):
    banner = await banner_of(monkeypatch, "", NONE)
    assert "no network found: until there is one, only this computer can join" in banner
    assert "reachable by every computer on the network" in banner


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
async def test_a_server_on_loopback_is_for_this_computer(monkeypatch, host):
    if host == "127.0.0.2" and sys.platform == "darwin":
        pytest.skip("macOS has no second loopback address")
    banner = await banner_of(monkeypatch, host, SOME)
    assert "reachable by this computer only" in banner
    assert f"play {host}:" in banner


@pytest.mark.slow
def test_the_join_lines_of_a_server_with_tls_work_as_they_are_printed():
    typed = "serve --host 127.0.0.1 --port 0 --no-http --tls-self-signed --bots 2"
    environment = os.environ | {"SDL_VIDEODRIVER": "dummy"}
    with subprocess.Popen(
        [*JITTERBALL, *typed.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            lines = iter(server.stdout.readline, "Ctrl-C ends it\n")
            joins = [line.split()[2:] for line in lines if line.startswith("join: ")]
            assert [join[3] for join in joins] == list(usable_transports())
            for join in joins:
                ended = subprocess.run(
                    [*JITTERBALL, *join, "--frames", "2", "--mute"],
                    capture_output=True,
                    text=True,
                    timeout=LIMIT_S,
                    env=environment,
                )
                assert (ended.returncode, ended.stderr) == (0, ""), join
        finally:
            server.kill()
