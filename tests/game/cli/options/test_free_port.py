"""``--port 0``: a base whose other ports are free too."""

import socket
from itertools import product

import pytest

from game.cli.errors import CliError
from game.cli.options import free_port
from game.cli.options.free_port import free_base_port
from net.errors import AddressInUse
from net.transport import Address, SocketOptions
from tests.game.support import LOOPBACK

OFFSETS = (0, 1, 3, 4)
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


async def test_each_port_of_the_base_is_tried_for_tcp_and_udp(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bind, bound = free_port.bound_sockets, []

    async def bind_and_note(
        address: Address, kind: socket.SocketKind, options: SocketOptions
    ) -> list[socket.socket]:
        sockets = await bind(address, kind, options)
        bound.append((sockets[0].getsockname()[1], kind))
        return sockets

    monkeypatch.setattr(free_port, "bound_sockets", bind_and_note)
    base = await free_base_port(LOOPBACK, OFFSETS)
    # Attempts that another program has disturbed come before.
    expected = product((base + offset for offset in OFFSETS), KINDS)
    assert bound[-len(OFFSETS) * len(KINDS) :] == list(expected)


async def test_a_base_whose_page_has_no_port_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    bind, refused = free_port.bound_sockets, []

    async def bind_but_first_page(
        address: Address, kind: socket.SocketKind, options: SocketOptions
    ) -> list[socket.socket]:
        sockets = await bind(address, kind, options)
        if refused or address.port == 0:
            return sockets
        for sock in sockets:
            sock.close()
        refused.append(address.port)
        raise AddressInUse(f"port {address.port} is in use by another program")

    monkeypatch.setattr(free_port, "bound_sockets", bind_but_first_page)
    assert await free_base_port(LOOPBACK, (0, 3)) > 0
    assert len(refused) == 1


async def test_no_free_base_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> list[socket.socket]:
        raise AddressInUse("port 1 is in use by another program")

    monkeypatch.setattr(free_port, "bound_sockets", refuse)
    with pytest.raises(CliError, match="choose one with --port") as raised:
        await free_base_port(LOOPBACK, OFFSETS)
    assert "\n" not in str(raised.value)
