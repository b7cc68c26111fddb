"""Tests of sound output: events make sounds, and a missing device means silence."""

import pygame
import pytest

from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import Bounced, Goal, Kicked, Notice, PhaseChanged
from game.view.audio import speaker
from game.view.audio.speaker import Speaker, sounds_for
from game.view.audio.synthesis import Sound

GOAL = Goal(1, Team.SKY, None, False, (0, 1))


@pytest.mark.parametrize(
    ("event", "sound"),
    [
        (Kicked(1, 4), Sound.KICK),
        (Bounced(1, 300.0, False), Sound.BOUNCE),
        (Bounced(1, 300.0, True), Sound.POST),
        (GOAL, Sound.GOAL),
        (PhaseChanged(1, Phase.HALF_TIME, 1), Sound.WHISTLE),
        (PhaseChanged(1, Phase.KICK_OFF, 2), Sound.WHISTLE),
    ],
)
def test_what_happens_is_heard(event: Kicked, sound: Sound) -> None:
    assert set(sounds_for([event])) == {sound}


def test_what_makes_no_sound() -> None:
    assert sounds_for([Notice(1, "hello"), PhaseChanged(1, Phase.PLAY, 1)]) == {}


def test_a_harder_bounce_is_louder_but_never_too_loud() -> None:
    soft, hard, hardest = (
        sounds_for([Bounced(1, strength, False)])[Sound.BOUNCE]
        for strength in (100.0, 400.0, 5000.0)
    )
    assert 0.0 < soft < hard < hardest == 1.0


def test_many_bounces_in_a_frame_are_one_sound_as_loud_as_the_loudest() -> None:
    news = [Bounced(1, strength, False) for strength in (100.0, 500.0, 200.0)]
    assert sounds_for(news) == sounds_for([news[1]])


def test_a_device_plays_every_sound() -> None:
    speaker = Speaker(is_muted=False)
    assert pygame.mixer.get_init() is not None
    speaker.play([GOAL, Kicked(1, 4)])
    assert pygame.mixer.get_busy()


def test_a_muted_speaker_opens_no_device_until_it_is_unmuted() -> None:
    speaker = Speaker(is_muted=True)
    assert pygame.mixer.get_init() is None
    speaker.toggle()
    assert not speaker.is_muted
    speaker.play([GOAL])
    assert pygame.mixer.get_busy()


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
