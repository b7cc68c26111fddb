"""Main program of a relay's process: ``python -m net.link.relay.child_main``.

``RelayProcess`` starts it and sends commands through its standard input. It ends with its standard
input: when the parent stops it, or has ended in any way. It ignores Ctrl-C, because the parent
still closes its connections through the relay.
"""

import asyncio
import json
import logging
import os
import queue
import signal
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from net.errors import AddressInUse, NetError
from net.link.json_lines import encode_line, link_from_json
from net.link.relay.client_identities import ClientIdentities
from net.link.relay.control_protocol import (
    client_from_json,
    client_to_json,
    encode_log,
    settings_from_json,
    stats_to_json,
)
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelayClient
from net.system import event_loop
from net.system.parent_lines import lines_of_parent

_STDOUT = 1

# As often as snapshots come. Most packets are on the link for longer, so a drawing sees them in
# flight.
_LOG_INTERVAL_S = 1 / 30

# Above ordinary programs, below the services of the system.
_NICENESS = -10


async def run_relay() -> None:
    """Read settings from standard input, and relay until standard input ends."""
    lines = lines_of_parent()
    output = _LineWriter()
    logging.getLogger("net").addHandler(_LogForwarder(output))
    first = await lines.get()
    if not first:
        return
    try:
        settings = settings_from_json(json.loads(first))
        identities = ClientIdentities(output.announce) if settings.announces_clients else None
        async with LinkRelay(settings, identities) as relay:
            output.write({"port": relay.port})
            if settings.has_packet_log:
                _send_log(asyncio.get_running_loop(), relay, output)
            while line := await lines.get():
                command = json.loads(line)
                if identities is not None and "confirm" in command:
                    identities.confirm(command["confirm"])
                else:
                    _apply_command(relay, command, output)
            _write_log(relay, output)
    except NetError as error:
        output.write({"error": str(error), "is_in_use": isinstance(error, AddressInUse)})
    output.close()


class _LineWriter:
    """Lines to standard output, written by a thread.

    A parent that is busy may leave the pipe full. Packets must not wait for it.
    """

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_lines, daemon=True)
        self._thread.start()

    def write(self, value: dict[str, Any]) -> None:
        """Write ``value`` as a line of JSON, soon."""
        self.write_line(encode_line(value))

    def write_line(self, line: bytes) -> None:
        """Write a line, soon."""
        self._lines.put(line)

    def announce(self, port: int, client: RelayClient | None) -> None:
        """Write that a client has a port, or that the port is free again."""
        self.write({"opened": port, "client": client_to_json(client)})

    def close(self) -> None:
        """Wait until all lines are written."""
        self._lines.put(b"")
        self._thread.join()

    def _write_lines(self) -> None:
        # A parent that was killed reads nothing.
        with suppress(BrokenPipeError):
            while line := self._lines.get():
                while line:
                    line = line[os.write(_STDOUT, line) :]


class _LogForwarder(logging.Handler):
    """Log handler that sends warnings to the parent, which has the log and the user's language."""

    def __init__(self, output: _LineWriter) -> None:
        super().__init__(logging.WARNING)
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        """Send the text of a record."""
        self._output.write({"warning": record.getMessage()})


def _send_log(loop: asyncio.AbstractEventLoop, relay: LinkRelay, output: _LineWriter) -> None:
    """Send the packet log now and from then on."""
    _write_log(relay, output)
    loop.call_later(_LOG_INTERVAL_S, _send_log, loop, relay, output)


def _write_log(relay: LinkRelay, output: _LineWriter) -> None:
    if batch := relay.packet_log():
        output.write_line(encode_log(batch))


def _apply_command(relay: LinkRelay, command: dict[str, Any], output: _LineWriter) -> None:
    match command:
        case {"set_link": plain, "of": client}:
            relay.set_link(link_from_json(plain), client_from_json(client))
        case {"clear_link": plain} if client := client_from_json(plain):
            relay.clear_link(client)
        case {"burst_s": duration_s, "of": client}:
            relay.burst_loss(duration_s, client_from_json(client))
        case {"get": "stats"}:
            connections = [stats_to_json(stats) for stats in relay.connections()]
            output.write({"connections": connections, "late": asdict(relay.lateness())})


def _raise_priority() -> None:
    """Raise the priority where that is allowed. A relay that waits for a core adds delay."""
    if hasattr(os, "setpriority"):
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)


if __name__ == "__main__":
    _raise_priority()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    event_loop.run_precisely(run_relay())
