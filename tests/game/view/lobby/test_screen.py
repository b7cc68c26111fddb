"""The lobby by keyboard, mouse and gamepad, in every size and both languages."""

from dataclasses import replace

import pygame
import pytest

from game.view.lobby.choices import (
    HostingFailed,
    LobbyAction,
    LobbySettings,
)
from game.view.lobby.form import Button
from game.view.lobby.screen import LobbyScreen
from game.view.texts import ENGLISH, LANGUAGES
from game.view.theme import Theme
from tests.game.view.lobby.lobby_source import HOSTED, FakeLobby, game

SETTINGS = LobbySettings("Ana", "udp")


class Lobby:
    """A lobby screen and the events that a test sends it."""

    def __init__(self, source, surface, settings=SETTINGS, texts=ENGLISH, **options):
        self.source, self.surface = source, surface
        self.screen = LobbyScreen(source, settings, texts, **options)
        self.screen.resize(surface.get_size(), Theme(surface.get_size()))
        self.now = 0.0
        self.draw()

    def draw(self):
        self.now += 1.0
        self.screen.draw(self.surface, self.now)

    def press(self, *keys, mod=0):
        for key in keys:
            self.screen.handle(pygame.Event(pygame.KEYDOWN, key=key, mod=mod, scancode=0), 1.0)

    def type(self, text):
        self.screen.handle(pygame.Event(pygame.TEXTINPUT, text=text), 1.0)

    def send(self, kind, **fields):
        self.screen.handle(pygame.Event(kind, **fields), 1.0)

    def focus(self, label):
        for _ in range(40):
            if self.screen.form.focused.label == label:
                return
            self.press(pygame.K_TAB)
        raise AssertionError(f"no row {label!r}")

    def click(self, label):
        (rect,) = (rect for row, rect in self.screen.row_rects if row.label == label)
        self.send(pygame.MOUSEBUTTONDOWN, button=1, pos=rect.center)

    @property
    def choice(self):
        return self.screen.choice


@pytest.fixture
def lobby(surface):
    return Lobby(FakeLobby(game("laptop"), game("desk", has_password=True)), surface)


def test_a_found_game_is_joined_by_a_click(lobby):
    lobby.click("laptop")
    assert (lobby.choice.action, lobby.choice.host) == (LobbyAction.JOIN, "192.168.1.6")
    assert lobby.screen.wants_to_close


def test_practice_starts_with_the_first_enter(lobby):
    lobby.press(pygame.K_RETURN)
    assert lobby.choice.action is LobbyAction.PRACTISE


def test_an_address_is_typed_and_joined(lobby):
    lobby.focus("address")
    lobby.type("10.0.0.9:8000")
    lobby.press(pygame.K_BACKSPACE, pygame.K_RETURN)
    assert lobby.choice.host == "10.0.0.9:800"
    assert lobby.choice.settings.host == "10.0.0.9:800"


def test_joining_without_an_address_says_what_is_missing(lobby):
    lobby.click("Join this address")
    assert lobby.choice is None
    assert lobby.screen.message == ENGLISH.lobby_type_address


def test_a_game_with_a_password_asks_for_it_in_the_window(lobby):
    lobby.click("desk")
    assert lobby.choice is None
    assert lobby.screen.form.focused.label == "password"
    lobby.type("secret")
    lobby.press(pygame.K_RETURN)
    assert (lobby.choice.host, lobby.choice.settings.password) == ("192.168.1.4", "secret")


def test_after_a_refused_password_the_field_has_the_focus_and_joins_again(surface):
    settings = replace(SETTINGS, host="10.0.0.9", password="wrong")
    lobby = Lobby(FakeLobby(), surface, settings, error="refused", needs_password=True)
    lobby.press(pygame.K_BACKSPACE, mod=pygame.KMOD_CTRL)
    lobby.type("right")
    lobby.press(pygame.K_RETURN)
    assert (lobby.choice.host, lobby.choice.settings.password) == ("10.0.0.9", "right")


def test_a_game_of_another_version_is_not_joined(surface):
    lobby = Lobby(FakeLobby(game("old", is_joinable=False)), surface)
    lobby.click("old")
    assert lobby.choice is None
    assert lobby.screen.message == ENGLISH.lobby_other_version


def test_name_transport_and_link_are_chosen(lobby):
    lobby.focus("name")
    lobby.type(" B")
    lobby.focus("transport")
    lobby.press(pygame.K_RIGHT)
    lobby.focus("emulated link")
    lobby.press(pygame.K_LEFT)
    lobby.focus("team")
    lobby.press(pygame.K_RIGHT)
    lobby.focus("room")
    lobby.type("two")
    lobby.click("Practise with bots")
    assert lobby.choice.settings == LobbySettings(
        "Ana B", "websocket", "wifi", "", "two", team="ORANGE"
    )


def test_a_hosted_game_shows_its_address_and_is_played_and_closed(lobby):
    lobby.focus("bots to host")
    lobby.press(pygame.K_RIGHT)
    lobby.click("Host a game")
    lobby.click("Host a game")
    assert lobby.source.asked == [(6, "")]
    lobby.source.hosting = HOSTED
    lobby.draw()
    assert [row.label for row in lobby.screen.form.columns[0]] == [
        ENGLISH.lobby_play_here,
        ENGLISH.lobby_stop_hosting,
    ]
    lobby.press(pygame.K_RETURN)
    assert lobby.choice.action is LobbyAction.PLAY_HOSTED
    lobby.click(ENGLISH.lobby_stop_hosting)
    assert lobby.source.asked[-1] == "stop"
    assert len(lobby.screen.form.columns[0]) == 5


def test_a_server_that_could_not_start_is_told_and_can_be_tried_again(lobby):
    lobby.click("Host a game")
    lobby.source.hosting = HostingFailed("no port is free")
    lobby.draw()
    assert lobby.screen.message == "no port is free"
    lobby.click("Host a game")
    assert len([each for each in lobby.source.asked if each != "stop"]) == 2


@pytest.mark.parametrize(
    ("rooms", "count", "shown"),
    [
        (("main", "lab"), 2, "rooms: main, lab"),
        (("main", "lab"), 9, "rooms: 9"),
        ((), 0, "rooms: 0"),
    ],
)
def test_few_rooms_are_named_and_many_counted(surface, rooms, count, shown):
    lobby = Lobby(FakeLobby(game("laptop", rooms=rooms, room_count=count)), surface)
    (row, *_) = lobby.screen.form.columns[0]
    assert row.detail.endswith(shown)


def test_games_that_come_and_go_leave_the_focus_where_it_was(lobby):
    lobby.focus("desk")
    lobby.source.found = (game("new"), *lobby.source.found)
    lobby.draw()
    assert lobby.screen.form.focused.label == "desk"
    lobby.source.found = ()
    lobby.draw()
    lobby.press(pygame.K_DOWN)
    assert not isinstance(lobby.screen.form.focused, Button) or lobby.screen.form.focused.label


def test_a_fingerprint_is_typed_beside_the_address(lobby):
    lobby.focus("address")
    lobby.type("10.0.0.9")
    lobby.focus("fingerprint")
    lobby.type("SHA256:" + ":".join(["AB"] * 32))
    lobby.press(pygame.K_RETURN)
    assert lobby.choice.host == "10.0.0.9"
    assert lobby.choice.settings.fingerprint == "SHA256:" + ":".join(["AB"] * 32)


def test_a_gamepad_moves_the_focus_and_chooses(lobby):
    lobby.send(pygame.JOYHATMOTION, value=(0, -1))
    assert lobby.screen.form.focused.label == "Host a game"
    for value in (0.9, 0.95, 0.1, 0.8):
        lobby.send(pygame.JOYAXISMOTION, axis=1, value=value)
    # Held, the stick moves once; pushed again, once more.
    assert lobby.screen.form.focused.label == "name"
    lobby.send(pygame.JOYAXISMOTION, axis=1, value=0.0)
    for _ in range(3):
        lobby.send(pygame.JOYHATMOTION, value=(0, 1))
    lobby.send(pygame.JOYBUTTONDOWN, button=0)
    assert lobby.choice.action is LobbyAction.PRACTISE


def test_escape_forgets_a_message_first_and_then_closes(surface):
    lobby = Lobby(FakeLobby(), surface, error="nobody listens")
    lobby.press(pygame.K_ESCAPE)
    assert (lobby.screen.message, lobby.screen.wants_to_close) == ("", False)
    lobby.press(pygame.K_ESCAPE)
    assert lobby.screen.wants_to_close
    assert lobby.choice is None


@pytest.mark.parametrize("size", [(1, 1), (480, 300), (640, 360), (1024, 600), (1280, 720)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_lobby_is_drawn_in_every_size_and_language(size, language):
    window = pygame.Window("test", size)
    many = [game("x" * n, host=f"10.0.0.{n}") for n in range(1, 30)]
    for hosting in (None, HOSTED):
        lobby = Lobby(FakeLobby(*many), window.get_surface(), texts=LANGUAGES[language], error="e")
        lobby.source.hosting = hosting
        lobby.draw()
        # Every row can be reached.
        for _ in range(45):
            lobby.press(pygame.K_TAB)
            lobby.draw()
    window.destroy()


@pytest.mark.parametrize("size", [(640, 360), (1024, 600), (1280, 720)])
def test_all_rows_of_the_player_fit(size):
    window = pygame.Window("test", size)
    lobby = Lobby(FakeLobby(), window.get_surface())
    shown = [row for row, rect in lobby.screen.row_rects if rect.bottom <= size[1]]
    assert set(lobby.screen.form.columns[1]) <= set(shown)
    window.destroy()
