"""The window of ``jitterball play``: a client in the network thread, the screen in this one."""

import getpass
from typing import TYPE_CHECKING

from game.cli.errors import CliError, ExitCode, RefusedError
from game.cli.language import translator
from game.cli.refusal import describe_refusal
from game.client.client import Client
from game.client.window_source import WindowSource
from game.protocol.names import DEFAULT_NAME, NAME_LIMIT
from game.protocol.untrusted_text import sanitize_text
from game.runtime.network_thread import NetworkThread
from net.link.relay.route import EmulatedRoute

if TYPE_CHECKING:
    from game.view.window import WindowResult
    from game.view.window_options import WindowOptions

# Seven and the player: four a side.
PRACTICE_BOTS = 7


def run_play_window(
    client: Client, route: EmulatedRoute, options: "WindowOptions"
) -> "WindowResult":
    """Let a person play, and return the reason why the window closed.

    Raises ``CliError`` if there is no server, it refuses, or a picture cannot be written.
    """
    from game.view.display import DisplayUnavailable
    from game.view.screenshots import ImageWriteError
    from game.view.window import WindowResult, run_window

    with NetworkThread(client.run) as network:
        try:
            translate = translator(options.language)
            result = run_window(WindowSource(client, route, network, translate), options)
        except DisplayUnavailable as error:
            raise CliError(str(error)) from error
        except ImageWriteError as failure:
            raise CliError(str(failure), ExitCode.INCOMPLETE) from failure
        reason = client.status_text or f"no answer yet over {client.transport}"
    if client.refusal is not None:
        text = describe_refusal(client.settings, client.refusal)
        raise RefusedError(text, client.refusal.reason)
    address = client.settings.address
    if result is WindowResult.NO_SERVER:
        raise CliError(f"found no server at {address}: {reason}", ExitCode.NO_SERVER)
    if result is WindowResult.SERVER_LOST:
        raise CliError(f"lost the server at {address}: {reason}", ExitCode.NO_SERVER)
    return result


def player_name(name: str | None) -> str:
    """Return the typed name, else the login name. Raises ``CliError`` if it is not valid."""
    if name is not None:
        if shown := sanitize_text(name, NAME_LIMIT):
            return shown
        raise CliError(f"{name!r} is no name: give printable characters")
    try:
        return sanitize_text(getpass.getuser(), NAME_LIMIT) or DEFAULT_NAME
    # Before Python 3.13 ``getuser`` passes on the errors of the system's user database.
    except (OSError, KeyError, ImportError):
        return DEFAULT_NAME
