"""Tests of undo: proof of a spurious recovery by timestamps or by DSACKs."""

from net.link.tcp.spurious_recovery import Undo


def begun(resent_out: int = 0) -> Undo:
    undo = Undo()
    undo.remember(window=10, ssthresh=20.0)
    undo.begin(una=1000, resent_out=resent_out)
    return undo


def test_nothing_is_spurious_before_anything_is_resent() -> None:
    assert not begun().all_duplicates()


def test_echo_from_before_the_first_retransmission_is_proof() -> None:
    undo = begun()
    undo.note_resend(5.0)
    undo.note_resend(5.1)
    assert undo.answers_original(echo=4.9)
    assert not undo.answers_original(echo=5.0)


def test_every_retransmission_reported_twice_is_proof() -> None:
    undo = begun()
    undo.note_resend(5.0)
    undo.note_resend(5.1)
    undo.note_duplicate((1000, 1064))
    assert not undo.all_duplicates()
    undo.note_duplicate((1064, 1128))
    assert undo.all_duplicates()
    assert undo.is_spurious(echo=9.0)


def test_duplicates_from_before_the_recovery_do_not_count() -> None:
    undo = begun()
    undo.note_resend(5.0)
    undo.note_duplicate((900, 1000))
    assert not undo.all_duplicates()


def test_earlier_retransmissions_must_be_reported_too() -> None:
    undo = begun(resent_out=1)
    undo.note_resend(5.0)
    undo.note_duplicate((1000, 1064))
    assert not undo.all_duplicates()


def test_closed_proves_nothing() -> None:
    undo = begun()
    undo.note_resend(5.0)
    undo.close()
    assert not undo.is_open
    assert not undo.is_spurious(echo=0.0)
