"""Rejection log: all are counted, few are logged."""

from game.server.rejections import BAD_MESSAGE, TOO_FAST, RejectionLog


def test_equal_reasons_are_counted_and_logged_once(caplog):
    caplog.set_level("INFO")
    rejections = RejectionLog()
    for number in range(50):
        rejections.record(BAD_MESSAGE, f"peer {number}")
    rejections.record(TOO_FAST, "another peer")
    assert rejections.counts == {BAD_MESSAGE: 50, TOO_FAST: 1}
    assert [record.message for record in caplog.records] == [
        "bad-message: peer 0",
        "too-fast: another peer",
    ]
