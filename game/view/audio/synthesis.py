"""Synthesis of the match sounds from sine waves and noise.  [pure]

Samples are mono, signed 16 bit, ``SAMPLE_HZ`` per second.
"""

import random
from array import array
from collections.abc import Callable
from enum import Enum
from math import exp, pi, sin, tau

# No sound here goes above 4 kHz, and fewer samples take less time to make.
SAMPLE_HZ = 22050
_PEAK = 32767
# Without a ramp the first sample would click.
_ATTACK_S = 0.002
_RELEASE_S = 0.02

Wave = Callable[[float], float]


class Sound(Enum):
    """Sounds that the game can play."""

    KICK = "kick"
    BOUNCE = "bounce"
    POST = "post"
    GOAL = "goal"
    WHISTLE = "whistle"


def synthesise(sound: Sound) -> "array[int]":
    """Return the samples of a sound. They are the same on every call."""
    make_wave, seconds, loudness = _RECIPES[sound]
    wave = make_wave()
    count = int(seconds * SAMPLE_HZ)
    return array(
        "h",
        (
            round(_PEAK * loudness * _clip(wave(n / SAMPLE_HZ)) * _envelope(n / SAMPLE_HZ, seconds))
            for n in range(count)
        ),
    )


def _clip(level: float) -> float:
    return max(-1.0, min(1.0, level))


def _envelope(t: float, seconds: float) -> float:
    return min(1.0, t / _ATTACK_S, (seconds - t) / _RELEASE_S)


def _noise(seed: int) -> Wave:
    """Return low-pass noise: each sample depends on the one before."""
    rng = random.Random(seed)
    level = 0.0

    def wave(_: float) -> float:
        nonlocal level
        level += 0.35 * (rng.uniform(-1.0, 1.0) - level)
        return 2.0 * level

    return wave


def _kick() -> Wave:
    click = _noise(1)

    def wave(t: float) -> float:
        # A tone that falls from 250 to 80 Hz: its phase is the integral of its frequency.
        phase = 80.0 * t + 170.0 * (1.0 - exp(-30.0 * t)) / 30.0
        return sin(tau * phase) * exp(-22.0 * t) + 0.5 * click(t) * exp(-160.0 * t)

    return wave


def _bounce() -> Wave:
    thud = _noise(2)

    def wave(t: float) -> float:
        return 0.8 * sin(tau * 150.0 * t) * exp(-35.0 * t) + 0.5 * thud(t) * exp(-70.0 * t)

    return wave


def _post() -> Wave:
    def wave(t: float) -> float:
        # The overtones of a struck tube are not multiples of its lowest tone.
        tones = enumerate((734.0, 1190.0, 2021.0, 2890.0), 1)
        return 0.6 * exp(-7.0 * t) * sum(sin(tau * hz * t) / n for n, hz in tones)

    return wave


def _goal() -> Wave:
    crowd = _noise(3)
    # C, E, G and the next C, one after the other.
    tones = tuple((0.09 * n, hz) for n, hz in enumerate((523.25, 659.25, 783.99, 1046.5)))

    def wave(t: float) -> float:
        chord = sum(_plucked(t - start, hz) for start, hz in tones)
        swell = sin(pi * min(1.0, t / 1.5)) ** 2
        return 0.3 * chord + 0.35 * swell * crowd(t)

    return wave


def _plucked(t: float, hz: float) -> float:
    if t < 0.0:
        return 0.0
    return (sin(tau * hz * t) + 0.4 * sin(2.0 * tau * hz * t)) * exp(-3.2 * t)


def _whistle() -> Wave:
    breath = _noise(4)

    def wave(t: float) -> float:
        # The ball in a referee's whistle modulates the tone about thirty times a second.
        trill = sin(tau * 32.0 * t)
        tone = sin(tau * 2350.0 * t + 3.0 * trill)
        return 0.7 * tone * (0.8 + 0.2 * trill) + 0.12 * breath(t)

    return wave


# Per sound: a function that starts the wave (noise keeps state), seconds, volume. Frequent sounds
# are quiet.
_RECIPES: dict[Sound, tuple[Callable[[], Wave], float, float]] = {
    Sound.KICK: (_kick, 0.16, 0.55),
    Sound.BOUNCE: (_bounce, 0.14, 0.45),
    Sound.POST: (_post, 0.5, 0.4),
    Sound.GOAL: (_goal, 1.6, 0.7),
    Sound.WHISTLE: (_whistle, 0.42, 0.22),
}
