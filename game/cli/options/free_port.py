"""The choice of a base port for ``--port 0``."""

import socket
from collections.abc import Collection
from contextlib import ExitStack
from itertools import product

from game.cli.errors import CliError
from net.errors import AddressInUse
from net.system.sockets import bound_sockets
from net.transport import Address, SocketOptions

# Each attempt fails only if another program has one of a few ports.
_ATTEMPTS = 50
_KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


async def free_base_port(host: str, offsets: Collection[int]) -> int:
    """Return a base port that is free at this moment, with each of ``offsets`` added to it.

    A server that took any free port for its players might find that of its page taken.

    Raises ``ListenError`` if the host cannot be bound, and ``CliError`` if no base is free.
    """
    for _ in range(_ATTEMPTS):
        try:
            return await _bind_each(host, offsets)
        except AddressInUse:
            continue
    raise CliError(f"no free ports were found in {_ATTEMPTS} attempts: choose one with --port")


async def _bind_each(host: str, offsets: Collection[int]) -> int:
    with ExitStack() as stack:
        base = 0
        for offset, kind in product(offsets, _KINDS):
            address = Address(host, base + offset if base else 0)
            for sock in await bound_sockets(address, kind, SocketOptions()):
                stack.enter_context(sock)
                base = base or sock.getsockname()[1] - offset
        return base
