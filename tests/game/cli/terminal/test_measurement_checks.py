"""What is said of a measurement beside its figures."""

from types import SimpleNamespace

import pytest

from game.cli.errors import CliError, ExitCode
from game.cli.terminal.measurement_checks import require_results, warn_if_disturbed
from game.lab.measure.results import BUSY_MS


def run_late_by(baseline_age_ms):
    return SimpleNamespace(baseline_age_ms=baseline_age_ms)


def test_a_busy_computer_is_told_of(capsys):
    warn_if_disturbed([run_late_by(None), run_late_by(0.3), run_late_by(4 * BUSY_MS)])
    assert capsys.readouterr().err.startswith(
        "this computer was busy: without any link a snapshot took 4.0 ms "
    )


@pytest.mark.parametrize("ages_ms", [(), (None,), (0.3, BUSY_MS)])
def test_a_quiet_one_is_not(ages_ms, capsys):
    warn_if_disturbed(map(run_late_by, ages_ms))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("failures", "refusals", "said", "code"),
    [
        (["udp: gone", "tcp: full"], ["tcp: full"], "tcp: full", ExitCode.REFUSED),
        (["tcp: gone"], [], "no transport got an answer from lab-pc", ExitCode.NO_SERVER),
        ([], [], "ended before there was any data", ExitCode.INCOMPLETE),
    ],
)
def test_no_figures_at_all_have_a_reason(failures, refusals, said, code):
    nothing = SimpleNamespace(analyses=[], failures=failures, refusals=refusals)
    with pytest.raises(CliError) as raised:
        require_results(nothing, "lab-pc")
    assert said in str(raised.value)
    assert raised.value.exit_code == code
