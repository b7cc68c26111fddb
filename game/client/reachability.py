"""Which transports reach a server at all, when the one that was asked for does not.

The first failure in every classroom is a firewall that lets some transports through. Knows no
session: it only tries whether a channel comes to be.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from net.errors import ConnectError, ConnectRefused, ResolveError, TransportError
from net.transport import Address, Channel, Transport

# On a LAN an answer takes a millisecond.
PROBE_TIMEOUT_S: Final = 1.0


async def reachable_transports(transports: Mapping[str, Transport], typed: Address) -> list[str]:
    """Return the names of the transports that get an answer from a server.

    ``typed`` has the port that people type, without any transport's offset.
    """
    answers = await asyncio.gather(
        *(_answers(transport, typed) for transport in transports.values())
    )
    return [name for name, answer in zip(transports, answers, strict=True) if answer]


def explain_failure(error: ConnectError, transport: str, answering: list[str]) -> str:
    """Say in one line why ``transport`` made no channel, and which others would."""
    if isinstance(error, ResolveError):
        return str(error)
    if not answering:
        return f"{error} over {transport}"
    others = f"{' and '.join(answering)} {'answers' if len(answering) == 1 else 'answer'}"
    if isinstance(error, ConnectRefused):
        return f"{error} over {transport}, but {others}"
    return f"{transport} silent, {others}: a firewall?"


async def _answers(transport: Transport, typed: Address) -> bool:
    address = Address(typed.host, typed.port + transport.port_offset)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            channel = await transport.connect(address, _NullReceiver())
            channel.abort()
    except (ConnectError, TimeoutError):
        return False
    return True


class _NullReceiver:
    """A ``Receiver`` that only wants to know whether there is a channel."""

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Take nothing."""

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Take nothing."""
