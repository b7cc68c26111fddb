"""What a server writes on standard error: lines for people, or one JSON object a line.

Strangers choose parts of it (names, reasons) and how often it is written: here a line stays a line
and steers no terminal, and lines of one kind do not fill the host's disk.
"""

import json
import logging
import sys
import textwrap
from datetime import UTC, datetime
from time import perf_counter
from types import TracebackType

from net.security.rate_limit import LogThrottle

# What ``sys.exc_info`` returns.
ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

# Lines from one place in the program: everybody of a class that comes with three clients each is
# seen, somebody who comes and goes all night writes less than 20 MB of each kind.
_LINES_PER_S = 2.0
_LINES_BURST = 128.0


class TextFormatter(logging.Formatter):
    """Time, level and message in one line; what follows of an error is indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record; what cannot be shown stands escaped in it."""
        return _escaped(super().formatMessage(record))

    def formatException(self, ei: ExceptionInfo) -> str:
        """Return a traceback whose lines cannot be taken for the log's own."""
        lines = super().formatException(ei).split("\n")
        return textwrap.indent("\n".join(map(_escaped, lines)), "    ")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, and any error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        written = json.dumps(line, ensure_ascii=False)
        # JSON itself leaves the control characters above 127 and the bidirectional ones.
        return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in written)


class RateLimitFilter(logging.Filter):
    """Lets through so many lines from each place in the program, and counts the others.

    Debugging is left alone: who asks for it wants it all.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, int], LogThrottle] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be written; it then says how many were not."""
        if record.levelno <= logging.DEBUG:
            return True
        place = (record.pathname, record.lineno)
        kind = self._kinds.setdefault(place, LogThrottle(_LINES_PER_S, _LINES_BURST))
        more = kind.admit(perf_counter())
        if more:
            record.msg, record.args = record.getMessage() + more, ()
        return more is not None


def log_to_stderr(level: str, as_json: bool) -> None:
    """Write what our own packages say from ``level`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    handler.addFilter(RateLimitFilter())
    logging.basicConfig(handlers=[handler])
    # What the libraries below have to say matters only when something goes wrong.
    for package in ("game", "net", "plugins"):
        logging.getLogger(package).setLevel(level.upper())


def _escaped(text: str) -> str:
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
