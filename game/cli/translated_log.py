"""Log lines in the language of the command line."""

import logging

from game.cli.language import say

# A client fills parts of some lines, and to search a long text for templates takes time.
_LONGEST_LINE = 300


class TranslatedFormatter(logging.Formatter):
    """A formatter whose messages are in the present language. Tracebacks stay as they are."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        if len(record.message) <= _LONGEST_LINE:
            record.message = say(record.message)
        return super().formatMessage(record)


def translate_warnings() -> None:
    """Translate the warnings of a command that has no log: Python prints them on standard error."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(TranslatedFormatter())
