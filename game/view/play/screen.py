"""Screen of one player: scoreboard, panel, network strip, toasts, menu and sound."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import pygame

from game.client.frame import Frame, Scene, Status
from game.match.controls import NEUTRAL, Controls
from game.match.pitch import PitchSize
from game.match.rules import DEFAULT_HALF_S, HALF_S_PER_MINUTE
from game.protocol.messages import (
    BlindTest,
    ChatLine,
    Goal,
    LimitsChanged,
    Notice,
    PauseChanged,
    PlayerJoined,
    PlayerLeft,
    RoomAction,
    RoomRequest,
)
from game.view import colours, help_overlay
from game.view.actions import (
    Action,
    impairment_actions,
    netcode_actions,
    sound_action,
    switch_actions,
)
from game.view.audio.speaker import Speaker
from game.view.help_overlay import HelpOverlay
from game.view.hud import NetworkStrip, Scoreboard, transport_title
from game.view.input_devices import READY_BUTTONS, InputDevices
from game.view.keyboard import Shortcuts
from game.view.netcode_controls import NetcodeControls
from game.view.panel import Panel
from game.view.play.ballot import HIDDEN_TRANSPORT, Ballot
from game.view.play.chat_input import HEIGHT as CHAT_HEIGHT
from game.view.play.chat_input import ChatInput
from game.view.play.lane_and_lagometer import LaneAndLagometer
from game.view.play.source import Source
from game.view.replay.actions import open_action
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.panel_clip import PanelClip, draw_newest_snapshot
from game.view.replay.playback import Playback
from game.view.replay.recent_frames import Moment, PanelMoment
from game.view.replay.replay_bar import ReplayBar
from game.view.replay.slow_motion import SlowMotion
from game.view.replay.stall_offer import stall_offer_text
from game.view.replay.stalls import Stall
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.cards import Line, draw_card
from game.view.widgets.menu import Menu, MenuItem
from game.view.widgets.toasts import Toasts

_SCOREBOARD_HEIGHT = 58.0
_STRIP_HEIGHT = 42.0
# Maximum share of the window's height for the bar of slow motion.
_REPLAY_BAR_MOST = 0.2
# Half the width of the scoreboard, and some space.
_SCORE_REACH = 140.0
_LINK_SIZE = 13.0
# From the line that says who is ready to the lower edge of the pitch.
_READY_HEIGHT = 34.0

# The part of play before a goal that is shown again: the pass and the shot.
_BEFORE_GOAL_S = 2.5
# Lengths and goal limits that the menu steps through; 0 goals: no limit.
_MINUTES = (3, 5, 10, 20)
_GOAL_LIMITS = (0, 1, 3, 5, 10)
_GOAL_SPEED = 0.5
# Long enough to read the keys of a match twice.
_KEYS_SHOWN_S = 8.0


class PlayScreen:
    """Screen that draws one source and sends it the player's input.

    ``has_lobby``: who leaves goes back to the lobby, and the menu says so.
    """

    def __init__(
        self, source: Source, texts: Texts, speaker: Speaker, *, has_lobby: bool = False
    ) -> None:
        self.wants_to_close = False
        self._leave_text = texts.back_to_lobby if has_lobby else texts.quit
        self._source = source
        self._texts = texts
        self._speaker = speaker
        self.panel = Panel(texts)
        self.toasts = Toasts()
        self.chat = ChatInput()
        self._paused_by: str | None = None
        self._half_s, self._goal_limit = DEFAULT_HALF_S, 0
        self._next_pitch = PitchSize.MEDIUM
        self._goal_at: float | None = None
        # Until when the keys are shown; None before the first frame of a match.
        self._keys_until: float | None = None
        self._devices = InputDevices()
        self.menu = Menu(texts.menu_title, "", self._menu_items)
        self._controls = NetcodeControls(
            source.netcode, source.set_netcode, self._annotate_netcode, texts
        )
        self._lane_and_lagometer = LaneAndLagometer(texts)
        self.slow_motion = SlowMotion()
        self._clip_recorder = ClipRecorder(self.slow_motion, texts)
        self._shows_help = self._shows_replay = False
        self._panel_clip: PanelClip | None = None
        self._offered: Stall | None = None
        self.nagle, self.unreliable_events = source.nagle, False
        self._slow_motion_action = open_action(
            self._toggle_slow_motion, lambda: self.slow_motion.is_open, texts
        )
        self._goal_action = _goal_action(self._show_goal, texts)
        self._ready_action = _ready_action(self._toggle_ready, texts)
        self._sound_action = sound_action(self._toggle_sound, lambda: not speaker.is_muted, texts)
        self._actions = (
            *self._view_actions(),
            self._goal_action,
            self._ready_action,
            self._sound_action,
            *netcode_actions(self._controls, texts),
            *impairment_actions(self, texts),
        )
        switches = switch_actions(source.transports, self._switch, texts)
        self._shortcuts = Shortcuts((*self._actions, *switches))
        self._label_keys()
        self._transport = ""
        self._ballot = Ballot(source.transports, source.vote, texts)
        self._switching_to: str | None = None
        self._own_id: int | None = None
        self._scene: Scene | None = None
        self._now = 0.0

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for a window of ``size`` pixels."""
        self._theme, self._size = theme, size
        width, height = size
        above, below = theme.px(_SCOREBOARD_HEIGHT), self._place_strip()
        self._scoreboard = Scoreboard(pygame.Rect(0, 0, width, above), theme, self._texts)
        middle = pygame.Rect(0, above, width, max(1, height - above - below))
        middle.height -= self._lane_and_lagometer.place(middle, theme, self._shows_replay)
        self.panel.place(middle, theme)
        self.menu.place(pygame.Rect(0, 0, width, height), theme)
        self._middle = middle
        self._toast_corner = (theme.px(12), middle.bottom - theme.px(8))

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle a window event: help first, then menu, then the player's keys.

        F1 opens the help from the menu too. Open slow motion has keys of its own.
        """
        is_key = event.type == pygame.KEYDOWN
        if is_key and self._keys_until is not None:
            self._keys_until = self._now
        if event.type == pygame.KEYMAPCHANGED:
            self._shortcuts.update_layout()
            self._label_keys()
            if self._shows_replay:
                # The new bar has no place yet.
                self.resize(self._size, self._theme)
        self._devices.track(event)
        if self._shows_help and help_overlay.is_modal_event(event):
            self._shows_help = not help_overlay.is_close_event(event)
        elif self.chat.is_open:
            if line := self.chat.handle(event):
                self._source.ask_room(RoomRequest(RoomAction.CHAT, line))
        elif is_key and event.key == pygame.K_F1:
            self._open_help()
        elif self.slow_motion.is_open:
            self.replay_bar.handle(event, pixels_per_unit)
        elif is_key and event.key == pygame.K_ESCAPE:
            self._toggle_menu()
        elif self.menu.is_open:
            self.menu.handle(event, pixels_per_unit)
        else:
            self._devices.press(event)
            if is_key:
                self._handle_shortcut(event)
            elif event.type == pygame.JOYBUTTONDOWN and event.button in READY_BUTTONS:
                self._toggle_ready()

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Send the controls, draw the source's frame at ``now`` and return it."""
        self._now = now
        self._source.set_controls(self._read_controls())
        frame = self._source.frame(now)
        self._switching_to = frame.switching_to
        self._own_id, self._scene = frame.own_id, frame.scene
        self._ballot.show(frame.blind_choices)
        self._record(frame, now)
        self._show_events(frame)
        moment, playback = self.slow_motion.advance(now), self.slow_motion.playback
        self._show_replay(moment is not None)
        if moment is not None and playback is not None and self._panel_clip is not None:
            self._draw_playback(surface, moment, playback, self._panel_clip)
            self.replay_bar.draw(surface, self._theme, now)
        else:
            self._speaker.play(frame.events)
            self._scoreboard.draw(surface, frame.scene)
            self.panel.draw(surface, frame, now)
            self._draw_pause(surface, frame)
            self._draw_ready(surface, frame)
            self._draw_keys(surface, frame, now)
            self._lane_and_lagometer.draw(surface, frame, now)
            self._strip.draw(surface, self._named(frame))
            bottom = self._middle.bottom
            self.replay_bar.draw_message(surface, self._theme, now, bottom)
            self._ballot.draw(surface, self.panel.pitch.rect.top, self._theme)
        left, bottom = self._toast_corner
        if self.chat.is_open:
            # Lines of the others stay readable while one writes.
            bottom -= self._theme.px(CHAT_HEIGHT)
        self.toasts.draw(surface, (left, bottom), self._theme, now)
        if self.chat.is_open:
            area = self._middle.inflate(-2 * self._theme.px(12), 0)
            self.chat.draw(surface, area, self._theme, self._texts.chat_hint, now)
        if self._shows_help:
            self._help.draw(surface, pygame.Rect((0, 0), self._size), self._theme)
        self.menu.draw(surface, now)
        return frame

    def close(self) -> None:
        """End the film of slow motion that is being saved."""
        self._clip_recorder.finish()

    def _draw_pause(self, surface: pygame.Surface, frame: Frame) -> None:
        """Say that the match is stopped, and by whom."""
        if frame.status is not Status.PLAYING:
            # Who comes back is told by the server what differs from the defaults.
            self._paused_by = None
            self._goal_limit, self._next_pitch = 0, PitchSize.MEDIUM
        if self._paused_by is not None:
            texts = self._texts
            by = texts.paused_by.format(name=self._paused_by) if self._paused_by else ""
            lines = (Line(texts.paused, 28, bold=True), Line(by, 15, colours.MUTED))
            draw_card(surface, self._middle, self._theme, lines)

    def _draw_ready(self, surface: pygame.Surface, frame: Frame) -> None:
        """Say how many are ready to go on, while the match waits, and how to say so."""
        scene = frame.scene
        if scene is None or frame.status is not Status.PLAYING:
            return
        ready, awaited = len(scene.ready_ids), len(scene.awaited_ids)
        if not ready + awaited:
            return
        texts = self._texts
        line = texts.ready_count.format(ready=ready, all=ready + awaited)
        if frame.own_id is not None:
            hint = texts.take_back_ready if frame.own_id in scene.ready_ids else texts.say_ready
            line = f"{line}   {hint.format(key=self._shortcuts.label(self._ready_action))}"
        self._draw_line(surface, line, self._middle.bottom - self._theme.px(_READY_HEIGHT))

    def _draw_line(self, surface: pygame.Surface, line: str, top: int) -> None:
        """Draw a line of text on a plate in the middle of the window."""
        theme = self._theme
        image = theme.fitted(line, 15, self._middle.width - theme.px(48), colours.TEXT)
        box = image.get_rect(midtop=(self._middle.centerx, top))
        background = box.inflate(theme.px(28), theme.px(10))
        surface.blit(theme.rounded_rect(background.size, colours.PANEL, 8), background)
        surface.blit(image, box)

    def _draw_keys(self, surface: pygame.Surface, frame: Frame, now: float) -> None:
        """Name the keys at the start of a match, until the player presses one."""
        if self._keys_until is None and frame.status is Status.PLAYING:
            self._keys_until = now + _KEYS_SHOWN_S
        if self._keys_until is None or now > self._keys_until or frame.own_id is None:
            return
        self._draw_line(surface, self.menu.hint, self._middle.top + self._theme.px(10))

    def _named(self, frame: Frame) -> Frame:
        """Return the frame with the transport that may be named now."""
        return replace(frame, transport=HIDDEN_TRANSPORT) if self._ballot.is_open else frame

    def _place_strip(self) -> int:
        """Lay out what is below the match: its figures, or the bar of slow motion."""
        theme, (width, height) = self._theme, self._size
        below = theme.px(_STRIP_HEIGHT)
        strip = pygame.Rect(0, height - below, width, below)
        self._strip = NetworkStrip(strip, theme, self._texts)
        if not self._shows_replay:
            return below
        most = round(height * _REPLAY_BAR_MOST)
        return self.replay_bar.strip.fit(pygame.Rect(0, height - most, width, most), theme).height

    def _record(self, frame: Frame, now: float) -> None:
        """Keep what the frame shows, whatever is on screen."""
        self._lane_and_lagometer.history.record(now, frame, None)
        source = self._source
        self._lane_and_lagometer.packets.add(source.packet_log(), source.packet_clock_offset_s, now)
        self.slow_motion.record(now, [PanelMoment(replace(frame, events=()))])
        offer = self.slow_motion.offer(now)
        if offer is not None and offer != self._offered:
            key = self._shortcuts.label(self._slow_motion_action)
            self.toasts.add(stall_offer_text(offer, key, self._texts), now, topic="stall")
            self._offered = offer

    def _show_replay(self, is_open: bool) -> None:
        """Lay the window out for slow motion or for the present, if that changed."""
        if is_open == self._shows_replay:
            return
        self._shows_replay = is_open
        self._clip_recorder.finish()
        self._panel_clip = self._lane_and_lagometer.panel_clip() if is_open else None
        self._devices.release()
        self.resize(self._size, self._theme)

    def _draw_playback(
        self, surface: pygame.Surface, moment: Moment, playback: Playback, panel_clip: PanelClip
    ) -> None:
        """Draw a moment as it was drawn, and lane and lagometer at its time."""
        frame = moment.panels[0].frame
        self._scoreboard.draw(surface, frame.scene)
        self.panel.draw(surface, frame, moment.at)
        pitch = self.panel.pitch.rect
        draw_newest_snapshot(surface, pitch, self._theme, self._texts, frame)
        self._draw_link_label(surface, frame.link_label)
        self._lane_and_lagometer.draw_playback(surface, frame, playback, panel_clip)
        strip = self.replay_bar.strip
        surface.fill(colours.BACKGROUND, strip.rect)
        strip.draw_background(surface)

    def _draw_link_label(self, surface: pygame.Surface, label: str) -> None:
        """Draw the emulated link beside the score: the strip that has it is covered."""
        theme = self._theme
        space = self._size[0] // 2 - theme.px(_SCORE_REACH)
        image = theme.fitted(label, _LINK_SIZE, space, colours.WARM, bold=True)
        surface.blit(image, (theme.px(12), theme.px(8)))

    def _read_controls(self) -> Controls:
        """Return the keys that the player holds; neutral while anything covers the match."""
        if self.menu.is_open or self._shows_help or self.slow_motion.is_open or self.chat.is_open:
            self._devices.release()
            return NEUTRAL
        return self._devices.controls()

    def _handle_shortcut(self, event: pygame.event.Event) -> None:
        if action := self._shortcuts.action_of(event):
            action.callback()

    def _label_keys(self) -> None:
        """Name the keys in menu and help as the player's layout does."""
        texts, shortcuts = self._texts, self._shortcuts
        keys = texts.keys.format(
            run=shortcuts.layout.run_keys, sound=shortcuts.label(self._sound_action)
        )
        self.menu.hint = keys
        self.replay_bar = ReplayBar(self.slow_motion, self._clip_recorder, texts)
        rows = [(shortcuts.label(action), action.help) for action in self._actions]
        self._help = HelpOverlay(texts.menu_title, keys, rows, texts)

    def _toggle_slow_motion(self) -> None:
        self.menu.close()
        self.slow_motion.toggle(self._now)

    def _open_chat(self) -> None:
        self.menu.close()
        self._devices.release()
        self.chat.open()

    def _toggle_ready(self) -> None:
        """Say that the player is ready to go on, or not; nothing while the match does not wait."""
        scene = self._scene
        if scene is None or not (scene.ready_ids or scene.awaited_ids):
            return
        is_ready = self._own_id in scene.ready_ids
        self._ask_room(RoomAction.NOT_READY if is_ready else RoomAction.READY)

    def _ask_room(self, action: RoomAction, text: str = "") -> None:
        self.menu.close()
        self._source.ask_room(RoomRequest(action, text))

    def _room_items(self) -> list[MenuItem]:
        """Return the menu's entries about the match: sides, pause, limits."""
        texts = self._texts
        is_paused = self._paused_by is not None
        items = (
            (texts.play_orange, RoomAction.PLAY_ORANGE, texts.help_play_side),
            (texts.play_sky, RoomAction.PLAY_SKY, texts.help_play_side),
            (texts.watch, RoomAction.WATCH, texts.help_watch),
            (texts.go_on, RoomAction.GO_ON, texts.help_go_on)
            if is_paused
            else (texts.pause, RoomAction.PAUSE, texts.help_pause),
        )
        return [
            *(
                MenuItem(text, partial(self._ask_room, action), hint)
                for text, action, hint in items
            ),
            *self._limit_items(),
        ]

    def _limit_items(self) -> Iterator[MenuItem]:
        """Yield the entries that change the length of the match, its goal limit and pitch."""
        texts = self._texts
        minutes = _after(round(self._half_s / HALF_S_PER_MINUTE), _MINUTES)
        goals = _after(self._goal_limit, _GOAL_LIMITS)
        yield MenuItem(
            texts.set_minutes.format(minutes=minutes),
            lambda: self._ask_room(RoomAction.SET_MINUTES, str(minutes)),
            texts.help_minutes,
        )
        yield MenuItem(
            texts.set_goal_limit.format(goals=goals or texts.no_goal_limit),
            lambda: self._ask_room(RoomAction.SET_GOAL_LIMIT, str(goals)),
            texts.help_goal_limit,
        )
        pitch_size = PitchSize(_after(self._next_pitch, list(PitchSize)))
        yield MenuItem(
            texts.set_pitch.format(pitch=self._pitch_name(pitch_size)),
            lambda: self._ask_room(RoomAction.SET_PITCH, str(int(pitch_size))),
            texts.help_pitch,
        )

    def _pitch_name(self, size: PitchSize) -> str:
        texts = self._texts
        return (texts.pitch_small, texts.pitch_medium, texts.pitch_large)[size]

    def _show_goal(self) -> None:
        """Show the last goal again; nothing happens before the first."""
        self.menu.close()
        if self._goal_at is not None:
            self.slow_motion.play(self._goal_at - _BEFORE_GOAL_S, self._goal_at, _GOAL_SPEED)

    def _open_help(self) -> None:
        self.menu.close()
        self._shows_help = True

    def _toggle_lagometer(self) -> None:
        self._lane_and_lagometer.shows_lagometer = not self._lane_and_lagometer.shows_lagometer
        self.resize(self._size, self._theme)

    def _toggle_lane(self) -> None:
        self._lane_and_lagometer.shows_lane = not self._lane_and_lagometer.shows_lane
        self.resize(self._size, self._theme)

    def toggle_nagle(self) -> None:
        """Turn Nagle's algorithm on or off."""
        self.nagle = not self.nagle
        self._source.set_nagle(self.nagle)
        self._annotate_netcode(self._texts.switched(self._texts.nagle, self.nagle))

    def toggle_unreliable_events(self) -> None:
        """Have kicks and goals sent unreliably, or reliably again."""
        self.unreliable_events = not self.unreliable_events
        self._source.set_unreliable_events(self.unreliable_events)
        self._annotate_netcode(
            self._texts.switched(self._texts.unreliable_events, self.unreliable_events)
        )

    def _annotate_netcode(self, text: str) -> None:
        """Show a change as a toast, and as an annotation in the lagometer."""
        self._lane_and_lagometer.history.annotate(self._now, text)
        self.toasts.add(text, self._now, topic="netcode")

    def _toggle_menu(self) -> None:
        if self.menu.is_open:
            self.menu.close()
        else:
            self.menu.open()

    def _toggle_sound(self) -> None:
        self._speaker.toggle()
        is_muted = self._speaker.is_muted
        text = self._texts.sound_off if is_muted else self._texts.sound_on
        self.toasts.add(text, self._now, topic="sound")

    def _switch(self, transport: str) -> None:
        self.menu.close()
        if self._ballot.is_open:
            self._ballot.vote(transport)
            return
        if transport != (self._switching_to or self._transport):
            self._switching_to = transport
            self._show_transport(self._texts.switching, transport)
            self._source.switch(transport)

    def _show_transport(self, text: str, transport: str) -> None:
        title = transport_title(transport)
        self.toasts.add(text.format(transport=title), self._now, topic="transport")

    def _leave(self) -> None:
        self.wants_to_close = True

    def _menu_items(self) -> list[MenuItem]:
        return [
            MenuItem(self._texts.resume, self.menu.close, self._texts.help_resume),
            *map(self._transport_item, self._source.transports),
            *map(self._action_item, self._actions),
            *self._room_items(),
            MenuItem(self._leave_text, self._leave, self._texts.help_leave),
        ]

    def _view_actions(self) -> tuple[Action, ...]:
        texts = self._texts
        return (
            Action(
                "L",
                (pygame.K_l,),
                lambda: texts.lagometer,
                texts.help_lagometer,
                self._toggle_lagometer,
                lambda: self._lane_and_lagometer.shows_lagometer,
            ),
            Action(
                "K",
                (pygame.K_k,),
                lambda: texts.lane,
                texts.help_lane,
                self._toggle_lane,
                lambda: self._lane_and_lagometer.shows_lane,
            ),
            self._slow_motion_action,
            Action(
                "F1",
                (pygame.K_F1,),
                lambda: texts.help,
                texts.help_help,
                self._open_help,
                lambda: self._shows_help,
            ),
            Action(
                texts.enter_key,
                (pygame.K_RETURN, pygame.K_KP_ENTER),
                lambda: texts.chat,
                texts.help_chat,
                self._open_chat,
                lambda: self.chat.is_open,
            ),
        )

    def _action_item(self, action: Action) -> MenuItem:
        what = action.label() or action.help
        if action.is_on():
            what = self._texts.is_on.format(what=what)
        text = f"{self._shortcuts.label(action)}   {what}".strip()
        return MenuItem(text, action.callback, action.help)

    def _transport_item(self, transport: str) -> MenuItem:
        title = transport_title(transport)
        if transport == self._transport and not self._ballot.is_open:
            title = self._texts.in_use.format(transport=title)
        hint = self._texts.help_vote if self._ballot.is_open else self._texts.help_play_over
        return MenuItem(
            title,
            lambda: self._switch(transport),
            hint.format(transport=transport_title(transport)),
        )

    def _show_limits(self, limits: LimitsChanged, scene: Scene | None) -> None:
        """Tell the limits of the match, and the next pitch if it is another one than now."""
        self._goal_limit, self._next_pitch = limits.goal_limit, limits.pitch_size
        minutes = self._texts.number(limits.half_s / HALF_S_PER_MINUTE, 1)
        goals = str(limits.goal_limit) if limits.goal_limit else self._texts.no_goal_limit
        self.toasts.add(self._texts.limits.format(minutes=minutes, goals=goals), self._now)
        if scene is not None and scene.pitch.size is not limits.pitch_size:
            pitch = self._pitch_name(limits.pitch_size)
            self.toasts.add(self._texts.next_pitch.format(pitch=pitch), self._now)

    def _show_events(self, frame: Frame) -> None:
        if frame.scene is not None:
            self._half_s = frame.scene.half_s
        for event in frame.events:
            match event:
                case PlayerJoined(name=name):
                    self.toasts.add(self._texts.joined.format(name=name), self._now)
                case PlayerLeft(name=name):
                    self.toasts.add(self._texts.left.format(name=name), self._now)
                case Goal():
                    self._goal_at = self._now
                    key = self._shortcuts.label(self._goal_action)
                    text = self._texts.goal_again_offer.format(key=key)
                    self.toasts.add(text, self._now, topic="goal")
                case ChatLine(name=name, text=text):
                    self.toasts.add(f"{name}: {text}", self._now)
                case PauseChanged(is_paused=is_paused, name=name):
                    self._paused_by = name if is_paused else None
                case LimitsChanged():
                    self._show_limits(event, frame.scene)
                case Notice(text=text):
                    self.toasts.add(text, self._now)
                case BlindTest():
                    if line := self._ballot.result(event, frame.transport):
                        self.toasts.add(line, self._now, topic="transport")
        if frame.status is Status.PLAYING and frame.transport != self._transport:
            if self._transport and not self._ballot.is_open:
                self._show_transport(self._texts.now_over, frame.transport)
                self._lane_and_lagometer.history.annotate(
                    self._now, transport_title(frame.transport)
                )
            self._transport = frame.transport


def _after(value: int, choices: Sequence[int]) -> int:
    """Return the next larger choice; after the largest one, the first."""
    return next((each for each in choices if each > value), choices[0])


def _goal_action(show: Callable[[], None], texts: Texts) -> Action:
    """Return the action that shows the last goal again."""
    return Action("H", (pygame.K_h,), lambda: texts.goal_again, texts.help_goal_again, show)


def _ready_action(toggle: Callable[[], None], texts: Texts) -> Action:
    """Return the action that says that the player is ready to go on."""
    return Action("E", (pygame.K_e,), lambda: texts.ready, texts.help_ready, toggle)
