"""The tables of the report, and their best and worst values."""

import pytest

from game.lab.report.sections import build_sections
from game.lab.report.tables import (
    Highlight,
    Statistic,
    check_table,
    headline_table,
    highlights,
    highlights_within,
    transport_table,
)
from game.lab.report.texts import ENGLISH
from game.lab.report.trace_files import read_measurement
from net.link.profile import LinkProfile
from tests.game.lab.measure.measured import LOSSY, measured_folder

BEST, WORST, NONE = Highlight.BEST, Highlight.WORST, Highlight.NONE


def test_highlights_need_intervals_that_do_not_overlap():
    cases = [
        ([(5, 7), (1, 2)], (WORST, BEST)),
        ([(5, 7), (1, 2), (6, 8)], (WORST, BEST, WORST)),
        ([(5, 7), (1, 2), (3, 4)], (WORST, BEST, NONE)),
        # This order may be chance.
        ([(5, 7), (1, 6)], (NONE, NONE)),
        # The middle one overlaps the best and the worst, so it is neither.
        ([(1, 2), (2, 5), (5, 6)], (BEST, NONE, WORST)),
        ([(1, 2)], (NONE,)),
        # A value without an interval may be better than all others.
        ([(5, 7), (1, 2), None], (NONE, NONE, NONE)),
        ([(3, 3), (3, 3)], (NONE, NONE)),
        ([], ()),
    ]
    failures = []
    for intervals, expected in cases:
        got = highlights([Statistic("", *(interval or ())) for interval in intervals])
        if got != expected:
            failures.append((intervals, expected, got))
    assert failures == []


def test_highlights_compare_values_of_one_measurement():
    values = [Statistic("", 5, 6), Statistic("", 1, 2), Statistic("", 8, 9), Statistic("", 7, 7.5)]
    assert highlights_within(["a", "b", "a", "b"], values) == (BEST, BEST, WORST, WORST)


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    profiles = {"lossy": LOSSY, "free": LinkProfile(delay_s=0.01)}
    folder = measured_folder(tmp_path_factory.mktemp("tables") / "lab", profiles)
    return build_sections([read_measurement(folder, "lab")])[0]


def test_all_rows_of_a_table_are_as_long_as_its_head(section):
    for table in (
        headline_table(section, ENGLISH),
        transport_table(section, ENGLISH),
        check_table([section], ENGLISH),
    ):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.headings)}


def test_the_check_says_what_was_asked_for_and_what_came(section):
    tcp, udp = check_table([section], ENGLISH).rows
    assert (udp[2].text, udp[5].text, udp[7].text) == ("25", "50", "5")
    assert float(udp[3].text) == pytest.approx(25.0, abs=0.5)
    assert float(udp[6].text) == pytest.approx(50.0, abs=1.0)
    assert tcp[1].text == "tcp"


def test_the_course_table_holds_the_handshakes(section):
    connect, first_snapshot, *_ = transport_table(section, ENGLISH).rows
    assert [cell.text for cell in connect[1:]] == ["1.0", "2.0"]
    assert [cell.text for cell in first_snapshot[1:]] == ["2.0", "3.0"]
