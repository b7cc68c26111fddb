"""The exit codes of ``jitterball``, and the exception that ends a command with one of them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of a command, for scripts."""

    DONE = 0
    INCOMPLETE = 1
    BAD_ARGUMENTS = 2
    REFUSED = 3
    NO_SERVER = 4


class CliError(Exception):
    """An error that ends a command; the message is one line for the user."""

    def __init__(self, text: str, exit_code: ExitCode = ExitCode.BAD_ARGUMENTS) -> None:
        super().__init__(text)
        self.exit_code = exit_code
