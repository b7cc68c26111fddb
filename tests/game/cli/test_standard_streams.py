"""Commands whose standard streams are missing, poor, full, stopped, or without a reader."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from game.cli.terminal.standard_streams import NO_READER
from tests.disturbance import skip_if_disturbed
from tests.game.cli.command_line import JITTERBALL, LIMIT_S, run
from tests.game.support import serving_in_thread
from tests.ports import free_base_port

if sys.platform == "win32":
    pytest.skip("a POSIX shell closes the streams", allow_module_level=True)

POOR_ENCODINGS = ("ascii", "cp866", "cp874", "cp932")
SHORT = "--count 2 --interval 0.15"


@pytest.fixture(scope="module")
def host():
    with serving_in_thread() as address:
        yield address


def commands(host: str, folder: str) -> dict[str, str]:
    return {
        "help": "--help",
        "help of serve": "serve --help",
        "version": "--version",
        "links": "links",
        "transports": "transports",
        "ping": f"ping {host} {SHORT}",
        "time": f"time {host}",
        "compare": f"compare {host} --seconds 1 --transports udp",
        "measure": f"measure {host} --seconds 1 --transports udp --out {folder}",
        "table": f"measure {host} --seconds 1 --transports udp --table",
        "play": f"play {host} --frames 2 --mute",
        "diagram": f"diagram --out {folder}.svg",
    }


NAMES = tuple(commands("", ""))
# Each run takes a few commands that end at once. The others are much like them, or take a second
# of processor time.
QUICK_NAMES = ("help", "transports")


def named(*names: str) -> pytest.MarkDecorator:
    """Parametrize a test with the names of commands; those that take long are marked slow."""
    slow = [pytest.param(name, marks=pytest.mark.slow) for name in names if name not in QUICK_NAMES]
    return pytest.mark.parametrize("name", [name for name in names if name in QUICK_NAMES] + slow)


def in_shell(arguments: str, redirection: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *JITTERBALL, *arguments.split()],
        capture_output=True,
        timeout=LIMIT_S,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
    )


@named(*(name for name in NAMES if name != "version"))
def test_a_poor_encoding_gets_plain_stand_ins(name, host, tmp_path):
    encoding = POOR_ENCODINGS[NAMES.index(name) % len(POOR_ENCODINGS)]
    typed = commands(host, str(tmp_path / "lab"))[name]
    ended = subprocess.run(
        [*JITTERBALL, *typed.split()],
        capture_output=True,
        timeout=LIMIT_S,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy", "PYTHONIOENCODING": encoding},
    )
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False), ended.stderr
    ended.stdout.decode(encoding)


@pytest.mark.parametrize(
    "closed",
    [
        "<&- >&- 2>&-",
        *(pytest.param(one, marks=pytest.mark.slow) for one in (">&-", "2>&-", "<&-")),
    ],
)
@named("links", "ping", "time", "play", "help")
def test_missing_streams_are_no_terminal(name, closed, host, tmp_path):
    ended = in_shell(commands(host, str(tmp_path / "lab"))[name], closed)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.slow
@named("compare", "measure")
def test_a_measurement_needs_no_streams(name, host, tmp_path):
    ended = in_shell(commands(host, str(tmp_path / "lab"))[name], "<&- >&- 2>&-")
    assert ended.returncode == 0
    assert (name == "measure") == (tmp_path / "lab" / "results.json").exists()


@pytest.mark.slow
def test_a_server_without_streams_serves(tmp_path):
    free = free_base_port()
    with subprocess.Popen(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *JITTERBALL, "serve", "--port", str(free)]
    ) as process:
        try:
            deadline = monotonic() + LIMIT_S
            while run("ping", f"127.0.0.1:{free}", *SHORT.split()).returncode != 0:
                assert monotonic() < deadline
                assert process.poll() is None
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0


@pytest.mark.parametrize(
    "transport",
    ["udp", *(pytest.param(name, marks=pytest.mark.slow) for name in ("tcp", "websocket"))],
)
def test_a_ping_whose_reader_leaves_ends_quietly(transport, host):
    typed = [*JITTERBALL, "ping", host, "--interval", "0.15", "--transport", transport]
    with subprocess.Popen(typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(LIMIT_S) == NO_READER
        assert process.stderr.read() == b""


@pytest.mark.slow
@named(*NAMES)
def test_a_command_whose_reader_has_left_ends_quietly(name, host, tmp_path):
    typed = commands(host, str(tmp_path / "lab"))[name]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        ended = subprocess.run(
            [*JITTERBALL, *typed.split()],
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=LIMIT_S,
            env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
        )
    assert ended.returncode == (0 if name == "play" else NO_READER)
    assert b"Broken" not in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert b"Exception" not in ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a device that is full")
@named("links", "ping", "measure")
def test_a_full_disk_behind_the_output_is_said_in_one_line(name, host, tmp_path):
    ended = in_shell(commands(host, str(tmp_path / "lab"))[name], ">/dev/full")
    assert ended.returncode == 1
    last = ended.stderr.decode().splitlines()[-1]
    assert last == "jitterball: standard output cannot be written: No space left on device"


@contextmanager
def in_a_terminal(*arguments: str, **environment: str):
    """Run a command in a terminal that shows nothing; yield the process and the terminal."""
    terminal, inner = os.openpty()
    with subprocess.Popen(
        [*JITTERBALL, *arguments],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=os.environ | {"TERM": "xterm"} | environment,
        start_new_session=True,
    ) as process:
        os.close(inner)
        try:
            yield process, terminal
        finally:
            process.kill()
            os.close(terminal)


def read_until(terminal: int, pattern: str) -> re.Match[str]:
    shown, deadline = "", monotonic() + LIMIT_S
    while monotonic() < deadline:
        shown += os.read(terminal, 65536).decode(errors="replace")
        if found := re.search(pattern, shown):
            return found
    raise AssertionError(f"{pattern!r} is not in {shown!r}")


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_stopped_terminal_stops_no_match(transport):
    typed = "serve --port 0 --no-http --host 127.0.0.1 --log-level debug"
    with skip_if_disturbed(), in_a_terminal(*typed.split()) as (process, terminal):
        port = read_until(terminal, r"listening on 127\.0\.0\.1, port (\d+)")[1]
        # From here nobody reads: a terminal holds 4 KiB, a table of the players is 1 KiB.
        sleep(6.0)
        for _ in range(4):
            ended = run("ping", f"127.0.0.1:{port}", *SHORT.split(), "--transport", transport)
            assert ended.returncode == 0, ended.stderr
            assert ", 0 lost" in ended.stdout
        began_at = monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0
        assert monotonic() - began_at < 6.0
