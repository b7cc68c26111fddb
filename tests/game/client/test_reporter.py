"""The statistics that a client reports: the visual error, and when a report is due."""

from game.client.class_state import ClassState
from game.client.reporter import Reporter
from game.client.visual_error import VisualError
from game.protocol.messages import BlindStage, BlindTest, LinkChanged, Notice
from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS


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


def test_the_link_has_the_label_of_the_users_language():
    state = ClassState(SPANISH_LINK_WORDS)
    assert state.link_label == ""
    assert state.apply(LinkChanged(1, "delay=2.5ms", 7))
    assert state.link_label == "ENLACE 2,5 ms, por sentido, semilla 7"
    assert not state.apply(LinkChanged(2, "delay=2.5ms", 7))


def test_a_link_of_a_later_version_is_shown_as_it_is():
    state = ClassState(ENGLISH_LINK_WORDS)
    state.apply(LinkChanged(1, "wormhole=3", 7))
    assert state.link_label == "LINK wormhole=3, seed 7"


def test_there_are_choices_while_a_blind_test_is_on_only():
    state = ClassState(ENGLISH_LINK_WORDS)
    state.apply(BlindTest(1, BlindStage.VOTING, ("tcp", "udp")))
    state.apply(Notice(1, "anything"))
    assert state.blind_choices == ("tcp", "udp")
    state.apply(BlindTest(1, BlindStage.REVEALED, ("tcp", "udp")))
    assert state.blind_choices == ()
