"""Tests of sound output: events make sounds, and a missing device means silence."""

from array import array
from threading import Event
from time import perf_counter, sleep

import pygame
import pytest

from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import Bounced, GameEvent, Goal, Kicked, Notice, PhaseChanged
from game.view.audio import speaker
from game.view.audio.speaker import Speaker, sounds_for
from game.view.audio.synthesis import Sound

# Synthesis takes 0.1 s, on a busy machine a few times that.
SYNTHESIS_TIMEOUT_S = 10.0
GOAL = Goal(1, Team.SKY, None, False, (0, 1))
SOUNDS: list[tuple[GameEvent, Sound]] = [
    (Kicked(1, 4), Sound.KICK),
    (Bounced(1, 300.0, False), Sound.BOUNCE),
    (Bounced(1, 300.0, True), Sound.POST),
    (GOAL, Sound.GOAL),
    (PhaseChanged(1, Phase.HALF_TIME, 1), Sound.WHISTLE),
    (PhaseChanged(1, Phase.KICK_OFF, 2), Sound.WHISTLE),
]


def test_each_event_has_its_sound() -> None:
    wrong = [(event, sound) for event, sound in SOUNDS if set(sounds_for([event])) != {sound}]
    assert not wrong


def test_events_without_a_sound() -> None:
    assert sounds_for([Notice(1, "hello"), PhaseChanged(1, Phase.PLAY, 1)]) == {}


def test_a_harder_bounce_is_louder_but_never_too_loud() -> None:
    soft, hard, hardest = (
        sounds_for([Bounced(1, strength, False)])[Sound.BOUNCE]
        for strength in (100.0, 400.0, 5000.0)
    )
    assert 0.0 < soft < hard < hardest == 1.0


def test_many_bounces_in_a_frame_are_one_sound_as_loud_as_the_loudest() -> None:
    events = [Bounced(1, strength, False) for strength in (100.0, 500.0, 200.0)]
    assert sounds_for(events) == sounds_for([events[1]])


def play_until_heard(speaker: Speaker, event: GameEvent) -> bool:
    """Play an event's sound until the mixer is busy: its synthesis may still run in a thread."""
    deadline = perf_counter() + SYNTHESIS_TIMEOUT_S
    while not pygame.mixer.get_busy() and perf_counter() < deadline:
        speaker.play([event])
        sleep(0.005)
    is_heard = pygame.mixer.get_busy()
    pygame.mixer.stop()
    return is_heard


def test_a_device_plays_every_sound() -> None:
    speaker = Speaker(is_muted=False)
    assert pygame.mixer.get_init() is not None
    silent = [event for event, _ in SOUNDS if not play_until_heard(speaker, event)]
    assert not silent


def test_a_sound_that_is_not_synthesised_yet_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    is_released = Event()
    monkeypatch.setattr(speaker, "synthesise", lambda sound: is_released.wait() and array("h"))
    Speaker(is_muted=False).play([GOAL])
    assert not pygame.mixer.get_busy()
    is_released.set()


def test_a_muted_speaker_opens_no_device_until_it_is_unmuted() -> None:
    speaker = Speaker(is_muted=True)
    assert pygame.mixer.get_init() is None
    speaker.toggle()
    assert not speaker.is_muted
    assert play_until_heard(speaker, GOAL)


def test_no_audio_device_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "there is no such driver")
    speaker = Speaker(is_muted=False)
    speaker.play([GOAL])
    assert pygame.mixer.get_init() is None


def test_where_linux_has_no_sound_at_all_none_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(speaker.sys, "platform", "linux")
    monkeypatch.setattr(speaker.Path, "exists", lambda self: False)
    for variable in ("SDL_AUDIODRIVER", "PULSE_SERVER"):
        monkeypatch.delenv(variable, raising=False)
    Speaker(is_muted=False).play([GOAL])
    assert pygame.mixer.get_init() is None
