"""The ballot of a blind test in the window of a player."""

import pygame
import pytest

from game.protocol.messages import BlindStage, BlindTest
from game.view.audio.speaker import Speaker
from game.view.play.ballot import Ballot
from game.view.play.screen import PlayScreen
from game.view.texts import ENGLISH
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import differs

CHOICES = ("tcp", "udp", "websocket")


@pytest.fixture
def votes() -> list[str]:
    return []


@pytest.fixture
def ballot(votes: list[str]) -> Ballot:
    return Ballot(CHOICES, votes.append, ENGLISH)


def test_votes_count_while_it_is_open(ballot: Ballot, votes: list[str]) -> None:
    ballot.vote("udp")
    ballot.show(CHOICES)
    ballot.vote("udp")
    ballot.vote("quic")
    ballot.vote("tcp")
    ballot.show(())
    ballot.vote("udp")
    assert votes == ["udp", "tcp"]


def test_the_truth_stands_beside_the_vote(ballot: Ballot) -> None:
    revealed = BlindTest(1, BlindStage.REVEALED, CHOICES)
    ballot.show(CHOICES)
    assert ballot.result(BlindTest(1, BlindStage.VOTING, CHOICES), "udp") == ""
    assert ballot.result(revealed, "udp") == "it was UDP"
    ballot.vote("tcp")
    ballot.show(())
    assert ballot.result(revealed, "udp") == "it was UDP, and you voted TCP"


def test_keys_vote_and_no_name_is_drawn(
    surface: pygame.Surface, source: LocalSource, theme: Theme
) -> None:
    screen = PlayScreen(source, ENGLISH, Speaker(is_muted=True))
    screen.resize((1280, 720), theme)
    screen.draw(surface, 0.0)
    named = surface.copy()
    source.overrides = {"blind_choices": CHOICES}
    screen.draw(surface, 0.0)
    transport, question = pygame.Rect(0, 680, 90, 40), pygame.Rect(300, 60, 680, 60)
    assert differs(named, surface, transport)
    assert differs(named, surface, question)
    screen.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_1, scancode=0), 1.0)
    assert source.votes == ["tcp"]
    assert source.switched_to == []
