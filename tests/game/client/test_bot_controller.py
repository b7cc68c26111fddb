"""A bot at the keys of a client."""

from dataclasses import replace
from random import Random

from game.client.bot_controller import BotController
from game.match.bots import Skill
from game.match.controls import NEUTRAL
from game.match.rules import Match, MatchSettings, Phase
from game.match.world import Team
from game.protocol.messages import Goal
from game.protocol.snapshot import snapshot_of
from game.server.room import Room, RoomSettings


def match_of(*names: str) -> Match:
    match = Match(seed=3)
    for name in names:
        match.join(name)
    return match


def test_it_plays_as_well_as_the_bots_of_a_server():
    """Two autopilots who see every other tick score, on both sides."""
    room = Room("main", RoomSettings(match=MatchSettings(half_s=300.0)), seed=5)
    members = [room.join(name, "tcp") for name in ("Ana", "Ben", "Cia", "Dan")]
    drivers = [BotController(Skill.HARD, Random(n)) for n in range(len(members))]
    scored = set()
    for tick in range(60 * 300):
        if tick % 2 == 0:
            snapshot = snapshot_of(room.match, 0.0, 0.0)
        for member, driver in zip(members, drivers, strict=True):
            member.inputs.push(tick + 1, (driver.decide(snapshot, member.player_id),))
        scored |= {event.team for event in room.step() if isinstance(event, Goal)}
        if scored == set(Team):
            return
    assert scored == set(Team)


def test_the_same_snapshots_and_seed_give_the_same_controls():
    match = match_of("Ana", "Ben")
    one, other = (BotController(Skill.NORMAL, Random(7)) for _ in range(2))
    for _ in range(300):
        snapshot = snapshot_of(match, 0.0, 0.0)
        controls = one.decide(snapshot, 0)
        assert controls == other.decide(snapshot, 0)
        match.step({0: controls})


def test_another_player_gets_another_bot():
    match = match_of("Ana", "Ben")
    snapshot = snapshot_of(match, 0.0, 0.0)
    driver = BotController(Skill.NORMAL, Random(7))
    first = [driver.decide(snapshot, 0) for _ in range(60)]
    second = [driver.decide(snapshot, 1) for _ in range(60)]
    assert first != second


def test_it_rests_when_nothing_is_played():
    match = match_of("Ana")
    snapshot = replace(snapshot_of(match, 0.0, 0.0), phase=Phase.FINAL)
    driver = BotController(Skill.NORMAL, Random(7))
    assert not any(driver.decide(snapshot, 0).kick for _ in range(60))


def test_it_does_not_mind_not_being_on_the_pitch():
    snapshot = snapshot_of(match_of("Ana"), 0.0, 0.0)
    driver = BotController(Skill.NORMAL, Random(7))
    assert driver.decide(snapshot, 39) == NEUTRAL
