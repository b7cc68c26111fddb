"""The conclusion of the report: its sentences follow the figures."""

from dataclasses import replace

import pytest

from game.lab.measure.results import Estimate
from game.lab.report.conclusion import conclusions
from game.lab.report.page import named_plots, page
from game.lab.report.plot_types import GREY
from game.lab.report.sections import build_sections
from game.lab.report.texts import ENGLISH, SPANISH
from game.lab.report.trace_files import read_measurement
from tests.game.lab.measure.measured import LOSSY, measured_folder

NEVER = Estimate(0.0, 0.0, 0.01)


@pytest.fixture(scope="module")
def measurement(tmp_path_factory):
    folder = measured_folder(tmp_path_factory.mktemp("conclusion") / "lab", {"lossy": LOSSY})
    return read_measurement(folder, "lab")


def with_runs(measurement, **changes):
    """Return the measurement with fields of the runs replaced: ``tcp={...}``, ``udp={...}``."""
    runs = tuple(replace(run, **changes.get(run.transport, {})) for run in measurement.results.runs)
    return replace(measurement, results=replace(measurement.results, runs=runs))


def concluded(measurement, texts=ENGLISH, **changes):
    (text,) = conclusions(build_sections([with_runs(measurement, **changes)]), texts)
    return text


def complete(measurement, name):
    (run,) = (run for run in measurement.results.runs if run.transport == name)
    return replace(run.snapshots, lost=0, stale=0)


def test_a_difference_is_told_only_if_it_is_larger_than_chance(measurement):
    clear = {
        "tcp": {"frozen_ratio": Estimate(0.09, 0.07, 0.11)},
        "udp": {"frozen_ratio": Estimate(0.0003, 0.0, 0.0006)},
    }
    text = concluded(measurement, **clear)
    assert "was frozen for this share of the time: udp <0.1% and tcp 9%." in text
    assert "fewer frozen frames over udp than over tcp" in text
    chance = clear | {"udp": {"frozen_ratio": Estimate(0.06, 0.02, 0.1)}}
    text = concluded(measurement, **chance)
    assert "could be chance" in text
    assert "fewer" not in text


def test_a_picture_that_never_froze_is_said_to_be_so(measurement):
    text = concluded(measurement, tcp={"frozen_ratio": NEVER}, udp={"frozen_ratio": NEVER})
    assert text.startswith("On link lossy the picture was never frozen, over any transport.")
    assert "chance" not in text


def test_lost_snapshots_and_connections_are_told_where_there_were_some(measurement):
    nothing = {name: {"snapshots": complete(measurement, name)} for name in ("tcp", "udp")}
    text = concluded(measurement, **nothing)
    assert "never came" not in text
    assert "lost their connection" not in text
    nothing["tcp"] |= {"connections_lost": 2, "disconnected_ms": 20_300.0}
    text = concluded(measurement, **nothing)
    assert "lost their connection, how often and for how long: tcp (2: 20.3 s)." in text
    assert "never came, or came too late: udp" in concluded(measurement)


def test_a_busy_computer_is_told_of(measurement):
    assert "The computer was busy" not in concluded(measurement)
    assert "The computer was busy" in concluded(measurement, tcp={"baseline_age_ms": 8.0})
    assert "estaba ocupado" in concluded(measurement, SPANISH, tcp={"baseline_age_ms": 8.0})


def page_of(measurement, texts=ENGLISH):
    sections = build_sections([measurement])
    return page([measurement], sections, named_plots(sections, texts), texts, "")


@pytest.mark.parametrize("texts", [ENGLISH, SPANISH], ids=["en", "es"])
def test_the_conclusion_stands_first(measurement, texts):
    text = page_of(measurement, texts)
    assert text.index(texts.conclusion) < text.index(texts.setup_explained[:30])


def test_the_texts_on_loss_name_those_that_lost(measurement):
    text = page_of(measurement)
    assert "end below 100%: udp." in text
    assert "with retransmissions: tcp." in text
    whole = {name: {"snapshots": complete(measurement, name)} for name in ("tcp", "udp")}
    whole["tcp"]["retransmitted"] = whole["udp"]["retransmitted"] = 0
    text = page_of(with_runs(measurement, **whole))
    assert "end below 100%:" not in text
    assert "with retransmissions:" not in text


def test_a_lost_connection_is_a_column_and_a_grey_band(measurement):
    text = page_of(measurement)
    assert ENGLISH.disconnected_explained not in text
    assert GREY not in text
    lost = with_runs(measurement, tcp={"connections_lost": 1, "disconnected_ms": 10_216.7})
    lost.traces["tcp", "lossy"].outages.append((1.0, 2.0))
    try:
        text = page_of(lost)
    finally:
        lost.traces["tcp", "lossy"].outages.clear()
    assert "1: 10.2 s" in text
    assert ENGLISH.disconnected_explained in text
    assert GREY in text
    assert "null" in text


def test_a_program_that_was_stopped_is_warned_of(measurement):
    assert "did not run for" not in page_of(measurement)
    stopped = with_runs(measurement, udp={"program_paused_ms": 6000.0})
    assert "This program did not run for 6 s" in page_of(stopped)
