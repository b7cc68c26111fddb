"""Text in lines that fit a width, and in the largest size at which it fits a height."""

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from game.view.colours import TEXT, Colour
from game.view.theme import Theme

# Shares of the wanted size. The theme stops at the smallest that can be read.
_SHARES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62)
_PARAGRAPH_GAP = 5.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with its design size and colour."""

    text: str
    size: float
    colour: Colour = TEXT
    bold: bool = False


class WrappedText:
    """Paragraphs laid out for ``size`` pixels, once. Make a new one for another theme.

    ``share`` is that of the wanted size of the letters at which they fit.
    """

    def __init__(self, paragraphs: Sequence[Paragraph], size: tuple[int, int], theme: Theme):
        self._lines: list[tuple[pygame.Surface, int]] = []
        for share in _SHARES:
            self.share = share
            self.height = self._lay_out(paragraphs, size[0], theme, share)
            if self.height <= size[1]:
                break

    def draw(self, surface: pygame.Surface, topleft: tuple[int, int]) -> None:
        """Draw the lines."""
        for image, top in self._lines:
            surface.blit(image, (topleft[0], topleft[1] + top))

    def _lay_out(
        self, paragraphs: Sequence[Paragraph], width: int, theme: Theme, share: float
    ) -> int:
        self._lines = []
        top = 0
        for each in paragraphs:
            for line in wrapped_lines(each.text, width, theme, each.size * share, each.bold):
                image = theme.fitted(line, each.size * share, width, each.colour, each.bold)
                self._lines.append((image, top))
                top += image.get_height()
            top += theme.px(_PARAGRAPH_GAP)
        return top


def wrapped_lines(
    text: str, width: int, theme: Theme, size: float, bold: bool = False
) -> list[str]:
    """Return a text in lines of whole words, which fit ``width`` pixels if the words do."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and theme.text_width(longer, size, bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
