"""Delta snapshots over a bad network: a client never has a state that the server did not send."""

from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.match.bots import Bot, Skill
from game.match.physics import TICK_HZ
from game.match.pitch import PitchSize
from game.match.rules import Match, MatchSettings, Phase
from game.protocol.delta_snapshots import SnapshotDecoder, SnapshotEncoder
from game.protocol.encoding import decode_snapshot, encode_snapshot, prepend_own_state
from game.protocol.messages import (
    BASELINE_LIMIT_TICKS,
    NO_SNAPSHOT,
    MessageKind,
    OwnState,
    Snapshot,
)
from game.protocol.snapshot import snapshot_of
from game.server.baseline import ClientBaseline
from net.codec import CODECS, MSGPACK, Codec
from net.errors import DecodeError
from tests.examples import scaled

codecs = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS.keys())
OWN = OwnState(3, 70_000, 1)
# Halves of two seconds: a match of a few seconds has kick-offs, half-times and ends.
SHORT = MatchSettings(
    half_s=2.0, goal_pause_s=0.2, half_time_s=0.3, final_s=0.3, kick_off_limit_s=0.3
)


class Bots:
    """A match of bots."""

    def __init__(self, players: int, settings: MatchSettings = SHORT) -> None:
        self.match = Match(7, settings)
        self._bots: dict[int, Bot] = {}
        for _ in range(players):
            self.join()

    def join(self) -> None:
        number = len(self._bots)
        player_id = self.match.join(f"bot {number}", is_bot=True)
        self._bots[player_id] = Bot(player_id, Skill.NORMAL, Random(number))

    def leave(self) -> None:
        player_id, _ = self._bots.popitem()
        self.match.leave(player_id)

    def step(self) -> None:
        is_play = self.match.phase in (Phase.KICK_OFF, Phase.PLAY)
        decided = {i: bot.decide(self.match.world, is_play) for i, bot in self._bots.items()}
        self.match.step(decided)

    def snapshot(self, late_s: float = 0.0003) -> Snapshot:
        tick = self.match.world.tick
        return snapshot_of(self.match, 1000 + tick / TICK_HZ, late_s)


def whole(snapshot: Snapshot, codec: Codec) -> Snapshot:
    """Return the snapshot as every client without deltas receives it."""
    message = prepend_own_state(encode_snapshot(snapshot, codec), OWN)
    return decode_snapshot(message, codec)[1]


@dataclass
class Link:
    """Two clients' ends of one server, and messages under way in both directions."""

    codec: Codec
    decoder: SnapshotDecoder = field(default_factory=SnapshotDecoder)
    baseline: ClientBaseline = field(default_factory=lambda: ClientBaseline(True))
    down: list[bytes] = field(default_factory=list)
    up: list[int] = field(default_factory=list)
    is_stream: bool = False
    kinds: set[int] = field(default_factory=set)

    def send(self, encoder: SnapshotEncoder, tick: int) -> None:
        shared = encoder.encode(self.codec, self.baseline.tick)
        self.kinds.add(shared.kind)
        self.down.append(prepend_own_state(shared.data, OWN, shared.kind))
        if self.is_stream:
            self.baseline.note_certain(tick)

    def deliver(self, sent: dict[int, Snapshot], index: int) -> None:
        """Let a message arrive, and compare it with what the server sent."""
        decoded = self.decoder.decode(self.down.pop(index), self.codec)
        if decoded is None:
            assert not self.is_stream
        else:
            own, snapshot = decoded
            assert own == OWN
            assert snapshot == sent[snapshot.tick]
        self.up.append(self.decoder.newest_tick)

    def reconnect(self, is_stream: bool) -> None:
        """Resume over another channel: what was under way is lost, acknowledgements are not."""
        self.down.clear()
        self.baseline = ClientBaseline(True)
        self.is_stream = is_stream


EVENTS = st.sampled_from(
    [
        *["lose", "lose up", "duplicate", "newest first", "arrive", "acknowledge"] * 6,
        *["resume", "resume over a stream", "join", "leave", "pause", "whole", "deltas"],
        *["small pitch", "large pitch"],
    ]
)


@codecs
@settings(max_examples=scaled(60))
@given(events=st.lists(EVENTS, min_size=20, max_size=120), seed=st.integers(0, 1 << 32))
def test_no_client_ever_has_a_wrong_state(codec, events, seed):
    rng = Random(seed)
    bots, encoder, sent = Bots(3), SnapshotEncoder(), {}
    link, wants_deltas = Link(codec), True
    for event in events:
        bots.step()
        bots.step()
        snapshot = bots.snapshot(rng.uniform(0, 0.01))
        sent[snapshot.tick] = whole(snapshot, codec)
        encoder.add(snapshot)
        link.send(encoder, snapshot.tick)
        # Streams neither lose nor reorder.
        if link.is_stream:
            for _ in range(rng.randrange(len(link.down) + 1)):
                link.deliver(sent, 0)
        elif event == "lose":
            link.down.pop(rng.randrange(len(link.down)))
        elif event == "duplicate":
            link.down.append(rng.choice(link.down))
        elif event == "newest first":
            link.deliver(sent, -1)
        elif event == "arrive":
            for _ in range(len(link.down)):
                link.deliver(sent, 0)
        match event:
            case "acknowledge" if link.up:
                tick = rng.choice(link.up)
                link.baseline.acknowledge(tick if wants_deltas else NO_SNAPSHOT)
            case "lose up":
                link.up.clear()
            case "resume" | "resume over a stream":
                link.reconnect("stream" in event)
            case "join" if len(sent) < 100:
                bots.join()
            case "leave" if len(bots.match.world.players) > 1:
                bots.leave()
            case "pause":
                for _ in range(rng.randrange(2 * BASELINE_LIMIT_TICKS)):
                    bots.step()
            case "small pitch" | "large pitch":
                size = PitchSize[event.split()[0].upper()]
                bots.match.set_limits(SHORT.half_s, 0, size)
                bots.match.restart()
            case "whole" | "deltas":
                wants_deltas = event == "deltas"


@codecs
def test_a_match_with_half_times_passes_as_deltas(codec):
    bots, encoder, link = Bots(10), SnapshotEncoder(), Link(codec)
    phases = set()
    for _ in range(500):
        bots.step()
        snapshot = bots.snapshot()
        phases.add((snapshot.phase, snapshot.half))
        encoder.add(snapshot)
        link.send(encoder, snapshot.tick)
        link.deliver({snapshot.tick: whole(snapshot, codec)}, 0)
        link.baseline.acknowledge(link.up[-1])
    assert {(Phase.HALF_TIME, 1), (Phase.FINAL, 2), (Phase.KICK_OFF, 2)} <= phases
    assert link.decoder.without_baseline == 0
    assert link.kinds == {MessageKind.SNAPSHOT, MessageKind.DELTA}


@codecs
def test_another_pitch_comes_with_a_whole_snapshot_and_stays_with_the_deltas(codec):
    bots, encoder, decoder = Bots(4), SnapshotEncoder(), SnapshotDecoder()
    kinds, sizes = [], []
    for tick in range(6):
        if tick == 3:
            bots.match.set_limits(SHORT.half_s, 0, PitchSize.LARGE)
            bots.match.restart()
        bots.step()
        encoder.add(bots.snapshot())
        shared = encoder.encode(codec, decoder.newest_tick)
        _, read = decoder.decode(prepend_own_state(shared.data, OWN, shared.kind), codec)
        kinds.append(shared.kind)
        sizes.append(read.pitch_size)
    whole_kind, delta = MessageKind.SNAPSHOT, MessageKind.DELTA
    assert kinds == [whole_kind, delta, delta, whole_kind, delta, delta]
    assert sizes == [PitchSize.MEDIUM] * 3 + [PitchSize.LARGE] * 3


def test_without_an_acknowledgement_for_a_second_snapshots_are_whole():
    bots, encoder = Bots(2), SnapshotEncoder()
    bots.step()
    encoder.add(bots.snapshot())
    first_tick = bots.match.world.tick
    for _ in range(BASELINE_LIMIT_TICKS):
        bots.step()
        encoder.add(bots.snapshot())
        assert encoder.encode(MSGPACK, first_tick).kind is MessageKind.DELTA
    bots.step()
    encoder.add(bots.snapshot())
    assert encoder.encode(MSGPACK, first_tick).kind is MessageKind.SNAPSHOT


def test_clients_with_one_baseline_share_one_encoding():
    bots, encoder = Bots(2), SnapshotEncoder()
    ticks = []
    for _ in range(3):
        bots.step()
        encoder.add(bots.snapshot())
        ticks.append(bots.match.world.tick)
    older, newer = (encoder.encode(MSGPACK, tick) for tick in ticks[:2])
    assert encoder.encode(MSGPACK, ticks[0]) is older
    assert older != newer
    assert encoder.encode(MSGPACK, NO_SNAPSHOT).kind is MessageKind.SNAPSHOT
    # Acknowledged before it was sent: only a broken client does that.
    assert encoder.encode(MSGPACK, ticks[2]).kind is MessageKind.SNAPSHOT
    assert encoder.encode(MSGPACK, 1 << 31).kind is MessageKind.SNAPSHOT


def test_players_at_rest_cost_nothing():
    sizes = []
    for players in (1, 20):
        match = Match(7, MatchSettings())
        for number in range(players):
            match.join(f"p{number}")
        encoder = SnapshotEncoder()
        for _ in range(60):
            match.step({})
            encoder.add(snapshot_of(match, match.world.tick / TICK_HZ, 0.0))
        sizes.append(len(encoder.encode(MSGPACK, match.world.tick - 2).data))
    assert sizes[0] == sizes[1] <= 12


@pytest.mark.parametrize(("players", "limit_bytes"), [(10, 90), (40, 300)])
def test_a_delta_in_play_is_half_as_long_as_a_snapshot(players, limit_bytes):
    bots, encoder = Bots(players, MatchSettings()), SnapshotEncoder()
    whole_bytes, delta_bytes = [], []
    for tick in range(600):
        bots.step()
        if tick % 2 == 0:
            snapshot = bots.snapshot()
            encoder.add(snapshot)
            # Acknowledged two intervals later: a round trip of 33 to 50 ms.
            shared = encoder.encode(MSGPACK, snapshot.tick - 4)
            if snapshot.phase is Phase.PLAY and shared.kind is MessageKind.DELTA:
                # With the byte of the session in front.
                delta_bytes.append(1 + len(prepend_own_state(shared.data, OWN)))
                own_whole = prepend_own_state(encode_snapshot(snapshot, MSGPACK), OWN)
                whole_bytes.append(1 + len(own_whole))
    assert mean(delta_bytes) <= limit_bytes
    assert mean(delta_bytes) <= mean(whole_bytes) / 2


@codecs
@given(changes=st.binary(max_size=40), age=st.integers(1, 3))
def test_any_changes_make_a_snapshot_or_are_rejected(codec, changes, age):
    bots, encoder, decoder = Bots(2), SnapshotEncoder(), SnapshotDecoder()
    bots.step()
    encoder.add(bots.snapshot())
    first = encoder.encode(codec, NO_SNAPSHOT)
    assert decoder.decode(prepend_own_state(first.data, OWN, first.kind), codec)
    tick = bots.match.world.tick + age
    body = codec.encode([tick, age, 0, 0, changes])
    message = prepend_own_state(body, OWN, MessageKind.DELTA)
    with suppress(DecodeError):
        decoded = decoder.decode(message, codec)
        assert decoded is not None
        assert decoded[1].tick == tick


def test_a_decoder_keeps_the_snapshots_of_two_seconds():
    bots, encoder, decoder = Bots(1), SnapshotEncoder(), SnapshotDecoder()
    for _ in range(4 * BASELINE_LIMIT_TICKS):
        bots.step()
        encoder.add(bots.snapshot())
        shared = encoder.encode(MSGPACK, NO_SNAPSHOT)
        decoder.decode(prepend_own_state(shared.data, OWN, shared.kind), MSGPACK)
    newest = bots.match.world.tick
    held = []
    for age in range(1, BASELINE_LIMIT_TICKS + 1):
        message = prepend_own_state(
            MSGPACK.encode([newest, age, 0, 0, b""]), OWN, MessageKind.DELTA
        )
        held.append(decoder.decode(message, MSGPACK) is not None)
    assert all(held)
    assert decoder.without_baseline == 0
