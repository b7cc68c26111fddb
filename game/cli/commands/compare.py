"""``jitterball compare``: the same match over several transports at once, side by side.

In a window, or where nobody could see one as a table in the terminal.
"""

import sys
from math import inf
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.link import LinkSeed, LinkSpec, chosen_seed
from game.cli.options.netcode import CodecName, InterpolationMs, SnapshotHz, number_option
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    prompt_until_accepted,
    security_options,
)
from game.cli.options.server_choice import OWN_SERVER_BOTS, chosen_names, is_local, server_for
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
from net.link.profile import Link
from net.link.spec import format_link
from net.transport import Transport

if TYPE_CHECKING:
    from game.lab.measure.measurement import MeasurementSettings
    from game.view.window_options import WindowOptions

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
PANELS_MAX = 4
SECONDS_MAX = 3600.0
# With nobody to end it: long enough for several of TCP's stalls on a lossy link.
UNWATCHED_SECONDS = 10.0


def compare(
    host: Annotated[
        str | None,
        typer.Argument(
            metavar="[HOST[:PORT]]",
            help="Whose server to join. Without it: one of your own, with bots.",
        ),
    ] = None,
    transports: Annotated[
        str, typer.Option(metavar="NAME,...", help="One panel each, one to four.")
    ] = DEFAULT_TRANSPORTS,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    bots: Annotated[
        int, number_option(0, MAX_PLAYERS, "Bots on a server of your own.")
    ] = OWN_SERVER_BOTS,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    interpolation_ms: InterpolationMs = None,
    codec: CodecName = MSGPACK.name,
    seconds: Annotated[
        float | None,
        number_option(1.0, SECONDS_MAX, "No window: a table in the terminal, for so long."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="No window: print the figures as JSON at the end.")
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
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
) -> None:
    """Compare TCP, UDP and WebSocket side by side in the same match.

    F1 in the window says what the keys do. With --seconds, or without a display: a table.
    A table ends with code 0 only if every transport gave figures, 4 if one got no answer.
    """
    window = window_options(
        timeout, ui_scale, lang, fullscreen, mute, size, frames, screenshot, record
    )
    panels = chosen_transports(_names(transports))
    usable = {**usable_transports(), **panels}
    emulated = link or Link()
    used_seed = chosen_seed(seed)
    access = security_options(host, password, password_file, tls, fingerprint)
    is_window = seconds is None and not json
    preload = _import_window if is_window else _import_terminal
    with server_for(host, bots, used_seed, while_starting=preload) as address:
        check_port(address.port, usable)
        if host is not None:
            access = prompt_until_accepted(next(iter(panels.values())), address, access)
        from game.lab.measure.measurement import MeasurementSettings, NamedLink

        settings = MeasurementSettings(
            address=address,
            host=host or "",
            is_local=is_local(address),
            names=tuple(panels),
            links=(NamedLink(format_link(emulated), emulated),),
            seconds=seconds or _unwatched_seconds(),
            seed=used_seed,
            bots=bots,
            snapshot_hz=snapshot_hz,
            codec=codec,
            interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
            security=access,
        )
        if is_window and _compare_in_window(usable, settings, window):
            return
        from game.cli.commands.compare_terminal import compare_in_terminal

        compare_in_terminal(usable, settings, json)


def _import_window() -> None:
    import game.cli.commands.compare_window  # noqa: F401


def _import_terminal() -> None:
    import game.cli.commands.compare_terminal  # noqa: F401


def _compare_in_window(
    transports: dict[str, Transport], settings: "MeasurementSettings", options: "WindowOptions"
) -> bool:
    """Compare in a window; return whether there is a display to open one on."""
    from game.cli.commands.compare_window import compare_in_window
    from game.lab.compare.side_by_side import ClientGroupSettings
    from game.view.display import DisplayUnavailable

    (link,) = settings.links
    lineup = ClientGroupSettings(
        address=settings.address,
        names=settings.names,
        has_reference=settings.is_local,
        link=link.link,
        seed=settings.seed,
        snapshot_hz=settings.snapshot_hz,
        codec=settings.codec,
        netcode=NetcodeSettings(
            interpolation_s=settings.interpolation_s, prediction=PredictionMode.OWN_PLAYER
        ),
        security=settings.security,
    )
    try:
        compare_in_window(transports, lineup, options)
    except DisplayUnavailable:
        print("no display here: the same in figures", file=sys.stderr)
        return False
    return True


def _unwatched_seconds() -> float:
    """Return for how long to compare if nobody said: until Ctrl-C where somebody looks."""
    return inf if sys.stdout.isatty() else UNWATCHED_SECONDS


def _names(text: str) -> list[str]:
    names = chosen_names(text)
    if len(names) > PANELS_MAX:
        raise CliError(
            f"{text!r} names {len(names)} transports: give one to four, as in {DEFAULT_TRANSPORTS}"
        )
    return names
