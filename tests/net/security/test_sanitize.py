"""Sanitised text: printable, on one line, of bounded length."""

from net.security.sanitize import printable


def test_unprintable_characters_become_question_marks():
    expected = {
        "Ñandú 李 ok": "Ñandú 李 ok",
        # Escape sequences of a terminal.
        "\x1b[2J\x9b1m\a": "?[2J?1m?",
        # Ends of lines.
        "one\r\ntwo\u2028three": "one??two?three",
        # Right-to-left override, and half a surrogate pair.
        "a\u202eb\ud800": "a?b?",
    }
    assert {text: printable(text, 100) for text in expected} == expected


def test_the_text_is_cut_at_the_limit():
    assert printable("\0" * 9, 3) == "???"
