"""The command line: its output, errors and exit codes."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from urllib.request import urlopen

import pygame
import pytest

from game.cli.app import SUMMARIES, main
from game.cli.refusal import describe_refusal
from game.client.settings import ClientSettings
from game.protocol.addresses import HTTP_PORT_OFFSET
from game.protocol.messages import JoinRequest
from game.server.local import LOOPBACK
from game.server.settings import ServerSettings
from net.errors import SessionRefused
from net.session.messages import RefusalReason
from net.transport import Address
from tests.disturbance import skip_if_disturbed
from tests.game.cli.command_line import LIMIT_S, begun, check_errors, run
from tests.game.support import serving_in_thread
from tests.platforms import posix_signals
from tests.ports import free_base_port


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run ``serve``, and give its process and what it says before one can join."""
    with begun("serve", "--log-level", "warning", *options, **environment) as (process, said):
        yield process, said


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [
        ("play --transport upd", "no transport 'upd': did you mean 'udp'?"),
        ("serve --transport pigeon", "no transport 'pigeon': installed are tcp, udp, websocket"),
        ("serve --snapshot-hz 4", "'--snapshot-hz': '4' is not a whole number from 5 to 60"),
        ("serve --snapshot-hz 61", "'--snapshot-hz': '61' is not a whole number from 5 to 60"),
        ("serve --port 65536", "'--port': '65536' is not a whole number from 0 to 65535"),
        ("serve --port http", "'--port': 'http' is not a whole number from 0 to 65535"),
        ("serve --port 65535", "give at most 65534"),
        ("serve --bots 41", "'41' is not a whole number from 0 to 40"),
        ("serve --bot-skill hrad", "'--bot-skill': 'hrad' is not one of 'easy', 'normal', 'hard'"),
        ("serve --http-port 0", "'--http-port': '0' is not a whole number from 1 to 65535"),
        ("serve --http-port 8080 --no-http", "give --http-port or --no-http, not both"),
        ("serve --http-port 8080 --port 0", "with --http-port give --port too"),
        ("serve --host 192.0.2.77", "192.0.2.77 is no address of this computer"),
        ("serve --host no.such.invalid", "no host is called 'no.such.invalid'"),
        ("serve --room \u202e", "is no name for a room"),
        ("serve --log-wire this-name-is-too-long", "no player has this name"),
        ("play --codec jsn", "no codec 'jsn': there are msgpack and json"),
        ("play lab-pc:99999", "a port is a number from 1 to 65535"),
        ("play lab-pc:65535", "give at most 65534"),
        ("play [::1", "an IPv6 with a port looks like [::1]:7777"),
        ("play --interpolation-ms nan", "'nan' is not a number from 0 to 1000"),
        ("play --screenshot a.png", "--screenshot saves the last of the --frames: give --frames"),
        ("play --frames 1 --screenshot a.jpg", "end its name in .png"),
        ("play --frames 1 --screenshot /no/such/a.png", "there is no folder"),
        ("play --name \u202e", "is no name"),
        ("plya", "Did you mean 'play'?"),
        ("serve --transprot tcp", "--transport"),
    ]
    check_errors(cases, capsys)


def test_every_command_has_a_help_that_begins_with_its_summary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failures = []
    for name, summary in SUMMARIES.items():
        assert main([name, "--help"]) == 0
        lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
        if not lines[0].startswith(f"Usage: jitterball {name}") or lines[1] != summary:
            failures.append((name, lines[:2]))
    assert failures == []


def test_a_paragraph_of_a_help_breaks_only_where_the_terminal_is_full(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main(["league", "--help"]) == 0
    # In the source the paragraph has two lines.
    sentence = "as arguments, and in its environment as JITTERBALL_HOST and so on."
    assert sentence in capsys.readouterr().out


def test_help_lists_every_command_and_imports_none() -> None:
    lazy = {"pygame", "pygame_gui", "plotly", "cryptography", "websockets", "pydantic", "asyncio"}
    script = (
        "import sys; from game.cli.app import main; main(['--help']);"
        f"loaded = {lazy} & set(sys.modules);"
        "loaded |= {name for name in sys.modules if name.startswith('game.cli.commands.')};"
        "loaded |= {name for name in sys.modules if name.startswith('game.cli.windows.')};"
        "assert not loaded, loaded"
    )
    help_text = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "120"},
    ).stdout
    missing = {text for pair in SUMMARIES.items() for text in pair if text not in help_text}
    assert missing == set()


def test_transports_are_listed_without_slow_libraries() -> None:
    slow = {"pygame", "plotly", "cryptography", "aioquic", "pydantic", "game.lab"}
    script = (
        "import sys; from game.cli.app import main; main(['transports']);"
        f"loaded = {slow} & set(sys.modules);"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_transports_are_listed_with_what_they_guarantee(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transports"]) == 0
    table = capsys.readouterr().out
    for expected in ("tcp", "udp", "websocket", "built in", "+1", "56 B", "may be lost"):
        assert expected in table


def test_a_plugin_is_listed_and_a_broken_one_is_marked(tmp_path: Path) -> None:
    info = tmp_path / "smoke_signals-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: smoke-signals\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(
        "[jitterball.transports]\nsmoke = smoke:Smoke\nfog = no_such_module:Fog\n"
    )
    (tmp_path / "smoke.py").write_text(
        "from plugins.udp import UdpTransport\nclass Smoke(UdpTransport):\n    name = 'smoke'\n"
    )
    listed = run("transports", PYTHONPATH=str(tmp_path))
    assert listed.returncode == 0
    rows = defaultdict(str)
    for line in listed.stdout.splitlines():
        rows[line.split()[0] if line.strip() else ""] += line
    assert "smoke-signals 1.2" in rows["smoke"]
    assert "may be lost" in rows["smoke"]
    assert "broken" in rows["fog"]
    assert "no_such_module" in rows["fog"]


@pytest.fixture(scope="module")
def said() -> Iterator[list[str]]:
    """Run a server, and give what it says before one can join."""
    options = ("--host", LOOPBACK, "--port", "0", "--seed", "7", "--receive-buffer", "100000")
    with serving(*options) as (_, said):
        yield said


def test_a_server_prints_the_commands_to_join(said: list[str]) -> None:
    first, *rest = said
    port = re.fullmatch(r"listening on 127\.0\.0\.1, port (\d+), seed 7", first)
    assert port is not None
    join = f"join: jitterball play {LOOPBACK}:{port[1]} --transport"
    assert rest[:3] == [f"{join} tcp", f"{join} udp", f"{join} websocket"]


def test_a_server_prints_the_granted_buffers(said: list[str]) -> None:
    granted = [line for line in said if "receive buffer: requested 100000 bytes" in line]
    assert len(granted) == 2
    assert all(re.search(r"granted \d+$", line) for line in granted)


def test_a_server_says_where_its_page_is(said: list[str]) -> None:
    port = int(re.search(r"port (\d+)", said[0])[1])
    url = f"http://{LOOPBACK}:{port + HTTP_PORT_OFFSET}/"
    assert f"in a browser, on a phone too: {url}" in said
    with urlopen(url, timeout=LIMIT_S) as answer:
        assert b"<title>Jitterball</title>" in answer.read()


def test_a_server_says_that_no_password_is_set_and_what_is_not_encrypted(said: list[str]) -> None:
    assert any("this computer only; no password is set" in line for line in said)
    assert "not encrypted, readable on the network: tcp, udp, websocket" in said
    assert not any("--transport quic" in s and "--fingerprint" not in s for s in said)


@pytest.mark.slow
def test_a_server_with_a_password_and_tls_says_so_and_nothing_of_a_page_it_does_not_have() -> None:
    options = ("--host", LOOPBACK, "--port", "0", "--no-http")
    with serving(*options, "--tls-self-signed", JITTERBALL_PASSWORD="sesame") as (_, said):
        assert any("a password is set" in line for line in said)
        assert any(
            re.search(r"fingerprint of the certificate, .*: ([0-9A-F]{2}:){31}[0-9A-F]{2}$", s)
            for s in said
        )
        assert not any("not encrypted" in line for line in said)
        assert not any("sesame" in line for line in said)
        assert "browser" not in "".join(said)


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with serving_in_thread() as address:
        port = address.rpartition(":")[2]
        assert main(["serve", "--host", LOOPBACK, "--port", port, "--transport", "tcp"]) == 2
    in_use = f"jitterball: port {port} is in use by another program"
    assert capsys.readouterr().err == f"{in_use}; choose another with --port\n"


def test_a_chosen_port_of_the_page_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_base_port()
    with socket.create_server((LOOPBACK, 0)) as taken:
        http_port = taken.getsockname()[1]
        options = ("--host", LOOPBACK, "--port", str(port), "--http-port", str(http_port))
        assert main(["serve", *options]) == 2
    in_use = f"jitterball: --http-port: port {http_port} is in use by another program\n"
    assert capsys.readouterr() == ("", in_use)


@pytest.mark.slow
def test_a_server_does_without_a_page_whose_usual_port_is_taken() -> None:
    port = free_base_port()
    with (
        socket.create_server((LOOPBACK, port + HTTP_PORT_OFFSET)),
        serving("--host", LOOPBACK, "--port", str(port)) as (process, said),
    ):
        assert "browser" not in "".join(said)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=LIMIT_S)
    assert f"no web page: port {port + HTTP_PORT_OFFSET} is in use" in errors
    assert errors.count("\n") == 1
    # Windows ends a process at once.
    assert process.returncode == 0 or sys.platform == "win32"


def seconds_to_end_a_server(signal_name: str) -> float:
    """Send a signal to a server, and return how long it took to end without a complaint."""
    with serving("--host", LOOPBACK, "--port", "0", "--bots", "2") as (process, _):
        asked_at = perf_counter()
        process.send_signal(getattr(signal, signal_name))
        _, errors = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0
        assert errors == ""
        return perf_counter() - asked_at


# The server without a page, above, is ended by SIGTERM.
@posix_signals
def test_ctrl_c_ends_a_server() -> None:
    seconds_to_end_a_server("SIGINT")


@posix_signals
@pytest.mark.timing
def test_ctrl_c_and_sigterm_end_a_server_within_a_second() -> None:
    with skip_if_disturbed():
        for signal_name in ("SIGINT", "SIGTERM"):
            assert seconds_to_end_a_server(signal_name) < 1.0


def test_a_match_is_drawn_without_a_display(tmp_path: Path) -> None:
    picture = tmp_path / "play.png"
    played = run(
        *("play", "--frames", "5", "--screenshot", str(picture), "--name", "Ana", "--mute"),
        *("--send-buffer", "70000", "--codec", "json", "--interpolation-ms", "0"),
        SDL_VIDEODRIVER="dummy",
    )
    assert (played.returncode, played.stderr) == (0, "")
    assert re.search(r"UDP send buffer: requested 70000 bytes, granted \d+\n", played.stdout)
    image = pygame.image.load(picture)
    width, height = image.get_size()
    colours = {tuple(image.get_at((x, y))) for x in range(0, width, 8) for y in range(0, height, 8)}
    # Ground, stripes, lines, two teams, a ball: a blank or half-drawn window has two or three.
    assert len(colours) > 10


@pytest.fixture
def _no_display_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.usefixtures("_no_display_needed")
def test_no_server_is_code_4_and_says_where_it_looked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", f"{LOOPBACK}:9", "--frames", "1", "--timeout", "2"]) == 4
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"jitterball: found no server at {LOOPBACK}:9: ")
    assert complaint.count("\n") == 1


@pytest.mark.usefixtures("_no_display_needed")
def test_a_refusal_is_code_3_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with serving_in_thread(ServerSettings(port=0, rooms=("red", "blue"))) as address:
        assert main(["play", address, "--room", "green", "--frames", "1"]) == 3
    why = "jitterball: the server refused: no room is called 'green' here: there are red, blue\n"
    assert capsys.readouterr().err == why


@pytest.mark.usefixtures("_no_display_needed")
def test_a_wrong_or_missing_password_is_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "word"
    file.write_text("sesame\n")
    cases = [("udp", (), "asks for a password"), ("tcp", ("guess",), "not the password")]
    with serving_in_thread(ServerSettings(port=0, password="sesame")) as address:
        for transport, guesses, why in cases:
            play = ["play", address, "--transport", transport, "--frames", "1", "--mute"]
            assert main([*play, *(f"--password={guess}" for guess in guesses)]) == 3
            assert why in capsys.readouterr().err.splitlines()[-1]
            assert main([*play, "--password-file", str(file)]) == 0
            assert capsys.readouterr().err == ""


def test_a_refusal_by_a_full_room_offers_to_watch() -> None:
    settings = ClientSettings(Address("192.168.1.38", 7777), JoinRequest("Ana", ""))
    said = describe_refusal(
        settings, SessionRefused(RefusalReason.ROOM_FULL, "room 'main' is full")
    )
    assert said.endswith("to watch the match: jitterball play 192.168.1.38 --watch")
    other = describe_refusal(settings, SessionRefused(RefusalReason.BAD_CODEC, "no such codec"))
    assert "--watch" not in other


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_no_display_is_one_line_that_names_what_works_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(variable, raising=False)
    blind = run("play")
    assert blind.returncode == 2
    assert blind.stderr.count("\n") == 1
    assert "no display" in blind.stderr
    assert "jitterball serve, compare, measure, ping, time, " in blind.stderr


def test_a_failure_of_the_network_thread_ends_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("game.client.client.Client.run", fail)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.raises(RuntimeError, match="a defect"):
        main(["play", LOOPBACK, "--frames", "1"])


def test_python_dash_m_game_does_the_same() -> None:
    assert re.fullmatch(r"jitterball \d+\.\d+\.\d+\n", run("--version").stdout)
