"""The options of the web page that ``serve`` serves beside the game."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.numbers import number_option
from game.protocol.addresses import HTTP_PORT_OFFSET
from net.errors import ListenError
from net.transport import PORT_MAX, Address, Transport

if TYPE_CHECKING:
    from game.server.server import GameServer
    from game.web.publisher import Publisher

log = logging.getLogger(__name__)

# Every page can use it. WebTransport needs a page that was loaded over HTTPS.
WEBSOCKET = "websocket"

HttpPort = Annotated[
    int | None,
    number_option(
        1,
        PORT_MAX,
        f"Serve the web page here. Default: the number people type + {HTTP_PORT_OFFSET}.",
    ),
]
NoHttp = Annotated[
    bool, typer.Option("--no-http", help="Serve no web page, no /api/ and no /metrics.")
]


@dataclass(frozen=True, slots=True)
class WebPageOptions:
    """The address of the web page.

    ``port_offset`` is added to the base port of the game server.
    ``is_chosen``: the user chose the port. ``is_required``: the server does not run
    without a page.
    """

    port_offset: int
    is_chosen: bool
    is_required: bool

    def offset_from(self, transport: Transport) -> int:
        """Return the page's port less the transport's."""
        return self.port_offset - transport.port_offset


def web_page_options(
    port: int, http_port: int | None, no_http: bool, as_child: bool, *, is_required: bool = False
) -> WebPageOptions | None:
    """Return where to serve the page, or None for nowhere.

    A child of another program serves a page only if asked to. Raises ``CliError``.
    """
    if is_required and no_http:
        raise CliError("--class needs the page, which sets everybody's link: leave --no-http out")
    if no_http and http_port is not None:
        raise CliError("give --http-port or --no-http, not both")
    if no_http or (as_child and http_port is None):
        return None
    if http_port is None:
        if port + HTTP_PORT_OFFSET > PORT_MAX:
            if is_required:
                raise CliError(
                    f"port {port} is too large: the page uses port {port} + {HTTP_PORT_OFFSET}; "
                    f"give at most {PORT_MAX - HTTP_PORT_OFFSET}"
                )
            log.warning("no web page: no port follows %d; choose one with --http-port", port)
            return None
        return WebPageOptions(HTTP_PORT_OFFSET, is_chosen=False, is_required=is_required)
    if port == 0:
        raise CliError("with --http-port give --port too: the page must know the port of the game")
    return WebPageOptions(http_port - port, is_chosen=True, is_required=True)


def page_transport(page: WebPageOptions | None, is_encrypted: bool) -> Transport | None:
    """Return WebTransport, which only a page uses; None without a page over HTTPS.

    Browsers offer it to no page over plain HTTP. Without the package ``aioquic`` there is none, and
    the page says so.
    """
    if page is None or not is_encrypted:
        return None
    # Imported only when needed: aioquic takes a quarter of a second, and is optional.
    try:
        from net.quic.webtransport import WebTransportTransport
    except ModuleNotFoundError as error:
        log.info("no WebTransport for the page (%s): pip install 'jitterball[quic]'", error)
        return None
    return WebTransportTransport(page.port_offset)


@contextmanager
def web_page(
    server: "GameServer",
    options: WebPageOptions | None,
    transports: dict[str, Transport],
    teacher_secret: str = "",
) -> Iterator["Publisher | None"]:
    """Serve the page of a listening server; None if there is none.

    Raises ``CliError`` if the page is required and its port is not free. If it is not required,
    the game runs without a page, and the log says so. ``teacher_secret`` opens the teacher's page.
    Call it in the thread of the server's event loop.
    """
    if options is None:
        yield None
        return
    # Imported only when needed: a server that a window starts for itself has no page.
    from game.web.http_process import HttpProcess
    from game.web.http_protocol import HttpSettings
    from game.web.publisher import VERSION, Publisher
    from game.web.teacher_actions import Action

    settings, loop = server.settings, asyncio.get_running_loop()

    def perform(action: Action) -> None:
        # Called by a reader's thread. The loop may be closed by then.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(action.perform, server.classroom)

    address = Address(settings.host, server.base_port + options.port_offset)
    with ExitStack() as stack:
        try:
            process = stack.enter_context(
                HttpProcess(
                    HttpSettings(address, VERSION, settings.sockets.tls, teacher_secret), perform
                )
            )
        except ListenError as error:
            if options.is_chosen:
                raise CliError(f"--http-port: {error}") from error
            if options.is_required:
                raise CliError(f"the page: {error}; choose another with --port") from error
            log.warning("no web page: %s; choose another with --http-port", error)
            yield None
            return
        websocket = transports.get(WEBSOCKET)
        port = None if websocket is None else server.base_port + websocket.port_offset
        yield Publisher(process, server, port)
