"""Everybody turned away is counted, and the log stays short."""

from game.server.rejections import BAD_MESSAGE, TOO_FAST, RejectionLog


def test_many_alike_are_counted_and_said_once(caplog):
    caplog.set_level("INFO")
    refusals = RejectionLog()
    for number in range(50):
        refusals.record(BAD_MESSAGE, f"peer {number}")
    refusals.record(TOO_FAST, "somebody else")
    assert refusals.counts == {BAD_MESSAGE: 50, TOO_FAST: 1}
    assert [record.message for record in caplog.records] == [
        "bad-message: peer 0",
        "too-fast: somebody else",
    ]
