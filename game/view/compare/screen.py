"""Comparison screen: several panels side by side, and a control strip below them."""

from collections.abc import Callable, Collection
from time import monotonic

import pygame

from game.client.frame import Frame, Scene
from game.client.netcode import NetcodeSettings
from game.match.controls import NEUTRAL, Controls
from game.view import colours, help_overlay
from game.view.actions import Action, sound_action
from game.view.audio.speaker import Speaker
from game.view.compare.actions import ActionTable, learn_action, lobby_action, make_actions
from game.view.compare.header import Header
from game.view.compare.link_editor import LinkEditor
from game.view.compare.link_sliders import make_sliders
from game.view.compare.panel import ComparePanel
from game.view.compare.panel_layout import PanelParts, arrange_panels
from game.view.compare.settings import CompareControls
from game.view.compare.source import CompareSource
from game.view.compare.transport_titles import TransportTitles
from game.view.help_overlay import HelpOverlay
from game.view.hud import transport_title
from game.view.input_devices import InputDevices
from game.view.keyboard import Shortcuts
from game.view.network.legend import Legend
from game.view.packet_lane.lane_legend import LaneLegend, LaneNote
from game.view.replay.actions import open_action
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.panel_clip import PanelClip
from game.view.replay.playback import Playback
from game.view.replay.recent_frames import PanelMoment
from game.view.replay.replay_bar import ReplayBar
from game.view.replay.slow_motion import SlowMotion
from game.view.replay.stall_offer import draw_stall_offer
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.buttons import Button
from game.view.widgets.control_strip import LEFT_MOUSE_BUTTON, ControlStrip
from game.view.widgets.menu import Menu, MenuItem
from net.link.label import link_label
from net.link.profile import Link

_GAP = 10.0
# Maximum share of the window's height. Smaller text than this would not follow ``ui_scale``.
_STRIP_MOST = 0.24
_STRIP_SCALES = (1.0, 0.92, 0.85, 0.78)
# A lagometer at 20 Hz still looks smooth, so three of them take turns.
_LAGOMETER_FRAMES = 3
# Each request costs a message to the relay process. The grid shows new numbers four times a second.
_REFRESH_EVERY_S = 0.1


class CompareScreen:
    """Screen that draws a comparison and lets a person change its settings.

    ``seed`` is the seed of the emulated link, shown in the header. With ``details`` it starts with
    all figures, else with those that matter most. With ``lanes`` it starts with the packets.
    ``frames`` are those drawn last, one a panel.
    ``has_strip``: without it another screen around this one has the controls, but for slow motion,
    whose bar is always here. ``on_learn`` is called when the user asks for the lessons; without it
    there are none.
    """

    def __init__(
        self,
        source: CompareSource,
        link_editor: LinkEditor,
        seed: int,
        netcode: NetcodeSettings,
        texts: Texts,
        speaker: Speaker,
        *,
        details: bool = False,
        on_learn: Callable[[], None] | None = None,
        lanes: bool = False,
    ) -> None:
        self.wants_to_close = self.wants_lobby = False
        self.has_strip = True
        self.frames: list[Frame] = []
        self._on_learn = on_learn
        self._source = source
        self._seed = seed
        self._texts = texts
        self._speaker = speaker
        self._now = 0.0
        self.slow_motion = SlowMotion()
        self._clip_recorder = ClipRecorder(self.slow_motion, texts)
        self.controls = CompareControls(source, link_editor, netcode, self._annotate, texts)
        if details:
            self.controls.toggle_details()
        if lanes:
            self.controls.toggle_lanes()
        titles = TransportTitles()
        self.panels = [
            ComparePanel(name, source, self.controls, texts, titles) for name in source.names
        ]
        self._devices = InputDevices()
        self.menu = Menu(texts.menu_title, texts.help_intro, self._menu_items)
        self.actions = self._make_actions()
        self._shortcuts = Shortcuts(self.actions.everything)
        self._label_keys()
        self.link_stats = source.link_stats()
        self._refreshed_at = float("-inf")
        self._frames_drawn = 0
        self._shows_replay = False
        self._panel_clips: list[PanelClip] = []

    def _make_actions(self) -> ActionTable:
        texts, speaker, on_learn = self._texts, self._speaker, self._on_learn
        return make_actions(
            self.controls,
            self._source.transports,
            texts,
            self._toggle_menu,
            lobby=lobby_action(self._leave_for_lobby, texts),
            sound=sound_action(speaker.toggle, lambda: not speaker.is_muted, texts),
            slow_motion=open_action(
                lambda: self.slow_motion.toggle(self._now),
                lambda: self.slow_motion.is_open,
                texts,
            ),
            learn=() if on_learn is None else (learn_action(on_learn, texts),),
        )

    def transports_besides(self, names: Collection[str]) -> dict[str, bool]:
        """Return the panels' other transports, and whether each delivers in order as TCP does."""
        return {
            frame.transport: self._source.has_head_of_line_blocking(frame.transport)
            for frame in self.frames
            if frame.transport not in names
        }

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for a window of ``size`` pixels."""
        self.size, self._theme = size, theme
        width, height = size
        gap = theme.px(_GAP)
        self._area = pygame.Rect(0, 0, width, height)
        self._header = Header(width, theme, self._texts)
        self._laid_out = self._layout_choices()
        self.strip = self._make_strip()
        strip = self.replay_bar.strip if self._shows_replay else self.strip
        # Large text must not take the room of what it is about.
        strip_most = height * _STRIP_MOST / max(1.0, theme.ui_scale) ** 0.5
        if not (self.has_strip or self._shows_replay):
            strip_most = 0.0
        strip_top = height - gap - round(strip_most)
        strip_area = pygame.Rect(gap, strip_top, width - 2 * gap, height - gap - strip_top)
        strip_rect = self._fit_strip(strip, strip_area)
        bottom = strip_rect.top if strip_rect.height else height
        self._legend = self._place_legend(bottom)
        self.menu.place(self._area, theme)
        self._background = self._paint_background()

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle a window event: help first, then menu, control strip, panels and keyboard.

        F1 opens the help from the menu too. Open slow motion has keys of its own.
        """
        is_key = event.type == pygame.KEYDOWN
        if event.type == pygame.KEYMAPCHANGED:
            self._shortcuts.update_layout()
            self._label_keys()
            self.resize(self.size, self._theme)
        self._devices.track(event)
        if self.controls.shows_help and help_overlay.is_modal_event(event):
            if help_overlay.is_close_event(event):
                self._toggle_help()
        elif is_key and event.key == pygame.K_F1:
            self._toggle_help()
        elif self.slow_motion.is_open:
            self.replay_bar.handle(event, pixels_per_unit)
        elif is_key and event.key == pygame.K_ESCAPE:
            self._toggle_menu()
        elif self.menu.is_open:
            self.menu.handle(event, pixels_per_unit)
        elif self.strip.handle(event, pixels_per_unit):
            self._lay_out_again()
        elif event.type == pygame.MOUSEBUTTONDOWN:
            self._click(event, pixels_per_unit)
        else:
            self._devices.press(event)
            if is_key:
                self._handle_shortcut(event)

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Send the controls and draw every panel at ``now``.

        Return a frame with a scene if there is one.
        """
        self._now = now
        self._frames_drawn += 1
        self._send_controls(now)
        self._refresh_link_stats(now)
        frames, moments = self._observe(now)
        self.frames = frames
        self.slow_motion.record(now, moments, self.controls.link_editor.link)
        past = self.slow_motion.advance(now)
        self._show_replay(past is not None)
        surface.blit(self._background, (0, 0))
        if past is None or self.slow_motion.playback is None:
            self._speaker.play(frames[self._audible_panel()].events)
            self._draw_present(surface, moments, now)
            self._draw_header(surface, frames, self.controls.link_editor.link)
        else:
            self._draw_playbacks(surface, self.slow_motion.playback)
            self._draw_header(surface, [panel.frame for panel in past.panels], past.link)
        self._draw_legend(surface)
        if past is None:
            self.strip.draw(surface, now)
            self.strip.draw_hint(surface, self._theme, now)
            bottom = self.strip.rect.top if self.strip.rect.height else self.size[1]
            self.replay_bar.draw_message(surface, self._theme, now, bottom)
        else:
            self.replay_bar.draw(surface, self._theme, now)
        if self.controls.shows_help:
            self._help.draw(surface, self._area, self._theme)
        self.menu.draw(surface, now)
        return max(frames, key=lambda frame: frame.scene is not None)

    def close(self) -> None:
        """End the film of slow motion that is being saved."""
        self._clip_recorder.finish()

    def _observe(self, now: float) -> tuple[list[Frame], list[PanelMoment]]:
        """Return the frames of all panels at ``now``, and what to draw of them."""
        frames, moments = [], []
        for panel in self.panels:
            frame, moment = panel.observe(self.link_stats.get(panel.name), now)
            self._note_switch(panel, frame, now)
            frames.append(frame)
            moments.append(moment)
        return frames, moments

    def _draw_present(
        self, surface: pygame.Surface, moments: list[PanelMoment], now: float
    ) -> None:
        for index, (panel, moment) in enumerate(zip(self.panels, moments, strict=True)):
            link = self.link_stats.get(panel.name)
            panel.draw(surface, moment, link, now, self._renews_lagometer(index))
        offer = self.slow_motion.offer(now)
        if offer is not None and self.has_strip:
            panel = self.panels[offer.panel]
            key = self._shortcuts.label(self.actions.slow_motion)
            draw_stall_offer(
                surface,
                panel.pitch,
                panel.space_below_pitch,
                self._theme,
                stall=offer,
                key_label=key,
                texts=self._texts,
            )

    def _draw_playbacks(self, surface: pygame.Surface, playback: Playback) -> None:
        for index, (panel, panel_clip) in enumerate(
            zip(self.panels, self._panel_clips, strict=True)
        ):
            panel.draw_playback(surface, playback, panel_clip, self._renews_lagometer(index))

    def _renews_lagometer(self, index: int) -> bool:
        return (self._frames_drawn + index) % _LAGOMETER_FRAMES == 0

    def _show_replay(self, is_open: bool) -> None:
        """Lay the window out for slow motion or for the present, if that changed."""
        if is_open == self._shows_replay:
            return
        self._shows_replay = is_open
        self._clip_recorder.finish()
        if is_open:
            # Those of the end of the clip: what comes later is not shown.
            self._panel_clips = [panel.clip(index) for index, panel in enumerate(self.panels)]
        self._devices.release()
        self.resize(self.size, self._theme)

    def show_decisive_moment(self) -> None:
        """Show the largest pile of the kept seconds in slow motion, and pause."""
        self.slow_motion.play(self._now, self._now)
        playback = self.slow_motion.playback
        if playback is None:
            return
        piles = [panel.clip(index).lane.largest_pile() for index, panel in enumerate(self.panels)]
        _, at = max(piles)
        playback.seek(at)

    def _place_legend(self, bottom: int) -> Legend | LaneLegend | LaneNote | None:
        """Lay panels and legend out above ``bottom``; return the legend, if it has a use.

        There is room for one. In slow motion it explains the lanes, else first the lagometers.
        """
        controls, theme = self.controls, self._theme
        explains_lanes = self._shows_replay or not controls.shows_lagometers
        if self._shows_replay or controls.shows_lanes or controls.shows_lagometers:
            rect = self._place_panels(bottom, Legend.height(theme))
            has_lanes = any(panel.has_lane for panel in self.panels)
            if (self._shows_replay or controls.shows_lanes) and not has_lanes:
                return LaneNote(rect, theme, self._texts)
            # Without space for lagometers there is nothing to explain.
            if explains_lanes and has_lanes:
                return LaneLegend(rect, theme, self._texts)
            if not explains_lanes and any(panel.has_lagometer for panel in self.panels):
                return Legend(rect, theme, self._texts)
        self._place_panels(bottom, theme.px(_GAP) // 2)
        return None

    def _place_panels(self, bottom: int, legend_height: int) -> pygame.Rect:
        """Lay the panels out above a legend that ends at ``bottom``; return its rectangle."""
        theme, parts = self._theme, self._layout_choices()
        gap = theme.px(_GAP)
        width = self.size[0] - 2 * gap
        top = self._header.rect.bottom
        area = pygame.Rect(gap, top, width, max(1, bottom - legend_height - top))
        rects = arrange_panels(area, len(self.panels), theme, parts)
        for panel, rect in zip(self.panels, rects, strict=True):
            panel.place(rect, theme, parts)
        return pygame.Rect(gap, bottom - legend_height, width, legend_height)

    def _fit_strip(self, strip: ControlStrip, area: pygame.Rect) -> pygame.Rect:
        """Lay a strip out with text as large as everything else, or a little smaller."""
        for share in _STRIP_SCALES:
            rect = strip.fit(area, self._theme.reduced(self._theme.scale * share))
            if strip.is_complete:
                break
        return rect

    def _make_strip(self) -> ControlStrip:
        if not self.controls.shows_details:
            simple = [self._button(action) for action in self.actions.simple]
            return ControlStrip((), self._preset_buttons(), simple)
        return ControlStrip(
            make_sliders(self.controls, self._texts), self._link_buttons(), self._other_buttons()
        )

    def _layout_choices(self) -> PanelParts:
        """Return the choices of the user that change the layout."""
        controls = self.controls
        return PanelParts(
            lagometer=controls.shows_lagometers or self._shows_replay,
            details=controls.shows_details,
            lane=controls.shows_lanes,
            is_replay=self._shows_replay,
            figures=controls.shows_figures,
        )

    def _paint_background(self) -> pygame.Surface:
        """Return an image of what only a new layout changes: rounded corners are slow to draw."""
        background = pygame.Surface(self.size).convert()
        background.fill(colours.BACKGROUND)
        for panel in self.panels:
            panel.draw_background(background)
        strip = self.replay_bar.strip if self._shows_replay else self.strip
        strip.draw_background(background)
        return background

    def _lay_out_again(self) -> None:
        """Lay out again if the set of visible parts changed, and draw the controls again."""
        if self._layout_choices() != self._laid_out:
            self.resize(self.size, self._theme)
        else:
            # Without the panels: to paint their pitches again would delay this frame.
            self.strip.renew()

    def _send_controls(self, now: float) -> None:
        for name, controls in self.controls.input_router.route(self._read_controls(), now).items():
            self._source.set_controls(name, controls)

    def _read_controls(self) -> Controls:
        """Return the keys that a person holds; neutral while the menu or the help is open."""
        if self.menu.is_open or self.controls.shows_help or self.slow_motion.is_open:
            self._devices.release()
            return NEUTRAL
        return self._devices.controls()

    def _refresh_link_stats(self, now: float) -> None:
        if now - self._refreshed_at >= _REFRESH_EVERY_S:
            self.link_stats = self._source.link_stats()
            self._refreshed_at = now

    def _note_switch(self, panel: ComparePanel, frame: Frame, now: float) -> None:
        if frame.transport != self.controls.transports[panel.name]:
            panel.history.annotate(now, transport_title(frame.transport))
            self.controls.transports[panel.name] = frame.transport
            self._lay_out_again()

    def _audible_panel(self) -> int:
        """Return the index of the panel whose sounds are played: three at once would be noise."""
        focus = self.controls.input_router.focus
        return 0 if focus is None else self._source.names.index(focus)

    def _annotate(self, name: str | None, text: str) -> None:
        for panel in self.panels:
            if name in (None, panel.name):
                panel.history.annotate(self._now, text)

    def _draw_header(self, surface: pygame.Surface, frames: list[Frame], link: Link | None) -> None:
        names = ", ".join(map(transport_title, self.controls.transports.values()))
        tagline = self._texts.tagline.format(transports=names)
        label = link_label(link, self._seed, self._texts.link_words, monotonic())
        self._header.draw(surface, self._headline_scene(frames), tagline, label)

    def _headline_scene(self, frames: list[Frame]) -> Scene | None:
        """Return the newest known state of the server's match, for the scoreboard."""
        newest_time_s = self._source.reference_newest_time_s()
        reference = None if newest_time_s is None else self._source.reference_scene(newest_time_s)
        scenes = [frame.scene for frame in frames if frame.scene is not None]
        return reference or max(scenes, key=lambda scene: scene.tick, default=None)

    def _draw_legend(self, surface: pygame.Surface) -> None:
        if self._legend is not None:
            self._legend.draw(surface)

    def _click(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        point = (event.pos[0] * pixels_per_unit, event.pos[1] * pixels_per_unit)
        for panel in self.panels:
            if event.button == LEFT_MOUSE_BUTTON and panel.pitch.collidepoint(point):
                self.controls.input_router.toggle_focus(panel.name)
                self._lay_out_again()

    def _handle_shortcut(self, event: pygame.event.Event) -> None:
        if action := self._shortcuts.action_of(event):
            action.callback()
            self._lay_out_again()

    def _leave_for_lobby(self) -> None:
        self.wants_to_close = self.wants_lobby = True

    def _label_keys(self) -> None:
        """Name the keys in strip and help as the player's layout does."""
        texts, shortcuts = self._texts, self._shortcuts
        self.strip = self._make_strip()
        self.replay_bar = ReplayBar(self.slow_motion, self._clip_recorder, texts)
        rows = [(shortcuts.label(action), action.help) for action in self.actions.everything]
        rows.insert(0, (shortcuts.layout.run_keys, texts.help_move))
        self._help = HelpOverlay(texts.help_title, texts.help_intro, rows, texts)

    def _toggle_menu(self) -> None:
        if self.menu.is_open:
            self.menu.close()
        else:
            self.menu.open()

    def _menu_items(self) -> list[MenuItem]:
        texts = self._texts
        # What a click does, not what is.
        sound = texts.turn_sound_on if self._speaker.is_muted else texts.turn_sound_off
        lessons = MenuItem(texts.lessons, self._learn, texts.help_lessons)
        return [
            MenuItem(texts.resume, self.menu.close, texts.help_resume),
            MenuItem(texts.lobby, self._leave_for_lobby, texts.help_lobby),
            MenuItem(texts.help, self._toggle_help, texts.help_keys),
            MenuItem(sound, self._speaker.toggle, texts.help_sound),
            *([] if self._on_learn is None else [lessons]),
            MenuItem(texts.quit, self._leave, texts.help_quit),
        ]

    def _toggle_help(self) -> None:
        self.menu.close()
        self.controls.toggle_help()
        self._lay_out_again()

    def _learn(self) -> None:
        self.menu.close()
        if self._on_learn is not None:
            self._on_learn()

    def _leave(self) -> None:
        self.wants_to_close = True

    def _link_buttons(self) -> list[Button]:
        return [*self._preset_buttons(), *map(self._button, self.actions.presets)]

    def _preset_buttons(self) -> list[Button]:
        link_editor = self.controls.link_editor
        return [
            Button(
                "",
                lambda name=name: name,  # type: ignore[misc]
                lambda name=name: self.controls.select_preset(name),  # type: ignore[misc]
                lambda name=name: link_editor.name == name,  # type: ignore[misc]
                hint=self._texts.help_preset.format(
                    label=link_label(link, self._seed, self._texts.link_words)
                ),
            )
            for name, link in link_editor.presets.items()
        ]

    def _button(self, action: Action) -> Button:
        label = self._shortcuts.label(action)
        return Button(
            label, action.label, action.callback, action.is_on, action.labels, action.help
        )

    def _other_buttons(self) -> list[Button]:
        # What a narrow strip keeps comes first.
        actions = dict.fromkeys((*self.actions.simple, *self.actions.everything))
        return [self._button(each) for each in actions if each not in self.actions.presets]
