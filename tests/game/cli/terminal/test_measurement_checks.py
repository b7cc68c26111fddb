"""The checks of a measurement: a busy computer, and missing results."""

from types import SimpleNamespace

import pytest

from game.cli.errors import CliError, ExitCode
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.lab.measure.results import BUSY_MS


def run_late_by(baseline_age_ms):
    return SimpleNamespace(baseline_age_ms=baseline_age_ms, program_paused_ms=5.0)


def test_a_busy_computer_is_warned_of(capsys):
    warn_if_disturbed([run_late_by(None), run_late_by(0.3), run_late_by(4 * BUSY_MS)])
    assert capsys.readouterr().err.startswith(
        "this computer was busy: without any link a snapshot took 4.0 ms "
    )


def test_a_quiet_computer_is_not_warned_of(capsys):
    warned = []
    for ages_ms in [(), (None,), (0.3, BUSY_MS)]:
        warn_if_disturbed(map(run_late_by, ages_ms))
        if capsys.readouterr().err:
            warned.append(ages_ms)
    assert warned == []


def test_a_program_that_was_stopped_is_warned_of(capsys):
    run = SimpleNamespace(baseline_age_ms=0.3, program_paused_ms=6000.0)
    warn_if_disturbed(iter([run_late_by(0.3), run]))
    assert capsys.readouterr().err.startswith("this program did not run for 6.0 s")


def test_missing_results_have_a_reason():
    cases = [
        (["udp: gone", "tcp: full"], ["tcp: full"], "tcp: full", ExitCode.REFUSED),
        (["tcp: gone"], [], "no transport got an answer from lab-pc", ExitCode.NO_SERVER),
        ([], [], "ended before there was any data", ExitCode.INCOMPLETE),
    ]
    wrong = []
    for failures, refusals, text, code in cases:
        nothing = SimpleNamespace(analyses=[], failures=failures, refusals=refusals)
        with pytest.raises(CliError) as raised:
            require_results(nothing, "lab-pc")
        if text not in str(raised.value) or raised.value.exit_code != code:
            wrong.append((text, str(raised.value), raised.value.exit_code))
    assert wrong == []
