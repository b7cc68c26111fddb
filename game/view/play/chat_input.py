"""One line that a player writes to the others of the room."""

import pygame

from game.protocol.messages import CHAT_LIMIT
from game.view import colours
from game.view.theme import Theme

HEIGHT = 34.0
_TEXT_SIZE = 16.0
_PADDING = 12.0


class ChatInput:
    """The line below the match; while it ``is_open`` it takes all keys."""

    def __init__(self) -> None:
        self.is_open = False
        self.text = ""

    def open(self) -> None:
        """Begin an empty line."""
        self.is_open, self.text = True, ""

    def close(self) -> None:
        """Drop the line."""
        self.is_open = False

    def handle(self, event: pygame.event.Event) -> str:
        """Handle an event while open; return the line when it is finished, else an empty text."""
        if event.type == pygame.TEXTINPUT:
            typed = "".join(letter for letter in event.text if letter.isprintable())
            self.text = (self.text + typed)[:CHAT_LIMIT]
        elif event.type == pygame.KEYDOWN:
            if event.key == pygame.K_BACKSPACE:
                self.text = self.text[:-1]
            elif event.key == pygame.K_ESCAPE:
                self.close()
            elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
                self.close()
                return self.text.strip()
        return ""

    def draw(
        self, surface: pygame.Surface, area: pygame.Rect, theme: Theme, hint: str, now: float
    ) -> None:
        """Draw the line at the bottom of ``area``; ``hint`` stands there while it is empty."""
        box = pygame.Rect(area.left, 0, area.width, theme.px(HEIGHT))
        box.bottom = area.bottom
        surface.blit(theme.rounded_rect(box.size, colours.PANEL, 8), box)
        inner = box.inflate(-2 * theme.px(_PADDING), 0)
        # The end of a long line is what is being typed.
        text = self.text
        while text and theme.text_width(text, _TEXT_SIZE) > inner.width - theme.px(2):
            text = text[1:]
        right = inner.left
        if text:
            image = theme.text(text, _TEXT_SIZE)
            right += image.get_width()
        else:
            image = theme.fitted(hint, _TEXT_SIZE, inner.width, colours.MUTED)
        surface.blit(image, image.get_rect(midleft=inner.midleft))
        if int(now * 2.0) % 2 == 0:
            cursor = pygame.Rect(right, 0, theme.px(2), theme.text_px(_TEXT_SIZE))
            cursor.centery = inner.centery
            surface.fill(colours.TEXT, cursor)
