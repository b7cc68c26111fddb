"""Sizes of a snapshot, of a delta and of an input, as messages and on the wire.

``python tests/bench/sizes.py [--markdown]`` prints JSON, or the table of the README.

Ten bots play a match of a minute. Deltas are against the snapshot two intervals before, as after a
round trip of 33 to 50 ms. The messages of its server and of one client are sent one by one through
real channels on loopback. Their counters include all headers from IP up.
"""

import argparse
import asyncio
import json
from collections import deque
from random import Random
from statistics import mean
from typing import NamedTuple

from game.client.input_sender import InputSender
from game.match.bots import Bot, Skill
from game.match.controls import Controls
from game.match.physics import TICK_HZ
from game.match.rules import Match, MatchSettings, Phase
from game.protocol.delta_snapshots import SnapshotEncoder
from game.protocol.encoding import encode_input, prepend_own_state
from game.protocol.messages import NO_SNAPSHOT, MessageKind, OwnState
from game.protocol.snapshot import snapshot_of
from net.codec import CODECS, Codec
from net.registry import installed_transports, load_transport
from net.session.messages import MessageType
from net.system import event_loop
from net.transport import Address, Channel, Delivery, Receiver, Transport

PLAYERS = 10
SECONDS = 60
SNAPSHOT_TICKS = TICK_HZ // 30
BASELINE_TICKS = 2 * SNAPSHOT_TICKS
# On a LAN a message repeats the inputs of a snapshot interval and of the way back: about four.
UNCONFIRMED_TICKS = 4
# Enough for a mean to a tenth of a byte, and few enough to send one by one.
SENT_OVER_EACH = 200
LOOPBACK = "127.0.0.1"
PREFIX = bytes((MessageType.APPLICATION,))


class Messages(NamedTuple):
    """The messages of a match, by their kind."""

    snapshots: list[bytes]
    deltas: list[bytes]
    inputs: list[bytes]


def play_a_match(codec: Codec, players: int = PLAYERS) -> Messages:
    """Return the messages to one client and its inputs in a match of a minute."""
    match = Match(7, MatchSettings())
    bots = {}
    for number in range(players):
        player_id = match.join(f"bot {number}", is_bot=True)
        bots[player_id] = Bot(player_id, Skill.NORMAL, Random(number))
    own_id, sender, sent = next(iter(bots)), InputSender(), deque([0] * UNCONFIRMED_TICKS)
    messages, encoder = Messages([], [], []), SnapshotEncoder()
    for tick in range(SECONDS * TICK_HZ):
        is_play = match.phase in (Phase.KICK_OFF, Phase.PLAY)
        controls: dict[int, Controls] = {
            player_id: bot.decide(match.world, is_play) for player_id, bot in bots.items()
        }
        match.step(controls)
        message = sender.push(controls[own_id], max(match.world.tick - BASELINE_TICKS, 0))
        messages.inputs.append(PREFIX + encode_input(message, codec))
        sent.append(message.newest)
        sender.acknowledge(sent.popleft())
        if tick % SNAPSHOT_TICKS == 0:
            snapshot = snapshot_of(match, tick / TICK_HZ, 0.0)
            own = OwnState(own_id, message.newest, 1)
            encoder.add(snapshot)
            whole = encoder.encode(codec, NO_SNAPSHOT)
            messages.snapshots.append(PREFIX + prepend_own_state(whole.data, own, whole.kind))
            delta = encoder.encode(codec, snapshot.tick - BASELINE_TICKS)
            if delta.kind is MessageKind.DELTA and match.phase is Phase.PLAY:
                messages.deltas.append(PREFIX + prepend_own_state(delta.data, own, delta.kind))
    return messages


class Counting:
    """Receiver that sets an event when a message arrives."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        self.arrived.set()

    def channel_closed(self, channel: Channel, error: Exception | None) -> None:
        """Do nothing: the measurement closes the channel."""


async def measure_wire(transport: Transport, messages: Messages) -> dict[str, float]:
    """Return the mean bytes on the wire of a message in each direction, with headers."""
    accepted: asyncio.Future[Channel] = asyncio.get_running_loop().create_future()
    at_server, at_client = Counting(), Counting()

    def accept(channel: Channel) -> Receiver:
        accepted.set_result(channel)
        return at_server

    async with (
        await transport.listen(Address(LOOPBACK, 0), accept) as listener,
        await transport.connect(listener.addresses[0], at_client) as client,
    ):
        # A UDP server learns of its client from the first message.
        client.send(messages.inputs[0], Delivery.LATEST)
        server = await accepted
        await at_server.arrived.wait()
        return {
            "snapshot": await _mean_sent(server, messages.snapshots, at_client),
            "delta": await _mean_sent(server, messages.deltas, at_client),
            "input": await _mean_sent(client, messages.inputs, at_server),
        }


async def _mean_sent(channel: Channel, messages: list[bytes], receiver: Counting) -> float:
    before = channel.stats().wire_bytes_sent
    sent = messages[:: len(messages) // SENT_OVER_EACH]
    for message in sent:
        receiver.arrived.clear()
        channel.send(message, Delivery.LATEST)
        await receiver.arrived.wait()
    return (channel.stats().wire_bytes_sent - before) / len(sent)


async def measure() -> dict[str, dict[str, dict[str, float]]]:
    """Return bytes by codec, then by message, then by transport."""
    transports = [load_transport(name) for name in installed_transports()]
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name, codec in CODECS.items():
        messages = play_a_match(codec)
        figures[name] = {
            "snapshot": {"message": mean(map(len, messages.snapshots))},
            "delta": {"message": mean(map(len, messages.deltas))},
            "input": {"message": mean(map(len, messages.inputs))},
        }
        for transport in transports:
            for what, size in (await measure_wire(transport, messages)).items():
                figures[name][what][transport.name] = size
    return figures


def as_markdown(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the table of the README."""
    columns = list(next(iter(figures.values()))["snapshot"])
    lines = [f"| bytes | {' | '.join(columns)} |", f"|---|{'--:|' * len(columns)}"]
    for codec, messages in figures.items():
        for what, sizes in messages.items():
            cells = " | ".join(f"{sizes[column]:.0f}" for column in columns)
            lines.append(f"| {what}, {codec} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="print the table of the README")
    args = parser.parse_args()
    figures = event_loop.run(measure())
    print(as_markdown(figures) if args.markdown else json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
