"""Main program of a relay's process: ``python -m net.link.relay.child``.

``RelayProcess`` starts it and sends commands through its standard input. It ends with its standard
input: when the parent stops it, or has ended in any way. It ignores Ctrl-C, because the parent
still closes its connections through the relay.
"""

import asyncio
import json
import os
import signal
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from net.errors import NetError
from net.link.json_lines import encode_line, link_from_json
from net.link.relay.control_protocol import settings_from_json, stats_to_json
from net.link.relay.proxy import LinkProxy
from net.system import event_loop

_STDIN, _STDOUT = 0, 1
_READ_BYTES = 64 * 1024

# Above ordinary programs, below the services of the system.
_NICENESS = -10


async def run_relay() -> None:
    """Read settings from standard input, and relay until standard input ends."""
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    arguments = asyncio.get_running_loop(), lines
    threading.Thread(target=_read_lines, args=arguments, daemon=True).start()
    first = await lines.get()
    if not first:
        return
    try:
        async with LinkProxy(settings_from_json(json.loads(first))) as proxy:
            _write_line({"port": proxy.port})
            while line := await lines.get():
                _apply_command(proxy, json.loads(line))
    except NetError as error:
        _write_line({"error": str(error)})


def _apply_command(proxy: LinkProxy, command: dict[str, Any]) -> None:
    match command:
        case {"set_link": plain}:
            proxy.set_link(link_from_json(plain))
        case {"burst_s": duration_s}:
            proxy.burst_loss(duration_s)
        case {"get": "stats"}:
            connections = [stats_to_json(stats) for stats in proxy.connections()]
            _write_line({"connections": connections, "late": asdict(proxy.lateness())})


def _write_line(value: dict[str, Any]) -> None:
    os.write(_STDOUT, encode_line(value))


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
    """Put the lines of standard input into the queue, and an empty one at its end.

    Runs in a thread of its own: not all systems can wait for a pipe in the event loop.
    """
    # Not ``sys.stdin``: a thread that holds its lock would disturb the end of the interpreter.
    rest = b""
    while read := os.read(_STDIN, _READ_BYTES):
        *whole, rest = (rest + read).split(b"\n")
        for line in whole:
            loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, b"")


def _raise_priority() -> None:
    """Raise the priority where that is allowed. A relay that waits for a core adds delay."""
    if hasattr(os, "setpriority"):
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)


if __name__ == "__main__":
    _raise_priority()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    event_loop.run_precisely(run_relay())
