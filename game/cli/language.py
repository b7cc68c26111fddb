"""Language of the command line: that of ``--lang``, else the system's.

Help texts are translated after typer has read the commands: a command is written in English only.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from typer.core import TyperCommand, TyperGroup

from game.runtime.system_language import LANGUAGE_VARIABLE, system_language
from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS, LinkWords

_OPTION = "--lang"
CODES = ("en", "es")
_HELP_OPTIONS = ("-h", "--help")


@contextmanager
def language_of(arguments: Sequence[str]) -> Iterator[None]:
    """Use the language that ``--lang`` names inside the block, in child processes too.

    An unknown language changes nothing here: the option itself rejects it.
    """
    before = os.environ.get(LANGUAGE_VARIABLE)
    code = _named_language(arguments)
    if code in CODES:
        os.environ[LANGUAGE_VARIABLE] = code
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(LANGUAGE_VARIABLE, None)
        else:
            os.environ[LANGUAGE_VARIABLE] = before


def is_spanish() -> bool:
    """Return whether the command line speaks Spanish now."""
    return _is_spanish(system_language())


def link_words() -> LinkWords:
    """Return the words for the label of an emulated link."""
    return SPANISH_LINK_WORDS if is_spanish() else ENGLISH_LINK_WORDS


def translated(text: str) -> str:
    """Return a help text in the present language; each paragraph has its own translation."""
    # One line each: typer would break a paragraph where the source does, and at its width too.
    paragraphs = [" ".join(each.split()) for each in text.split("\n\n")]
    if is_spanish():
        # Imported here: only a Spanish help needs it.
        from game.cli.spanish_help import SPANISH

        paragraphs = [SPANISH.get(each, each) for each in paragraphs]
    return "\n\n".join(paragraphs)


def say(text: str) -> str:
    """Return a finished line, heading or cell in the present language.

    Only the English text is written at the call. Its values are found again in Spanish.
    """
    return translator(system_language())(text)


def translator(language: str) -> Callable[[str], str]:
    """Return the function that puts a finished line into a language."""
    if not _is_spanish(language):
        return str
    # Imported here: only a Spanish command line or window needs it.
    from game.cli.message_catalogue import in_spanish

    return in_spanish


def translate_command(command: Any) -> None:
    """Translate the help texts of a command or group, and of its options and arguments."""
    for name in ("help", "short_help"):
        if text := getattr(command, name, None):
            setattr(command, name, translated(text))
    for parameter in command.params:
        if text := getattr(parameter, "help", None):
            parameter.help = translated(text)


def leave_out_language(group: Any, arguments: Sequence[str]) -> None:
    """Take ``--lang`` from a group if a command is typed without options before it.

    typer loads pydantic (70 ms) to convert even the None of an absent option.
    """
    if arguments and not arguments[0].startswith("-"):
        group.params = [each for each in group.params if _OPTION not in each.opts]


def translate_titles(arguments: Sequence[str]) -> None:
    """Translate the titles that typer puts over the parts of a help page."""
    if not is_spanish() or not any(option in arguments for option in _HELP_OPTIONS):
        return
    # Imported here: it loads rich, which only a help page needs.
    from typer import rich_utils

    for name in ("OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE", "ARGUMENTS_PANEL_TITLE"):
        setattr(rich_utils, name, translated(getattr(rich_utils, name)))
    rich_utils.DEFAULT_STRING = translated(rich_utils.DEFAULT_STRING)
    rich_utils.REQUIRED_LONG_STRING = translated(rich_utils.REQUIRED_LONG_STRING)


class TranslatedCommand(TyperCommand):
    """Command whose ``--help`` option is described in the present language."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option."""
        return _with_translated_help(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line that says what to type."""
        return _translated_usage(super().get_usage(ctx))


class TranslatedGroup(TyperGroup):
    """Group whose ``--help`` option is described in the present language."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option."""
        return _with_translated_help(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line that says what to type."""
        return _translated_usage(super().get_usage(ctx))


def _is_spanish(language: str) -> bool:
    return language[:2].lower() == "es"


def _translated_usage(usage: str) -> str:
    for word in ("Usage:", "[OPTIONS]", "COMMAND [ARGS]..."):
        usage = usage.replace(word, say(word))
    return usage


def _with_translated_help(option: Any) -> Any:
    if option is not None and option.help:
        option.help = translated(option.help)
    return option


def _named_language(arguments: Sequence[str]) -> str:
    """Return the value of the first ``--lang``; empty without one."""
    for index, argument in enumerate(arguments):
        if argument == _OPTION and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(f"{_OPTION}="):
            return argument.removeprefix(f"{_OPTION}=")
    return ""
