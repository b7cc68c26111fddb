"""The options for QUIC: one stream as a technique, and the keys for Wireshark."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from net.transport import (
    AcceptCallback,
    Address,
    Channel,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)

OneStream = Annotated[
    bool,
    typer.Option(
        "--one-stream",
        help="Over QUIC, send snapshots and inputs in the stream too: a lost packet delays all.",
    ),
]
TlsKeylog = Annotated[
    Path | None,
    typer.Option(
        "--tls-keylog",
        metavar="FILE",
        help="Append the keys of QUIC to FILE, for Wireshark. Who has them can read everything.",
    ),
]

# Transports with a choice between datagrams and a stream.
_WITH_STREAMS = ("quic",)


def with_quic_options(
    transports: Mapping[str, Transport], one_stream: bool, keylog: Path | None
) -> dict[str, Transport]:
    """Return the transports with these options added to every connection.

    Raises ``CliError`` if no transport has a use for them, or the file cannot be written.
    """
    if not one_stream and keylog is None:
        return dict(transports)
    if not any(name in _WITH_STREAMS for name in transports):
        option = "--one-stream" if one_stream else "--tls-keylog"
        raise CliError(f"{option} is for QUIC: name it among the transports")
    if keylog is not None:
        _make_private(keylog)
        text = (
            f"jitterball: the keys are written to {str(keylog)!r}: "
            "who has this file can read everything that was sent"
        )
        print(say(text), file=sys.stderr)
    file = "" if keylog is None else str(keylog)
    return {
        name: _Configured(transport, one_stream, file) if name in _WITH_STREAMS else transport
        for name, transport in transports.items()
    }


class _Configured(Transport):
    """A transport whose connections have the options."""

    def __init__(self, transport: Transport, one_stream: bool, keylog: str) -> None:
        guarantees = transport.guarantees
        if one_stream:
            guarantees = replace(guarantees, head_of_line_blocking=True, latest_may_be_lost=False)
        # Written past the class: ``Transport`` declares these as class variables.
        self.__dict__["name"] = transport.name
        self.__dict__["guarantees"] = guarantees
        self.__dict__["port_offset"] = transport.port_offset
        self._transport = transport
        self._one_stream = one_stream
        self._keylog = keylog

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel with the options."""
        options = replace(options, one_stream=self._one_stream, tls_keylog=self._keylog)
        return await self._transport.connect(address, receiver, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Listen: the options are a client's."""
        return await self._transport.listen(address, accept, options)


def _make_private(file: Path) -> None:
    try:
        # Readable by its owner only.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be written: {error.strerror}") from error
