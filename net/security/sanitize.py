"""Replacement of unprintable characters in text from the network, for people to read.  [pure]"""

__all__ = ["printable"]


def printable(text: str, limit: int) -> str:
    """Return the first ``limit`` characters of a text, with a question mark for each unprintable.

    So no text from the network breaks a line, or controls the terminal with an escape sequence.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text[:limit])
