"""What strangers chose stays letters on a line."""

import pytest

from net.security.sanitize import printable


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ñandú 李 ok", "Ñandú 李 ok"),
        ("\x1b[2J\x9b1m\a", "?[2J?1m?"),
        ("one\r\ntwo\u2028three", "one??two?three"),
        ("a\u202eb\ud800", "a?b?"),
    ],
    ids=["letters", "steering", "ends of lines", "reordering and halves"],
)
def test_only_what_can_be_printed_is_shown(text, seen):
    assert printable(text, 100) == seen


def test_no_more_is_shown_than_was_asked_for():
    assert printable("\0" * 9, 3) == "???"
