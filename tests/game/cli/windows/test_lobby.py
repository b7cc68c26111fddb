"""The way from the lobby to a match and back, with choices that a test makes."""

import asyncio
import json
import time
from dataclasses import replace

import pytest

from game.cli.errors import CliError, RefusedError, ScreenName, ScreenWanted
from game.cli.options.transports import usable_transports
from game.cli.windows import lobby as module
from game.cli.windows.lobby import LobbyOptions, NetworkLobby, run_lobby
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from game.runtime.preferences import FOLDER_VARIABLE, preferences_file
from game.view.lobby.choices import HostedGame, LobbyAction, LobbyChoice, LobbySettings
from game.view.window import WindowResult
from game.view.window_options import WindowOptions
from net.security.options import SecurityOptions
from net.session.messages import RefusalReason
from net.transport import Address
from tests.game.support import playing, until

SETTINGS = LobbySettings("Ana", "tcp", "", "", "", "")


@pytest.fixture
def played(monkeypatch, tmp_path):
    """Let a test decide each choice, and what happens to each match."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    record = type("Record", (), {"choices": [], "shown": [], "plays": [], "endings": []})()

    def choose(lobby, settings, window, error, needs_password):
        record.shown.append((settings, error, needs_password))
        return record.choices.pop(0) if record.choices else None

    def play(client, route, window):
        record.plays.append((client, window))
        ending = record.endings.pop(0)
        if isinstance(ending, Exception):
            raise ending
        return ending

    monkeypatch.setattr(module, "_choose", choose)
    monkeypatch.setattr(module, "run_play_window", play)
    return record


def run(name="Ana"):
    client = ClientSettings(Address("", 0), JoinRequest(name, ""))
    run_lobby(LobbyOptions(WindowOptions(), client))


def test_who_leaves_a_match_comes_back_to_the_lobby(played):
    played.choices += [LobbyChoice(LobbyAction.JOIN, SETTINGS, "127.0.0.1:9")] * 2
    played.endings += [WindowResult.BACK, WindowResult.LEFT]
    run()
    assert len(played.plays) == 2
    client, window = played.plays[0]
    assert (client.settings.join.name, str(client.settings.address)) == ("Ana", "127.0.0.1:9")
    assert window.has_lobby
    assert len(played.shown) == 2


def test_an_error_is_said_in_the_lobby(played):
    played.choices.append(LobbyChoice(LobbyAction.JOIN, SETTINGS, "10.0.0.9"))
    played.endings.append(CliError("nobody listens"))
    run()
    assert [error for _, error, _ in played.shown] == ["", "nobody listens"]


def test_an_address_that_is_none_is_said_in_the_lobby(played):
    played.choices.append(LobbyChoice(LobbyAction.JOIN, SETTINGS, "a b"))
    run()
    assert "is no address" in played.shown[1][1]


def test_a_typed_fingerprint_is_the_only_one_accepted(played):
    typed = replace(SETTINGS, fingerprint="SHA256:" + ":".join(["0a"] * 32))
    played.choices.append(LobbyChoice(LobbyAction.JOIN, typed, "10.0.0.9"))
    played.endings.append(WindowResult.LEFT)
    run()
    ((client, _window),) = played.plays
    tls = client.settings.security.tls
    assert (tls.fingerprint, tls.host) == (b"\n" * 32, "10.0.0.9")


def test_a_text_that_is_no_fingerprint_is_said_in_the_lobby(played):
    typed = replace(SETTINGS, fingerprint="SHA256:0a")
    played.choices.append(LobbyChoice(LobbyAction.JOIN, typed, "10.0.0.9"))
    run()
    assert "is no SHA-256 fingerprint" in played.shown[1][1]
    assert not played.plays


def test_a_refused_password_is_asked_for_again_at_the_same_game(played):
    played.choices.append(LobbyChoice(LobbyAction.JOIN, SETTINGS, "10.0.0.9"))
    played.endings.append(RefusedError("wrong", RefusalReason.PASSWORD))
    run()
    settings, error, needs_password = played.shown[1]
    assert (settings.host, error, needs_password) == ("10.0.0.9", "wrong", True)


def test_choices_are_remembered_without_the_password(played):
    chosen = LobbySettings("Eva", "websocket", "wifi", "10.0.0.9", "two", "secret")
    played.choices.append(LobbyChoice(LobbyAction.JOIN, chosen, "10.0.0.9"))
    played.endings.append(CliError("nobody listens"))
    run()
    text = preferences_file().read_text()
    assert "secret" not in text
    assert json.loads(text)["name"] == "Eva"
    played.shown.clear()
    run()
    assert played.shown[0][0] == LobbySettings("Eva", "websocket", "wifi", "10.0.0.9", "", "")


def test_broken_preferences_are_ignored_with_a_line(played, capsys):
    preferences_file().write_text("{")
    run("login")
    assert played.shown[0][0].name == "login"
    (line,) = capsys.readouterr().err.splitlines()
    assert "the remembered choices are ignored" in line


def test_compare_leaves_the_lobby(played):
    played.choices.append(LobbyChoice(LobbyAction.COMPARE, SETTINGS))
    with pytest.raises(ScreenWanted) as wanted:
        run()
    assert wanted.value.screen is ScreenName.COMPARE


@pytest.mark.slow
async def test_a_hosted_game_can_be_joined_with_its_password_and_ends():
    lobby = NetworkLobby({})
    lobby.start_hosting(2, "secret")
    await until(lambda: lobby.hosted() is not None)
    hosted = lobby.hosted()
    assert isinstance(hosted, HostedGame)
    address = lobby.hosted_address
    security = SecurityOptions("secret")
    async with playing(address.port, "udp", security=security) as player:
        assert player.is_playing
    await asyncio.to_thread(lobby.stop_hosting)
    assert lobby.hosted() is None


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "is_right"), [("wrong", False), ("secret", True)])
def test_a_typed_password_opens_the_game_or_is_refused(monkeypatch, typed, is_right):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    lobby = NetworkLobby({})
    lobby.start_hosting(0, "secret")
    try:
        while lobby.hosted() is None:
            time.sleep(0.02)
        settings = replace(SETTINGS, transport="udp", password=typed)
        choice = LobbyChoice(LobbyAction.JOIN, settings, str(lobby.hosted_address))
        client = ClientSettings(Address("", 0), JoinRequest("Ana", ""))
        options = LobbyOptions(WindowOptions(frames=3, mute=True), client)
        if is_right:
            result = module.play_choice(choice, lobby, usable_transports(), options)
            assert result is WindowResult.FRAMES_DRAWN
        else:
            with pytest.raises(RefusedError) as refused:
                module.play_choice(choice, lobby, usable_transports(), options)
            assert refused.value.reason == RefusalReason.PASSWORD
    finally:
        lobby.stop_hosting()
