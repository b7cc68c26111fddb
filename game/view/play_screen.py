"""The screen of one player: score above, one panel, the network below, toasts, menu and sound."""

import pygame

from game.frame import Frame, Status
from game.match.controls import NEUTRAL
from game.messages import Notice, PlayerJoined, PlayerLeft
from game.view.hud import NetworkStrip, Scoreboard, transport_title
from game.view.keys import Keys
from game.view.menu import Menu, MenuItem
from game.view.panel import Panel
from game.view.sounds import Speaker
from game.view.source import Source
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.toasts import Toasts

_SCOREBOARD_HEIGHT = 58.0
_STRIP_HEIGHT = 42.0


class PlayScreen:
    """Draw one source, and send it what its player presses."""

    def __init__(self, source: Source, texts: Texts, speaker: Speaker) -> None:
        self.wants_to_close = False
        self._source = source
        self._texts = texts
        self._speaker = speaker
        self._panel = Panel(texts)
        self._toasts = Toasts()
        self._keys = Keys()
        self._menu = Menu(texts.menu_title, texts.keys, self._menu_items)
        self._transport = ""
        self._now = 0.0

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
        self._menu.place(pygame.Rect(0, 0, width, height), look)
        self._toast_corner = (look.px(12), strip.top - look.px(8))

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Take one event of the window: the menu's if it is open, else the player's."""
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self._toggle_menu()
        elif self._menu.is_open and event.type != pygame.KEYUP:
            self._menu.handle(event, pixels_per_unit)
        else:
            self._keys.handle(event)
            if event.type == pygame.KEYDOWN:
                self._take_shortcut(event.key)

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Send the controls, draw the source's frame at `now` and return it."""
        self._now = now
        self._source.set_controls(NEUTRAL if self._menu.is_open else self._keys.controls())
        frame = self._source.frame(now)
        self._speaker.play(frame.news)
        self._say_news(frame)
        self._scoreboard.draw(surface, frame.scene)
        self._panel.draw(surface, frame, now)
        self._strip.draw(surface, frame)
        self._toasts.draw(surface, self._toast_corner, self._look, now)
        self._menu.draw(surface, now)
        return frame

    def _take_shortcut(self, key: int) -> None:
        transports = self._source.transports
        if key == pygame.K_m:
            self._toggle_sound()
        elif pygame.K_1 <= key < pygame.K_1 + len(transports):
            self._switch(transports[key - pygame.K_1])

    def _toggle_menu(self) -> None:
        if self._menu.is_open:
            self._menu.close()
        else:
            self._keys.release()
            self._menu.open()

    def _toggle_sound(self) -> None:
        self._speaker.toggle()
        is_muted = self._speaker.is_muted
        text = self._texts.sound_off if is_muted else self._texts.sound_on
        self._toasts.say(text, self._now, topic="sound")

    def _switch(self, transport: str) -> None:
        self._menu.close()
        if transport != self._transport:
            self._say_transport(self._texts.switching, transport)
            self._source.switch(transport)

    def _say_transport(self, text: str, transport: str) -> None:
        title = transport_title(transport)
        self._toasts.say(text.format(transport=title), self._now, topic="transport")

    def _leave(self) -> None:
        self.wants_to_close = True

    def _menu_items(self) -> list[MenuItem]:
        return [
            MenuItem(self._texts.resume, self._menu.close),
            *map(self._transport_item, self._source.transports),
            MenuItem(self._texts.quit, self._leave),
        ]

    def _transport_item(self, transport: str) -> MenuItem:
        title = transport_title(transport)
        if transport == self._transport:
            title = self._texts.in_use.format(transport=title)
        return MenuItem(title, lambda: self._switch(transport))

    def _say_news(self, frame: Frame) -> None:
        for event in frame.news:
            match event:
                case PlayerJoined(name=name):
                    self._toasts.say(self._texts.joined.format(name=name), self._now)
                case PlayerLeft(name=name):
                    self._toasts.say(self._texts.left.format(name=name), self._now)
                case Notice(text=text):
                    self._toasts.say(text, self._now)
        if frame.status is Status.PLAYING and frame.transport != self._transport:
            if self._transport:
                self._say_transport(self._texts.now_over, frame.transport)
            self._transport = frame.transport
