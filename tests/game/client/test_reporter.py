"""The statistics that a client reports: the visual error, and when a report is due."""

from game.client.reporter import Reporter
from game.client.visual_error import VisualError


def test_an_error_is_known_when_a_later_snapshot_has_come():
    error = VisualError()
    error.add_frame(10.0, 5.0, (3.0, 0.0))
    error.settle(4.9, lambda at: (0.0, 4.0))
    assert error.latest is None
    assert error.p95 is None
    error.settle(5.0, lambda at: (0.0, 4.0))
    assert error.latest == 5.0
    assert error.p95 == 5.0


def test_errors_are_of_the_last_minute():
    error = VisualError()
    for at, x in ((0.0, 100.0), (70.0, 1.0)):
        error.add_frame(at, at, (x, 0.0))
        error.settle(at, lambda at: (0.0, 0.0))
    assert error.p95 == 1.0


def test_one_report_is_due_after_a_pause():
    reporter = Reporter(("tcp",), 1.0, 0.0)
    assert not reporter.is_due(0.9)
    assert reporter.is_due(1.0)
    assert not reporter.is_due(1.5)
    assert reporter.is_due(10.0)
    assert not reporter.is_due(10.5)
    assert reporter.is_due(11.0)
