"""``jitterball compare``: the same match over several transports at once, in one window.

Where nobody could see a window, as a table in the terminal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated

import typer

from game.addresses import parse_address
from game.commands.complaint import Complaint, ExitCode
from game.commands.numbers import number_option
from game.commands.options import SEED_MAX, CodecName, InterpolationMs, Seed, SnapshotHz
from game.commands.play import (
    FRAMES_MAX,
    OWN_SERVER_BOTS,
    PICTURE_TIMEOUT_S,
    TIMEOUT_MAX_S,
    _after,
    _check_language,
    _check_screenshot,
)
from game.commands.plugins import check_port, chosen_transports, usable_transports
from game.lab.comparison import Comparison
from game.lab.lineup import Lineup, LineupSettings
from game.local_server import LOOPBACK, LocalServer, LocalServerFailed
from game.match.formation import MAX_PLAYERS
from game.network_thread import NetworkThread
from game.server import DEFAULT_PORT, DEFAULT_SNAPSHOT_HZ
from game.techniques import Prediction, Techniques
from net.codec import MSGPACK
from net.link.profile import Link
from net.link.spec import NO_LINK, ProfileError, parse_link
from net.transport import Address, Transport

if TYPE_CHECKING:
    from game.view.window import WindowOptions

DEFAULT_TRANSPORTS = "tcp,udp,websocket"
PANELS_MAX = 4
SECONDS_MAX = 3600.0
# With nobody to end it: long enough for a dozen of TCP's stalls on a lossy link.
UNWATCHED_SECONDS = 10.0
# Hosts that are this computer whatever its network is.
_NEAR_HOSTS = (LOOPBACK, "localhost", "::1")


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
    link: Annotated[
        str,
        typer.Option(metavar="SPEC", help="Emulate this link to begin with: lossy, wifi, ..."),
    ] = NO_LINK,
    bots: Annotated[
        int, number_option(0, MAX_PLAYERS, "Bots on a server of your own.")
    ] = OWN_SERVER_BOTS,
    seed: Seed = None,
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
    """Compare: one match over TCP, UDP and WebSocket at once, side by side.

    F1 in the window says what the keys do. Without a display, or with --seconds: a table.
    """
    from game.view.texts import system_language
    from game.view.window import WindowOptions

    if screenshot and frames is None:
        raise Complaint("--screenshot saves the last of the --frames: say how many")
    panels = chosen_transports(_names(transports))
    usable = {**usable_transports(), **panels}
    used_seed = SystemRandom().randint(0, SEED_MAX) if seed is None else seed
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
    asked_link = _link(link)
    with _server(host, bots, used_seed) as address:
        check_port(address.port, usable)
        settings = LineupSettings(
            address=address,
            names=tuple(panels),
            has_truth=host is None or address.host in _NEAR_HOSTS,
            link=asked_link,
            seed=used_seed,
            snapshot_hz=snapshot_hz,
            codec=codec,
            techniques=Techniques(
                interpolation_s=None if interpolation_ms is None else interpolation_ms / 1000.0,
                prediction=Prediction.OWN_PLAYER,
            ),
        )
        _show(usable, settings, window)


def _show(
    transports: dict[str, Transport], settings: LineupSettings, options: "WindowOptions"
) -> None:
    """Compare in a window until it is closed."""
    from game.view.compare_screen import CompareScreen
    from game.view.live_link import LiveLink
    from game.view.sounds import Speaker
    from game.view.texts import texts_for
    from game.view.window import Ending, NoDisplay, show

    with Lineup(transports, settings) as lineup, NetworkThread(lineup.run) as network:
        comparison = Comparison(lineup, transports, network.check)
        texts = texts_for(options.language)
        is_muted = options.mute or options.frames is not None

        def make_screen() -> CompareScreen:
            return CompareScreen(
                comparison,
                LiveLink(settings.link or Link()),
                settings.seed,
                settings.techniques,
                texts,
                Speaker(is_muted),
            )

        try:
            ending = show(make_screen, options)
        except NoDisplay as error:
            raise Complaint(str(error)) from error
    if ending is Ending.NO_SERVER:
        raise Complaint(f"found no server at {settings.address}", ExitCode.NO_SERVER)


@contextmanager
def _server(host: str | None, bots: int, seed: int) -> Iterator[Address]:
    """Give the address that was typed; without one, that of a server of our own."""
    if host is not None:
        try:
            yield parse_address(host, DEFAULT_PORT)
        except ValueError as error:
            raise Complaint(str(error)) from error
        return
    options = ("--bots", str(bots), "--seed", str(seed), "--log-level", "warning")
    try:
        with LocalServer(*options) as server:
            yield server.address
    except LocalServerFailed as error:
        raise Complaint(f"no server of our own could be started: {error}") from error


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not 1 <= len(names) <= PANELS_MAX:
        raise Complaint(
            f"{text!r} names {len(names)} transports: give one to four, as in {DEFAULT_TRANSPORTS}"
        )
    if len(set(names)) < len(names):
        raise Complaint(f"{text!r} names a transport twice: each has one panel")
    return names


def _link(spec: str) -> Link:
    try:
        return parse_link(spec)
    except ProfileError as error:
        raise Complaint(str(error)) from error
