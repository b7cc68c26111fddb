"""Commands of bots, as typed: ``node bot.mjs`` or ``ana=python3 bot.py``.  [pure]"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import basename, splitext

from game.protocol.names import NAME_LIMIT, unique_name
from game.protocol.untrusted_text import sanitize_text, unchanged_text

_NAMED = re.compile(r"(?P<name>[^\s=/\\'\"]+)=(?P<command>.+)", re.DOTALL)
# Suffixes of programs in the usual languages: the name of such a file is the name of the bot.
_PROGRAM_SUFFIXES = {".py", ".mjs", ".js", ".rb", ".pl", ".lua", ".sh", ".jar", ".exe", ".php"}


class BotCommandError(ValueError):
    """A command that is not valid; the message is one line that says what would be right."""


@dataclass(frozen=True, slots=True)
class BotCommand:
    """A bot of the league: its name there, and the words of its command."""

    name: str
    words: tuple[str, ...]


def parse_bots(texts: Sequence[str], is_posix: bool = True) -> tuple[BotCommand, ...]:
    """Return the bots of a command line. The second bot of a name gets a number.

    ``is_posix``: a backslash quotes the next character; on Windows it separates folders.
    Raises ``BotCommandError``.
    """
    bots: list[BotCommand] = []
    for text in texts:
        named = _NAMED.fullmatch(text)
        words = _words(named["command"] if named else text, text, is_posix)
        wanted = named["name"] if named else _name_of(words)
        name = sanitize_text(wanted, NAME_LIMIT)
        if named and unchanged_text(wanted, NAME_LIMIT) is None:
            raise BotCommandError(
                f"{wanted!r} is no name for a bot: give 1 to {NAME_LIMIT} printable characters"
            )
        bots.append(BotCommand(unique_name(name or "bot", {bot.name for bot in bots}), words))
    return tuple(bots)


def _words(command: str, text: str, is_posix: bool) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command, posix=is_posix))
    except ValueError as error:
        raise BotCommandError(f"{text!r} is no command: a quotation mark is missing") from error
    if not words or not words[0]:
        raise BotCommandError(f"{text!r} is no command: give one, as in 'python3 bot.py'")
    return words


def _name_of(words: Sequence[str]) -> str:
    """Return the stem of the program's file: of the first script, else of the first word."""
    files = [splitext(basename(word.replace("\\", "/"))) for word in words]
    scripts = (stem for stem, suffix in files if suffix.lower() in _PROGRAM_SUFFIXES)
    return next(scripts, files[0][0])
