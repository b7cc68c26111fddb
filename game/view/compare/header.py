"""Header of the comparison: name, tagline, scoreboard, and the label of the emulated link.

The label is never left out. Where it does not fit beside the scoreboard it has a row of its own.
"""

import pygame

from game.client.frame import Scene
from game.view import colours
from game.view.hud import Scoreboard
from game.view.texts import Texts
from game.view.theme import Theme

_HEIGHT = 46.0
_ROW_HEIGHT = 26.0
# Half the width of the scoreboard.
_SCOREBOARD_REACH = 120.0
# Beside the scoreboard, two lines of most labels fit into this width.
_LEAST_LABEL_WIDTH = 270.0
_LABEL_SIZE = 14.0
_SMALL_LABEL_SIZE = 11.5
_MARGIN = 14.0


class Header:
    """Header at the top of a window of ``width`` pixels. Make a new one for another theme."""

    def __init__(self, width: int, theme: Theme, texts: Texts) -> None:
        self._theme = theme
        row = pygame.Rect(0, 0, width, theme.px(_HEIGHT))
        self._row = row
        self._scoreboard = Scoreboard(row, theme, texts)
        # Space at each side of the scoreboard.
        self._space = width // 2 - theme.px(_SCOREBOARD_REACH) - theme.px(_MARGIN)
        has_row = self._space < theme.px(_LEAST_LABEL_WIDTH)
        height = theme.px(_ROW_HEIGHT) if has_row else 0
        self._label_row = pygame.Rect(0, row.bottom, width, height)
        self.rect = row.union(self._label_row)

    def draw(self, surface: pygame.Surface, scene: Scene | None, tagline: str, label: str) -> None:
        """Draw the header; ``scene`` is the newest known state of the match."""
        self._scoreboard.draw(surface, scene)
        self._draw_title(surface, tagline)
        self._draw_label(surface, label)

    def _draw_title(self, surface: pygame.Surface, tagline: str) -> None:
        theme, row = self._theme, self._row
        title = theme.text("JITTERBALL", 20, colours.TEXT, bold=True)
        if title.get_width() > self._space:
            return
        at = title.get_rect(midleft=(theme.px(_MARGIN), row.centery))
        surface.blit(title, at)
        words = theme.text(tagline, 13, colours.MUTED)
        left = at.right + theme.px(12)
        if left + words.get_width() <= self._space:
            surface.blit(words, words.get_rect(midleft=(left, row.centery)))

    def _draw_label(self, surface: pygame.Surface, label: str) -> None:
        theme = self._theme
        has_row = self._label_row.height > 0
        space = self._row.width - 4 * theme.px(_MARGIN) if has_row else self._space
        space -= theme.px(22)
        lines = [label]
        size = _LABEL_SIZE
        if theme.text_width(label, size, bold=True) > space and not has_row:
            lines, size = _in_two(label), _SMALL_LABEL_SIZE
        texts = [theme.fitted(line, size, max(1, space), colours.WARM, bold=True) for line in lines]
        box = pygame.Rect(0, 0, max(text.get_width() for text in texts), 0)
        box.height = sum(text.get_height() for text in texts)
        box.inflate_ip(theme.px(22), theme.px(8) // len(lines))
        if has_row:
            box.midtop = self._label_row.midtop
        else:
            box.midright = (self._row.right - theme.px(10), self._row.centery)
        surface.blit(theme.rounded_rect(box.size, colours.ALARM, 7), box)
        top = box.centery - sum(text.get_height() for text in texts) // 2
        for text in texts:
            surface.blit(text, text.get_rect(midtop=(box.centerx, top)))
            top += text.get_height()


def _in_two(words: str) -> list[str]:
    """Return a label on two lines, split at the comma nearest to its middle."""
    # A comma inside a number has no space behind it.
    commas = [index for index in range(len(words)) if words.startswith(", ", index)]
    if not commas:
        return [words]
    at = min(commas, key=lambda index: abs(index - len(words) // 2)) + 1
    return [words[:at], words[at:].strip()]
