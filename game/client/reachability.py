"""Reachability: which transports get an answer from a server, and a line that explains a failure.

In a classroom the first failure is often a firewall that lets only some transports through.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from net.errors import ConnectError, ConnectRefused, ResolveError, TransportError
from net.transport import Address, Channel, Transport

# On a LAN an answer takes a millisecond.
PROBE_TIMEOUT_S: Final = 1.0


async def reachable_transports(transports: Mapping[str, Transport], base: Address) -> list[str]:
    """Return the names of the transports over which a channel can be opened.

    ``base`` has the base port, without any transport's offset.
    """
    answers = await asyncio.gather(
        *(_answers(transport, base) for transport in transports.values())
    )
    return [name for name, answer in zip(transports, answers, strict=True) if answer]


def explain_failure(error: ConnectError, transport: str, reachable: list[str]) -> str:
    """Say in one line why ``transport`` failed, and which others would work."""
    if isinstance(error, ResolveError):
        return str(error)
    if not reachable:
        return f"{error} over {transport}"
    others = f"{' and '.join(reachable)} {'answers' if len(reachable) == 1 else 'answer'}"
    if isinstance(error, ConnectRefused):
        return f"{error} over {transport}, but {others}"
    # A refusal is an answer of the system. Silence of one transport alone is a filter on the way.
    return f"{transport} silent, {others}: a firewall?"


async def _answers(transport: Transport, base: Address) -> bool:
    address = Address(base.host, base.port + transport.port_offset)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            channel = await transport.connect(address, _NullReceiver())
            channel.abort()
    except (ConnectError, TimeoutError):
        return False
    return True


class _NullReceiver:
    """A ``Receiver`` that ignores everything: an open channel is all that counts."""

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Ignore a message."""

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Ignore the end of the channel."""
