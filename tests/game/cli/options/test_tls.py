"""Commands that do not agree with the server on TLS: one line, and exit code 3."""

import pytest

from game.cli.app import main
from game.server.settings import ServerSettings
from net.security.certificates import make_self_signed
from net.transport import SocketOptions
from tests.game.support import serving_in_thread

NOT_ITS_FINGERPRINT = "00:" * 31 + "00"
COMMANDS = (
    "ping HOST --transport tcp",
    "time HOST --transport websocket",
    "measure HOST --seconds 1",
    "compare HOST --seconds 1",
    "play HOST --transport tcp --frames 1",
    "play HOST --transport websocket --frames 1",
)


@pytest.fixture(scope="module")
def encrypted():
    sockets = SocketOptions(tls=make_self_signed())
    with serving_in_thread(ServerSettings(port=0, sockets=sockets)) as address:
        yield address


@pytest.fixture(scope="module")
def plain():
    with serving_in_thread() as address:
        yield address


@pytest.fixture(autouse=True)
def _no_display_needed(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def complaint(capsys, host, typed):
    """Return what the command said before it ended with code 3."""
    assert main([host if word == "HOST" else word for word in typed.split()]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("jitterball: ")
    assert printed.err.count("\n") == 1
    return printed.err.strip()


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_client_without_tls_is_told_to_try_it(encrypted, capsys, typed):
    assert complaint(capsys, encrypted, typed).endswith(" speaks TLS only: try --tls")


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_wrong_fingerprint_ends_the_command_at_once(encrypted, capsys, typed):
    said = complaint(capsys, encrypted, f"{typed} --fingerprint {NOT_ITS_FINGERPRINT}")
    assert "its certificate's fingerprint begins " in said
    assert "the one given begins 00:00:00:00: another server, or a new certificate" in said


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_server_without_tls_ends_the_command_at_once(plain, capsys, typed):
    assert "it speaks no TLS" in complaint(capsys, plain, f"{typed} --tls")
