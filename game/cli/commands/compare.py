"""``jitterball compare``: the same match over several transports at once, side by side.

In a window, or without a display as a table in the terminal.
"""

import sys
from enum import Enum
from math import inf
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError, ScreenName, ScreenWanted
from game.cli.language import say
from game.cli.options.capture import Pcap, open_capture
from game.cli.options.first_minute import Opening
from game.cli.options.link import LinkSeed, LinkSpec, chosen_seed
from game.cli.options.numbers import CodecName, InterpolationMs, SnapshotHz, number_option
from game.cli.options.password_prompt import prompt_until_accepted
from game.cli.options.quic import OneStream, TlsKeylog, with_quic_options
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.server_choice import (
    LESSON_MATCH,
    PRIVATE_SERVER_PLAYERS,
    OptionalHost,
    OwnRoom,
    chosen_names,
    is_local,
    own_room,
    server_for,
)
from game.cli.options.transports import check_port, chosen_transports, usable_transports
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
from game.client.netcode import NetcodeSettings, PredictionMode
from game.match.formation import MAX_PLAYERS
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from net.codec import MSGPACK
from net.link.packet_log import OnLog
from net.link.profile import Link
from net.link.spec import format_link
from net.transport import Transport

if TYPE_CHECKING:
    from game.lab.measure.measurement import MeasurementSettings
    from game.view.window_options import WindowOptions

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
PANELS_MAX = 4
SECONDS_MAX = 3600.0
# For output into a file: long enough for several TCP stalls on a lossy link.
PIPED_SECONDS = 10.0


class _Ending(Enum):
    """The end of a window: closed by the player, or left for the lobby, or never opened."""

    CLOSED = "closed"
    LOBBY = "lobby"
    NO_DISPLAY = "no display"


def compare(
    host: OptionalHost = None,
    transports: Annotated[
        str, typer.Option(metavar="NAME,...", help="The transports, one to four; each has a panel.")
    ] = DEFAULT_TRANSPORTS,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    pcap: Pcap = None,
    bots: Annotated[
        int | None,
        number_option(0, MAX_PLAYERS, "Bots on the private server. Default: five a side in all."),
    ] = None,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    seconds: Annotated[
        float | None,
        number_option(1.0, SECONDS_MAX, "No window: a table in the terminal, for this time."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="No window: print the results as JSON at the end.")
    ] = False,
    details: Annotated[
        bool, typer.Option("--details", help="Show all figures from the start, as F2 does.")
    ] = False,
    packets: Annotated[
        bool, typer.Option("--packets", help="Show every packet from the start, as K does.")
    ] = False,
    slow_motion: Annotated[
        bool,
        typer.Option(
            "--slow-motion",
            help="The --screenshot shows the moment when most packets waited for a lost one.",
        ),
    ] = False,
    introduction: Annotated[
        bool,
        typer.Option(
            "--introduction",
            help="Begin with the guided half minute, as jitterball alone does once.",
        ),
    ] = False,
    timeout: SearchTimeout = None,
    ui_scale: UiScale = 1.0,
    lang: Language = None,
    fullscreen: Fullscreen = False,
    mute: Mute = False,
    size: Size = None,
    frames: Frames = None,
    screenshot: Screenshot = None,
    record: Record = None,
    room: OwnRoom = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
    one_stream: OneStream = False,
    tls_keylog: TlsKeylog = None,
) -> None:
    """Compare TCP, UDP and WebSocket side by side in the same match.

    F1 in the window shows the keys. With --seconds or without a display: a table in the terminal.
    Exit code of the table: 0 if every transport gave data, 4 if one got no answer.
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
    if slow_motion and screenshot is None:
        raise CliError("--slow-motion is for the --screenshot: give --screenshot too")
    panels = with_quic_options(chosen_transports(_names(transports)), one_stream, tls_keylog)
    usable = {**usable_transports(), **panels}
    if bots is None:
        # One bot fewer for each panel, so that both sides have as many players.
        bots = max(0, PRIVATE_SERVER_PLAYERS - len(panels))
    emulated = link or Link()
    used_seed = chosen_seed(seed)
    joined_room = own_room(host, room)
    security = security_options(host, password, password_file, tls, fingerprint)
    is_window = seconds is None and not json
    preload = _import_window if is_window else _import_terminal
    more_options = LESSON_MATCH if is_window else ()
    with (
        open_capture(pcap) as on_log,
        server_for(host, bots, used_seed, preload, more_options) as address,
    ):
        check_port(address.port, usable)
        if host is not None:
            first = next(iter(panels.values()))
            security = prompt_until_accepted(first, address, security, joined_room)
        from game.lab.measure.measurement import MeasurementSettings, NamedLink

        settings = MeasurementSettings(
            address=address,
            host=host or "",
            is_local=is_local(address),
            names=tuple(panels),
            links=(NamedLink(format_link(emulated), emulated),),
            seconds=seconds or _default_seconds(),
            seed=used_seed,
            bots=bots,
            snapshot_hz=snapshot_hz,
            codec=codec,
            interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
            room=joined_room,
            security=security,
        )
        ending = _Ending.NO_DISPLAY
        if is_window:
            opening = Opening(details, packets, slow_motion, introduction)
            ending = _compare_in_window(usable, settings, window, opening, on_log)
        if ending is _Ending.NO_DISPLAY:
            from game.cli.terminal.compare_terminal import compare_in_terminal

            compare_in_terminal(usable, settings, json, on_log)
    if ending is _Ending.LOBBY:
        raise ScreenWanted(ScreenName.LOBBY, window)


def compare_again(window: "WindowOptions", link: Link) -> None:
    """Compare in a window like the one of another screen."""
    compare(
        link=link,
        size=f"{window.size[0]}x{window.size[1]}",
        lang=window.language[:2],
        ui_scale=window.ui_scale,
        fullscreen=window.fullscreen,
        mute=window.mute,
    )


def _import_window() -> None:
    import game.cli.windows.compare_window  # noqa: F401


def _import_terminal() -> None:
    import game.cli.terminal.compare_terminal  # noqa: F401


def _compare_in_window(
    transports: dict[str, Transport],
    settings: "MeasurementSettings",
    options: "WindowOptions",
    opening: Opening,
    on_log: OnLog | None,
) -> _Ending:
    """Compare in a window, unless there is no display."""
    from game.cli.windows.compare_window import compare_in_window
    from game.lab.compare.client_group import ClientGroupSettings
    from game.view.display import DisplayUnavailable

    (link,) = settings.links
    group_settings = ClientGroupSettings(
        address=settings.address,
        names=settings.names,
        has_reference=settings.is_local,
        link=link.link,
        seed=settings.seed,
        room=settings.room,
        snapshot_hz=settings.snapshot_hz,
        codec=settings.codec,
        netcode=NetcodeSettings(
            interpolation_s=settings.interpolation_s, prediction=PredictionMode.OWN_PLAYER
        ),
        security=settings.security,
        has_packet_log=True,
    )
    try:
        wants_lobby = compare_in_window(transports, group_settings, options, opening, on_log)
    except DisplayUnavailable:
        print(say("no display: showing a table instead"), file=sys.stderr)
        return _Ending.NO_DISPLAY
    return _Ending.LOBBY if wants_lobby else _Ending.CLOSED


def _default_seconds() -> float:
    """Return the time for a table without --seconds: in a terminal until Ctrl-C."""
    return inf if sys.stdout.isatty() else PIPED_SECONDS


def _names(text: str) -> list[str]:
    names = chosen_names(text)
    if len(names) > PANELS_MAX:
        raise CliError(
            f"{text!r} names {len(names)} transports: give one to four, as in {DEFAULT_TRANSPORTS}"
        )
    return names
