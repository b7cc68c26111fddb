"""The ballot of a blind test: a line over the match, and the vote of its player."""

from collections.abc import Callable

import pygame

from game.protocol.messages import BlindStage, BlindTest
from game.view import colours
from game.view.hud import transport_title
from game.view.texts import Texts
from game.view.theme import Theme

# Stands for the name of a transport that nobody may read.
HIDDEN_TRANSPORT = "?"
_SIZE = 18.0
_PADDING = 16.0


class Ballot:
    """The state of a blind test, as one player has it.

    ``vote`` sends a vote. The digits that choose a transport otherwise are the votes.
    """

    def __init__(
        self, transports: tuple[str, ...], vote: Callable[[str], None], texts: Texts
    ) -> None:
        self._transports = transports
        self._vote = vote
        self._texts = texts
        self._choices: tuple[str, ...] = ()
        self._voted = ""

    @property
    def is_open(self) -> bool:
        """True while the names of transports are hidden."""
        return bool(self._choices)

    def show(self, choices: tuple[str, ...]) -> None:
        """Ask for a vote among ``choices``; without any the ballot is closed."""
        if choices and not self._choices:
            self._voted = ""
        self._choices = choices

    def vote(self, transport: str) -> None:
        """Vote for a transport, if it is among the choices."""
        if transport in self._choices:
            self._voted = transport
            self._vote(transport)

    def result(self, event: BlindTest, transport: str) -> str:
        """Return the line to show for an event; empty for none."""
        if event.stage is not BlindStage.REVEALED:
            return ""
        text = self._texts.blind_truth if self._voted else self._texts.blind_truth_without_vote
        return text.format(
            transport=transport_title(transport), vote=transport_title(self._voted or transport)
        )

    def draw(self, surface: pygame.Surface, top: int, theme: Theme) -> None:
        """Draw the question, or the vote, in the middle under ``top``."""
        if not self._choices:
            return
        width = surface.get_width()
        padding = theme.px(_PADDING)
        space = max(1, width - 4 * padding)
        text = theme.fitted(self._line(), _SIZE, space, colours.TEXT, bold=True)
        box = text.get_rect().inflate(2 * padding, padding)
        box.midtop = (width // 2, top + theme.px(8))
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, 8), box)
        surface.blit(text, text.get_rect(center=box.center))

    def _line(self) -> str:
        keys = "   ".join(
            f"{number} {transport_title(name)}"
            for number, name in enumerate(self._transports, start=1)
            if name in self._choices
        )
        if not self._voted:
            return self._texts.ballot.format(keys=keys)
        return self._texts.ballot_voted.format(transport=transport_title(self._voted), keys=keys)
