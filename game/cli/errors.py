"""The exit codes of ``jitterball``, and the exception that ends a command with one of them."""

from enum import Enum, IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from game.view.window_options import WindowOptions


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


class RefusedError(CliError):
    """The server refused the client; ``reason`` is that of the protocol."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, ExitCode.REFUSED)
        self.reason = reason


class ScreenName(Enum):
    """A screen that other screens lead to."""

    COMPARE = "compare"
    LOBBY = "lobby"


class ScreenWanted(Exception):
    """The player goes from one screen to another; ``window`` has the options of the present one.

    It ends a command, so that everything of the present screen is closed before the next opens.
    """

    def __init__(self, screen: ScreenName, window: "WindowOptions") -> None:
        super().__init__(screen.value)
        self.screen = screen
        self.window = window
