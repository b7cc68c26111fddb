"""What a command says when it cannot do what it was asked for, and the code it ends with."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    INCOMPLETE = 1
    BAD_ARGUMENTS = 2
    REFUSED = 3
    NO_SERVER = 4


class Complaint(Exception):
    """Ends a command; the message is one line for the person who typed it."""

    def __init__(self, text: str, exit_code: ExitCode = ExitCode.BAD_ARGUMENTS) -> None:
        super().__init__(text)
        self.exit_code = exit_code
