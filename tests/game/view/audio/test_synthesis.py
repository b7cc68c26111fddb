"""Tests of the synthesised sounds: short, within range, without clicks, at the right frequency."""

from itertools import pairwise

import pytest

from game.view.audio.synthesis import SAMPLE_HZ, Sound, synthesise

PEAK = 32767


def loudness(samples: list[int]) -> float:
    return (sum(sample * sample for sample in samples) / len(samples)) ** 0.5 / PEAK


@pytest.mark.parametrize("sound", list(Sound))
def test_a_sound_is_short_and_neither_silent_nor_distorted(sound: Sound) -> None:
    samples = synthesise(sound)
    assert samples.typecode == "h"
    assert 0.1 * SAMPLE_HZ < len(samples) < 2.0 * SAMPLE_HZ
    assert 0.03 < loudness(list(samples)) < 0.4
    assert max(map(abs, samples)) < 0.9 * PEAK


@pytest.mark.parametrize("sound", list(Sound))
def test_it_begins_and_ends_without_a_click(sound: Sound) -> None:
    samples = synthesise(sound)
    assert abs(samples[0]) < 0.02 * PEAK
    assert max(map(abs, samples[-10:])) < 0.02 * PEAK


@pytest.mark.parametrize("sound", list(Sound))
def test_it_is_always_the_same(sound: Sound) -> None:
    assert synthesise(sound) == synthesise(sound)


@pytest.mark.parametrize("sound", [Sound.KICK, Sound.BOUNCE, Sound.POST])
def test_the_sound_of_a_hit_decays(sound: Sound) -> None:
    samples = list(synthesise(sound))
    quarter = len(samples) // 4
    assert loudness(samples[:quarter]) > 4.0 * loudness(samples[-quarter:])


def test_a_whistle_is_shrill_and_a_bounce_is_dull() -> None:
    def crossings_per_s(sound: Sound) -> float:
        samples = synthesise(sound)
        crossings = sum((a < 0) != (b < 0) for a, b in pairwise(samples))
        return crossings * SAMPLE_HZ / len(samples)

    # A sine crosses zero twice per period.
    assert 2 * 2100 < crossings_per_s(Sound.WHISTLE) < 2 * 2600
    assert crossings_per_s(Sound.BOUNCE) < 2 * 1000
