"""The commands ``jitterball ping`` and ``time``."""

import re
import signal
import subprocess

import pytest

from game.cli.app import main
from game.lab.measure import pinger
from game.server.local import LocalServer
from game.server.settings import ServerSettings
from tests.game.cli.command_line import JITTERBALL, check_errors
from tests.game.support import serving_in_thread
from tests.platforms import posix_signals

ANSWER = re.compile(
    r"answer (\d+): rtt \d+\.\d\d ms, offset [+-]\d+\.\d{6} s ± \d+\.\d\d ms, jitter \d+\.\d\d ms"
)
# A free port on loopback where nobody listens: the one for discarding.
NOBODY = "127.0.0.1:9"


@pytest.fixture(scope="module")
def host():
    with serving_in_thread() as address:
        yield address


@pytest.mark.parametrize("name", ["tcp", "udp", "websocket"])
def test_each_reply_has_a_line_and_then_there_is_a_summary(host, name, capsys):
    typed = ["ping", host, "--transport", name, "--count", "3", "--interval", "0.15"]
    assert main(typed) == 0
    *answers, headline, counts, rtt, offset = capsys.readouterr().out.splitlines()
    assert [ANSWER.fullmatch(line)[1] for line in answers] == ["1", "2", "3"]
    assert headline == f"--- {host} over {name} ---"
    assert counts == "3 sent, 3 answered, 0 lost (0%)"
    assert rtt.startswith("rtt min ")
    assert offset.startswith("server clock minus ours: ")


def test_a_ping_goes_through_the_link(host, capsys):
    typed = ["ping", host, "--count", "2", "--interval", "0.15", "--link", "delay=30ms"]
    assert main(typed) == 0
    printed = capsys.readouterr().out
    assert "LINK 30 ms, each way" in printed
    least = float(re.search(r"rtt min (\d+\.\d+)", printed)[1])
    assert least >= 60


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tcp", "udp", "websocket"])
def test_a_ping_with_a_password_is_answered_over_a_round_trip_of_4_s(name, capsys, monkeypatch):
    monkeypatch.setenv("JITTERBALL_PASSWORD", "let us in")
    with serving_in_thread(ServerSettings(port=0, password="let us in")) as address:
        typed = ["ping", address, "--transport", name, "--count", "1", "--link", "delay=2s"]
        assert main(typed) == 0
    assert "1 sent, 1 answered" in capsys.readouterr().out


def test_replies_that_came_in_a_pause_are_answers_but_tell_no_time(host, capsys, monkeypatch):
    monkeypatch.setattr(pinger, "PAUSE_S", -1.0)
    assert main(["ping", host, "--count", "2", "--interval", "0.15"]) == 0
    printed = capsys.readouterr().out
    assert "2 sent, 2 answered, 0 lost (0%)" in printed
    assert "2 answered while this program was stopped" in printed
    assert main(["time", host]) == 4
    assert f"{host}: no answer was timed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("transport", "counts"),
    [
        ("tcp", "4 sent, 3 answered, 1 lost (25%)"),
        ("udp", "4 sent, 3 answered, 1 lost or overtaken (25%)"),
    ],
)
def test_where_a_later_ping_may_overtake_the_summary_says_so(
    host, transport, counts, capsys, monkeypatch
):
    exchange = pinger.Pinger.on_exchange

    def without_the_last(self, *times):
        if len(self.replies) < 3:
            exchange(self, *times)
        else:
            self._all_answered.set()

    monkeypatch.setattr(pinger.Pinger, "on_exchange", without_the_last)
    typed = ["ping", host, "--transport", transport, "--count", "4", "--interval", "0.15"]
    assert main(typed) == 0
    assert counts in capsys.readouterr().out.splitlines()


@posix_signals
def test_ctrl_c_prints_the_summary(host):
    command = [*JITTERBALL, "ping", host, "--interval", "0.15"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(2):
            assert process.stdout.readline().startswith("answer")
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=60.0)
    assert process.returncode == 0
    assert "answered" in said
    assert complained == ""


def test_the_exchange_with_the_least_delay_tells_the_time(host, capsys):
    assert main(["time", host]) == 0
    _, *exchanges, clock, offset, delay = capsys.readouterr().out.splitlines()
    assert len(exchanges) == 8
    delays = [float(line.split()[4]) for line in exchanges]
    (best,) = (i for i, line in enumerate(exchanges) if "least delay" in line)
    assert delays[best] == min(delays)
    assert float(delay.split()[1]) == delays[best]
    assert clock.startswith("server clock ")
    # Both read the same clock here.
    assert abs(float(offset.split()[1])) < 0.05


@pytest.mark.slow
def test_the_servers_log_names_the_command(capsys):
    with LocalServer("--log-level", "info") as server:
        assert main(["ping", str(server.address), "--count", "1"]) == 0
        assert main(["time", str(server.address)]) == 0
    log = capsys.readouterr().err
    for name in ("ping", "time"):
        assert f"joins room 'main' as '{name}'" in log


@pytest.mark.parametrize("command", ["ping", "time"])
def test_without_a_server_there_is_one_line(command, capsys):
    assert main([command, NOBODY]) == 4
    assert "nobody listens at 127.0.0.1:9" in capsys.readouterr().err


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [
        ("ping", "HOST"),
        ("ping lab --interval 0", "is not a number from 0.12 to 60"),
        ("ping lab --count 0", "is not a whole number from 1"),
        ("time lab --transport upd", "did you mean 'udp'?"),
        ("time lab:99999", "a port is a number from 1 to 65535"),
    ]
    check_errors(cases, capsys)
