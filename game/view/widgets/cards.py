"""Cards in the middle of a pitch: results, and connection status without a match."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pygame

from game.client.frame import Frame, Scene, Status
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import RosterEntry
from game.view import colours
from game.view.colours import Colour
from game.view.texts import Texts
from game.view.theme import Theme, blit_faded

# The card names the scorers; more names would turn it into a list.
_SCORERS_SHOWN = 4
_BACKGROUND_OPACITY = 0.93


@dataclass(frozen=True, slots=True)
class Line:
    """Line of a card; ``size`` is in design pixels."""

    text: str
    size: float
    colour: Colour = colours.TEXT
    bold: bool = False


def draw_card(
    surface: pygame.Surface, area: pygame.Rect, theme: Theme, lines: Iterable[Line]
) -> pygame.Rect:
    """Draw lines below each other on a card in the middle of ``area``; return the card's rectangle.

    A line wider than the area is cut.
    """
    widest = area.width - theme.px(64)
    images = [
        theme.text(
            theme.shortened(line.text, line.size, widest, line.bold),
            line.size,
            line.colour,
            line.bold,
        )
        for line in lines
        if line.text
    ]
    width = max(image.get_width() for image in images) + theme.px(64)
    height = sum(image.get_height() for image in images) + theme.px(36)
    card = pygame.Rect(0, 0, width, height)
    card.center = area.center
    blit_faded(surface, theme.rounded_rect(card.size, colours.PANEL, 14), card, _BACKGROUND_OPACITY)
    top = card.top + theme.px(18)
    for image in images:
        surface.blit(image, image.get_rect(midtop=(card.centerx, top)))
        top += image.get_height()
    return card


def result_lines(
    scene: Scene, roster: Collection[RosterEntry], own_goals: Mapping[str, int], texts: Texts
) -> tuple[Line, ...]:
    """Return the card's lines at half-time and full time; none in any other phase.

    ``own_goals``: their number by the player's name, also of those who have left.
    """
    orange, sky = scene.score
    score = Line(f"{texts.orange}  {orange} : {sky}  {texts.sky}", 44, bold=True)
    scorers = Line(_scorers(roster, own_goals, texts), 15, colours.MUTED)
    assists = Line(_assists(roster, texts), 15, colours.MUTED)
    if scene.phase is Phase.HALF_TIME:
        return Line(texts.half_time, 24, colours.MUTED, bold=True), score, scorers, assists
    if scene.phase is not Phase.FINAL:
        return ()
    if orange == sky:
        winner = Line(texts.draw, 34, bold=True)
    else:
        team = Team.ORANGE if orange > sky else Team.SKY
        name = texts.orange_wins if team is Team.ORANGE else texts.sky_wins
        winner = Line(name, 34, colours.TEAM_COLOURS[team], bold=True)
    head = Line(texts.final, 20, colours.MUTED, bold=True)
    return head, winner, score, scorers, assists, Line(texts.next_match, 14, colours.MUTED)


def _scorers(roster: Iterable[RosterEntry], own_goals: Mapping[str, int], texts: Texts) -> str:
    best = sorted((entry for entry in roster if entry.goals), key=lambda entry: -entry.goals)
    named = [f"{entry.name} {entry.goals}" for entry in best[:_SCORERS_SHOWN]]
    named += [
        texts.own_goals_of.format(name=name, count=count)
        for name, count in own_goals.items()
        if count
    ][:_SCORERS_SHOWN]
    return f"{texts.scorers}: {', '.join(named)}" if named else ""


def _assists(roster: Iterable[RosterEntry], texts: Texts) -> str:
    best = sorted((entry for entry in roster if entry.assists), key=lambda entry: -entry.assists)
    named = [f"{entry.name} {entry.assists}" for entry in best[:_SCORERS_SHOWN]]
    return f"{texts.assists}: {', '.join(named)}" if named else ""


def status_lines(frame: Frame, texts: Texts, now: float) -> tuple[Line, ...]:
    """Return the card's lines for a connection without a match; none while playing."""
    titles = {
        Status.CONNECTING: texts.connecting,
        Status.LOST: texts.lost,
        Status.CLOSED: texts.closed,
        Status.REFUSED: texts.refused,
        Status.LEFT: texts.ended,
    }
    if frame.status is Status.PLAYING:
        return ()
    title = titles[frame.status]
    if frame.status in (Status.CONNECTING, Status.LOST, Status.CLOSED):
        # Moving dots show that the program is alive.
        title += "." * (int(now * 2.0) % 4)
    return Line(title, 28, bold=True), Line(frame.status_text, 15, colours.MUTED)
