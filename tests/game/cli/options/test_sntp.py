"""``serve --sntp-port``: no server unless asked for, and one line where it cannot listen."""

import pytest

from game.cli.errors import CliError
from game.cli.options.sntp import sntp_server
from tests.game.support import LOOPBACK


async def test_there_is_no_server_unless_asked_for():
    async with sntp_server(LOOPBACK, None) as server:
        assert server is None


async def test_port_zero_takes_a_free_port():
    async with sntp_server(LOOPBACK, 0) as server:
        assert server is not None
        assert server.address.port > 0


async def test_a_port_in_use_is_one_line_for_the_user():
    async with sntp_server(LOOPBACK, 0) as server:
        assert server is not None
        port = server.address.port
        with pytest.raises(CliError, match=f"^--sntp-port: port {port} is in use") as raised:
            async with sntp_server(LOOPBACK, port):
                pass
    assert "\n" not in str(raised.value)
