"""Tests of the teacher's settings at a client: the label of the link, and the blind test."""

from game.client.teacher_settings import TeacherSettings
from game.protocol.messages import BlindStage, BlindTest, LinkChanged, Notice
from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS


def test_the_link_has_the_label_of_the_users_language():
    state = TeacherSettings(SPANISH_LINK_WORDS)
    assert state.link_label == ""
    assert state.apply(LinkChanged(1, "delay=2.5ms", 7))
    assert state.link_label == "ENLACE 2,5 ms, por sentido, semilla 7"
    assert not state.apply(LinkChanged(2, "delay=2.5ms", 7))


def test_a_link_of_a_later_version_is_shown_as_it_is():
    state = TeacherSettings(ENGLISH_LINK_WORDS)
    state.apply(LinkChanged(1, "wormhole=3", 7))
    assert state.link_label == "LINK wormhole=3, seed 7"


def test_there_are_choices_while_a_blind_test_is_on_only():
    state = TeacherSettings(ENGLISH_LINK_WORDS)
    state.apply(BlindTest(1, BlindStage.VOTING, ("tcp", "udp")))
    state.apply(Notice(1, "anything"))
    assert state.blind_choices == ("tcp", "udp")
    state.apply(BlindTest(1, BlindStage.REVEALED, ("tcp", "udp")))
    assert state.blind_choices == ()


def test_a_vote_is_kept_until_the_test_ends():
    state = TeacherSettings(ENGLISH_LINK_WORDS)
    voting = BlindTest(1, BlindStage.VOTING, ("tcp", "udp"))
    state.apply(voting)
    state.vote = "udp"
    state.apply(voting)
    assert state.vote == "udp"
    state.apply(BlindTest(1, BlindStage.OFF, ("tcp", "udp")))
    assert state.vote == ""
