"""Text that strangers chose, as people may see it.  [pure]

Knows no message and no terminal.
"""


def printable(text: str, limit: int) -> str:
    """Return at most ``limit`` characters that end no line and steer no terminal.

    What cannot be printed is a question mark each.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text[:limit])
