"""What a command says when it cannot do what it was asked for, and the code it ends with."""

from enum import IntEnum

from game.client.client import ClientSettings
from game.protocol.addresses import DEFAULT_PORT, format_host
from net.errors import SessionRefused
from net.session.messages import RefusalReason


class ExitCode(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    INCOMPLETE = 1
    BAD_ARGUMENTS = 2
    REFUSED = 3
    NO_SERVER = 4


class CliError(Exception):
    """Ends a command; the message is one line for the person who typed it."""

    def __init__(self, text: str, exit_code: ExitCode = ExitCode.BAD_ARGUMENTS) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def describe_refusal(settings: ClientSettings, refusal: SessionRefused) -> str:
    """Say why we are not in, and what may be done instead."""
    if refusal.reason == RefusalReason.NO_TLS:
        return str(refusal)
    text = f"the server refused: {refusal}"
    if refusal.reason != RefusalReason.ROOM_FULL:
        return text
    typed = format_host(*settings.address, DEFAULT_PORT)
    return f"{text}; to see the match: jitterball play {typed} --watch"
