"""``jitterball play``: the window of one player, on somebody's server or on one of our own."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from game.addresses import format_host, parse_address
from game.client import Client, ClientSettings
from game.commands.complaint import Complaint, ExitCode
from game.commands.emulation import LinkSeed, LinkSpec, way_to
from game.commands.numbers import number_option
from game.commands.options import CodecName, InterpolationMs
from game.commands.plugins import (
    DEFAULT_TRANSPORT,
    check_port,
    chosen_transports,
    usable_transports,
)
from game.commands.sockets import ReceiveBuffer, SendBuffer, describe_granted
from game.frame import Frame
from game.local_server import LocalServer, LocalServerFailed
from game.match.controls import Controls
from game.messages import JoinRequest
from game.names import DEFAULT_NAME, NAME_LIMIT, ROOM_LIMIT, clean
from game.network_thread import NetworkThread
from game.server import DEFAULT_PORT, SNAPSHOT_HZ_MAX, SNAPSHOT_HZ_MIN
from game.techniques import Techniques
from net.codec import MSGPACK
from net.errors import Refused
from net.session import Refusal
from net.transport import Address, SocketOptions

if TYPE_CHECKING:
    from game.view.window import WindowOptions

# Enough for passes and a goalkeeper on both sides, few enough to follow the ball.
OWN_SERVER_BOTS = 7
# Who wants a picture made is a script, and must get an answer.
PICTURE_TIMEOUT_S = 10.0
TIMEOUT_MAX_S = 3600.0
# Four hours and a half.
FRAMES_MAX = 1_000_000


def _check_language(language: str | None) -> str | None:
    from game.view.texts import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"no texts in {language!r}: there are {' and '.join(LANGUAGES)}")
    return language


def _check_screenshot(file: Path | None) -> Path | None:
    if file is None:
        return None
    if file.suffix.lower() != ".png":
        raise typer.BadParameter(f"{str(file)!r}: the picture will be a PNG, so end it in .png")
    if not file.absolute().parent.is_dir() or not os.access(file.absolute().parent, os.W_OK):
        raise typer.BadParameter(f"{str(file)!r}: there is no folder {file.parent} to write in")
    return file


def play(
    host: Annotated[
        str | None,
        typer.Argument(
            metavar="[HOST[:PORT]]",
            help="Whose server to join. Without it: one of your own, with bots.",
        ),
    ] = None,
    transport: Annotated[
        str,
        typer.Option("--transport", "-t", metavar="NAME", help="tcp, udp, websocket or a plugin's"),
    ] = DEFAULT_TRANSPORT,
    name: Annotated[
        str | None, typer.Option(help="What stands over your player. Default: your login.")
    ] = None,
    room: Annotated[
        str, typer.Option(help="Which match of the server. Default: its main one.")
    ] = "",
    watch: Annotated[bool, typer.Option("--watch", help="See the match without playing.")] = False,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    snapshot_hz: Annotated[
        int | None,
        number_option(
            SNAPSHOT_HZ_MIN,
            SNAPSHOT_HZ_MAX,
            "Snapshots a second to ask for. Default: as the server likes.",
        ),
    ] = None,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    nagle: Annotated[
        bool, typer.Option("--nagle", help="Leave Nagle's algorithm on: a lesson in lag.")
    ] = False,
    send_buffer: SendBuffer = None,
    receive_buffer: ReceiveBuffer = None,
    timeout: Annotated[
        float | None,
        number_option(
            0.1,
            TIMEOUT_MAX_S,
            "Seconds to look for a server. Default: for ever; with --frames 10.",
        ),
    ] = None,
    ui_scale: Annotated[
        float, number_option(0.5, 4.0, "Draw text and figures this much larger.")
    ] = 1.0,
    lang: Annotated[
        str | None,
        typer.Option(callback=_check_language, help="en or es. Default: as this computer speaks."),
    ] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")] = False,
    mute: Annotated[bool, typer.Option("--mute", help="Make no sound.")] = False,
    frames: Annotated[
        int | None,
        number_option(1, FRAMES_MAX, "Draw so many, then end. Works without a display too."),
    ] = None,
    screenshot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png", callback=_check_screenshot, help="Save the last of the --frames."
        ),
    ] = None,
) -> None:
    """Play: on a friend's server, or on one of your own with bots.

    Ends with code 0 when you leave, 2 for bad arguments, 3 when the server refuses, 4 when there
    is no server.
    """
    from game.view.texts import system_language
    from game.view.window import WindowOptions

    if screenshot and frames is None:
        raise Complaint("--screenshot saves the last of the --frames: say how many")
    # In the order of the table, which the keys 1, 2, 3 follow; the first line only complains.
    chosen_transports([transport])
    transports = usable_transports()
    sockets = SocketOptions(send_buffer, receive_buffer, nagle)
    join = JoinRequest(_shown_name(name), _checked_room(room), watch, snapshot_hz, nagle=nagle)
    interpolation_s = None if interpolation_ms is None else interpolation_ms / 1000.0
    techniques = Techniques(interpolation_s=interpolation_s)
    if timeout is None and frames is not None:
        timeout = PICTURE_TIMEOUT_S
    window = WindowOptions(
        fullscreen=fullscreen,
        mute=mute,
        ui_scale=ui_scale,
        language=lang or system_language(),
        frames=frames,
        screenshot=screenshot,
        gives_up=_after(timeout),
    )
    for line in describe_granted(sockets):
        print(line)
    with server_at(host) as address:
        check_port(address.port, transports)
        with way_to(address, link, seed, transports) as way:
            settings = ClientSettings(
                address, join, codec, techniques, sockets, way.badge, way.relay
            )
            _play_until_the_end(Client(transports, transport, settings), window)


@contextmanager
def server_at(host: str | None) -> Iterator[Address]:
    """Give the address that was typed; without one, a server of our own for as long as needed.

    Raises ``Complaint`` for what is no address, and when no server comes up.
    """
    if host is not None:
        try:
            address = parse_address(host, DEFAULT_PORT)
        except ValueError as error:
            raise Complaint(str(error)) from error
        yield address
        return
    try:
        with LocalServer("--bots", str(OWN_SERVER_BOTS), "--log-level", "warning") as server:
            yield server.address
    except LocalServerFailed as error:
        raise Complaint(f"no server of our own could be started: {error}") from error


def _play_until_the_end(client: Client, options: "WindowOptions") -> None:
    from game.view.window import Ending, NoDisplay, run_window

    with NetworkThread(client.run) as network:
        try:
            ending = run_window(_Attended(client, network), options)
        except NoDisplay as error:
            raise Complaint(str(error)) from error
        why = client.status_text or f"no answer yet over {client.transport}"
    if client.refusal is not None:
        raise Complaint(describe_refusal(client.settings, client.refusal), ExitCode.REFUSED)
    if ending is Ending.NO_SERVER:
        text = f"found no server at {client.settings.address}: {why}"
        raise Complaint(text, ExitCode.NO_SERVER)


class _Attended:
    """A client as a window wants it, which also says when the network's thread has failed."""

    def __init__(self, client: Client, network: NetworkThread) -> None:
        self.transports = client.transports
        self._client = client
        self._network = network

    def frame(self, now: float) -> Frame:
        self._network.check()
        return self._client.frame(now)

    def set_controls(self, controls: Controls) -> None:
        self._client.set_controls(controls)

    def switch(self, transport: str) -> None:
        self._client.switch(transport)


def _after(timeout_s: float | None) -> Callable[[], bool] | None:
    if timeout_s is None:
        return None
    deadline = perf_counter() + timeout_s
    return lambda: perf_counter() > deadline


def describe_refusal(settings: ClientSettings, refusal: Refused) -> str:
    """Say why the server refused, and what may be done instead."""
    text = f"the server refused: {refusal}"
    if refusal.reason != Refusal.FULL:
        return text
    typed = format_host(*settings.address, DEFAULT_PORT)
    return f"{text}; to see the match: jitterball play {typed} --watch"


def _shown_name(name: str | None) -> str:
    if name is not None:
        if shown := clean(name, NAME_LIMIT):
            return shown
        raise Complaint(f"{name!r} is no name: give characters that can be shown")
    try:
        return clean(getpass.getuser(), NAME_LIMIT) or DEFAULT_NAME
    # Before Python 3.13 whatever the system's user database raises comes through.
    except (OSError, KeyError, ImportError):
        return DEFAULT_NAME


def _checked_room(room: str) -> str:
    if clean(room, ROOM_LIMIT) != room:
        raise Complaint(
            f"{room!r} is no name for a room: give at most {ROOM_LIMIT} characters that show"
        )
    return room
