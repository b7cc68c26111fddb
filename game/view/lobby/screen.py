"""Lobby screen: find, join, practise or host a game, by mouse, keyboard or gamepad."""

import pygame

from game.protocol.names import NAME_LIMIT, ROOM_LIMIT
from game.view import colours
from game.view.hud import transport_title
from game.view.lobby.choices import (
    HostedGame,
    HostingFailed,
    LobbyAction,
    LobbyChoice,
    LobbyGame,
    LobbySettings,
    LobbySource,
)
from game.view.lobby.form import Button, ChoiceField, Form, Row, TextField
from game.view.lobby.form_view import FormView
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.control_strip import LEFT_MOUSE_BUTTON

_MARGIN = 24.0
_GAP = 20.0
_HEAD_HEIGHT = 92.0
_FOOT_HEIGHT = 62.0
_LEFT_SHARE = 0.56
# The theme of a small window: all rows must fit.
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_REFRESH_EVERY_S = 0.5
# 32 bytes in pairs of digits with colons, after the name of their hash.
_FINGERPRINT_LIMIT = 110
_BOTS = (0, 2, 3, 4, 6, 8, 10)
_DEFAULT_BOTS = 4
_ROOMS_NAMED = 3
# A stick must be pushed this far to move the focus, and come back this far before it moves again.
_STICK_PUSHED, _STICK_RELEASED = 0.6, 0.3
_PAD_ACTIVATE, _PAD_BACK = 0, 1
# Modules of a QR code's margin (ISO/IEC 18004).
_QR_MARGIN = 4
# The smallest module that a phone's camera reads from a screen.
_QR_LEAST_PX = 2


class LobbyScreen:
    """Screen of the lobby. ``choice`` is what the player has decided; None until then.

    ``form`` has the rows and the focus, and ``message`` is the line at the foot; empty if none.

    ``error``: what went wrong before, in one line. ``needs_password``: it was the password.
    """

    def __init__(
        self,
        source: LobbySource,
        settings: LobbySettings,
        texts: Texts,
        error: str = "",
        *,
        needs_password: bool = False,
    ) -> None:
        self.wants_to_close = False
        self.choice: LobbyChoice | None = None
        self._source = source
        self._texts = texts
        self.message, self._is_error = error, bool(error)
        self._games: dict[str, Button] = {}
        self._pending_host = settings.host if needs_password else ""
        self._refreshed_at = float("-inf")
        self._pads: dict[int, pygame.joystick.JoystickType] = {}
        self._pushed: dict[int, bool] = {}
        pygame.joystick.init()
        self._make_fields(settings)
        self.form = Form([self._left_rows(), self._right_rows()], column=1)
        # Room for the address of a hosted game; None while there is none.
        self._hosted: HostedGame | None = None
        self._is_starting = False
        if needs_password:
            self.form.focus(self._password)

    def _make_fields(self, settings: LobbySettings) -> None:
        texts = self._texts
        self._address = TextField(
            texts.lobby_address, settings.host, hint="192.168.1.38", on_enter=self._join_typed
        )
        self._fingerprint = TextField(
            texts.lobby_fingerprint,
            settings.fingerprint,
            hint=texts.lobby_no_fingerprint,
            limit=_FINGERPRINT_LIMIT,
            on_enter=self._join_typed,
        )
        self._join_button = Button(texts.lobby_join, self._join_typed)
        self._name = TextField(texts.lobby_name, settings.name, limit=NAME_LIMIT)
        titles = [(name, transport_title(name)) for name in self._source.transports]
        self._transport = ChoiceField(texts.lobby_transport, titles, settings.transport)
        links = [("", texts.lobby_no_link), *((name, name) for name in self._source.links)]
        self._link = ChoiceField(texts.lobby_link, links, settings.link)
        self._room = TextField(
            texts.lobby_room, settings.room, hint=texts.lobby_main_room, limit=ROOM_LIMIT
        )
        self._password = TextField(
            texts.lobby_password,
            settings.password,
            hint=texts.lobby_no_password,
            is_secret=True,
            on_enter=self._confirm_password,
        )
        teams = [("", texts.lobby_any_team), ("ORANGE", texts.orange), ("SKY", texts.sky)]
        self._team = ChoiceField(texts.lobby_team, teams, settings.team)
        bots = [(str(number), str(number)) for number in _BOTS]
        self._bots = ChoiceField(texts.lobby_bots, bots, str(_DEFAULT_BOTS))
        self._host_button = Button(texts.lobby_host, self._host)

    @property
    def settings(self) -> LobbySettings:
        """The present choices of the player."""
        return LobbySettings(
            name=self._name.text.strip(),
            transport=self._transport.value,
            link=self._link.value,
            host=self._address.text.strip(),
            room=self._room.text.strip(),
            password=self._password.text,
            team=self._team.value,
            fingerprint=self._fingerprint.text.strip(),
        )

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for a window of ``size`` pixels."""
        self._size = size
        for share in _SCALES:
            self._theme = theme.reduced(theme.scale * share)
            self._body = self._body_of(size, self._theme)
            if self._body.height >= self._theme.px(44.0) * len(self._right_rows()):
                break

    def close(self) -> None:
        """Do nothing: a lobby writes no file (``Screen``)."""

    def _body_of(self, size: tuple[int, int], theme: Theme) -> pygame.Rect:
        margin = theme.px(_MARGIN)
        top, foot = theme.px(_HEAD_HEIGHT), theme.px(_FOOT_HEIGHT)
        width, height = max(1, size[0] - 2 * margin), max(1, size[1] - top - foot)
        return pygame.Rect(margin, top, width, height)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle a window event."""
        match event.type:
            case pygame.KEYDOWN:
                self._handle_key(event)
            case pygame.TEXTINPUT:
                if isinstance(self.form.focused, TextField):
                    self.form.focused.type(event.text)
            case pygame.MOUSEBUTTONDOWN if event.button == LEFT_MOUSE_BUTTON:
                self._click((event.pos[0] * pixels_per_unit, event.pos[1] * pixels_per_unit))
            case pygame.MOUSEWHEEL if event.y:
                self.form.move(-1 if event.y > 0 else 1)
            case _:
                self._handle_pad(event)

    def draw(self, surface: pygame.Surface, now: float) -> None:
        """Draw the lobby at ``now``."""
        if now - self._refreshed_at >= _REFRESH_EVERY_S:
            self._refreshed_at = now
            self._refresh()
        surface.fill(colours.BACKGROUND)
        theme, body = self._theme, self._body
        title = theme.text(self._texts.menu_title, 30, bold=True)
        surface.blit(title, (body.left, theme.px(14)))
        self._draw_heading(surface)
        self._view().draw(surface, now)
        if self._hosted is not None:
            self._draw_hosted(surface, self._hosted)
        self._draw_foot(surface)

    def _draw_heading(self, surface: pygame.Surface) -> None:
        theme = self._theme
        left, right = self._areas()
        if self._hosted is not None:
            heading = self._texts.lobby_hosting
        elif self._games:
            heading = self._texts.lobby_games
        else:
            heading = self._texts.lobby_no_games
        image = theme.fitted(heading, 15, left.width, colours.MUTED)
        surface.blit(image, image.get_rect(bottomleft=(left.left, left.top - theme.px(8))))
        image = theme.fitted(self._texts.lobby_you, 15, right.width, colours.MUTED)
        surface.blit(image, image.get_rect(bottomleft=(right.left, right.top - theme.px(8))))

    def _draw_foot(self, surface: pygame.Surface) -> None:
        theme = self._theme
        left, width = self._body.left, self._body.width
        bottom = self._size[1] - theme.px(10)
        keys = theme.fitted(self._texts.lobby_keys, 13, width, colours.MUTED)
        rect = keys.get_rect(bottomleft=(left, bottom))
        surface.blit(keys, rect)
        if self.message:
            colour = colours.WARM if self._is_error else colours.TEXT
            image = theme.fitted(self.message, 15, width, colour, bold=self._is_error)
            surface.blit(image, image.get_rect(bottomleft=(left, rect.top - theme.px(4))))

    def _draw_hosted(self, surface: pygame.Surface, hosted: HostedGame) -> None:
        """Draw the addresses and the QR code in the left column."""
        theme = self._theme
        area = self._areas()[0]
        rows = self.form.columns[0]
        top = area.top + len(rows) * theme.px(44.0) + theme.px(10)
        for line in (self._texts.lobby_others_type, *hosted.hosts[:3], hosted.url):
            if line:
                is_address = line in hosted.hosts or line == hosted.url
                size, colour = (20, colours.TEXT) if is_address else (14, colours.MUTED)
                image = theme.fitted(line, size, area.width, colour, bold=is_address)
                surface.blit(image, (area.left, top))
                top += image.get_height() + theme.px(4)
        side = min(area.bottom - top, area.width)
        _draw_qr_code(surface, hosted.qr_code, pygame.Rect(area.left, top, side, side))

    def _areas(self) -> list[pygame.Rect]:
        body, gap = self._body, self._theme.px(_GAP)
        left = pygame.Rect(body.topleft, (round(body.width * _LEFT_SHARE), body.height))
        right = pygame.Rect(left.right + gap, body.top, body.right - left.right - gap, body.height)
        return [left, right]

    @property
    def row_rects(self) -> list[tuple[Row, pygame.Rect]]:
        """The rows in sight, with their rectangles in pixels."""
        return list(self._view().placed())

    def _view(self) -> FormView:
        return FormView(self.form, self._areas(), self._theme)

    def _left_rows(self) -> list[Row]:
        return [*self._games.values(), self._address, self._fingerprint, self._join_button]

    def _right_rows(self) -> list[Row]:
        texts = self._texts
        return [
            Button(texts.lobby_practise, lambda: self._decide(LobbyAction.PRACTISE)),
            self._host_button,
            Button(texts.lobby_compare, lambda: self._decide(LobbyAction.COMPARE)),
            self._name,
            self._team,
            self._transport,
            self._link,
            self._room,
            self._password,
            self._bots,
            Button(texts.quit, self._close),
        ]

    def _hosting_rows(self) -> list[Row]:
        texts = self._texts
        return [
            Button(texts.lobby_play_here, lambda: self._decide(LobbyAction.PLAY_HOSTED)),
            Button(texts.lobby_stop_hosting, self._stop_hosting),
        ]

    def _refresh(self) -> None:
        """Read the games and the hosted game again; the focus stays on its row."""
        hosted = self._source.hosted()
        if isinstance(hosted, HostingFailed):
            self._source.stop_hosting()
            self._is_starting = False
            self._tell(hosted.reason, is_error=True)
        elif isinstance(hosted, HostedGame):
            if self._hosted is None:
                self._hosted, self._is_starting, self.message = hosted, False, ""
                self.form.replace_column(0, self._hosting_rows(), None)
                self.form.focus(self.form.columns[0][0])
            return
        focused = self.form.focused
        found = {}
        for game in self._source.games():
            row = self._games.get(game.host) or Button(game.title, lambda: None)
            row.label, row.is_locked = game.title, game.has_password
            row.detail = self._detail(game)
            row.callback = lambda game=game: self._join_game(game)  # type: ignore[misc]
            found[game.host] = row
        self._games = found
        self.form.replace_column(0, self._left_rows(), focused)

    def _detail(self, game: LobbyGame) -> str:
        texts = self._texts
        if not game.is_joinable:
            return texts.lobby_other_version
        # What to type into the field of the room, as long as the names have space.
        has_few = 0 < game.room_count <= _ROOMS_NAMED and game.room_count == len(game.rooms)
        rooms = ", ".join(game.rooms) if has_few else str(game.room_count)
        parts = [
            texts.lobby_people.format(count=game.people),
            texts.milliseconds.format(value=texts.number(game.rtt_s * 1000, 1)),
            game.host,
            texts.lobby_rooms.format(rooms=rooms),
        ]
        return "  ".join(["TLS"] * game.uses_tls + parts)

    def _join_game(self, game: LobbyGame) -> None:
        if not game.is_joinable:
            self._tell(self._texts.lobby_other_version, is_error=True)
        elif game.has_password and not self._password.text:
            self._ask_password(game.host)
        else:
            self._decide(LobbyAction.JOIN, game.host)

    def _join_typed(self) -> None:
        host = self._address.text.strip()
        if host:
            self._decide(LobbyAction.JOIN, host)
        else:
            self._tell(self._texts.lobby_type_address, is_error=True)
            self.form.focus(self._address)

    def _ask_password(self, host: str) -> None:
        self._pending_host = host
        self._tell(self._texts.lobby_type_password)
        self.form.focus(self._password)

    def _confirm_password(self) -> None:
        if self._pending_host and self._password.text:
            self._decide(LobbyAction.JOIN, self._pending_host)
        else:
            self.form.move(1)

    def _host(self) -> None:
        if not self._is_starting and self._hosted is None:
            self._is_starting = True
            self._tell(self._texts.lobby_starting)
            self._source.start_hosting(int(self._bots.value), self._password.text)

    def _stop_hosting(self) -> None:
        self._source.stop_hosting()
        self._hosted = None
        self.form.replace_column(0, self._left_rows(), None)
        self.form.focus(self._host_button)

    def _decide(self, action: LobbyAction, host: str = "") -> None:
        self.choice = LobbyChoice(action, self.settings, host)
        self.wants_to_close = True

    def _close(self) -> None:
        self.wants_to_close = True

    def _tell(self, text: str, is_error: bool = False) -> None:
        self.message, self._is_error = text, is_error

    def _click(self, point: tuple[float, float]) -> None:
        row = self._view().row_at(point)
        if row is None:
            return
        self.form.focus(row)
        if not isinstance(row, TextField):
            self.form.activate()

    def _handle_key(self, event: pygame.event.Event) -> None:
        form, focused = self.form, self.form.focused
        is_text = isinstance(focused, TextField)
        match event.key:
            case pygame.K_UP:
                form.move(-1)
            case pygame.K_DOWN:
                form.move(1)
            case pygame.K_TAB:
                form.next(-1 if event.mod & pygame.KMOD_SHIFT else 1)
            case pygame.K_LEFT:
                form.sideways(-1)
            case pygame.K_RIGHT:
                form.sideways(1)
            case pygame.K_RETURN | pygame.K_KP_ENTER:
                form.activate()
            case pygame.K_SPACE if not is_text:
                form.activate()
            case pygame.K_BACKSPACE if isinstance(focused, TextField):
                if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META):
                    focused.clear()
                else:
                    focused.erase()
            case pygame.K_v if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META):
                if isinstance(focused, TextField):
                    focused.type(_clipboard())
            case pygame.K_ESCAPE:
                self._go_back()

    def _go_back(self) -> None:
        """Forget a message or a pending password; without either, close the lobby."""
        if self.message or self._pending_host:
            self._pending_host = ""
            self._tell("")
        else:
            self._close()

    def _handle_pad(self, event: pygame.event.Event) -> None:
        match event.type:
            case pygame.JOYDEVICEADDED:
                try:
                    pad = pygame.joystick.Joystick(event.device_index)
                except pygame.error:
                    # It was unplugged before its event was read.
                    return
                self._pads[pad.get_instance_id()] = pad
            case pygame.JOYDEVICEREMOVED:
                self._pads.pop(event.instance_id, None)
            case pygame.JOYBUTTONDOWN if event.button == _PAD_ACTIVATE:
                self.form.activate()
            case pygame.JOYBUTTONDOWN if event.button == _PAD_BACK:
                self._go_back()
            case pygame.JOYHATMOTION:
                self._steer(event.value[0], -event.value[1])
            case pygame.JOYAXISMOTION if event.axis in (0, 1):
                self._push_stick(event.axis, event.value)

    def _push_stick(self, axis: int, value: float) -> None:
        if abs(value) < _STICK_RELEASED:
            self._pushed[axis] = False
        elif abs(value) > _STICK_PUSHED and not self._pushed.get(axis):
            self._pushed[axis] = True
            by = 1 if value > 0 else -1
            self._steer(*((by, 0) if axis == 0 else (0, by)))

    def _steer(self, right: int, down: int) -> None:
        if right:
            self.form.sideways(right)
        if down:
            self.form.move(down)


def _clipboard() -> str:
    try:
        return pygame.scrap.get_text()
    except pygame.error:
        return ""


def _draw_qr_code(
    surface: pygame.Surface, code: tuple[tuple[bool, ...], ...], area: pygame.Rect
) -> None:
    """Draw a QR code with its margin, unless its modules are too small for a camera."""
    modules = len(code) + 2 * _QR_MARGIN
    pixels = area.width // modules if code else 0
    if pixels < _QR_LEAST_PX:
        return
    surface.fill(colours.WHITE, (*area.topleft, pixels * modules, pixels * modules))
    for y, line in enumerate(code, _QR_MARGIN):
        for x, is_dark in enumerate(line, _QR_MARGIN):
            if is_dark:
                module = (area.left + x * pixels, area.top + y * pixels, pixels, pixels)
                surface.fill(colours.BLACK, module)
