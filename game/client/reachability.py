"""Reachability: which transports get an answer from a server, and a line that explains a failure.

In a classroom the first failure is often a firewall that lets only some transports through.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from net.errors import (
    ConnectError,
    ConnectStage,
    ConnectTimeout,
    ResolveError,
    TransportError,
)
from net.transport import Address, Channel, Transport

# On a LAN an answer takes a millisecond, over a satellite two round trips of 0.6 s.
PROBE_TIMEOUT_S: Final = 2.0


async def reachable_transports(transports: Mapping[str, Transport], base: Address) -> list[str]:
    """Return the names of the transports over which a channel can be opened.

    ``base`` has the base port, without any transport's offset.
    """
    answers = await asyncio.gather(
        *(_answers(transport, base) for transport in transports.values())
    )
    return [name for name, answer in zip(transports, answers, strict=True) if answer]


def explain_wait(stage: ConnectStage, host: str, transport: str, reachable: list[str]) -> str:
    """Return one line: what an attempt that is under way waits for."""
    if stage is ConnectStage.LOOK_UP:
        return f"looking up {host!r}: no answer yet"
    if stage is ConnectStage.CONNECT:
        text = f"no answer yet over {transport}"
        return f"{text}, but {_answering(reachable)}" if reachable else text
    return f"the server answers over {transport}, but the {stage.value} takes long"


def explain_failure(error: ConnectError, transport: str, reachable: list[str]) -> str:
    """Say in one line why ``transport`` failed, and which others would work."""
    if isinstance(error, ResolveError):
        return str(error)
    if not reachable:
        return f"{error} over {transport}"
    others = _answering(reachable)
    # Silence of one transport alone is a filter on the way. What has answered, and failed at a
    # later stage, was not stopped by one; nor was a refusal.
    if isinstance(error, ConnectTimeout) and error.stage is ConnectStage.CONNECT:
        return f"{transport} silent, {others}: a firewall?"
    return f"{error} over {transport}, but {others}"


def _answering(reachable: list[str]) -> str:
    return f"{' and '.join(reachable)} {'answers' if len(reachable) == 1 else 'answer'}"


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
