"""The option of the SNTP server that ``serve`` can run beside the game."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from game.cli.errors import CliError
from game.cli.options.numbers import number_option
from net.errors import ListenError
from net.transport import PORT_MAX, Address

if TYPE_CHECKING:
    from game.server.sntp import SntpServer

SntpPort = Annotated[
    int | None,
    number_option(0, PORT_MAX, "Tell the time by SNTP on this UDP port; 0 takes any free port."),
]


@asynccontextmanager
async def sntp_server(host: str, port: int | None) -> AsyncIterator["SntpServer | None"]:
    """Run an SNTP server in the block; None if ``port`` is None. Raises ``CliError``."""
    if port is None:
        yield None
        return
    # Imported only when it is asked for.
    from game.server.sntp import SntpServer

    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(SntpServer(Address(host, port)))
        except ListenError as error:
            raise CliError(f"--sntp-port: {error}") from error
        yield server
