"""The log of a server on standard error: text lines, or one JSON object per line.

Clients choose parts of it (names, reasons) and how often it is written. So control characters are
escaped, and lines of one kind are limited, or a client could fill the disk.
"""

import json
import logging
import sys
import textwrap
from datetime import UTC, datetime
from time import perf_counter
from types import TracebackType

from game.cli.terminal.background_stream import BackgroundStream, dropped_text
from game.cli.translated_log import TranslatedFormatter
from net.security.token_bucket import LogThrottle

# What ``sys.exc_info`` returns.
ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

# The limit of each source line. The burst shows each of 40 players with three clients. A client
# that reconnects all night writes less than 20 MB of each kind.
_LINES_PER_S = 2.0
_LINES_BURST = 128.0


class TextFormatter(TranslatedFormatter):
    """A formatter for lines with time, level and message; tracebacks are indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record, with control characters escaped."""
        return _escaped(super().formatMessage(record))

    def formatException(self, ei: ExceptionInfo) -> str:
        """Return a traceback, indented so that its lines cannot look like log lines."""
        lines = super().formatException(ei).split("\n")
        return textwrap.indent("\n".join(map(_escaped, lines)), "    ")


class JsonFormatter(logging.Formatter):
    """A formatter for JSON lines: time (UTC, ISO 8601), level, logger, message and error.

    Programs read them, so their language never changes.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON line of a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        written = json.dumps(line, ensure_ascii=False)
        # ``json`` does not escape control characters above 127 and bidirectional characters.
        return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in written)


class RateLimitFilter(logging.Filter):
    """A filter that limits the lines from each source line, and counts the rest.

    Debug lines are not limited.
    """

    def __init__(self) -> None:
        super().__init__()
        self._throttles: dict[tuple[str, int], LogThrottle] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write a record; its message then tells how many were left out."""
        if record.levelno <= logging.DEBUG:
            return True
        source = (record.pathname, record.lineno)
        throttle = self._throttles.setdefault(source, LogThrottle(_LINES_PER_S, _LINES_BURST))
        left_out = throttle.admit(perf_counter())
        if left_out:
            record.msg, record.args = record.getMessage() + left_out, ()
        return left_out is not None


def log_to_stderr(level: str, as_json: bool) -> None:
    """Log the messages of our own packages, from ``level`` on, to standard error."""
    if as_json and isinstance(sys.stderr, BackgroundStream):
        sys.stderr.describe_dropped = _dropped_json_line
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    handler.addFilter(RateLimitFilter())
    logging.basicConfig(handlers=[handler])
    # Libraries log warnings only, which is the default level.
    for package in ("game", "net", "plugins"):
        logging.getLogger(package).setLevel(level.upper())


def log_invalid_datagrams() -> None:
    """Log why datagrams are dropped: over UDP a wrong client gets no answer at all."""
    logging.getLogger("net.datagram").setLevel(logging.DEBUG)
    # Information about one client is more than a server usually logs.
    logging.getLogger("game.server.wire_log").setLevel(logging.INFO)


def _dropped_json_line(count: int) -> str:
    record = logging.LogRecord(__name__, logging.WARNING, "", 0, dropped_text(count), None, None)
    return JsonFormatter().format(record) + "\n"


def _escaped(text: str) -> str:
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
