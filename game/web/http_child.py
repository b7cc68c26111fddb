"""The process that serves HTTP; ``HttpProcess`` starts it and writes to it through a pipe.

It ends when its standard input does. Run as ``python -m game.web.http_child``.
"""

import asyncio
import json
import os
import signal
import socket
from typing import TYPE_CHECKING

from game.web.http_protocol import HttpSettings, decode_settings
from net.errors import NetError
from net.stream.tls import server_context
from net.system import event_loop
from net.system.parent_lines import lines_of_parent
from net.system.sockets import bound_sockets
from net.transport import SocketOptions

if TYPE_CHECKING:
    from game.web.teacher_routes import TeacherDesk

_STDOUT = 1
# Below the game server, whose ticks go before any page.
_NICENESS = 5


async def run() -> None:
    """Take settings from standard input, and serve until standard input ends."""
    lines = lines_of_parent()
    first = await lines.get()
    if not first:
        return
    settings = decode_settings(first)
    try:
        context = server_context(settings.tls) if settings.tls else None
        sockets = await bound_sockets(settings.listen, socket.SOCK_STREAM, SocketOptions())
    except NetError as error:
        _answer({"error": str(error)})
        return
    # The port is held. Who connects now waits in the backlog while the libraries are imported.
    _answer({"port": sockets[0].getsockname()[1]})
    await _serve(settings, sockets, context, lines)


async def _serve(
    settings: HttpSettings,
    sockets: list[socket.socket],
    context: object,
    lines: asyncio.Queue[bytes],
) -> None:
    import uvicorn

    from game.web import http_limits
    from game.web.app import LiveState, make_app

    state = LiveState()
    config = uvicorn.Config(
        make_app(state, settings.version, context is not None, _teacher_desk(settings)),
        http=http_limits.LimitedProtocol,
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=http_limits.KEEP_ALIVE_S,
        h11_max_incomplete_event_size=http_limits.HEADER_LIMIT_BYTES,
    )
    config.load()
    # uvicorn would load it from files; the key came through the pipe and stays in memory.
    config.ssl = context  # type: ignore[assignment]
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve(sockets))
    while line := await lines.get():
        state.update(json.loads(line))
    server.should_exit = server.force_exit = True
    await serving


def _teacher_desk(settings: HttpSettings) -> "TeacherDesk | None":
    from game.web.teacher_actions import action_to_json
    from game.web.teacher_routes import TeacherDesk

    if not settings.teacher_secret:
        return None
    return TeacherDesk(settings.teacher_secret, lambda action: _answer(action_to_json(action)))


def _lower_priority() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def _answer(value: dict[str, object]) -> None:
    os.write(_STDOUT, json.dumps(value).encode() + b"\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower_priority()
    event_loop.run(run())
