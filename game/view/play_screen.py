"""The screen of one player: score above, one panel, the network below, toasts, menu and sound."""

import pygame

from game.frame import Frame, Status
from game.messages import Notice, PlayerJoined, PlayerLeft
from game.view.hud import NetworkStrip, Scoreboard, transport_title
from game.view.panel import Panel
from game.view.source import Source
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.toasts import Toasts

_SCOREBOARD_HEIGHT = 58.0
_STRIP_HEIGHT = 42.0


class PlayScreen:
    """Draw one source, and send it what its player presses."""

    def __init__(self, source: Source, texts: Texts) -> None:
        self._source = source
        self._texts = texts
        self._panel = Panel(texts)
        self._toasts = Toasts()
        self._transport = ""

    @property
    def wants_to_close(self) -> bool:
        """Whether the player chose to leave."""
        return False

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Take one event of the window."""

    def resize(self, size: tuple[int, int], look: Theme) -> None:
        """Lay everything out anew for a window of `size` pixels."""
        self._look = look
        width, height = size
        above, below = look.px(_SCOREBOARD_HEIGHT), look.px(_STRIP_HEIGHT)
        self._scoreboard = Scoreboard(pygame.Rect(0, 0, width, above), look, self._texts)
        strip = pygame.Rect(0, height - below, width, below)
        self._strip = NetworkStrip(strip, look, self._texts)
        middle = pygame.Rect(0, above, width, max(1, height - above - below))
        self._panel.place(middle, look)
        self._toast_corner = (look.px(12), strip.top - look.px(8))

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Draw the source's frame at `now` and return it."""
        frame = self._source.frame(now)
        self._say_news(frame, now)
        self._scoreboard.draw(surface, frame.scene)
        self._panel.draw(surface, frame, now)
        self._strip.draw(surface, frame)
        self._toasts.draw(surface, self._toast_corner, self._look, now)
        return frame

    def _say_news(self, frame: Frame, now: float) -> None:
        for event in frame.news:
            match event:
                case PlayerJoined(name=name):
                    self._toasts.say(self._texts.joined.format(name=name), now)
                case PlayerLeft(name=name):
                    self._toasts.say(self._texts.left.format(name=name), now)
                case Notice(text=text):
                    self._toasts.say(text, now)
        if frame.status is Status.PLAYING and frame.transport != self._transport:
            if self._transport:
                title = transport_title(frame.transport)
                self._toasts.say(self._texts.now_over.format(transport=title), now)
            self._transport = frame.transport
