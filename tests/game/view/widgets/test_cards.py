"""Tests of the cards: result, scorers, and connection status."""

from dataclasses import replace

import pygame
import pytest

from game.client.frame import Scene, Status
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import RosterEntry
from game.view import colours
from game.view.texts import ENGLISH, SPANISH
from game.view.theme import Theme
from game.view.widgets.cards import Line, draw_card, result_lines, status_lines
from tests.game.view.local_source import LocalSource

ROSTER = (
    RosterEntry(0, "Ada", Team.ORANGE, False, 2, "udp"),
    RosterEntry(1, "Vint", Team.SKY, True, 0, ""),
    RosterEntry(2, "Grace", Team.SKY, False, 3, "tcp"),
)


@pytest.fixture
def scene(source: LocalSource) -> Scene:
    return source.scene()


def words(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize(
    ("score", "winner", "colour"),
    [
        ((3, 2), ENGLISH.orange_wins, colours.ORANGE),
        ((0, 1), ENGLISH.sky_wins, colours.SKY),
        ((2, 2), ENGLISH.draw, colours.TEXT),
    ],
)
def test_the_end_names_the_winner_and_the_result(
    scene: Scene, score: tuple[int, int], winner: str, colour: colours.Colour
) -> None:
    lines = result_lines(replace(scene, phase=Phase.FINAL, score=score), (), {}, ENGLISH)
    assert {winner: colour}.items() <= {line.text: line.colour for line in lines}.items()
    assert f"Orange  {score[0]} : {score[1]}  Sky" in words(lines)


def test_half_time_shows_the_result_so_far(scene: Scene) -> None:
    lines = result_lines(replace(scene, phase=Phase.HALF_TIME, score=(1, 0)), ROSTER, {}, SPANISH)
    assert words(lines)[:2] == [SPANISH.half_time, "Naranja  1 : 0  Celeste"]


def test_scorers_are_named_the_best_first_and_others_not(scene: Scene) -> None:
    lines = result_lines(replace(scene, phase=Phase.FINAL), ROSTER, {}, ENGLISH)
    assert "Goals: Grace 3, Ada 2" in words(lines)


def test_assists_have_a_line_of_their_own_if_there_are_any(scene: Scene) -> None:
    final = replace(scene, phase=Phase.FINAL)
    assisted = (replace(ROSTER[0], assists=1), replace(ROSTER[1], assists=2), ROSTER[2])
    assert "Asistencias: Vint 2, Ada 1" in words(result_lines(final, assisted, {}, SPANISH))
    assert not any("Assists" in text for text in words(result_lines(final, ROSTER, {}, ENGLISH)))


def test_own_goals_are_named_as_such(scene: Scene) -> None:
    lines = result_lines(replace(scene, phase=Phase.FINAL), ROSTER, {"Vint": 1}, ENGLISH)
    assert "Goals: Grace 3, Ada 2, Vint 1 (own goal)" in words(lines)


@pytest.mark.parametrize("phase", [Phase.KICK_OFF, Phase.PLAY, Phase.GOAL])
def test_play_is_not_covered(scene: Scene, phase: Phase) -> None:
    assert result_lines(replace(scene, phase=phase), ROSTER, {}, ENGLISH) == ()


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (Status.CONNECTING, ENGLISH.connecting),
        (Status.LOST, ENGLISH.lost),
        (Status.CLOSED, ENGLISH.closed),
        (Status.REFUSED, ENGLISH.refused),
        (Status.LEFT, ENGLISH.ended),
    ],
)
def test_the_status_is_said_with_the_clients_own_words(
    source: LocalSource, status: Status, title: str
) -> None:
    frame = replace(source.frame(0.0), status=status, status_text="UDP silent, TCP answers")
    head, detail = status_lines(frame, ENGLISH, 0.0)
    assert head.text.startswith(title)
    assert detail.text == "UDP silent, TCP answers"


def test_dots_move_while_it_tries(source: LocalSource) -> None:
    frame = replace(source.frame(0.0), status=Status.CONNECTING)
    titles = {status_lines(frame, ENGLISH, 0.5 * n)[0].text for n in range(8)}
    assert titles == {ENGLISH.connecting + "." * n for n in range(4)}


def test_nothing_is_said_while_playing(source: LocalSource) -> None:
    assert status_lines(source.frame(0.0), ENGLISH, 0.0) == ()


def test_a_card_is_in_the_middle_and_never_wider_than_its_area(
    surface: pygame.Surface, theme: Theme
) -> None:
    area = pygame.Rect(100, 100, 300, 400)
    card = draw_card(surface, area, theme, [Line("W" * 200, 30), Line("", 90), Line("ok", 14)])
    assert card.center == area.center
    assert area.contains(card)
    assert surface.get_at(card.center)[:3] != (0, 0, 0)
    assert surface.get_at((area.left + 1, area.top + 1))[:3] == (0, 0, 0)
