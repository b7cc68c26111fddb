"""``jitterball link``: an emulated link in front of the server of any program."""

import asyncio
from typing import Annotated

import typer

from game.cli.commands.link_kernel import run_over_kernel_link
from game.cli.errors import CliError
from game.cli.language import link_words, say
from game.cli.options.capture import Pcap, open_capture
from game.cli.options.link import LinkSpec, chosen_seed
from game.cli.options.numbers import Seed, number_option
from game.cli.options.server_choice import typed_address
from game.runtime.shutdown import run_until_signal
from net.errors import AddressInUse, NetError
from net.link.label import link_label
from net.link.packet_log import OnLog
from net.link.profile import RelayProtocol
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import LOOPBACK, RelaySettings, Route
from net.link.stats import ConnectionStats, DirectionStats
from net.system import event_loop
from net.transport import PORT_MAX, Address

# Enough for a game server with several transports; more is a typing error.
PORTS_MAX = 16
ARM_AFTER_MAX_S = 3600.0
# The capture loses no more if the program is killed.
LOG_INTERVAL_S = 0.1


def link(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- COMMAND...]", help="With --kernel: the command to run."),
    ] = None,
    link: LinkSpec = None,
    listen: Annotated[
        str | None,
        typer.Option(metavar="[HOST:]PORT", help="Where clients connect. 0: any free port."),
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The server behind the link.")
    ] = None,
    tcp: Annotated[
        bool, typer.Option("--tcp", help="Relay TCP only. Default: TCP and UDP.")
    ] = False,
    udp: Annotated[bool, typer.Option("--udp", help="Relay UDP only.")] = False,
    ports: Annotated[
        int, number_option(1, PORTS_MAX, "Relay this many ports, counted up from both addresses.")
    ] = 1,
    seed: Seed = None,
    pcap: Pcap = None,
    kernel: Annotated[
        bool,
        typer.Option(
            "--kernel",
            help="Real IP packets between two network namespaces, no relay. Linux with root only.",
        ),
    ] = False,
    arm_after: Annotated[
        float,
        number_option(0.0, ARM_AFTER_MAX_S, "With --kernel: seconds before losses start."),
    ] = 0.0,
) -> None:
    """Emulate a link in front of any TCP or UDP server.

    Clients connect to the relay on this computer instead of to the server. With --kernel: run
    COMMAND with the names of two namespaces in its environment, JITTERBALL_CLIENT_NS and
    JITTERBALL_SERVER_NS; their addresses are in the same names with _ADDRESS.
    """
    if link is None:
        raise CliError("--link is missing: give one, as in --link lossy; see jitterball links")
    if kernel:
        if pcap is not None:
            raise CliError("--pcap needs a relay: with --kernel, capture with tcpdump instead")
        if not command:
            raise CliError("--kernel runs a command over the link: give it after --")
        raise typer.Exit(run_over_kernel_link(command, link, chosen_seed(seed), arm_after))
    if command:
        raise CliError("a command runs with --kernel only; a relay needs --listen and --to")
    if listen is None or to is None:
        raise CliError("a relay needs both ends: --listen PORT --to HOST:PORT")
    protocols = [
        protocol
        for protocol, is_wanted in ((RelayProtocol.TCP, tcp), (RelayProtocol.UDP, udp))
        if is_wanted
    ]
    routes = [
        Route(protocol, offset)
        for offset in range(ports)
        for protocol in protocols or RelayProtocol
    ]
    settings = RelaySettings(
        link,
        chosen_seed(seed),
        _address(to),
        tuple(routes),
        _listen_address(listen),
        has_packet_log=pcap is not None,
    )
    try:
        with open_capture(pcap) as on_log:
            event_loop.run_precisely(run_until_signal(_relay(settings, on_log)))
    except AddressInUse as error:
        raise CliError(f"{error}; choose another with --listen") from error
    except NetError as error:
        raise CliError(str(error)) from error


async def _relay(settings: RelaySettings, on_log: OnLog | None) -> None:
    async with LinkRelay(settings) as relay:
        print(link_label(settings.link, settings.seed, link_words()))
        here = Address(settings.listen.host, relay.port)
        protocols = " and ".join(sorted({route.kind.value.upper() for route in settings.routes}))
        text = f"relaying {protocols} from {here} to {settings.target}; Ctrl-C ends it"
        print(say(text), flush=True)
        try:
            if on_log is None:
                await asyncio.Event().wait()
            else:
                await _pass_log_on(relay, on_log)
        finally:
            for stats in relay.connections():
                print(say(_summary(stats)))


async def _pass_log_on(relay: LinkRelay, on_log: OnLog) -> None:
    """Pass the packet log on until cancelled."""
    try:
        while True:
            await asyncio.sleep(LOG_INTERVAL_S)
            on_log(relay.packet_log())
    finally:
        on_log(relay.packet_log())


def _summary(stats: ConnectionStats) -> str:
    """Return a line with the packet counters of one client."""
    up, down = _direction_text(stats.up), _direction_text(stats.down)
    return f"{stats.kind.value} {stats.client}: up {up}; down {down}"


def _direction_text(direction: DirectionStats) -> str:
    lost = direction.lost + direction.queue_dropped
    text = f"{direction.sent} packets, {lost} lost"
    if direction.tcp is None:
        return text
    tcp = direction.tcp
    return f"{text}, {tcp.retransmits} resent, {tcp.timeouts} timeouts, {tcp.stalls} stalls"


def _address(text: str) -> Address:
    """Parse an address with a port. Raises ``CliError`` if it is not valid."""
    # A relay has no default port: 0 means that none was given.
    address = typed_address(text, 0)
    if not address.port:
        raise CliError(f"{text!r} has no port: give HOST:PORT")
    return address


def _listen_address(text: str) -> Address:
    if not (text.isascii() and text.isdigit()):
        return _address(text)
    if int(text) > PORT_MAX:
        raise CliError(f"{text} is not a port: a port is a number from 0 to {PORT_MAX}")
    return Address(LOOPBACK, int(text))
