"""The commands ``jitterball measure`` and ``validate``."""

import json
import re
import subprocess
import sys

import pytest

from game.cli.app import main
from game.lab import join_timeout
from game.lab.measure import run_recorder
from game.lab.measure.measurement import Measurement
from game.lab.measure.results_folder import (
    FRAMES_FILE,
    REPORT_FILE,
    RESULTS_FILE,
    SAMPLES_FILE,
    load,
)
from game.server.local import LocalServer
from game.server.settings import ServerSettings
from net.link.kernel.namespaces import KernelLinkUnavailable, check_kernel_link
from tests.disturbance import skip_if_disturbed
from tests.game.cli.command_line import LIMIT_S, check_errors
from tests.game.support import serving_in_thread
from tests.platforms import posix_signals

# A free port on loopback where nobody listens: the one for discarding.
NOBODY = "127.0.0.1:9"


def what_is_missing_for_a_kernel_link() -> str:
    try:
        check_kernel_link()
    except KernelLinkUnavailable as missing:
        return str(missing)
    return ""


MISSING = what_is_missing_for_a_kernel_link()
needs_kernel_link = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def measured_too_early(*_arguments):
    raise AssertionError("measured before the arguments were checked")


@pytest.fixture(autouse=True)
def _short_warm_up(monkeypatch):
    """Spare the seconds in which figures settle: here they only have to be there."""
    monkeypatch.setattr(run_recorder, "WARM_UP_S", 0.5)


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Measurement, "run", measured_too_early)
    cases = [
        ("measure --transports tcp,upd", "no transport 'upd': did you mean 'udp'?"),
        ("measure --transports tcp,tcp", "names a transport twice"),
        ("measure --transports ,", "names no transport"),
        ("measure --link loss=150%", "more than 100%"),
        ("measure --link losy", "did you mean lossy? See: jitterball links"),
        ("measure --link nope", "See: jitterball links"),
        ("measure --link lan --link lossy --link lan", "--link lan is given twice"),
        ("measure --seconds 0", "is not a number from 1 to 3600"),
        ("measure --kernel", "give --link, and no HOST"),
        ("measure --room main", "--room is for another computer's server: give its HOST"),
        ("measure --out .", "'.' exists: name a new folder, such as measurement"),
        ("measure --out /", "'/' exists: name a new folder, such as /measurement"),
        ("measure --out ..", "'..' exists: name a new folder, such as ../measurement"),
        ("measure --out a/..", "'a/..' exists: name a new folder, such as a/../measurement"),
        ("measure --out /dev/null/x", "--out '/dev/null/x' cannot be created: Not a directory"),
        (f"measure --out {'x' * 300}", "cannot be created: File name too long"),
        ("measure lab-pc --room a/\u200bb", "no name for a room"),
        ("measure lab-pc:99999", "a port is a number from 1 to 65535"),
    ]
    check_errors(cases, capsys)


@pytest.mark.slow
def test_every_link_is_measured_and_written_down(tmp_path, capsys):
    out = tmp_path / "lab"
    typed = f"--link lan --link lossy --seconds 1 --bots 1 --seed 7 --out {out}"
    assert main(["measure", *typed.split()]) == 0
    results = load(out)
    runs = [(run.link, run.transport) for run in results.runs]
    assert runs == [
        (link, name) for link in ("lan", "lossy") for name in ("tcp", "udp", "websocket")
    ]
    assert (results.seed, results.emulation, results.clock) == (7, "model", "shared")
    assert {each.transport for each in results.handshakes} == {"tcp", "udp", "websocket"}
    assert (out / SAMPLES_FILE).stat().st_size > 1000
    assert (out / FRAMES_FILE).stat().st_size > 1000
    printed = capsys.readouterr().out
    assert printed.count("lossy") == 3
    assert f"written to {out}" in printed


@pytest.mark.slow
def test_the_comparison_table_is_printed_and_no_file_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["measure", "--table", "--link", "lan", "--seconds", "1", "--bots", "0"]) == 0
    printed = capsys.readouterr().out
    for row in ("round trips to connect", "header bytes per message", "messages resent"):
        assert row in printed
    assert not any(tmp_path.iterdir())


@pytest.mark.slow
def test_without_a_server_there_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(join_timeout, "JOIN_TIMEOUT_S", 0.5)
    out = tmp_path / "lab"
    assert main(["measure", NOBODY, "--seconds", "1", "--out", str(out)]) == 4
    assert "no transport got an answer from 127.0.0.1:9" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_every_transport_joins_over_a_round_trip_of_4_s(tmp_path, capsys):
    out = tmp_path / "lab"
    typed = f"--transports tcp,udp --link delay=2s --seconds 4 --bots 0 --out {out}"
    assert main(["measure", *typed.split()]) == 0, capsys.readouterr().err
    assert [run.transport for run in load(out).runs] == ["tcp", "udp"]


@pytest.mark.slow
def test_a_transport_without_an_answer_is_named_and_the_others_are_measured(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(join_timeout, "JOIN_TIMEOUT_S", 6.0)
    out = tmp_path / "lab"
    with LocalServer("--transport", "tcp", "--log-level", "warning") as server:
        typed = f"{server.address} --transports tcp,udp --seconds 1 --out {out}"
        assert main(["measure", *typed.split()]) == 1
    assert "no data over udp on link none: " in capsys.readouterr().err
    assert [run.transport for run in load(out).runs] == ["tcp"]


def test_when_all_are_refused_the_reason_is_printed(tmp_path, capsys, monkeypatch):
    # A server may accept a probe and still refuse the player who joins after it.
    monkeypatch.setattr(
        "game.cli.commands.measure.prompt_until_accepted",
        lambda first, address, security, room: security,
    )
    out = tmp_path / "lab"
    with serving_in_thread(ServerSettings(port=0, password="sesame")) as address:
        typed = f"{address} --transports udp --seconds 1 --out {out}"
        assert main(["measure", *typed.split()]) == 3
    assert "no data over udp on link none: this server asks" in capsys.readouterr().err
    assert not out.exists()


# Ctrl-C in a terminal reaches the whole process group; here after a second of measuring.
INTERRUPTED = """
import os, signal, sys
from game.cli.app import main
from game.lab.measure import run_recorder
from game.lab.measure.measurement import Measurement
from game.lab.measure.run_recorder import Stage

run_recorder.WARM_UP_S = 0.5
run = Measurement.run

def run_for_a_second(measurement, watch, save):
    def watch_and_interrupt(progress):
        watch(progress)
        if progress.stage is Stage.RECORDING and progress.elapsed_s > 1.0:
            os.killpg(0, signal.SIGINT)

    run(measurement, watch_and_interrupt, save)

Measurement.run = run_for_a_second
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@posix_signals
def test_ctrl_c_keeps_the_data(tmp_path):
    out = tmp_path / "lab"
    typed = f"measure --transports udp --seconds 50 --out {out}"
    measured = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *typed.split()],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        start_new_session=True,
    )
    assert measured.returncode == 1
    assert "interrupted" in measured.stderr
    assert "Traceback" not in measured.stderr
    (run,) = load(out).runs
    assert 0.5 < run.seconds < 40.0
    assert f"written to {out}" in measured.stdout
    # The title claims no more than was measured, nor does the report.
    assert f", {load(out).duration_text} s per link," in measured.stdout
    assert f"{run.seconds:.1f}".removesuffix(".0") == load(out).duration_text
    assert f"{load(out).duration_text} s" in (out / REPORT_FILE).read_text("utf-8")


@needs_kernel_link
@pytest.mark.timing
def test_the_kernels_tcp_is_measured(tmp_path):
    out = tmp_path / "lab"
    typed = f"--kernel --link delay=20ms,loss=5% --seconds 4 --bots 1 --seed 7 --out {out}"
    with skip_if_disturbed():
        assert main(["measure", *typed.split()]) == 0
        plain = json.loads((out / RESULTS_FILE).read_text())
        assert plain["emulation"] == "kernel"
        for run in load(out).runs:
            assert run.snapshot_age_ms.p50 == pytest.approx(20, abs=10)
            assert run.visual_error.n > 100
            assert run.ledger is None
    tcp, udp, _ = load(out).runs
    assert tcp.retransmitted > 0
    assert tcp.snapshots.lost == 0
    assert udp.snapshots.lost > 0


@needs_kernel_link
@pytest.mark.slow
@pytest.mark.xdist_group("kernel link")
def test_model_and_kernel_are_compared(capsys):
    code = main(
        ["validate", "--transports", "udp", "--link", "delay=10ms", "--seconds", "5", "--seed", "7"]
    )
    printed = capsys.readouterr().out
    assert printed.count("agree") + printed.count("DIFFER") == 6
    assert code == (1 if "DIFFER" in printed else 0)


@pytest.mark.skipif(not MISSING, reason="there can be a kernel link here")
def test_without_a_kernel_link_one_line_names_what_is_missing(capsys):
    assert main(["validate"]) == 2
    assert MISSING in capsys.readouterr().err


@pytest.mark.slow
def test_the_clients_join_a_new_room_unless_one_is_named(tmp_path, capsys):
    joined = []
    for number, room in enumerate(([], [], ["--room", "main"])):
        with LocalServer("--bots", "1", "--log-level", "info") as server:
            typed = f"{server.address} --transports udp --seconds 1 --out {tmp_path / str(number)}"
            assert main(["measure", *typed.split(), *room]) == 0
        log = capsys.readouterr().err
        joined.append(set(re.findall(r"joins room '(.*?)' as", log)))
    (first,), (second,), (third,) = joined
    assert re.fullmatch(r"lab [0-9a-f]{6}", first)
    assert re.fullmatch(r"lab [0-9a-f]{6}", second)
    assert first != second
    assert third == "main"


@pytest.mark.parametrize("command", ["measure", "compare --json"])
def test_a_server_with_fixed_rooms_asks_for_one_of_them(command, capsys):
    with serving_in_thread(ServerSettings(port=0, rooms=("red", "blue"))) as address:
        assert main([*command.split(), address, "--seconds", "1"]) == 3
    said = capsys.readouterr().err.splitlines()[-1]
    assert "there are red, blue; name it with --room" in said


# Runs a command after an edit of the class that measures.
EDITED = """
import os, signal, sys, time
from game.cli.app import main
from game.lab.measure import run_recorder
from game.lab.measure.measurement import Measurement

run_recorder.WARM_UP_S = 0.5
run = Measurement.run

def run_edited(measurement, on_progress, save):
    def save_and_end(results, analyses):
        save(results, analyses)
        {end}

    run(measurement, on_progress, save_and_end)

Measurement.run = run_edited
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


def measure_edited(end, typed, **how):
    return subprocess.run(
        [sys.executable, "-c", EDITED.format(end=end), *typed.split()],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        **how,
    )


TWO_LINKS = "measure --transports udp --link lan --link lossy --seconds 1 --bots 0"


@pytest.mark.slow
@posix_signals
def test_ctrl_c_between_two_links_keeps_the_finished_one(tmp_path):
    out = tmp_path / "lab"
    ended = measure_edited("os.kill(os.getpid(), signal.SIGINT)", f"{TWO_LINKS} --out {out}")
    assert ended.returncode == 1, ended.stderr
    assert "interrupted: the data until then was kept" in ended.stderr
    assert [run.link for run in load(out).runs] == ["lan"]
    assert (out / REPORT_FILE).exists()


@posix_signals
@pytest.mark.slow
def test_finished_links_are_kept_after_a_kill(tmp_path, capsys):
    out = tmp_path / "lab"
    ended = measure_edited("os.kill(os.getpid(), signal.SIGKILL)", f"{TWO_LINKS} --out {out}")
    assert ended.returncode == -9
    assert [run.link for run in load(out).runs] == ["lan"]
    assert main(["report", str(out)]) == 0


@pytest.mark.slow
def test_an_error_in_a_later_link_says_where_the_finished_ones_are(tmp_path):
    out = tmp_path / "lab"
    end = "from net.errors import ListenError; raise ListenError('no port')"
    ended = measure_edited(end, f"{TWO_LINKS} --out {out}")
    assert ended.returncode == 2
    assert f"the links measured before are in {out}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [run.link for run in load(out).runs] == ["lan"]


@pytest.mark.slow
def test_ctrl_c_before_any_data_leaves_no_folder(tmp_path, capsys, monkeypatch):
    def interrupt_at_once(measurement, on_progress, save):
        measurement.was_interrupted = True

    monkeypatch.setattr(Measurement, "run", interrupt_at_once)
    out = tmp_path / "lab"
    assert main(["measure", "--bots", "0", "--out", str(out)]) == 1
    assert "interrupted: there was no data yet" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_a_folder_that_was_removed_meanwhile_is_made_again(tmp_path, monkeypatch):
    out = tmp_path / "lab"
    run = Measurement.run

    def remove_and_run(measurement, on_progress, save):
        out.rmdir()
        run(measurement, on_progress, save)

    monkeypatch.setattr(Measurement, "run", remove_and_run)
    typed = f"measure --transports udp --seconds 1 --bots 0 --out {out}"
    assert main(typed.split()) == 0
    assert len(load(out).runs) == 1


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a device that is full")
@pytest.mark.parametrize("stdout", ["> /dev/full", ">&-", "| head -c 1"])
def test_no_trouble_with_standard_output_loses_the_data(stdout, tmp_path):
    out = tmp_path / "lab"
    typed = f"-m game measure --transports udp --seconds 1 --bots 0 --out {out}"
    subprocess.run(
        f"{sys.executable} -P {typed} {stdout}", shell=True, capture_output=True, timeout=LIMIT_S
    )
    assert len(load(out).runs) == 1
    assert (out / REPORT_FILE).exists()
