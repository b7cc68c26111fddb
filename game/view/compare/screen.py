"""The screen of a comparison: several panels side by side, one strip of controls under them.

Sends what is pressed to the desk and the players, draws what the source has. Knows no network.
"""

import pygame

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.match.controls import NEUTRAL, Controls
from game.view import help_overlay, theme
from game.view.actions import Action
from game.view.audio.speaker import Speaker
from game.view.compare.actions import make_actions
from game.view.compare.control_strip import LEFT_MOUSE_BUTTON, ControlStrip
from game.view.compare.controls import CompareControls
from game.view.compare.link_sliders import make_sliders
from game.view.compare.live_link import LinkEditor
from game.view.compare.panel import ComparePanel
from game.view.compare.player_titles import TransportTitles
from game.view.compare.source import CompareSource
from game.view.help_overlay import HelpOverlay
from game.view.hud import Scoreboard, transport_title
from game.view.input_devices import InputDevices
from game.view.network.legend import Legend
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.buttons import Button
from game.view.widgets.menu import Menu, MenuItem
from net.link.spec import link_label

_HEADER_HEIGHT = 46.0
_LEGEND_HEIGHT = 20.0
_BADGE_SIZE = 14.0
_SMALL_BADGE_SIZE = 11.5
_GAP = 10.0
# Of the window's height, at most; letters are made smaller until it fits.
_STRIP_MOST = 0.22
_STRIP_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
# Twenty times a second a lagometer still runs, and three take turns.
_LAGOMETER_FRAMES = 3
# A line to a relay ten times a second is enough, and asks for the next answer.
_ASK_EVERY_S = 0.1


class CompareScreen:
    """Draw a comparison and let a person change everything in it.

    `seed` is that of the link's luck, for the badge.
    """

    def __init__(
        self,
        source: CompareSource,
        live_link: LinkEditor,
        seed: int,
        techniques: NetcodeSettings,
        texts: Texts,
        speaker: Speaker,
    ) -> None:
        self.wants_to_close = False
        self._source = source
        self._seed = seed
        self._texts = texts
        self._speaker = speaker
        self._now = 0.0
        self.desk = CompareControls(source, live_link, techniques, self._mark)
        titles = TransportTitles()
        self._panels = [
            ComparePanel(name, source, self.desk, texts, titles) for name in source.names
        ]
        self._uses: dict[str, str] = {}
        self._keys = InputDevices()
        self._menu = Menu(texts.menu_title, texts.help_intro, self._menu_items)
        self.actions = make_actions(self.desk, source.transports, texts, self._toggle_menu)
        self._strip = ControlStrip(
            make_sliders(self.desk, texts), self._link_buttons(), self._other_buttons()
        )
        self._help = HelpOverlay(
            texts.help_title,
            texts.help_intro,
            self.actions.everything,
            texts,
            [("WASD", texts.help_move)],
        )
        self._link_figures = source.link_figures()
        self._asked_at = float("-inf")
        self._frames_drawn = 0

    def resize(self, size: tuple[int, int], look: Theme) -> None:
        """Lay everything out anew for a window of `size` pixels."""
        self._size, self._look = size, look
        width, height = size
        gap = look.px(_GAP)
        self._area = pygame.Rect(0, 0, width, height)
        self._header = pygame.Rect(0, 0, width, look.px(_HEADER_HEIGHT))
        self._scoreboard = Scoreboard(self._header, look, self._texts)
        self._strip_look = self._look_of_strip()
        strip_height = self._strip.height(width - 2 * gap, self._strip_look)
        strip = pygame.Rect(gap, height - gap - strip_height, width - 2 * gap, strip_height)
        self._strip.place(strip, self._strip_look)
        legend_height = look.px(_LEGEND_HEIGHT) if self.desk.shows_lagometers else gap // 2
        legend = pygame.Rect(gap, strip.top - legend_height, width - 2 * gap, legend_height)
        self._legend = Legend(legend, look, self._texts) if self.desk.shows_lagometers else None
        self._place_panels(
            pygame.Rect(gap, self._header.bottom, width - 2 * gap, legend.top - self._header.bottom)
        )
        self._menu.place(self._area, look)
        self._ground = self._paint_ground()
        self._laid_out_with_lagometers = self.desk.shows_lagometers

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Take one event of the window: the help's or the menu's if it is open, else the desk's.

        F1 shows the help over the menu, too.
        """
        is_key = event.type == pygame.KEYDOWN
        if self.desk.shows_help and help_overlay.is_modal_event(event):
            if help_overlay.is_close_event(event):
                self._toggle_help()
        elif is_key and event.key == pygame.K_ESCAPE:
            self._toggle_menu()
        elif is_key and event.key == pygame.K_F1:
            self._toggle_help()
        elif self._menu.is_open and event.type != pygame.KEYUP:
            self._menu.handle(event, pixels_per_unit)
        elif self._strip.handle(event, pixels_per_unit):
            self._lay_out_again()
        elif event.type == pygame.MOUSEBUTTONDOWN:
            self._click(event, pixels_per_unit)
        else:
            self._keys.handle(event)
            if is_key:
                self._take_shortcut(event)

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Send the controls, draw every panel at `now`; return the frame that got farthest."""
        self._now = now
        self._steer(now)
        self._ask_link(now)
        surface.blit(self._ground, (0, 0))
        frames = []
        self._frames_drawn += 1
        for index, panel in enumerate(self._panels):
            is_turn = (self._frames_drawn + index) % _LAGOMETER_FRAMES == 0
            frame = panel.draw(surface, self._link_figures.get(panel.name), now, is_turn)
            self._note_switch(panel, frame, now)
            frames.append(frame)
        self._speaker.play(frames[self._heard_panel()].news)
        self._draw_header(surface, frames)
        self._draw_legend(surface)
        self._strip.draw(surface)
        if self.desk.shows_help:
            self._help.draw(surface, self._area, self._look)
        self._menu.draw(surface, now)
        return max(frames, key=lambda frame: frame.scene is not None)

    def _place_panels(self, area: pygame.Rect) -> None:
        gap = self._look.px(_GAP)
        count = len(self._panels)
        width = (area.width - (count - 1) * gap) // count
        for index, panel in enumerate(self._panels):
            left = area.left + index * (width + gap)
            panel.place(pygame.Rect(left, area.top, width, area.height), self._look)

    def _look_of_strip(self) -> Theme:
        """Return the strip's theme: large letters are for what is read from afar, not for it."""
        width, height = self._size[0] - 2 * self._look.px(_GAP), self._size[1]
        for share in _STRIP_SCALES:
            look = Theme(self._size, self._look.ui_scale * share)
            if self._strip.height(width, look) <= height * _STRIP_MOST:
                break
        return look

    def _paint_ground(self) -> pygame.Surface:
        """Return what never changes in this layout: smooth corners are dear to draw every frame."""
        ground = pygame.Surface(self._size).convert()
        ground.fill(theme.BACKGROUND)
        for panel in self._panels:
            panel.draw_ground(ground)
        self._strip.draw_ground(ground)
        return ground

    def _lay_out_again(self) -> None:
        """Give the buttons room for what they say now, and the panels for what they show."""
        height = self._strip.height(self._strip.rect.width, self._strip_look)
        is_old = self.desk.shows_lagometers != self._laid_out_with_lagometers
        if is_old or height != self._strip.rect.height:
            self.resize(self._size, self._look)
        else:
            # Without the panels: to paint their pitches anew would hold up a frame.
            self._strip.place(self._strip.rect, self._strip_look)

    def _steer(self, now: float) -> None:
        for name, controls in self.desk.steering.route(self._pressed(), now).items():
            self._source.set_controls(name, controls)

    def _pressed(self) -> Controls:
        """Return what a person holds down: nothing, while something lies over the panels."""
        if self._menu.is_open or self.desk.shows_help:
            self._keys.release()
            return NEUTRAL
        return self._keys.controls()

    def _ask_link(self, now: float) -> None:
        if now - self._asked_at >= _ASK_EVERY_S:
            self._link_figures = self._source.link_figures()
            self._asked_at = now

    def _note_switch(self, panel: ComparePanel, frame: Frame, now: float) -> None:
        before = self._uses.setdefault(panel.name, frame.transport)
        if frame.transport != before:
            panel.history.mark(now, transport_title(frame.transport))
            self._uses[panel.name] = frame.transport

    def _heard_panel(self) -> int:
        """Return whose sounds are played: three at once would be noise."""
        focus = self.desk.steering.focus
        return 0 if focus is None else self._source.names.index(focus)

    def _mark(self, name: str | None, text: str) -> None:
        for panel in self._panels:
            if name in (None, panel.name):
                panel.history.mark(self._now, text)

    def _draw_header(self, surface: pygame.Surface, frames: list[Frame]) -> None:
        look, place = self._look, self._header
        self._scoreboard.draw(surface, self._headline_scene(frames))
        title = look.text("JITTERBALL", 20, theme.TEXT, bold=True)
        at = title.get_rect(midleft=(look.px(14), place.centery))
        surface.blit(title, at)
        names = ", ".join(map(transport_title, self._source.names))
        words = self._texts.tagline.format(transports=names)
        room = place.width // 2 - look.px(120) - at.right - look.px(12)
        tagline = look.fitted(words, 13, max(1, room), theme.MUTED)
        surface.blit(tagline, tagline.get_rect(midleft=(at.right + look.px(12), place.centery)))
        self._draw_badge(surface)

    def _draw_badge(self, surface: pygame.Surface) -> None:
        look, place = self._look, self._header
        words = link_label(self.desk.live_link.link, self._seed)
        room = max(1, place.width // 2 - look.px(120) - look.px(40))
        lines = [words]
        if look.text(words, _BADGE_SIZE, bold=True).get_width() > room:
            lines = _in_two(words)
        size = _BADGE_SIZE if len(lines) == 1 else _SMALL_BADGE_SIZE
        texts = [look.fitted(line, size, room, theme.WARM, bold=True) for line in lines]
        box = pygame.Rect(0, 0, max(text.get_width() for text in texts), 0)
        box.height = sum(text.get_height() for text in texts)
        box.inflate_ip(look.px(22), look.px(8) // len(lines))
        box.midright = (place.right - look.px(10), place.centery)
        surface.blit(look.rounded_rect(box.size, theme.ALARM, 7), box)
        top = box.centery - sum(text.get_height() for text in texts) // 2
        for text in texts:
            surface.blit(text, text.get_rect(midtop=(box.centerx, top)))
            top += text.get_height()

    def _headline_scene(self, frames: list[Frame]) -> Scene | None:
        """Return the match as it truly stands, as far as anybody here knows."""
        newest_time_s = self._source.truth_newest_time_s()
        truth = None if newest_time_s is None else self._source.truth_scene(newest_time_s)
        scenes = [frame.scene for frame in frames if frame.scene is not None]
        return truth or max(scenes, key=lambda scene: scene.tick, default=None)

    def _draw_legend(self, surface: pygame.Surface) -> None:
        if self._legend is not None:
            self._legend.draw(surface)

    def _click(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        place = (event.pos[0] * pixels_per_unit, event.pos[1] * pixels_per_unit)
        for panel in self._panels:
            if event.button == LEFT_MOUSE_BUTTON and panel.pitch.collidepoint(place):
                self.desk.steering.toggle_focus(panel.name)
                self._lay_out_again()

    def _take_shortcut(self, event: pygame.event.Event) -> None:
        if event.key == pygame.K_m:
            self._speaker.toggle()
        for action in self.actions.everything:
            if action.matches(event):
                action.callback()
                self._lay_out_again()
                return

    def _toggle_menu(self) -> None:
        if self._menu.is_open:
            self._menu.close()
        else:
            self._menu.open()

    def _menu_items(self) -> list[MenuItem]:
        texts = self._texts
        sound = texts.sound_on if self._speaker.is_muted else texts.sound_off
        return [
            MenuItem(texts.resume, self._menu.close),
            MenuItem(texts.help, self._toggle_help),
            MenuItem(sound, self._speaker.toggle),
            MenuItem(texts.quit, self._leave),
        ]

    def _toggle_help(self) -> None:
        self._menu.close()
        self.desk.toggle_help()
        self._lay_out_again()

    def _leave(self) -> None:
        self.wants_to_close = True

    def _link_buttons(self) -> list[Button]:
        live_link = self.desk.live_link
        presets = [
            Button(
                "",
                lambda name=name: name,  # type: ignore[misc]
                lambda name=name: self.desk.choose_preset(name),  # type: ignore[misc]
                lambda name=name: live_link.name == name,  # type: ignore[misc]
            )
            for name in live_link.presets
        ]
        return [*presets, *map(_button, self.actions.presets)]

    def _other_buttons(self) -> list[Button]:
        actions = self.actions
        return [
            *map(_button, actions.players + actions.views + actions.techniques + actions.lessons)
        ]


def _button(action: Action) -> Button:
    return Button(action.key_label, action.label, action.callback, action.is_on)


def _in_two(words: str) -> list[str]:
    """Return a badge on two lines, parted at the comma that is nearest to its middle."""
    commas = [index for index, letter in enumerate(words) if letter == ","]
    if not commas:
        return [words]
    at = min(commas, key=lambda index: abs(index - len(words) // 2)) + 1
    return [words[:at], words[at:].strip()]
