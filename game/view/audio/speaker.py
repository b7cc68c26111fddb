"""Playback of sounds for match events, silent without an audio device."""

import os
import sys
from array import array
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pygame

from game.match.rules import Phase
from game.protocol.messages import Bounced, GameEvent, Goal, Kicked, PhaseChanged
from game.view.audio.synthesis import SAMPLE_HZ, Sound, synthesise

# A bounce at this speed (units/s) plays at full volume; a slower one is quieter.
_LOUD_BOUNCE = 600.0
_WHISTLED = (Phase.HALF_TIME, Phase.FINAL, Phase.KICK_OFF)
# 23 ms at 22,050 Hz: short enough that sound and picture agree, long enough for slow drivers.
_BUFFER_SAMPLES = 512


def sounds_for(events: Iterable[GameEvent]) -> dict[Sound, float]:
    """Return the sounds of these events, each once, with its volume from 0 to 1."""
    loudness: dict[Sound, float] = {}
    for event in events:
        match event:
            case Kicked():
                loudness[Sound.KICK] = 1.0
            case Bounced(strength=strength, is_post=is_post):
                sound = Sound.POST if is_post else Sound.BOUNCE
                share = min(1.0, strength / _LOUD_BOUNCE)
                loudness[sound] = max(loudness.get(sound, 0.0), share)
            case Goal():
                loudness[Sound.GOAL] = 1.0
            case PhaseChanged(phase=phase) if phase in _WHISTLED:
                loudness[Sound.WHISTLE] = 1.0
    return loudness


class Speaker:
    """Sound output. It does nothing, and reports no error, without an audio device."""

    def __init__(self, is_muted: bool) -> None:
        self.is_muted = is_muted
        self._samples: dict[Sound, Future[array[int]]] = {}
        self._sounds: dict[Sound, pygame.mixer.Sound] = {}
        if not is_muted:
            self._open()

    def play(self, events: Iterable[GameEvent]) -> None:
        """Play the sounds of these events; a sound that is not synthesised yet is skipped."""
        if self.is_muted:
            return
        for sound, loudness in sounds_for(events).items():
            if self._is_ready(sound):
                self._sounds[sound].set_volume(loudness)
                self._sounds[sound].play()

    def toggle(self) -> None:
        """Mute or unmute."""
        self.is_muted = not self.is_muted
        if not self.is_muted and not self._samples:
            self._open()

    def _open(self) -> None:
        if _has_no_audio():
            return
        try:
            # No change allowed: SDL converts for the device, so the samples fit every device.
            pygame.mixer.init(SAMPLE_HZ, -16, 1, _BUFFER_SAMPLES, allowedchanges=0)
        except pygame.error:
            return
        # In a thread, because all sounds together take 0.1 s and would delay the first frame.
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesis")
        self._samples = {sound: executor.submit(synthesise, sound) for sound in Sound}
        executor.shutdown(wait=False)

    def _is_ready(self, sound: Sound) -> bool:
        """Return whether a sound can be played; load it if its samples are done."""
        samples = self._samples.get(sound)
        if sound not in self._sounds and samples is not None and samples.done():
            self._sounds[sound] = pygame.mixer.Sound(buffer=samples.result())
        return sound in self._sounds


def _has_no_audio() -> bool:
    """Return True if this computer has no audio.

    Asked first because ALSA prints a page of errors when it fails to open a device.
    """
    if not sys.platform.startswith("linux") or "SDL_AUDIODRIVER" in os.environ:
        return False
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    # ``os.path.exists`` also answers for the runtime folder of another user, as under sudo.
    servers = (runtime / "pulse" / "native", runtime / "pipewire-0", Path("/dev/snd"))
    return "PULSE_SERVER" not in os.environ and not any(map(os.path.exists, servers))
