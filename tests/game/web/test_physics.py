"""The page's step of the match gives the same bits as the server's."""

import random
from dataclasses import asdict

from game.match import controls, physics
from game.match.controls import Controls
from game.match.pitch import PITCHES
from game.match.world import Ball, PlayerBody, Team, World
from tests.game.web.plain_values import pitch_lengths, snapshot_values

TICKS = 400
WORLDS = 12
OWN = 2


def random_world(rng: random.Random) -> World:
    """Return a crowded pitch, so that everything bumps into everything."""
    places = [(rng.uniform(-600, 600), rng.uniform(-320, 320)) for _ in range(9)]
    players = {
        number: PlayerBody(
            number, Team(number % 2), x, y, rng.uniform(-200, 200), rng.uniform(-200, 200)
        )
        for number, (x, y) in enumerate(places)
    }
    ball = Ball(*(rng.uniform(-500, 500) for _ in range(4)))
    kickoff_team = rng.choice([None, Team.ORANGE, Team.SKY])
    pitch = rng.choice(list(PITCHES.values()))
    return World(0, players, ball, kickoff_team, swapped=rng.random() < 0.5, pitch=pitch)


def random_controls(rng: random.Random) -> list[Controls]:
    held = [controls.NEUTRAL]
    while len(held) < TICKS:
        one = Controls(rng.randint(-127, 127), rng.randint(-127, 127), rng.random() < 0.5)
        held += [one] * rng.randint(1, 20)
    return held[:TICKS]


def as_snapshot(world: World) -> dict:
    return snapshot_values(world, world.players.values(), world.pitch)


def test_a_step_here_is_a_step_there(javascript):
    rng = random.Random(20)
    worlds = [random_world(rng) for _ in range(WORLDS)]
    held = [random_controls(rng) for _ in range(WORLDS)]
    data = [
        {"world": as_snapshot(world), "controls": [asdict(one) for one in ticks]}
        for world, ticks in zip(worlds, held, strict=True)
    ]
    script = f"""
        return data.map(({{ world, controls }}) => {{
          const own = module.worldOf(world);
          return controls.map((held) => {{
            module.step(own, {OWN}, held);
            return structuredClone(own);
          }}).filter((_, tick) => tick % 20 === 19);
        }});"""
    stepped = javascript("physics", script, data)
    for world, ticks, seen in zip(worlds, held, stepped, strict=True):
        expected = []
        for tick, one in enumerate(ticks):
            physics.step(world, {OWN: one})
            if tick % 20 == 19:
                expected.append(as_snapshot(world))
        assert seen == expected


def test_the_pitches_have_the_same_pitch_lengths(javascript):
    pitches = javascript("pitch", "return module.PITCHES;")
    assert pitches == [pitch_lengths(PITCHES[size]) for size in sorted(PITCHES)]
