"""``jitterball play``: the window of one player, on a server or on a private one."""

from enum import StrEnum
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import link_words, say
from game.cli.options.capture import Pcap, open_capture
from game.cli.options.link import LinkSeed, LinkSpec, open_route
from game.cli.options.numbers import CodecName, InterpolationMs, number_option
from game.cli.options.password_prompt import prompt_if_required
from game.cli.options.quic import OneStream, TlsKeylog, with_quic_options
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.server_choice import (
    checked_room,
    server_for,
)
from game.cli.options.sockets import ReceiveBuffer, SendBuffer, describe_buffers
from game.cli.options.transports import (
    DEFAULT_TRANSPORT,
    check_port,
    chosen_transports,
    usable_transports,
)
from game.cli.options.window import (
    Frames,
    Fullscreen,
    Language,
    Mute,
    Record,
    Screenshot,
    SearchTimeout,
    Size,
    UiScale,
    window_options,
)
from game.cli.windows.play_window import PRACTICE_BOTS, player_name, run_play_window
from game.client.client import Client
from game.client.netcode import NetcodeSettings
from game.client.settings import ClientSettings
from game.match.world import Team
from game.protocol.messages import JoinRequest
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX, SNAPSHOT_HZ_MIN
from net.codec import MSGPACK
from net.transport import Address, SocketOptions


class TeamName(StrEnum):
    """The teams, by the names that users type."""

    ORANGE = "orange"
    SKY = "sky"


def play(
    host: Annotated[
        str | None,
        typer.Argument(
            metavar="[HOST[:PORT]]",
            help="The server. Default: the lobby, to find or host a game, or to practise.",
        ),
    ] = None,
    transport: Annotated[
        str | None,
        typer.Option(
            "--transport",
            "-t",
            metavar="NAME",
            help=f"tcp, udp, websocket or a plugin's. Default: {DEFAULT_TRANSPORT}.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="The name of your player. Default: your login name.")
    ] = None,
    room: Annotated[str, typer.Option(help="The room of the server. Default: its main room.")] = "",
    watch: Annotated[bool, typer.Option("--watch", help="Watch without playing.")] = False,
    team: Annotated[
        TeamName | None,
        typer.Option(help="The team to play for. Default: the one with fewer people."),
    ] = None,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    pcap: Pcap = None,
    snapshot_hz: Annotated[
        int | None,
        number_option(
            SNAPSHOT_HZ_MIN,
            SNAPSHOT_HZ_MAX,
            "Snapshots per second to request. Default: the server's rate.",
        ),
    ] = None,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    nagle: Annotated[
        bool, typer.Option("--nagle", help="Leave Nagle's algorithm on, to see its delay.")
    ] = False,
    send_buffer: SendBuffer = None,
    receive_buffer: ReceiveBuffer = None,
    timeout: SearchTimeout = None,
    ui_scale: UiScale = 1.0,
    lang: Language = None,
    fullscreen: Fullscreen = False,
    mute: Mute = False,
    size: Size = None,
    frames: Frames = None,
    screenshot: Screenshot = None,
    record: Record = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
    one_stream: OneStream = False,
    tls_keylog: TlsKeylog = None,
) -> None:
    """Play on a friend's server, or choose a game in the lobby.

    With --link, --frames or --record and no HOST: on a private server with bots, without the lobby.

    Exit code 0 at the end, 2 for bad arguments, 3 if the server refuses, 4 if there is no server.
    """
    window = window_options(
        timeout=timeout,
        ui_scale=ui_scale,
        lang=lang,
        fullscreen=fullscreen,
        mute=mute,
        size=size,
        frames=frames,
        screenshot=screenshot,
        record=record,
    )
    if pcap is not None and link is None:
        raise CliError("--pcap needs an emulated link: give --link, as in --link lossy")
    # Reports an unknown name. The keys 1, 2, 3 follow the order of the usable transports.
    chosen_transports([transport or DEFAULT_TRANSPORT])
    transports = with_quic_options(usable_transports(), one_stream, tls_keylog)
    security = security_options(host, password, password_file, tls, fingerprint)
    sockets = SocketOptions(send_buffer, receive_buffer, nagle)
    join = JoinRequest(
        *(player_name(name), checked_room(room), watch, snapshot_hz),
        team=None if team is None else Team[team.name],
        nagle=nagle,
    )
    interpolation_s = None if interpolation_ms is None else interpolation_ms / 1000.0
    netcode = NetcodeSettings(interpolation_s=interpolation_s)
    for line in describe_buffers(sockets):
        print(say(line))
    # A typed link, or a picture to take, asks for a match at once.
    if host is None and link is None and frames is None and record is None:
        from game.cli.windows.lobby import LobbyOptions, run_lobby

        client = ClientSettings(Address("", 0), join, codec, netcode, sockets)
        run_lobby(LobbyOptions(window, client, transport or "", name is not None))
        return
    transport = transport or DEFAULT_TRANSPORT
    with (
        open_capture(pcap) as on_log,
        server_for(host, PRACTICE_BOTS, while_starting=_import_window) as address,
    ):
        check_port(address.port, transports)
        if host is not None:
            security = prompt_if_required(transports[transport], address, security)
        with open_route(address, link, seed, transports, on_log, keeps_log=True) as route:
            settings = ClientSettings(
                *(address, join, codec, netcode, sockets, route.label, route.relay, security),
                link_words=link_words(),
            )
            run_play_window(Client(transports, transport, settings), route, window)


def _import_window() -> None:
    import game.view.window  # noqa: F401
